//! The living checkout: what was typed, what it costs, and the one request that places the order.

use super::{
    form::{Draft, FormField, Told, by_field, faults, request, tidy_card_number, tidy_expiry},
    intent::{Intent, is_definitive, uuid},
    refusal::{Note, Refusal, rejected, with_shortages},
};
use crate::{
    api::{self, ApiError},
    auth::private,
    cart::{CartContext, use_cart},
    ui::focus,
};
use leptos::{prelude::*, task::spawn_local};
use serde::Deserialize;
use shared::{
    checkout::{Card, DeliveryMethod, Quote, QuoteRequest, country},
    ids::OrderNumber,
    paths::api as path,
    problem::kinds,
};
use std::{collections::BTreeMap, time::Duration};

const DRAFT: &str = "checkout";
/// Where a message about the order as a whole appears; it takes the focus.
pub const MESSAGE_ID: &str = "checkout-message";
pub const PLACE_ORDER_ID: &str = "place-order";

#[derive(Clone, Copy)]
pub struct CheckoutContext {
    values: [RwSignal<String>; FormField::ALL.len()],
    pub delivery: RwSignal<DeliveryMethod>,
    owner: StoredValue<Option<String>>,
    told: RwSignal<Told>,
    /// Fields that were left by pressing somewhere: told when the press is over.
    pressed_away: StoredValue<Vec<FormField>>,
    pressing: StoredValue<bool>,
    /// Faults that only the shop found, with the value that it found them in: another value is not at fault.
    found: RwSignal<BTreeMap<FormField, (String, String)>>,
    pub quote: RwSignal<Option<Result<Quote, ApiError>>>,
    quotes_asked: StoredValue<u64>,
    pub quoting: RwSignal<bool>,
    pub placing: RwSignal<bool>,
    pub refusal: RwSignal<Option<Refusal>>,
    intent: StoredValue<Intent>,
    cart: CartContext,
}

/// What is read of the order that was placed.
#[derive(Deserialize)]
struct Placed {
    number: OrderNumber,
}

impl CheckoutContext {
    pub fn new() -> Self {
        let context = Self {
            values: std::array::from_fn(|_| RwSignal::new(String::new())),
            delivery: RwSignal::new(DeliveryMethod::default()),
            owner: StoredValue::new(None),
            told: RwSignal::new(Told::default()),
            pressed_away: StoredValue::new(Vec::new()),
            pressing: StoredValue::new(false),
            found: RwSignal::new(BTreeMap::new()),
            quote: RwSignal::new(None),
            quotes_asked: StoredValue::new(0),
            quoting: RwSignal::new(false),
            placing: RwSignal::new(false),
            refusal: RwSignal::new(None),
            intent: StoredValue::new(Intent::default()),
            cart: use_cart(),
        };
        context.show(&kept_draft());
        context
    }

    pub fn value(self, field: FormField) -> RwSignal<String> {
        self.values[field as usize]
    }

    /// Everything but the card.
    pub fn draft(self) -> Draft {
        let mut draft = Draft {
            delivery: self.delivery.get(),
            owner: self.owner.get_value(),
            ..Draft::default()
        };
        for field in FormField::ALL {
            if !field.is_card() {
                draft.set(field, self.value(field).get());
            }
        }
        draft
    }

    fn show(self, draft: &Draft) {
        for field in FormField::ALL {
            if !field.is_card() {
                let value = draft.get(field);
                if self.value(field).with_untracked(|shown| shown != value) {
                    self.value(field).set(value.to_owned());
                }
            }
        }
        self.delivery.set(draft.delivery);
        self.owner.set_value(draft.owner.clone());
    }

    pub fn keep_draft(self) {
        // A derived struct of strings always becomes JSON.
        private::keep(
            DRAFT,
            &serde_json::to_string(&self.draft()).unwrap_or_default(),
        );
    }

    /// A customer sits here now: fills in what the shop knows, and drops what another customer typed.
    pub fn welcome(self, owner: &str, name: &str, email: Option<&str>) {
        let draft = untrack(|| self.draft());
        if draft.owner.as_deref().is_some_and(|other| other != owner) {
            self.forget();
        }
        self.show(&draft.for_customer(owner, name, email));
    }

    /// The customer left: an empty form, for whoever comes next.
    pub fn forget(self) {
        for field in FormField::ALL.into_iter().filter(|field| field.is_card()) {
            self.value(field).set(String::new());
        }
        self.show(&Draft::default());
        self.told.set(Told::default());
        self.found.set(BTreeMap::new());
        self.refusal.set(None);
    }

    /// A page that the Back button brought back shows what is still kept: nothing after a logout.
    pub fn restored(self) {
        if private::kept(DRAFT).is_none() {
            self.forget();
        }
    }

