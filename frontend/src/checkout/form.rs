//! The checkout form as data: its fields, what is wrong with them, and when the shopper is told.

use serde::{Deserialize, Serialize};
use shared::{
    checkout::{Address, Card, CheckoutRequest, DeliveryMethod, Seen, country, validate},
    money::Money,
    problem::FieldError,
};
use std::collections::{BTreeMap, BTreeSet};

/// In the order of the page: the first fault is the first one that a shopper meets.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum FormField {
    Email,
    FullName,
    Street,
    Postcode,
    City,
    Country,
    CardNumber,
    Expiry,
    SecurityCode,
}

impl FormField {
    pub const ALL: [Self; 9] = [
        Self::Email,
        Self::FullName,
        Self::Street,
        Self::Postcode,
        Self::City,
        Self::Country,
        Self::CardNumber,
        Self::Expiry,
        Self::SecurityCode,
    ];

    /// The field's path in the request's JSON, which is also how a problem names it.
    pub const fn path(self) -> &'static str {
        match self {
            Self::Email => "email",
            Self::FullName => "address.full_name",
            Self::Street => "address.street",
            Self::Postcode => "address.postcode",
            Self::City => "address.city",
            Self::Country => "address.country",
            Self::CardNumber => "card.number",
            Self::Expiry => "card.expiry",
            Self::SecurityCode => "card.security_code",
        }
    }

    pub const fn label(self) -> &'static str {
        match self {
            Self::Email => "Email",
            Self::FullName => "Full name",
            Self::Street => "Address",
            Self::Postcode => "Postcode",
            Self::City => "City",
            Self::Country => "Country",
            Self::CardNumber => "Card number",
            Self::Expiry => "Expiry",
            Self::SecurityCode => "Security code",
        }
    }

    /// The id that `ui::Field` gives its input.
    pub fn id(self) -> String {
        self.path().replace('.', "-")
    }

    /// HTML's autofill field names.
    pub const fn autocomplete(self) -> &'static str {
        match self {
            Self::Email => "email",
            Self::FullName => "shipping name",
            Self::Street => "shipping address-line1",
            Self::Postcode => "shipping postal-code",
            Self::City => "shipping address-level2",
            Self::Country => "shipping country",
            Self::CardNumber => "cc-number",
            Self::Expiry => "cc-exp",
            Self::SecurityCode => "cc-csc",
        }
    }

    /// Which keyboard a phone shows.
    pub const fn input_mode(self) -> &'static str {
        match self {
            Self::Email => "email",
            Self::CardNumber | Self::Expiry | Self::SecurityCode => "numeric",
            _ => "text",
        }
    }

    pub const fn is_card(self) -> bool {
        matches!(self, Self::CardNumber | Self::Expiry | Self::SecurityCode)
    }

    pub fn at(path: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|field| field.path() == path)
    }
}

/// What is kept while the shopper goes elsewhere: everything but the card.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Draft {
    pub email: String,
    pub address: Address,
    pub delivery: DeliveryMethod,
    /// The customer who was signed in when it was written, by their fingerprint: nobody else finds it.
    pub owner: Option<String>,
}

impl Default for Draft {
    fn default() -> Self {
        Self {
            email: String::new(),
            address: Address {
                country: DEFAULT_COUNTRY.to_owned(),
                ..Address::default()
            },
            delivery: DeliveryMethod::default(),
            owner: None,
        }
    }
}

impl Draft {
    pub fn get(&self, field: FormField) -> &str {
        match field {
            FormField::Email => &self.email,
            FormField::FullName => &self.address.full_name,
            FormField::Street => &self.address.street,
            FormField::Postcode => &self.address.postcode,
            FormField::City => &self.address.city,
            FormField::Country => &self.address.country,
            FormField::CardNumber | FormField::Expiry | FormField::SecurityCode => "",
        }
    }

    /// Card data has no place here, so those fields are ignored.
    pub fn set(&mut self, field: FormField, value: String) {
        match field {
            FormField::Email => self.email = value,
            FormField::FullName => self.address.full_name = value,
            FormField::Street => self.address.street = value,
            FormField::Postcode => self.address.postcode = value,
            FormField::City => self.address.city = value,
            FormField::Country => self.address.country = value,
            FormField::CardNumber | FormField::Expiry | FormField::SecurityCode => {}
        }
    }

    /// The draft for whoever sits here now: a guest's goes with the login, a customer's stays that customer's.
    /// Empty fields are filled with what the shop knows of the customer.
    pub fn for_customer(mut self, owner: &str, name: &str, email: Option<&str>) -> Self {
        if self.owner.as_deref().is_some_and(|other| other != owner) {
            self = Self::default();
        }
        self.owner = Some(owner.to_owned());
        if self.email.trim().is_empty() {
            email.unwrap_or_default().clone_into(&mut self.email);
        }
        if self.address.full_name.trim().is_empty() {
            name.clone_into(&mut self.address.full_name);
        }
        self
    }
}

/// The shop's home market.
const DEFAULT_COUNTRY: &str = "DE";

