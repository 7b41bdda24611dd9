//! Names of things, as types whose constructors check: a value that exists is well formed.

use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Malformed(&'static str);

impl fmt::Display for Malformed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

impl std::error::Error for Malformed {}

macro_rules! checked_name {
    ($(#[$doc:meta])* $name:ident, $check:path, $expected:literal) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(String);

        impl $name {
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl FromStr for $name {
            type Err = Malformed;

            fn from_str(text: &str) -> Result<Self, Malformed> {
                if $check(text) { Ok(Self(text.to_owned())) } else { Err(Malformed($expected)) }
            }
        }

        impl TryFrom<String> for $name {
            type Error = Malformed;

            fn try_from(text: String) -> Result<Self, Malformed> {
                text.parse()
            }
        }

        impl From<$name> for String {
            fn from(name: $name) -> Self {
                name.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

checked_name!(
    /// Stock keeping unit: one buyable variant of a product.
    Sku,
    is_sku,
    "a SKU has 4 to 32 characters out of A–Z, 0–9 and hyphen"
);

checked_name!(
    /// A category's or product's name in a URL.
    Slug,
    is_slug,
    "a slug has 1 to 64 characters out of a–z, 0–9 and hyphen"
);

checked_name!(
    /// What a customer reads out on the phone: twelve characters of Crockford's base 32 in three groups
    /// (60 bits), so that nobody guesses another one's.
    OrderNumber,
    is_order_number,
    "an order number looks like 7K2M-9QWX-4T0B"
);

fn is_sku(text: &str) -> bool {
    (4..=32).contains(&text.len())
        && text.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'-')
}

fn is_slug(text: &str) -> bool {
    (1..=64).contains(&text.len())
        && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
}

fn is_order_number(text: &str) -> bool {
    text.len() == 14
        && text.bytes().enumerate().all(|(index, b)| match index {
            4 | 9 => b == b'-',
            _ => OrderNumber::ALPHABET.contains(&b),
        })
}

impl OrderNumber {
    /// Crockford's base 32: no I, L, O, U.
    pub const ALPHABET: &'static [u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

    /// A number as a person types it: in any case, with hyphens and spaces or without, and with letters that Crockford's
    /// base 32 leaves out because they look like a digit. `None` where it is none.
    pub fn from_typed(text: &str) -> Option<Self> {
        let characters: String = text
            .chars()
            .filter(|c| !matches!(c, '-' | '‐'..='―') && !c.is_whitespace())
            .map(|c| match c.to_ascii_uppercase() {
                'O' => '0',
                'I' | 'L' => '1',
                c => c,
            })
            .collect();
        let (first, second, third) =
            (characters.get(..4)?, characters.get(4..8)?, characters.get(8..)?);
        format!("{first}-{second}-{third}").parse().ok()
    }

    /// The number made of 60 random bits (the upper four of `random` are ignored).
    pub fn from_random(random: u64) -> Self {
        let mut text = String::with_capacity(14);
        for position in 0..12 {
            if position == 4 || position == 8 {
                text.push('-');
            }
            let index = (random >> (5 * position)) & 31;
            text.push(char::from(Self::ALPHABET[usize::try_from(index).unwrap_or_default()]));
        }
        Self(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_well_formed_names_exist() {
        assert!("HK-TEACUP-BLUE".parse::<Sku>().is_ok());
        assert!("hk-teacup".parse::<Sku>().is_err());
        assert!("A".repeat(33).parse::<Sku>().is_err());
        assert!("stoneware-teacup".parse::<Slug>().is_ok());
        assert!("../etc".parse::<Slug>().is_err());
    }

    #[test]
    fn an_order_number_made_from_random_bits_parses() {
        for random in [0, 1, u64::MAX, 0x0123_4567_89ab_cdef] {
            let number = OrderNumber::from_random(random);
            assert_eq!(number.as_str().parse(), Ok(number.clone()));
        }
        assert!("7K2M-9QWX-4T0I".parse::<OrderNumber>().is_err());
    }

    #[test]
    fn an_order_number_is_read_in_the_ways_it_is_typed() {
        let number = "7K1M-9QWX-4T0B".parse().ok();
        for typed in
            ["7K1M-9QWX-4T0B", " 7k1m 9qwx 4t0b", "7k1m9qwx4t0b", "7KIM–9QWX–4TOB", "7klm9qwx4tob"]
        {
            assert_eq!(OrderNumber::from_typed(typed), number, "{typed}");
        }
        for odd in [
            "",
            "7K1M",
            "7K1M-9QWX-4T0",
            "7K1M-9QWX-4T0BB",
            "7K1M-9QWX-4T0U",
            "ééé-ééé-ééé",
            "ada@example.com",
        ] {
            assert_eq!(OrderNumber::from_typed(odd), None, "{odd}");
        }
    }
}
