//! The checkout form as data: what is typed, what is wrong with it, and when that is shown.

use super::{form_field::FormField, tidy::tidy_expiry};
use serde::{Deserialize, Serialize};
use shared::{
    account::SavedAddress,
    checkout::{
        Address, Card, CheckoutRequest, DeliveryMethod, Seen, country, tidy_text, validate,
        validate_address,
    },
    problem::FieldError,
};
use std::collections::{BTreeMap, BTreeSet};

/// What is kept while the shopper goes elsewhere: everything but the card.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Draft {
    pub email: String,
    pub address: Address,
    pub delivery: DeliveryMethod,
    /// The customer who was signed in when it was written, by their fingerprint: nobody else finds it.
    pub owner: Option<String>,
    /// What was typed as a guest, before that customer signed in: all of it that stays for whoever comes after them.
    pub as_guest: Option<Box<Draft>>,
    /// The fields, by their labels, in which something was typed when a customer's session ended.
    pub outlived: Vec<String>,
    /// Of the customer's saved addresses the one that it shows.
    pub filled_in: Option<SavedAddress>,
}

impl Default for Draft {
    fn default() -> Self {
        Self {
            email: String::new(),
            address: empty_address(),
            delivery: DeliveryMethod::default(),
            owner: None,
            as_guest: None,
            outlived: Vec::new(),
            filled_in: None,
        }
    }
}

impl Draft {
    /// Where a field's text is kept; card data has no place here.
    pub fn field_mut(&mut self, field: FormField) -> Option<&mut String> {
        Some(match field {
            FormField::Email => &mut self.email,
            FormField::FullName => &mut self.address.full_name,
            FormField::Street => &mut self.address.street,
            FormField::Postcode => &mut self.address.postcode,
            FormField::City => &mut self.address.city,
            FormField::Country => &mut self.address.country,
            FormField::CardNumber | FormField::Expiry | FormField::SecurityCode => return None,
        })
    }

    /// The draft for whoever sits here now: a guest's goes with the login, a customer's stays that customer's.
    /// Empty fields are filled with what the shop knows of the customer.
    pub fn for_customer(mut self, owner: &str, name: &str, email: Option<&str>) -> Self {
        if self.owner.as_deref().is_some_and(|other| other != owner) {
            self = Self::default();
        }
        if self.owner.is_none() {
            self.as_guest = Some(Box::new(self.clone()));
        }
        self.owner = Some(owner.to_owned());
        self.outlived.clear();
        if self.email.trim().is_empty() {
            email.unwrap_or_default().clone_into(&mut self.email);
        }
        if self.address.full_name.trim().is_empty() {
            name.clone_into(&mut self.address.full_name);
        }
        self
    }

    /// The draft for whoever sits here when its customer has left.
    pub fn for_guest(self) -> Self {
        match self {
            Self { owner: None, .. } => self,
            Self { as_guest, .. } => {
                as_guest.map_or_else(Self::default, |as_guest| as_guest.outliving())
            }
        }
    }

    /// The same draft after the end of a session, with what it has from before.
    pub fn outliving(mut self) -> Self {
        let mut filled_in = Vec::new();
        for field in FormField::ALL {
            let text = self.field_mut(*field).filter(|_| *field != FormField::Country);
            if text.is_some_and(|text| !text.trim().is_empty()) {
                filled_in.push(field.label().to_owned());
            }
        }
        self.outlived = filled_in;
        self
    }
}

/// The shop's home market.
const DEFAULT_COUNTRY: &str = "DE";

/// Before anything is typed.
pub fn empty_address() -> Address {
    Address { country: DEFAULT_COUNTRY.to_owned(), ..Address::default() }
}

/// Every fault of an address, by field.
pub fn address_faults(address: &Address) -> BTreeMap<FormField, String> {
    by_address_field(validate_address(address))
}

/// Faults of an address that was sent by itself: their fields are named as the address has them.
pub fn by_address_field(errors: Vec<FieldError>) -> BTreeMap<FormField, String> {
    let in_form =
        |error: FieldError| FieldError { field: format!("address.{}", error.field), ..error };
    by_field(errors.into_iter().map(in_form).collect())
}

/// Every fault of the form, by field. `today` is (year, month).
pub fn faults(draft: &Draft, card: &Card, today: (i32, u32)) -> BTreeMap<FormField, String> {
    let nothing_seen = Seen::default();
    by_field(validate(&request(draft, card, nothing_seen, None), today))
}

/// Faults that have a field on this page; the first of each field counts.
pub fn by_field(errors: Vec<FieldError>) -> BTreeMap<FormField, String> {
    let mut faults = BTreeMap::new();
    for FieldError { field, message } in errors {
        if let Some(field) = FormField::at(&field) {
            faults.entry(field).or_insert(message);
        }
    }
    faults
}

