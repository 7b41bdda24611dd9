use crate::{api::ApiError, ui::Toasts};
use shared::paths::page;

/// Says that something lies in the cart now, with the way there; or why it does not.
pub fn say_added(toasts: Toasts, answer: &Result<(), ApiError>, done: String) {
    match answer {
        Ok(()) => toasts.offer_page(done, "View cart", page::CART),
        Err(_) => toasts.say_error(answer),
    }
}
