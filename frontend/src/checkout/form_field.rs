//! The fields of the checkout form.

use strum::VariantArray;

/// In the order of the page: the first fault is the first one that a shopper meets.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, VariantArray)]
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

/// Each field's path, label and autofill name, in the same order.
const FIELDS: [(&str, &str, &str); FormField::ALL.len()] = [
    ("email", "Email", "email"),
    ("address.full_name", "Full name", "shipping name"),
    ("address.street", "Address", "shipping address-line1"),
    ("address.postcode", "Postcode", "shipping postal-code"),
    ("address.city", "City", "shipping address-level2"),
    ("address.country", "Country", "shipping country"),
    ("card.number", "Card number", "cc-number"),
    ("card.expiry", "Expiry", "cc-exp"),
    ("card.security_code", "Security code", "cc-csc"),
];

impl FormField {
    pub const ALL: &[Self] = Self::VARIANTS;

    /// The field's path in the request's JSON, which is also how a problem names it.
    pub const fn path(self) -> &'static str {
        FIELDS[self as usize].0
    }

    pub const fn label(self) -> &'static str {
        FIELDS[self as usize].1
    }

    /// HTML's autofill field names.
    pub const fn autocomplete(self) -> &'static str {
        FIELDS[self as usize].2
    }

    /// The id that `ui::Field` gives its input.
    pub fn id(self) -> String {
        self.path().replace('.', "-")
    }

    /// Which keyboard a phone shows.
    pub const fn input_mode(self) -> &'static str {
        match self {
            Self::Email => "email",
            Self::CardNumber | Self::Expiry | Self::SecurityCode => "numeric",
            _ => "text",
        }
    }

    pub fn at(path: &str) -> Option<Self> {
        let index = FIELDS.iter().position(|(known, ..)| *known == path)?;
        Some(Self::ALL[index])
    }
}