/// Which faults are shown: those of fields the shopper has left, or all of them after "Place order".
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Touched {
    pub fields: BTreeSet<FormField>,
    pub submitted: bool,
}

impl Touched {
    pub fn shows(&self, field: FormField) -> bool {
        self.submitted || self.fields.contains(&field)
    }
}

pub fn request(
    draft: &Draft,
    card: &Card,
    seen: Seen,
    challenge: Option<String>,
) -> CheckoutRequest {
    CheckoutRequest {
        email: tidy_text(&draft.email),
        address: draft.address.tidy(),
        delivery: draft.delivery,
        card: Card {
            number: card.digits(),
            expiry: tidy_expiry(&card.expiry),
            security_code: tidy_text(&card.security_code),
        },
        seen,
        challenge,
    }
}

/// How a postcode looks there, to help before there is a fault.
pub fn postcode_hint(code: &str) -> Option<&'static str> {
    country(code).map(|country| country.postcode_example)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TODAY: (i32, u32) = (2026, 11);

    fn draft() -> Draft {
        Draft {
            email: " ada@example.com ".into(),
            address: Address {
                full_name: "Ada Lovelace".into(),
                street: "Torstraße 1".into(),
                postcode: "10115".into(),
                city: "Berlin".into(),
                country: "DE".into(),
            },
            delivery: DeliveryMethod::Express,
            owner: None,
            as_guest: None,
            outlived: Vec::new(),
            filled_in: None,
        }
    }

    fn card() -> Card {
        Card {
            number: "4242 4242 4242 4242".into(),
            expiry: "0431".into(),
            security_code: "123".into(),
        }
    }

    #[test]
    fn every_field_is_found_by_the_path_that_validation_names() {
        let empty = faults(&Draft::default(), &Card::default(), TODAY);
        let expected: Vec<FormField> =
            FormField::ALL.iter().copied().filter(|field| *field != FormField::Country).collect();
        assert_eq!(empty.into_keys().collect::<Vec<_>>(), expected);
    }

    #[test]
    fn what_people_type_is_tidied_before_it_is_checked() {
        assert_eq!(faults(&draft(), &card(), TODAY), BTreeMap::new());
    }

    #[test]
    fn a_draft_holds_no_card_data() {
        let mut draft = draft();
        for field in [FormField::CardNumber, FormField::Expiry, FormField::SecurityCode] {
            assert_eq!(draft.field_mut(field), None);
        }
    }

    #[test]
    fn a_guests_draft_goes_with_the_login_and_is_completed() {
        let guest = Draft { email: String::new(), ..draft() };
        let joined = guest.for_customer("ada", "Augusta Ada", Some("ada@example.com"));
        assert_eq!(joined.email, "ada@example.com");
        assert_eq!(joined.address.full_name, "Ada Lovelace");
        assert_eq!(joined.address.street, "Torstraße 1");
        assert_eq!(joined.delivery, DeliveryMethod::Express);
    }

    #[test]
    fn another_customer_finds_nothing_of_the_first() {
        let ada = draft().for_customer("ada", "Ada Lovelace", Some("ada@example.com"));
        let grace = ada.for_customer("grace", "Grace Hopper", None);
        assert_eq!(grace, Draft::default().for_customer("grace", "Grace Hopper", None));
        assert_eq!(grace.email, "");
        assert_eq!(grace.address.street, "");
    }

    #[test]
    fn a_customer_who_left_leaves_what_they_typed_as_a_guest_and_nothing_else() {
        let guest = Draft { email: "guest@example.com".into(), ..Draft::default() };
        let mut ada = guest.clone().for_customer("ada", "Ada Lovelace", Some("ada@example.com"));
        ada.address.street = "Torstraße 1".into();
        // Seen again on another page of the same visit.
        let ada = ada.for_customer("ada", "Ada Lovelace", None);
        let left = ada.for_guest();
        assert_eq!(left.outlived, ["Email"]);
        assert_eq!(Draft { outlived: Vec::new(), ..left }, guest);

        let typed_as_customer = draft().for_customer("ada", "Ada Lovelace", None);
        let other = typed_as_customer.for_customer("grace", "Grace Hopper", None);
        assert_eq!(other.for_guest(), Draft::default());
        assert_eq!(guest.clone().for_guest(), guest);
    }

    #[test]
    fn a_fault_is_shown_once_its_field_was_left_or_the_form_was_sent() {
        let mut touched = Touched::default();
        assert!(!touched.shows(FormField::Email));
        touched.fields.insert(FormField::Email);
        assert!(touched.shows(FormField::Email));
        assert!(!touched.shows(FormField::City));
        touched.submitted = true;
        assert!(touched.shows(FormField::City));
    }
}
