//! The living checkout: what was typed, what is wrong with it, and what it costs. `quoting` asks for the price, `placing` makes an
//! order of it.

use super::{
    form::{Draft, Touched, faults},
    form_field::FormField,
    idempotent_request::IdempotentRequest,
    refusal::Refusal,
    tidy::{tidy_card_number, tidy_expiry, tidy_postcode},
};
use crate::{
    api::{ApiError, Latest, json},
    auth::{Visitor, VisitorContext, private_storage, use_visitor},
    cart::{CartContext, use_cart},
};
use leptos::prelude::*;
use shared::{
    checkout::{Card, DeliveryMethod, Quote, country, tidy_text},
    session::EndReason,
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
    as_guest: StoredValue<Option<Box<Draft>>>,
    outlived: RwSignal<Vec<String>>,
    /// What a customer typed, until it is known whether they are the one who sits here.
    withheld: StoredValue<Option<Draft>>,
    pub(super) touched: RwSignal<Touched>,
    /// Fields that were left by pressing somewhere: they count as touched when the press is over.
    pressed_away: StoredValue<Vec<FormField>>,
    pressing: StoredValue<bool>,
    /// Faults that only the shop found, with the value that it found them in: another value is not at fault.
    pub(super) found: RwSignal<BTreeMap<FormField, (String, String)>>,
    pub quote: RwSignal<Option<Result<Quote, ApiError>>>,
    pub(super) latest_quote: Latest,
    pub quoting: RwSignal<bool>,
    pub placing: RwSignal<bool>,
    pub refusal: RwSignal<Option<Refusal>>,
    pub(super) request: StoredValue<IdempotentRequest>,
    pub(super) cart: CartContext,
    pub(super) visitor: VisitorContext,
}

