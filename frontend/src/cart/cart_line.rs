use super::use_cart;
use crate::{
    cart::CartContext,
    ui::{Button, ButtonKind, Picture, Price, Quantity, Toasts, focus_heading, use_toasts},
};
use leptos::{prelude::*, task::spawn_local};
use shared::{
    cart::{LineItem, MAX_QUANTITY},
    ids::Sku,
};

#[component]
pub fn CartLine(item: Memo<LineItem>) -> impl IntoView {
    let (cart, toasts) = (use_cart(), use_toasts());
    let LineItem {
        sku,
        slug,
        name,
        options,
        picture,
        ..
    } = item.get_untracked();
    let chosen = options
        .iter()
        .map(|(option, value)| format!("{option}: {value}"))
        .collect::<Vec<_>>()
        .join(", ");
    let full_name = if chosen.is_empty() {
        name.clone()
    } else {
        format!("{name}, {chosen}")
    };
    // Shown at once, until an answer has caught up with it.
    let wanted = RwSignal::new(None::<u32>);
    let quantity = Signal::derive(move || wanted.get().unwrap_or_else(|| item.read().quantity));
    let most = Signal::derive(move || item.read().available.min(MAX_QUANTITY));
    let set_quantity = {
        let sku = sku.clone();
        Callback::new(move |quantity: u32| {
            let is_asking = wanted.get_untracked().is_some();
            wanted.set(Some(quantity));
            // One request at a time: what is wanted meanwhile is asked for next.
            if !is_asking {
                let sku = sku.clone();
                spawn_local(async move {
                    while let Some(Some(quantity)) = wanted.try_get_untracked() {
                        let answer = cart.set_quantity(sku.clone(), quantity).await;
                        if let Err(error) = &answer {
                            toasts.say(error.detail());
                        }
                        // The line may be gone by now.
                        let newest = wanted.try_get_untracked().flatten();
                        if newest == Some(quantity) || answer.is_err() {
                            let _ = wanted.try_set(None);
                        }
                    }
                });
            }
        })
    };
    let remove = {
        let full_name = full_name.clone();
        move |_| {
            let (sku, name) = (sku.clone(), full_name.clone());
            let quantity = item.read_untracked().quantity;
            spawn_local(async move {
                match cart.remove(sku.clone()).await {
                    Ok(()) => {
                        focus_heading();
                        toasts.offer(
                            format!("{name} removed."),
                            "Undo",
                            put_back(cart, toasts, sku, quantity),
                        );
                    }
                    Err(error) => toasts.say(error.detail()),
                }
            });
        }
    };
    view! {
        <li class="cart-line">
            <Picture src=picture small=true/>
            <div class="cart-line-details">
                <a class="cart-line-name" href=format!("/p/{slug}?sku={}", item.read_untracked().sku)>{name}</a>
                {(!chosen.is_empty()).then(|| view! { <p class="cart-line-options">{chosen}</p> })}
                <p class="cart-line-unit">
                    <Price amount=Signal::derive(move || item.read().unit_price)/> " each"
                </p>
                <Shortage item=item take=set_quantity/>
            </div>
            <div class="cart-line-count">
                <Quantity label=format!("Quantity of {full_name}") value=quantity most=most on_change=set_quantity/>
                <button type="button" class="button button-quiet" aria-label=format!("Remove {full_name}") on:click=remove>
                    "Remove"
                </button>
            </div>
            <p class="cart-line-total" class:is-updating=move || wanted.get().is_some()>
                <Price amount=Signal::derive(move || item.read().total)/>
            </p>
        </li>
    }
}

/// Fewer are in stock than the cart holds: says so, and offers to take what is left.
#[component]
fn Shortage(item: Memo<LineItem>, take: Callback<u32>) -> impl IntoView {
    let available = Memo::new(move |_| item.with(|item| item.is_short().then_some(item.available)));
    let message = move || available.get().map(shortage_message);
    let left = move || available.get().filter(|left| *left > 0);
    view! {
        <div class="cart-line-short" aria-live="polite">
            {move || message().map(|message| view! { <p class="field-error">{message}</p> })}
            {move || left().map(|left| view! {
                <Button kind=ButtonKind::Secondary on:click=move |_| take.run(left)>
                    {format!("Take {left}")}
                </Button>
            })}
        </div>
    }
}

fn put_back(cart: CartContext, toasts: Toasts, sku: Sku, quantity: u32) -> Callback<()> {
    Callback::new(move |()| {
        let sku = sku.clone();
        spawn_local(async move {
            if let Err(error) = cart.add(sku, quantity).await {
                toasts.say(error.detail());
            }
        });
    })
}

fn shortage_message(available: u32) -> String {
    match available {
        0 => "Sold out meanwhile. Remove it to go on.".to_owned(),
        _ => format!("Only {available} left: take fewer to go on."),
    }
}
