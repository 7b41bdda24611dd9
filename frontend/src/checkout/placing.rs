//! From "Place order" to an order: the request, its repetition, and what becomes of a refusal.

use super::{
    checkout_context::{CheckoutContext, MESSAGE_ID, PLACE_ORDER_ID},
    form::{by_field, request},
    form_field::FormField,
    idempotent_request::{IdempotentRequest, is_definitive, uuid},
    refusal::{Note, Refusal, rejected, with_shortages},
    saved_addresses::save_address,
};
use crate::{
    api::{self, ApiError},
    ui::{focus, focus_heading},
};
use leptos::{prelude::*, task::spawn_local};
use serde::Deserialize;
use shared::{ids::OrderNumber, paths::api as path, problem::kinds};

/// What is read of the order that was placed.
#[derive(Deserialize)]
struct Placed {
    number: OrderNumber,
}

impl CheckoutContext {
    /// Sends the order, once, however often the button is pressed. `placed` gets its number.
    pub fn place(self, challenge: Option<String>, placed: impl Fn(OrderNumber) + 'static) {
        if self.placing.get_untracked() {
            return;
        }
        if untrack(|| self.tells_changes()) {
            return focus(MESSAGE_ID);
        }
        self.form.submit();
        if let Some(first) = untrack(|| self.faults()).into_keys().next() {
            self.refusal.set(None);
            return focus(&first.id());
        }
        let Some(Ok(quote)) = self.quote.get_untracked() else {
            return self.refresh_quote();
        };
        let request = untrack(|| request(&self.draft(), &self.card(), quote.seen(), challenge));
        let key = self
            .request
            .try_update_value(|known| known.key(&request, random_uuid))
            .unwrap_or_else(random_uuid);
        let (keeps_address, toasts) = (untrack(|| self.keeps_address()), self.toasts);
        self.placing.set(true);
        self.refusal.set(None);
        spawn_local(async move {
            let answer = api::post_once::<Placed>(path::CHECKOUT, &request, &key).await;
            match answer {
                Ok(Placed { number }) => {
                    self.request.update_value(IdempotentRequest::settle);
                    Self::drop_draft();
                    if keeps_address {
                        spawn_local(save_address(toasts, request.address));
                    }
                    // The order is placed, whatever becomes of the count in the banner.
                    let _ = self.cart.fetch().await;
                    self.visitor.something_was_kept();
                    placed(number);
                }
                Err(error) => {
                    self.refused(error).await;
                    // After an order this stays true: its form has nothing more to ask or to send.
                    self.placing.set(false);
                }
            }
        });
    }

    async fn refused(self, error: ApiError) {
        if self.placing.is_disposed() {
            return;
        }
        if let ApiError::Problem(problem) = &error
            && is_definitive(problem)
        {
            self.request.update_value(IdempotentRequest::settle);
        }
        let stale = error.is(kinds::CART_CHANGED) || error.is(kinds::OUT_OF_STOCK);
        let refusal = Refusal::from(error);
        match &refusal {
            Refusal::Fields(errors) => {
                let found = by_field(errors.clone());
                let first = found.keys().next().copied();
                self.form.note_found(found);
                self.refusal.set(Some(refusal));
                focus(&first.map_or_else(|| MESSAGE_ID.to_owned(), FormField::id));
            }
            Refusal::CartEmpty => {
                let _ = self.cart.fetch().await;
                self.quote.set(None);
                // The form is gone, and with it the button that was pressed.
                focus_heading();
            }
            // The dialog takes the focus by itself.
            Refusal::Confirm { .. } => self.refusal.set(Some(refusal)),
            Refusal::Changed { .. } | Refusal::Note(_) => {
                if stale {
                    self.fetch_quote().await;
                }
                self.refusal.set(Some(self.completed(refusal)));
                focus(MESSAGE_ID);
            }
        }
    }

    fn completed(self, refusal: Refusal) -> Refusal {
        match (refusal, self.quote.try_get_untracked().flatten()) {
            (Refusal::Changed { title, changes }, Some(Ok(quote))) => {
                Refusal::Changed { title, changes: with_shortages(changes, &quote.items) }
            }
            (refusal, _) => refusal,
        }
    }

    /// Whether the message above the button names what moved: then nothing else has to.
    pub fn tells_changes(self) -> bool {
        self.refusal.with(|refusal| matches!(refusal, Some(Refusal::Changed { .. })))
    }

    /// The cardholder said no to the bank's question.
    pub fn reject_payment(self) {
        self.refusal.set(Some(Refusal::Note(rejected())));
        focus(MESSAGE_ID);
    }

    /// Takes the cart as it can be had, and shows what that costs. The shopper then places the order anew.
    pub fn accept_changes(self) {
        if self.placing.get_untracked() {
            return;
        }
        self.placing.set(true);
        spawn_local(async move {
            let (refusal, next) = match self.take_what_is_left().await {
                Ok(()) => (None, PLACE_ORDER_ID),
                Err(error) => {
                    let note = Note::new(error.title(), error.detail());
                    (Some(Refusal::Note(note)), MESSAGE_ID)
                }
            };
            let is_accepted = refusal.is_none();
            self.refusal.set(refusal);
            if is_accepted {
                self.fetch_quote().await;
            }
            self.placing.set(false);
            focus(next);
        });
    }

    async fn take_what_is_left(self) -> Result<(), ApiError> {
        self.cart.fetch().await?;
        let items = untrack(|| self.cart.get()).unwrap_or_default().items;
        for item in items.into_iter().filter(shared::cart::LineItem::is_short) {
            match item.available {
                0 => self.cart.remove(item.sku).await?,
                left => self.cart.set_quantity(item.sku, left).await?,
            }
        }
        Ok(())
    }
}

fn random_uuid() -> String {
    let mut random = [0; 16];
    let filled =
        window().crypto().and_then(|crypto| crypto.get_random_values_with_u8_array(&mut random));
    // Browsers that run wasm have it. If one refuses, a key that can be guessed still tells two orders apart.
    if filled.is_err() {
        random.fill_with(|| unit_to_byte(js_sys::Math::random()));
    }
    uuid(random)
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "from 0 up to but not including 256"
)]
fn unit_to_byte(unit: f64) -> u8 {
    (unit * 256.0) as u8
}
