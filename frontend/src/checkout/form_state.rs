//! What the fields of a form hold, and which of their faults are shown: in the checkout, and for an address in My Account.

use super::{
    form::Touched,
    form_field::FormField,
    tidy::{tidy_card_number, tidy_expiry, tidy_postcode},
};
use crate::ui::listen;
use leptos::prelude::*;
use shared::checkout::{Address, tidy_text};
use std::{collections::BTreeMap, time::Duration};

/// The form's faults, found once for all its fields.
pub type Faults = Memo<BTreeMap<FormField, String>>;

#[derive(Clone, Copy)]
pub struct FormState {
    values: [RwSignal<String>; FormField::ALL.len()],
    touched: RwSignal<Touched>,
    /// Fields that were left by pressing somewhere: they count as touched when the press is over.
    pressed_away: StoredValue<Vec<FormField>>,
    pressing: StoredValue<bool>,
    /// Faults that only the shop found, with the value that it found them in: another value is not at fault.
    found: RwSignal<BTreeMap<FormField, (String, String)>>,
}

impl FormState {
    pub fn new() -> Self {
        let form = Self {
            values: std::array::from_fn(|_| RwSignal::new(String::new())),
            touched: RwSignal::new(Touched::default()),
            pressed_away: StoredValue::new(Vec::new()),
            pressing: StoredValue::new(false),
            found: RwSignal::new(BTreeMap::new()),
        };
        listen(&window(), "pointerdown", move |_| form.press(true));
        listen(&window(), "pointerup", move |_| form.press(false));
        listen(&window(), "pointercancel", move |_| form.press(false));
        form
    }

    pub fn value(self, field: FormField) -> RwSignal<String> {
        self.values[field as usize]
    }

    /// As it was typed.
    pub fn address(self) -> Address {
        let text = |field| self.value(field).get();
        Address {
            full_name: text(FormField::FullName),
            street: text(FormField::Street),
            postcode: text(FormField::Postcode),
            city: text(FormField::City),
            country: text(FormField::Country),
        }
    }

    /// In the place of what was typed, whose faults are not its own.
    pub fn show_address(self, address: Address) {
        let Address { full_name, street, postcode, city, country } = address;
        for (field, text) in [
            (FormField::FullName, full_name),
            (FormField::Street, street),
            (FormField::Postcode, postcode),
            (FormField::City, city),
            (FormField::Country, country),
        ] {
            // Set to what it is already, the country would ask for a quote.
            if self.value(field).with_untracked(|shown| *shown != text) {
                self.value(field).set(text);
            }
            self.touched.update(|touched| {
                touched.fields.remove(&field);
            });
        }
    }

    /// A fault that appears moves what is below it. Between the press and the release of a pointer that would
    /// take the target away from under it, and the click would be lost.
    fn press(self, is_down: bool) {
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
        match self.pressing.try_get_value() {
            Some(true) => self.pressed_away.update_value(|fields| fields.push(field)),
            Some(false) => self.touch(field),
            // The form is gone, and its field had the focus.
            None => {}
        }
    }

    /// A field that was left is tidied, and its fault is shown from now on.
    fn touch(self, field: FormField) {
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

    /// Somebody wants to send it: from now on all faults are shown.
    pub fn submit(self) {
        for field in FormField::ALL {
            self.touch(*field);
        }
        self.touched.update(|touched| touched.submitted = true);
    }

    /// Nothing was submitted yet, and no fault is known.
    pub fn reset(self) {
        self.touched.set(Touched::default());
        self.found.set(BTreeMap::new());
    }

    /// The shop's faults of what the fields hold now.
    pub fn note_found(self, faults: BTreeMap<FormField, String>) {
        let found = faults
            .into_iter()
            .map(|(field, message)| (field, (self.value(field).get_untracked(), message)));
        self.found.set(found.collect());
    }

    /// What the rules found, and what the shop did.
    pub fn with_found(
        self,
        mut faults: BTreeMap<FormField, String>,
    ) -> BTreeMap<FormField, String> {
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
}
