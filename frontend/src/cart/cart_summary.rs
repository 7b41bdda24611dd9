use super::{promotion_code::PromotionCode, use_cart};
use crate::ui::{Price, minus};
use leptos::prelude::*;
use shared::{cart::LineItem, checkout::DeliveryMethod, money::Money, paths::page};

/// What it comes to, and the way on. Delivery and VAT are known once the address is.
#[component]
pub fn CartSummary() -> impl IntoView {
    let cart = use_cart();
    let is_short = move || cart.get().is_some_and(|cart| cart.items.iter().any(LineItem::is_short));
    view! {
        <section class="cart-summary" aria-labelledby="summary">
            <h2 id="summary">"Summary"</h2>
            <CartSums/>
            <PromotionCode/>
            {move || is_short().then(|| view! {
                <p class="note note-warn">"Something is not in stock in this number. Change it above before you check out."</p>
            })}
            <a class="button button-primary button-wide" href=page::CHECKOUT>"Check out"</a>
            <p class="cart-promise">"No account needed. Prices include VAT."</p>
        </section>
    }
}

#[component]
pub fn CartSums() -> impl IntoView {
    let cart = use_cart();
    let subtotal = Signal::derive(move || cart.get().map(|cart| cart.subtotal).unwrap_or_default());
    let promotion = Memo::new(move |_| cart.get().and_then(|cart| cart.promotion));
    let discount = move || promotion.get().filter(|it| it.discount != Money::ZERO);
    view! {
        <p class="cart-subtotal"><span>"Subtotal"</span> <Price amount=subtotal/></p>
        {move || discount().map(|it| view! {
            <p class="cart-discount"><span>{format!("Promotion {}", it.code)}</span> <span>{minus(it.discount)}</span></p>
        })}
        <p class="cart-delivery">
            {move || match promotion.get() {
                Some(it) if it.free_delivery => "Standard delivery is free.".to_owned(),
                _ => delivery_message(subtotal.get()),
            }}
        </p>
    }
}

fn delivery_message(subtotal: Money) -> String {
    let missing = DeliveryMethod::FREE_FROM.minor - subtotal.minor;
    if missing > 0 {
        let from = DeliveryMethod::Standard.price(subtotal);
        format!(
            "Delivery from {from}; {} more makes it free.",
            Money { minor: missing, ..subtotal }
        )
    } else {
        "Delivery is free.".to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_summary_says_how_much_is_missing_for_free_delivery() {
        assert_eq!(
            delivery_message(Money::eur(3_810)),
            "Delivery from €4.90; €11.90 more makes it free."
        );
        assert_eq!(delivery_message(DeliveryMethod::FREE_FROM), "Delivery is free.");
    }
}
