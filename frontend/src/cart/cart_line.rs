use super::use_cart;
use crate::ui::{Button, ButtonKind, Picture, Price, Quantity, use_toasts};
use leptos::{prelude::*, task::spawn_local};
use shared::cart::{LineItem, MAX_QUANTITY};

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
    let chosen = options.into_values().collect::<Vec<_>>().join(", ");
    let full_name = if chosen.is_empty() {
        name.clone()
    } else {
        format!("{name}, {chosen}")
    };
    // Shown at once; what the answer says replaces it.
    let wanted = RwSignal::new(None::<u32>);
    let quantity = Signal::derive(move || wanted.get().unwrap_or_else(|| item.read().quantity));
    let most = Signal::derive(move || item.read().available.min(MAX_QUANTITY));
    let set_quantity = {
        let sku = sku.clone();
        Callback::new(move |quantity: u32| {
            let sku = sku.clone();
            wanted.set(Some(quantity));
            spawn_local(async move {
                if let Err(error) = cart.set_quantity(sku, quantity).await {
                    toasts.say(error.detail());
                }
                // The line may be gone, or something else be wanted by now.
                if wanted.try_get_untracked().flatten() == Some(quantity) {
                    let _ = wanted.try_set(None);
                }
            });
        })
    };
    let remove = {
        let full_name = full_name.clone();
        move |_| {
            let (sku, name, quantity) = (
                sku.clone(),
                full_name.clone(),
                item.read_untracked().quantity,
            );
            spawn_local(async move {
                match cart.remove(sku.clone()).await {
                    Ok(()) => {
                        let undo = Callback::new(move |()| {
                            let sku = sku.clone();
                            spawn_local(async move {
                                if let Err(error) = cart.add(sku, quantity).await {
                                    toasts.say(error.detail());
                                }
                            });
                        });
                        toasts.offer(format!("{name} removed."), "Undo", undo);
                    }
                    Err(error) => toasts.say(error.detail()),
                }
            });
        }
    };
    let short = move || {
        let item = item.read();
        item.is_short().then(|| short_words(item.available))
    };
    let take_rest = move || {
        let available = item.read().available;
        (item.read().is_short() && available > 0).then(|| {
            view! {
                <Button kind=ButtonKind::Secondary on:click=move |_| set_quantity.run(available)>
                    {format!("Take {available}")}
                </Button>
            }
        })
    };
    view! {
        <li class="cart-line">
            <Picture src=picture small=true/>
            <div class="cart-line-words">
                <a class="cart-line-name" href=format!("/p/{slug}?sku={}", item.read_untracked().sku)>{name}</a>
                {(!chosen.is_empty()).then(|| view! { <p class="cart-line-options">{chosen}</p> })}
                <p class="cart-line-unit">
                    <Price amount=Signal::derive(move || item.read().unit_price)/> " each"
                </p>
                <div class="cart-line-short" aria-live="polite">
                    {move || short().map(|words| view! { <p class="field-error">{words}</p> })}
                    {take_rest}
                </div>
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

fn short_words(available: u32) -> String {
    match available {
        0 => "Sold out meanwhile. Remove it to go on.".to_owned(),
        _ => format!("Only {available} left: take fewer to go on."),
    }
}
