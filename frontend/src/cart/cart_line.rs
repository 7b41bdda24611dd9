use super::use_cart;
use crate::ui::{Button, ButtonKind, Picture, Price, Quantity, focus_heading, use_toasts};
use leptos::{prelude::*, task::spawn_local};
use shared::cart::{LineItem, MAX_QUANTITY};

#[component]
pub fn CartLine(item: Memo<LineItem>) -> impl IntoView {
    let (cart, toasts) = (use_cart(), use_toasts());
    let line = item.get_untracked();
    let sku = StoredValue::new(line.sku);
    let chosen = line
        .options
        .iter()
        .map(|(option, value)| format!("{option}: {value}"))
        .collect::<Vec<_>>()
        .join(", ");
    let full_name =
        if chosen.is_empty() { line.name.clone() } else { format!("{}, {chosen}", line.name) };
    // Shown at once, until an answer has caught up with it.
    let wanted = RwSignal::new(None::<u32>);
    let quantity = Signal::derive(move || wanted.get().unwrap_or_else(|| item.read().quantity));
    let most = Signal::derive(move || item.read().available.min(MAX_QUANTITY));
    let set_quantity = Callback::new(move |quantity: u32| {
        let is_asking = wanted.get_untracked().is_some();
        wanted.set(Some(quantity));
        // One request at a time: what is wanted meanwhile is asked for next.
        if is_asking {
            return;
        }
        let sku = sku.get_value();
        spawn_local(async move {
            while let Some(Some(quantity)) = wanted.try_get_untracked() {
                let answer = cart.set_quantity(sku.clone(), quantity).await;
                toasts.say_error(&answer);
                // The line may be gone by now.
                let newest = wanted.try_get_untracked().flatten();
                if newest == Some(quantity) || answer.is_err() {
                    let _ = wanted.try_set(None);
                }
            }
        });
    });
    let removed = format!("{full_name} removed.");
    let remove = move |_| {
        let (sku, removed) = (sku.get_value(), removed.clone());
        let quantity = item.read_untracked().quantity;
        spawn_local(async move {
            let answer = cart.remove(sku.clone()).await;
            toasts.say_error(&answer);
            if answer.is_ok() {
                focus_heading();
                let put_back = Callback::new(move |()| {
                    let added = cart.add(sku.clone(), quantity);
                    spawn_local(async move { toasts.say_error(&added.await) });
                });
                toasts.offer(removed, "Undo", put_back);
            }
        });
    };
    view! {
        <li class="cart-line">
            <Picture src=line.picture small=true/>
            <div class="cart-line-details">
                <a class="cart-line-name" href=format!("/p/{}?sku={}", line.slug, sku.get_value())>{line.name}</a>
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
    // The button goes when it is done.
    let take_left = move |left| {
        move |_| {
            take.run(left);
            focus_heading();
        }
    };
    view! {
        <div class="cart-line-short" aria-live="polite">
            {move || message().map(|message| view! { <p class="field-error">{message}</p> })}
            {move || left().map(|left| view! {
                <Button kind=ButtonKind::Secondary on:click=take_left(left)>
                    {format!("Take {left}")}
                </Button>
            })}
        </div>
    }
}

fn shortage_message(available: u32) -> String {
    match available {
        0 => "Sold out meanwhile. Remove it to go on.".to_owned(),
        _ => format!("Only {available} left: take fewer to go on."),
    }
}
