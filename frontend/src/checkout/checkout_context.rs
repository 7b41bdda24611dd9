//! The living checkout: what was typed, what is wrong with it, and what it costs. `quoting` asks for the price, `placing` makes an
//! order of it.

use super::{
    form::{Draft, faults},
    form_field::FormField,
    form_state::FormState,
    idempotent_request::IdempotentRequest,
    refusal::Refusal,
    saved_addresses::SavedAddresses,
    tidy::tidy_card_number,
};
use crate::{
    api::{ApiError, Latest, json},
    auth::{Visitor, VisitorContext, private_storage, use_visitor},
    cart::{CartContext, use_cart},
    ui::{Toasts, use_toasts},
};
use leptos::prelude::*;
use shared::{
    checkout::{Card, DeliveryMethod, Quote, country},
    session::EndReason,
};
use std::collections::BTreeMap;

const DRAFT: &str = "checkout";
/// Where a message about the order as a whole appears; it takes the focus.
pub const MESSAGE_ID: &str = "checkout-message";
pub const PLACE_ORDER_ID: &str = "place-order";

#[derive(Clone, Copy)]
pub struct CheckoutContext {
    pub form: FormState,
    pub delivery: RwSignal<DeliveryMethod>,
    owner: StoredValue<Option<String>>,
    as_guest: StoredValue<Option<Box<Draft>>>,
    outlived: RwSignal<Vec<String>>,
    /// What a customer typed, until it is known whether they are the one who sits here.
    withheld: StoredValue<Option<Draft>>,
    pub(super) saved: SavedAddresses,
    pub quote: RwSignal<Option<Result<Quote, ApiError>>>,
    pub(super) latest_quote: Latest,
    pub quoting: RwSignal<bool>,
    pub placing: RwSignal<bool>,
    pub refusal: RwSignal<Option<Refusal>>,
    pub(super) request: StoredValue<IdempotentRequest>,
    pub(super) cart: CartContext,
    pub(super) visitor: VisitorContext,
    pub(super) toasts: Toasts,
}

impl CheckoutContext {
    pub fn new() -> Self {
        let context = Self {
            form: FormState::new(),
            delivery: RwSignal::new(DeliveryMethod::default()),
            owner: StoredValue::new(None),
            as_guest: StoredValue::new(None),
            outlived: RwSignal::new(Vec::new()),
            withheld: StoredValue::new(None),
            saved: SavedAddresses::new(),
            quote: RwSignal::new(None),
            latest_quote: Latest::new(),
            quoting: RwSignal::new(false),
            placing: RwSignal::new(false),
            refusal: RwSignal::new(None),
            request: StoredValue::new(IdempotentRequest::default()),
            cart: use_cart(),
            visitor: use_visitor(),
            toasts: use_toasts(),
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
        self.form.value(field)
    }

    /// Everything but the card.
    pub fn draft(self) -> Draft {
        let mut draft = Draft {
            delivery: self.delivery.get(),
            owner: self.owner.get_value(),
            as_guest: self.as_guest.get_value(),
            outlived: self.outlived.get(),
            filled_in: self.filled_in(),
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
        self.saved.filled_in.set_value(draft.filled_in);
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
        self.saved.forget();
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
        self.fetch_addresses(name.to_owned());
    }

    /// The customer left: an empty form, for whoever comes next.
    pub fn forget(self) {
        self.fill_card(Card::default());
        self.show(Draft::default());
        self.form.reset();
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

    /// What is wrong with each field, as the rules and the shop's last answer say; shown or not.
    pub fn faults(self) -> BTreeMap<FormField, String> {
        self.form.with_found(faults(&self.draft(), &self.card(), self.visitor.server_month()))
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
