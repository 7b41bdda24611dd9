use super::{checkout_context::CheckoutContext, form_field::FormField};
use crate::{
    orders::Totals,
    ui::{Picture, Price, loaded},
};
use leptos::prelude::*;
use shared::{
    cart::LineItem,
    checkout::{Quote, country},
    paths::page,
};

/// What is bought and what it costs, as the shop counted it. The old sum stays until the new one is there.
#[component]
pub fn Review(checkout: CheckoutContext) -> impl IntoView {
    let retry = Callback::new(move |()| checkout.refresh_quote());
    view! {
        <div class="review-body" class:is-updating=checkout.quoting aria-busy=move || checkout.quoting.get().to_string()>
            {move || loaded(checkout.quote.get(), 5, "Adding up your order…", retry, |quote| {
                view! { <Quoted checkout quote/> }
            })}
        </div>
    }
}

#[component]
fn Quoted(checkout: CheckoutContext, quote: Quote) -> impl IntoView {
    let Quote { items, totals, promotion_code } = quote;
    let without_code = promotion_code.is_none();
    let count: u32 = items.iter().map(|item| item.quantity).sum();
    let there = move || {
        let code = checkout.value(FormField::Country).get();
        country(&code).map_or_else(String::new, |country| format!(" in {}", country.name))
    };
    view! {
        <p class="review-count">
            {if count == 1 { "1 item".to_owned() } else { format!("{count} items") }}
            " · "
            <a href=page::CART>"Change"</a>
        </p>
        <ul class="review-items">
            {items.into_iter().map(|item| view! { <ReviewItem checkout item/> }).collect_view()}
        </ul>
        <Totals totals promotion_code/>
        {without_code.then(|| view! {
            <p class="review-detail"><a href=page::CART>"Use a promotion code"</a></p>
        })}
        <p class="review-tax">{move || format!("Including {} VAT{}", totals.tax, there())}</p>
    }
}

#[component]
fn ReviewItem(checkout: CheckoutContext, item: LineItem) -> impl IntoView {
    let options = item.options.values().map(String::as_str).collect::<Vec<_>>().join(", ");
    let short = item.is_short().then(|| match item.available {
        0 => "Sold out".to_owned(),
        left => format!("Only {left} left"),
    });
    view! {
        <li class="review-item">
            <Picture src=item.picture small=true/>
            <div>
                <p class="review-name">{item.name}</p>
                <p class="review-detail">
                    {format!("{} × {}", item.quantity, item.unit_price)}
                    {(!options.is_empty()).then(|| format!(" · {options}"))}
                </p>
                {move || short.clone().filter(|_| !checkout.tells_changes()).map(|short| view! {
                    <p class="review-short">{short}</p>
                })}
            </div>
            <Price amount=item.total/>
        </li>
    }
}