impl CheckoutContext {
    pub fn new() -> Self {
        let context = Self {
            values: std::array::from_fn(|_| RwSignal::new(String::new())),
            delivery: RwSignal::new(DeliveryMethod::default()),
            owner: StoredValue::new(None),
            as_guest: StoredValue::new(None),
            outlived: RwSignal::new(Vec::new()),
            withheld: StoredValue::new(None),
            touched: RwSignal::new(Touched::default()),
            pressed_away: StoredValue::new(Vec::new()),
            pressing: StoredValue::new(false),
            found: RwSignal::new(BTreeMap::new()),
            quote: RwSignal::new(None),
            latest_quote: Latest::new(),
            quoting: RwSignal::new(false),
            placing: RwSignal::new(false),
            refusal: RwSignal::new(None),
            request: StoredValue::new(IdempotentRequest::default()),
            cart: use_cart(),
            visitor: use_visitor(),
        };
        let kept = kept_draft();
        if kept.owner.is_some() {
            context.withheld.set_value(Some(kept));
        } else {
            context.show(kept);
        }
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
            as_guest: self.as_guest.get_value(),
            outlived: self.outlived.get(),
            ..Draft::default()
        };
        for field in FormField::ALL {
            if let Some(text) = draft.field_mut(*field) {
                *text = self.value(*field).get();
            }
        }
        draft
    }

    fn show(self, mut draft: Draft) {
        for field in FormField::ALL {
            if let Some(text) = draft.field_mut(*field)
                && self.value(*field).with_untracked(|shown| shown != text)
            {
                self.value(*field).set(std::mem::take(text));
            }
        }
        // Set to what it is already, it would ask for a quote: for no cart at all, where a logout took it away.
        if self.delivery.get_untracked() != draft.delivery {
            self.delivery.set(draft.delivery);
        }
        self.owner.set_value(draft.owner);
        self.as_guest.set_value(draft.as_guest);
        self.outlived.set(draft.outlived);
    }

    pub fn keep_draft(self) {
        let draft = self.draft();
        if self.withheld.with_value(Option::is_some) {
            return;
        }
        // A derived struct of strings always becomes JSON.
        let json = json::write(&draft).unwrap_or_default();
        private_storage::set(DRAFT, &json);
    }

    /// What was typed here or, before it was known by whom, in an earlier visit of this tab.
    fn typed(self) -> Draft {
        let withheld = self.withheld.try_update_value(Option::take).flatten();
        withheld.unwrap_or_else(|| untrack(|| self.draft()))
    }

    /// Nobody is signed in. What a customer typed stays while they are still here. Of one who left without a word stays
    /// what they typed as a guest; who signed out leaves nothing behind.
    pub fn show_to_guest(self, visitor: &Visitor) {
        let draft = self.typed();
        if draft.owner.is_none() {
            self.show(draft);
        } else if visitor.is_still_here() {
            self.show(draft.outliving());
        } else {
            self.forget();
            if visitor.end_reason().is_none_or(EndReason::was_unattended) {
                self.show(draft.for_guest());
            }
        }
    }

    /// A customer sits here now: fills in what the shop knows, and drops what another customer typed.
    pub fn welcome(self, owner: &str, name: &str, email: Option<&str>) {
        let draft = self.typed();
        if draft.owner.as_deref().is_some_and(|other| other != owner) {
            self.forget();
        }
        self.show(draft.for_customer(owner, name, email));
    }

    /// The customer left: an empty form, for whoever comes next.
    pub fn forget(self) {
        self.fill_card(Card::default());
        self.show(Draft::default());
        self.touched.set(Touched::default());
        self.found.set(BTreeMap::new());
        self.refusal.set(None);
    }

    /// The labels of the fields that still hold what a session's end has left, and whether its customer typed it.
    pub fn left_behind(self) -> (Vec<&'static str>, bool) {
        let is_left = |field: &&FormField| {
            let is_filled_in = self.value(**field).with(|text| !text.trim().is_empty());
            is_filled_in
                && self.outlived.with(|left| left.iter().any(|label| label == field.label()))
        };
        let left = FormField::ALL.iter().filter(is_left).map(|field| field.label()).collect();
        (left, self.owner.with_value(Option::is_some))
    }

    /// A page that the Back button brought back shows what is still kept: nothing after a logout.
    pub fn restored(self) {
        if private_storage::get(DRAFT).is_none() {
            self.forget();
        }
    }

    pub(super) fn card(self) -> Card {
        Card {
            number: self.value(FormField::CardNumber).get(),
            expiry: self.value(FormField::Expiry).get(),
            security_code: self.value(FormField::SecurityCode).get(),
        }
    }

    pub fn fill_card(self, card: Card) {
        self.value(FormField::CardNumber).set(tidy_card_number(&card.number));
        self.value(FormField::Expiry).set(card.expiry);
        self.value(FormField::SecurityCode).set(card.security_code);
    }

    /// A fault that appears moves what is below it. Between the press and the release of a pointer that would
    /// take the target away from under it, and the click would be lost.
    pub fn press(self, is_down: bool) {
        self.pressing.set_value(is_down);
        if !is_down {
            // The click comes in the same task as the release.
            set_timeout(move || self.touch_pressed_away(), Duration::ZERO);
        }
    }

    fn touch_pressed_away(self) {
        let fields = self.pressed_away.try_update_value(std::mem::take);
        for field in fields.into_iter().flatten() {
            self.touch(field);
        }
    }

    /// The shopper leaves a field.
    pub fn left(self, field: FormField) {
        if self.pressing.get_value() {
            self.pressed_away.update_value(|fields| fields.push(field));
        } else {
            self.touch(field);
        }
    }

    /// A field that was left is tidied, and its fault is shown from now on.
    pub(super) fn touch(self, field: FormField) {
        let value = self.value(field);
        let typed = value.get_untracked();
        let tidy = match field {
            FormField::CardNumber => tidy_card_number(&typed),
            FormField::Expiry => tidy_expiry(&typed),
            FormField::Postcode => {
                tidy_postcode(&typed, &self.value(FormField::Country).get_untracked())
            }
            _ => tidy_text(&typed),
        };
        if tidy != typed {
            value.set(tidy);
        }
        // Who only passes through an empty field has made no mistake yet.
        if value.with_untracked(|value| !value.is_empty()) {
            self.touched.update(|touched| {
                touched.fields.insert(field);
            });
        }
    }

    /// What is wrong with each field, as the rules and the shop's last answer say; shown or not.
    pub fn faults(self) -> BTreeMap<FormField, String> {
        let mut faults = faults(&self.draft(), &self.card(), self.visitor.server_month());
        for (field, (value, message)) in self.found.get() {
            if self.value(field).with(|now| *now == value) {
                faults.entry(field).or_insert(message);
            }
        }
        faults
    }

    pub fn shows_fault(self, field: FormField) -> bool {
        self.touched.with(|touched| touched.shows(field))
    }

    pub fn was_submitted(self) -> bool {
        self.touched.with(|touched| touched.submitted)
    }

    /// The order is placed: nothing of it is to be found in this tab.
    pub(super) fn drop_draft() {
        private_storage::remove(DRAFT);
    }
}

/// What an earlier visit of this tab typed. A country that is no longer delivered to gives way.
fn kept_draft() -> Draft {
    let draft: Option<Draft> = private_storage::get(DRAFT).and_then(|text| json::read(&text));
    let mut draft = draft.unwrap_or_default();
    if country(&draft.address.country).is_none() {
        draft.address.country = Draft::default().address.country;
    }
    draft
}