/// Every fault of the form, by field. `today` is (year, month).
pub fn faults(draft: &Draft, card: &Card, today: (i32, u32)) -> BTreeMap<FormField, String> {
    let nothing_seen = Seen {
        items: Vec::new(),
        total: Money::ZERO,
    };
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
pub struct Told {
    pub left: BTreeSet<FormField>,
    pub submitted: bool,
}

impl Told {
    pub fn shows(&self, field: FormField) -> bool {
        self.submitted || self.left.contains(&field)
    }
}

pub fn request(
    draft: &Draft,
    card: &Card,
    seen: Seen,
    challenge: Option<String>,
) -> CheckoutRequest {
    let tidy = |text: &str| text.trim().to_owned();
    CheckoutRequest {
        email: tidy(&draft.email),
        address: Address {
            full_name: tidy(&draft.address.full_name),
            street: tidy(&draft.address.street),
            postcode: tidy(&draft.address.postcode),
            city: tidy(&draft.address.city),
            country: draft.address.country.clone(),
        },
        delivery: draft.delivery,
        card: Card {
            number: card.digits(),
            expiry: tidy_expiry(&card.expiry),
            security_code: tidy(&card.security_code),
        },
        seen,
        challenge,
    }
}

/// The number in groups of four, as it is printed on the card. What is no number stays as it was typed.
pub fn tidy_card_number(typed: &str) -> String {
    let digits: String = typed.chars().filter(|c| !matches!(c, ' ' | '-')).collect();
    if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return typed.to_owned();
    }
    let groups: Vec<&str> = digits
        .as_bytes()
        .chunks(4)
        .filter_map(|group| str::from_utf8(group).ok())
        .collect();
    groups.join(" ")
}

/// `431`, `0431`, `4 / 31`, `04-2031` all mean `04/31`. Anything else stays as it was typed.
pub fn tidy_expiry(typed: &str) -> String {
    let digits: String = typed.chars().filter(char::is_ascii_digit).collect();
    let separated = typed
        .trim()
        .split(|c: char| !c.is_ascii_digit())
        .filter(|part| !part.is_empty())
        .collect::<Vec<_>>();
    let (month, year) = match (separated.as_slice(), digits.len()) {
        ([month, year], _) => (*month, *year),
        ([_], 3) => digits.split_at(1),
        ([_], 4 | 6) => digits.split_at(2),
        _ => return typed.to_owned(),
    };
    let year = match year.len() {
        2 => year,
        4 => &year[2..],
        _ => return typed.to_owned(),
    };
    if month.len() > 2 {
        return typed.to_owned();
    }
    format!("{month:0>2}/{year}")
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
        let expected: Vec<FormField> = FormField::ALL
            .into_iter()
            .filter(|field| *field != FormField::Country)
            .collect();
        assert_eq!(empty.into_keys().collect::<Vec<_>>(), expected);
        for field in FormField::ALL {
            assert_eq!(FormField::at(field.path()), Some(field));
        }
    }

    #[test]
    fn what_people_type_is_tidied_before_it_is_checked() {
        assert_eq!(faults(&draft(), &card(), TODAY), BTreeMap::new());
    }

    #[test]
    fn a_draft_holds_no_card_data() {
        let mut kept = draft();
        kept.set(FormField::CardNumber, "4242424242424242".into());
        kept.set(FormField::SecurityCode, "123".into());
        assert_eq!(kept, draft());
    }

    #[test]
    fn a_guests_draft_goes_with_the_login_and_is_completed() {
        let guest = Draft {
            email: String::new(),
            ..draft()
        };
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
        assert_eq!(
            grace,
            Draft::default().for_customer("grace", "Grace Hopper", None)
        );
        assert_eq!(grace.email, "");
        assert_eq!(grace.address.street, "");
    }

    #[test]
    fn a_fault_is_shown_once_its_field_was_left_or_the_form_was_sent() {
        let mut told = Told::default();
        assert!(!told.shows(FormField::Email));
        told.left.insert(FormField::Email);
        assert!(told.shows(FormField::Email));
        assert!(!told.shows(FormField::City));
        told.submitted = true;
        assert!(told.shows(FormField::City));
    }

    #[test]
    fn an_expiry_is_read_in_the_ways_it_is_typed() {
        for typed in ["431", "0431", "4/31", " 04 / 31 ", "04-2031", "042031"] {
            assert_eq!(tidy_expiry(typed), "04/31", "{typed}");
        }
        for odd in ["", "4", "12345", "123/31", "04/1", "ab", "é/31"] {
            assert_eq!(tidy_expiry(odd), odd, "{odd}");
        }
    }

    #[test]
    fn a_card_number_is_grouped_as_on_the_card() {
        assert_eq!(
            tidy_card_number("4242-42424242 4242"),
            "4242 4242 4242 4242"
        );
        assert_eq!(tidy_card_number("42x"), "42x");
        assert_eq!(tidy_card_number("é"), "é");
        assert_eq!(tidy_card_number(""), "");
    }
}
