//! Why there is no order (yet), in words for the shopper.

use crate::Error;
use shared::{
    checkout::Change,
    problem::{Problem, kinds},
};

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

pub fn authentication_required(challenge: String) -> Error {
    let detail = "Your bank wants you to confirm this payment. Confirm it within 15 minutes; until then nothing is charged.";
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
        "This browser has placed no such order. Sign in to see all orders of your account.",
    )
}
