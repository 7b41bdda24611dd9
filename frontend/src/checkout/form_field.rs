//! The fields of the checkout form.

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

use FormField::{
    CardNumber, City, Country, Email, Expiry, FullName, Postcode, SecurityCode, Street,
};

/// Each field's path, label and autofill name.
const FIELDS: [(FormField, &str, &str, &str); 9] = [
    (Email, "email", "Email", "email"),
    (FullName, "address.full_name", "Full name", "shipping name"),
    (
        Street,
        "address.street",
        "Address",
        "shipping address-line1",
    ),
    (
        Postcode,
        "address.postcode",
        "Postcode",
        "shipping postal-code",
    ),
    (City, "address.city", "City", "shipping address-level2"),
    (Country, "address.country", "Country", "shipping country"),
    (CardNumber, "card.number", "Card number", "cc-number"),
    (Expiry, "card.expiry", "Expiry", "cc-exp"),
    (
        SecurityCode,
        "card.security_code",
        "Security code",
        "cc-csc",
    ),
];

impl FormField {
    pub const ALL: [Self; FIELDS.len()] = [
        Email,
        FullName,
        Street,
        Postcode,
        City,
        Country,
        CardNumber,
        Expiry,
        SecurityCode,
    ];

    /// The field's path in the request's JSON, which is also how a problem names it.
    pub const fn path(self) -> &'static str {
        FIELDS[self as usize].1
    }

    pub const fn label(self) -> &'static str {
        FIELDS[self as usize].2
    }

    /// HTML's autofill field names.
    pub const fn autocomplete(self) -> &'static str {
        FIELDS[self as usize].3
    }

    /// The id that `ui::Field` gives its input.
    pub fn id(self) -> String {
        self.path().replace('.', "-")
    }

    /// Which keyboard a phone shows.
    pub const fn input_mode(self) -> &'static str {
        match self {
            Email => "email",
            _ if self.is_card() => "numeric",
            _ => "text",
        }
    }

    pub const fn is_card(self) -> bool {
        matches!(self, CardNumber | Expiry | SecurityCode)
    }

    pub fn at(path: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|field| field.path() == path)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_field_finds_its_own_line_of_the_table() {
        for (field, (of_line, path, ..)) in FormField::ALL.into_iter().zip(FIELDS) {
            assert_eq!(field, of_line);
            assert_eq!(FormField::at(path), Some(field));
        }
    }
}
