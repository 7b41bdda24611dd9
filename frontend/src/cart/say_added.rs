use super::CartContext;
use crate::{api::ApiError, ui::Toasts};
use leptos::prelude::Callback;

/// Says that something lies in the cart now, and offers a look; or why it does not.
pub fn say_added(cart: CartContext, toasts: Toasts, answer: &Result<(), ApiError>, done: String) {
    match answer {
        Ok(()) => offer_cart(cart, toasts, done),
        Err(_) => toasts.say_error(answer),
    }
}

pub fn offer_cart(cart: CartContext, toasts: Toasts, done: impl Into<String>) {
    toasts.offer(done, "View cart", Callback::new(move |()| cart.show()));
}