    fn card(self) -> Card {
        Card {
            number: self.value(FormField::CardNumber).get(),
            expiry: self.value(FormField::Expiry).get(),
            security_code: self.value(FormField::SecurityCode).get(),
        }
    }

    pub fn fill_card(self, card: Card) {
        self.value(FormField::CardNumber)
            .set(tidy_card_number(&card.number));
        self.value(FormField::Expiry).set(card.expiry);
        self.value(FormField::SecurityCode).set(card.security_code);
    }

    /// A fault that appears moves what is below it. Between the press and the release of a pointer that would
    /// take the target away from under it, and the click would be lost.
    pub fn press(self, is_down: bool) {
        self.pressing.set_value(is_down);
        if !is_down {
            // The click comes in the same task as the release.
            set_timeout(move || self.tell_pressed_away(), Duration::ZERO);
        }
    }

    fn tell_pressed_away(self) {
        let fields = self.pressed_away.try_update_value(std::mem::take);
        for field in fields.into_iter().flatten() {
            self.tell(field);
        }
    }

    /// The shopper leaves a field.
    pub fn left(self, field: FormField) {
        if self.pressing.get_value() {
            self.pressed_away.update_value(|fields| fields.push(field));
        } else {
            self.tell(field);
        }
    }

    /// A field that was left is tidied, and its fault is told from now on.
    fn tell(self, field: FormField) {
        let value = self.value(field);
        let typed = value.get_untracked();
        let tidy = match field {
            FormField::CardNumber => tidy_card_number(&typed),
            FormField::Expiry => tidy_expiry(&typed),
            _ => typed.trim().to_owned(),
        };
        if tidy != typed {
            value.set(tidy);
        }
        // Who only passes through an empty field has made no mistake yet.
        if value.with_untracked(|value| !value.is_empty()) {
            self.told.update(|told| {
                told.left.insert(field);
            });
        }
    }

    /// What is wrong with each field, as the rules and the shop's last answer say; told or not.
    pub fn faults(self) -> BTreeMap<FormField, String> {
        let mut faults = faults(&self.draft(), &self.card(), today());
        for (field, (value, message)) in self.found.get() {
            if self.value(field).with(|now| *now == value) {
                faults.entry(field).or_insert(message);
            }
        }
        faults
    }

    pub fn shows_fault(self, field: FormField) -> bool {
        self.told.with(|told| told.shows(field))
    }

    pub fn was_submitted(self) -> bool {
        self.told.with(|told| told.submitted)
    }

    /// Asks what this cart costs, delivered there. The last one asked wins.
    pub fn ask_for_quote(self) {
        spawn_local(async move { self.fetch_quote().await });
    }

    async fn fetch_quote(self) {
        // The page may be gone by the time that something else has been waited for.
        let Some(turn) = self.quotes_asked.try_update_value(|asked| {
            *asked += 1;
            *asked
        }) else {
            return;
        };
        self.quoting.set(true);
        let request = QuoteRequest {
            delivery: self.delivery.get_untracked(),
            country: self.value(FormField::Country).get_untracked(),
        };
        let answer = api::post::<Quote>(path::QUOTE, &request).await;
        if self.quotes_asked.try_get_value() == Some(turn) {
            self.quoting.set(false);
            self.quote.set(Some(answer));
        }
    }

    /// Another tab, or a login, changed the cart since it was quoted.
    pub fn follow_cart(self) {
        let cart = self.cart.get();
        let quoted = self.quote.with_untracked(|quote| match quote {
            Some(Ok(quote)) => Some(pieces(&quote.items)),
            Some(Err(_)) => Some(Vec::new()),
            None => None,
        });
        if let (Some(cart), Some(quoted)) = (cart, quoted)
            && pieces(&cart.items) != quoted
            && !self.placing.get_untracked()
        {
            if cart.items.is_empty() {
                self.quote.set(None);
            } else {
                self.ask_for_quote();
            }
        }
    }

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
                    private::drop(DRAFT);
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

fn pieces(items: &[shared::cart::LineItem]) -> Vec<(shared::ids::Sku, u32)> {
    items
        .iter()
        .map(|item| (item.sku.clone(), item.quantity))
        .collect()
}

/// What an earlier visit of this tab typed. A country that is no longer delivered to gives way.
fn kept_draft() -> Draft {
    let draft: Option<Draft> =
        private::kept(DRAFT).and_then(|json| serde_json::from_str(&json).ok());
    let mut draft = draft.unwrap_or_default();
    if country(&draft.address.country).is_none() {
        draft.address.country = Draft::default().address.country;
    }
    draft
}

/// Year and month on this device.
fn today() -> (i32, u32) {
    let date = js_sys::Date::new_0();
    let year = i32::try_from(date.get_full_year()).unwrap_or(i32::MAX);
    (year, date.get_month() + 1)
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
