//! Why there is no order (yet), in words for the shopper.

use super::attempts::DECLINED_IN_A_ROW;
use crate::Error;
use shared::{
    checkout::Change,
    problem::{Problem, kinds},
};
use std::time::Duration;

pub fn cart_empty() -> Error {
    let detail = "Your cart is empty. Put something into it first.";
    Problem::new(kinds::CART_EMPTY, "The cart is empty", 409, detail).into()
}

pub fn cart_changed(changes: Vec<Change>) -> Error {
    let detail = "Something changed since you last saw your cart. Nothing was ordered. Look at it and order again.";
    let mut problem = Problem::new(kinds::CART_CHANGED, "Your cart has changed", 409, detail);
    problem.changes = changes;
    problem.into()
}

pub fn out_of_stock(changes: Vec<Change>) -> Error {
    let detail = "Somebody was faster: not everything is in stock any more. Nothing was ordered. Change your cart and order again.";
    let mut problem = Problem::new(kinds::OUT_OF_STOCK, "Not enough in stock", 409, detail);
    problem.changes = changes;
    problem.into()
}

pub fn key_reused() -> Error {
    let detail =
        "This Idempotency-Key was sent before with another order. Send a new key with a new order.";
    Problem::new(kinds::IDEMPOTENCY_KEY_REUSED, "Idempotency-Key reused", 422, detail).into()
}

pub fn in_flight() -> Error {
    let detail = "An order of this cart is being paid for right now. Wait a moment, then send the same request again: it becomes one order.";
    Problem::new(kinds::CONFLICT, "Still in flight", 409, detail).into()
}

/// The sandbox has charged nothing; of a real provider the payment would be given back here.
pub fn reservation_lost() -> Error {
    let detail = "The payment took too long, and what you had reserved was given back. Nothing was charged. Order again.";
    Problem::new(kinds::CONFLICT, "The reservation has ended", 409, detail).into()
}

pub fn declined() -> Error {
    let detail = "Your bank declined the payment. Nothing was charged. Use another card.";
    Problem::new(kinds::PAYMENT_DECLINED, "Payment declined", 402, detail).into()
}

/// `left` in milliseconds.
pub fn paused(left: i64) -> Error {
    let left = left.unsigned_abs();
    let minutes = left.div_ceil(60_000);
    let minutes = if minutes == 1 { "minute".to_owned() } else { format!("{minutes} minutes") };
    let detail = format!(
        "{DECLINED_IN_A_ROW} cards in a row were declined, so we try no more for a while. Nothing was charged, and your cart stays as it is. Order again in {minutes}."
    );
    let mut problem = Problem::new(kinds::PAYMENT_PAUSED, "Too many declined cards", 429, detail);
    problem.retry_after = Some(left.div_ceil(1_000));
    problem.into()
}

/// Whatever carts they had.
pub fn sender_paused(wait: Duration) -> Error {
    let seconds = wait.as_secs().saturating_add(1);
    let detail = format!(
        "Many cards from your network were declined, so we try no more for a while. Nothing was charged, and your cart stays as it is. Order again in {seconds} seconds."
    );
    let mut problem = Problem::new(kinds::PAYMENT_PAUSED, "Too many declined cards", 429, detail);
    problem.retry_after = Some(seconds);
    problem.into()
}

/// Whether the items wait for the card's owner.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kept {
    FiveMinutes,
    NoLonger,
    NotAtAll,
}

pub fn authentication_required(challenge: String, kept: Kept) -> Error {
    let items = match kept {
        Kept::FiveMinutes => "Your items are kept for you for five minutes in all.",
        Kept::NoLonger => {
            "Your items were kept for you for five minutes and are on sale again: you get them if they are there when you confirm."
        }
        Kept::NotAtAll => {
            "Many payments from your network wait to be confirmed, so your items are not kept for you: you get them if they are there when you confirm."
        }
    };
    let detail =
        format!("Confirm this payment with your bank: until then nothing is charged. {items}");
    let mut problem =
        Problem::new(kinds::PAYMENT_AUTHENTICATION_REQUIRED, "Confirm the payment", 402, detail);
    problem.challenge = Some(challenge);
    problem.into()
}

pub fn payment_unavailable() -> Error {
    let detail = "The payment provider does not answer. Nothing was charged or ordered. Try again in a moment.";
    Problem::new(kinds::PAYMENT_UNAVAILABLE, "Payment is not available", 503, detail).into()
}

/// Orders of others and orders that never were look the same.
pub fn unknown_order() -> Error {
    Error::not_found(
        "This browser knows no such order. Find it by its number and email, or sign in to see all orders of your \
         account.",
    )
}
