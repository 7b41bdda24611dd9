//! From "Place order" to an order: the request, its repetition, and what becomes of a refusal.

use super::{
    checkout_context::{CheckoutContext, MESSAGE_ID, PLACE_ORDER_ID},
    form::{FormField, by_field, request},
    intent::{Intent, is_definitive, uuid},
    refusal::{Note, Refusal, rejected, with_shortages},
};
use crate::{
    api::{self, ApiError},
    ui::focus,
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
        if self
            .refusal
            .with_untracked(|refusal| matches!(refusal, Some(Refusal::Changed { .. })))
        {
            return focus(MESSAGE_ID);
        }
        for field in FormField::ALL {
            self.tell(field);
        }
        self.told.update(|told| told.submitted = true);
        if let Some(first) = untrack(|| self.faults()).into_keys().next() {
            self.refusal.set(None);
            return focus(&first.id());
        }
        let Some(Ok(quote)) = self.quote.get_untracked() else {
            return self.ask_for_quote();
        };
        let request = untrack(|| request(&self.draft(), &self.card(), quote.seen(), challenge));
        let key = self
            .intent
            .try_update_value(|intent| intent.key(&request, random_uuid))
            .unwrap_or_else(random_uuid);
        self.placing.set(true);
        self.refusal.set(None);
        spawn_local(async move {
            let answer = api::post_once::<Placed>(path::CHECKOUT, &request, &key).await;
            match answer {
                Ok(Placed { number }) => {
                    self.intent.update_value(Intent::settle);
                    Self::drop_draft();
                    // The order is placed, whatever becomes of the count in the banner.
                    let _ = self.cart.refresh().await;
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
            self.intent.update_value(Intent::settle);
        }
        let stale = error.is(kinds::CART_CHANGED) || error.is(kinds::OUT_OF_STOCK);
        let refusal = Refusal::from(error);
        match &refusal {
            Refusal::Fields(errors) => {
                let found = by_field(errors.clone());
                let first = found.keys().next().copied();
                self.found.set(
                    found
                        .into_iter()
                        .map(|(field, message)| {
                            (field, (self.value(field).get_untracked(), message))
                        })
                        .collect(),
                );
                self.refusal.set(Some(refusal));
                focus(&first.map_or_else(|| MESSAGE_ID.to_owned(), FormField::id));
            }
            Refusal::CartEmpty => {
                let _ = self.cart.refresh().await;
                self.quote.set(None);
            }
            // The dialog takes the focus by itself.
            Refusal::Confirm { .. } => self.refusal.set(Some(refusal)),
            Refusal::Changed { .. } | Refusal::Told(_) => {
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
            (Refusal::Changed { title, changes }, Some(Ok(quote))) => Refusal::Changed {
                title,
                changes: with_shortages(changes, &quote.items),
            },
            (refusal, _) => refusal,
        }
    }

    /// The cardholder said no to the bank's question.
    pub fn reject_payment(self) {
        self.refusal.set(Some(Refusal::Told(rejected())));
        focus(MESSAGE_ID);
    }

    /// Takes the cart as it can be had, and shows what that costs. The shopper then places the order anew.
    pub fn accept_changes(self) {
        if self.placing.get_untracked() {
            return;
        }
        self.placing.set(true);
        spawn_local(async move {
            let outcome = self.take_what_is_left().await;
            match outcome {
                Ok(()) => {
                    self.refusal.set(None);
                    self.fetch_quote().await;
                    self.placing.set(false);
                    focus(PLACE_ORDER_ID);
                }
                Err(error) => {
                    self.placing.set(false);
                    self.refusal.set(Some(Refusal::Told(Note {
                        title: error.title().to_owned(),
                        text: error.detail().to_owned(),
                        about_card: false,
                    })));
                    focus(MESSAGE_ID);
                }
            }
        });
    }

    async fn take_what_is_left(self) -> Result<(), ApiError> {
        self.cart.refresh().await?;
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
    let filled = window()
        .crypto()
        .and_then(|crypto| crypto.get_random_values_with_u8_array(&mut random));
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
