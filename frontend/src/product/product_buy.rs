use super::choice::Choice;
use crate::{
    cart::{say_added, use_cart},
    catalog::StockMessage,
    ui::{Button, Price, Quantity, RadioChoice, RadioGroup, spawn_busy, use_toasts},
};
use leptos::prelude::*;
use leptos_router::{NavigateOptions, hooks::use_navigate};
use shared::{
    cart::MAX_QUANTITY,
    catalog::{Availability, Variant},
    checkout::DeliveryMethod,
    ids::Slug,
};

/// What the shopper chooses, what that costs, and "Add to cart".
#[component]
pub fn ProductBuy(slug: Slug, name: String, choice: Choice) -> impl IntoView {
    let navigate = use_navigate();
    // The address names the variant, so that a link to it can be sent; the history does not collect them.
    let choose = move |option: &str, value: &str| {
        choice.choose(option, value);
        if let Some(variant) = choice.variant.get_untracked() {
            let options =
                NavigateOptions { replace: true, scroll: false, ..NavigateOptions::default() };
            navigate(&format!("/p/{slug}?sku={}", variant.sku), options);
        }
    };
    let groups = choice.options().into_iter().map(|(option, values)| {
        let choose = choose.clone();
        view! { <OptionChoice option=option values=values choice=choice on_choose=choose/> }
    });
    let availability = Signal::derive(move || {
        choice.variant.read().as_ref().map_or(Availability::SoldOut, |variant| variant.availability)
    });
    let price = Signal::derive(move || {
        choice.variant.read().as_ref().map(|variant| variant.price).unwrap_or_default()
    });
    view! {
        <p class="product-price"><Price amount=price/> <span class="product-vat">"incl. VAT"</span></p>
        {groups.collect_view()}
        <p aria-live="polite"><StockMessage availability=availability/></p>
        <AddToCart name=name selected=choice.variant availability=availability/>
        <p class="product-delivery">
            {format!("Free delivery from {}, arrives in {}.", DeliveryMethod::FREE_FROM, DeliveryMethod::Standard.days())}
        </p>
    }
}

#[component]
fn OptionChoice(
    option: String,
    values: Vec<String>,
    choice: Choice,
    on_choose: impl Fn(&str, &str) + Send + Sync + 'static,
) -> impl IntoView {
    let name = StoredValue::new(option.clone());
    let radio = |value: String| {
        let own = value.clone();
        RadioChoice::new(value.clone(), value).unavailable(Signal::derive(move || {
            !name.with_value(|name| choice.is_available(name, &own))
        }))
    };
    let chosen = Signal::derive(move || name.with_value(|name| choice.value(name)));
    let choices: Vec<RadioChoice> = values.into_iter().map(radio).collect();
    view! {
        <RadioGroup
            name=format!("option-{option}")
            legend=option
            choices=choices
            value=chosen
            on_choose=Callback::new(move |value: String| on_choose(&name.get_value(), &value))
            pills=true
        />
    }
}

#[component]
fn AddToCart(
    name: String,
    selected: Memo<Option<Variant>>,
    availability: Signal<Availability>,
) -> impl IntoView {
    let (cart, toasts) = (use_cart(), use_toasts());
    let quantity = RwSignal::new(1);
    let busy = RwSignal::new(false);
    let most = Signal::derive(move || match availability.get() {
        Availability::Low { left } => left,
        _ => MAX_QUANTITY,
    });
    Effect::new(move || {
        let most = most.get();
        if quantity.get_untracked() > most {
            quantity.set(most);
        }
    });
    let sold_out = Signal::derive(move || availability.get() == Availability::SoldOut);
    let add = move |_| {
        let Some(variant) = selected.get_untracked() else {
            return;
        };
        let (name, count) = (name.clone(), quantity.get_untracked());
        spawn_busy(busy, async move {
            let answer = cart.add(variant.sku, count).await;
            say_added(cart, toasts, &answer, format!("{count} × {name} added to your cart."));
        });
    };
    view! {
        <div class="product-add">
            <Quantity
                label="Quantity"
                value=quantity
                most=most
                disabled=sold_out
                on_change=Callback::new(move |wanted| quantity.set(wanted))
            />
            <Button busy=busy disabled=sold_out on:click=add>"Add to cart"</Button>
        </div>
    }
}
