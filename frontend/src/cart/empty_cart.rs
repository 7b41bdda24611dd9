use super::use_cart;
use crate::ui::Empty;
use leptos::prelude::*;
use shared::paths::page;

/// Nothing to buy: with what has become of it, where it was ordered a moment ago. Its answer may have been lost.
#[component]
pub fn EmptyCart(
    text: &'static str,
    /// Where to go on.
    children: ChildrenFn,
) -> impl IntoView {
    let cart = use_cart();
    let children = StoredValue::new(children);
    move || {
        match cart.placed() {
        Some(number) => view! {
            <Empty
                title="Your cart is empty: its order is placed."
                text=format!("The order has the number {number}. There is nothing more to do.")
            >
                <a class="button button-primary" href=format!("{}/done/{number}", page::CHECKOUT)>"See your order"</a>
                <a class="button button-secondary" href=page::HOME>"Continue shopping"</a>
            </Empty>
        }
        .into_any(),
        None => view! {
            <Empty title="Your cart is empty." text>{children.with_value(|children| children())}</Empty>
        }
        .into_any(),
    }
    }
}
