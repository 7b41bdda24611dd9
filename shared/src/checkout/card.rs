//! Payment cards of the sandbox.

use serde::{Deserialize, Serialize};
use std::fmt;
use strum::{EnumString, IntoStaticStr};

/// A card as it was typed.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Card {
    pub number: String,
    /// `MM/YY`
    pub expiry: String,
    pub security_code: String,
}

/// Hides number and code, so that no log line can hold them.
impl fmt::Debug for Card {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Card(…{})", self.last4())
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, EnumString, IntoStaticStr)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "kebab-case")]
#[strum(serialize_all = "kebab-case", const_into_str)]
pub enum CardBrand {
    Visa,
    Mastercard,
    Amex,
    Other,
}

impl CardBrand {
    pub const fn label(self) -> &'static str {
        match self {
            Self::Visa => "Visa",
            Self::Mastercard => "Mastercard",
            Self::Amex => "American Express",
            Self::Other => "Card",
        }
    }
}

impl Card {
    /// The number's digits, without the spaces and hyphens that people type.
    pub fn digits(&self) -> String {
        self.number.chars().filter(|c| !matches!(c, ' ' | '-')).collect()
    }

    pub fn last4(&self) -> String {
        let digits = self.digits();
        digits.chars().skip(digits.chars().count().saturating_sub(4)).collect()
    }

    pub fn brand(&self) -> CardBrand {
        let digits = self.digits();
        match digits.get(..2) {
            Some("34" | "37") => CardBrand::Amex,
            Some("51" | "52" | "53" | "54" | "55") => CardBrand::Mastercard,
            Some(two) if two.starts_with('4') => CardBrand::Visa,
            _ => CardBrand::Other,
        }
    }

    /// Year and month of expiry, such as (2031, 4).
    pub fn expires(&self) -> Option<(i32, u32)> {
        let (month, year) = self.expiry.split_once('/')?;
        let (month, year) = (month.trim(), year.trim());
        if month.len() > 2 || year.len() != 2 {
            return None;
        }
        let month: u32 = month.parse().ok()?;
        let year: i32 = year.parse().ok()?;
        (1..=12).contains(&month).then_some((2000 + year, month))
    }
}

/// The check digit of ISO/IEC 7812-1: finds a mistyped digit before the payment provider is asked.
pub(super) fn passes_luhn(digits: &str) -> bool {
    let sum: u32 = digits
        .bytes()
        .rev()
        .enumerate()
        .map(|(index, b)| {
            let digit = u32::from(b - b'0');
            match index % 2 {
                0 => digit,
                _ if digit > 4 => 2 * digit - 9,
                _ => 2 * digit,
            }
        })
        .sum();
    sum.is_multiple_of(10)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn card(number: &str, expiry: &str) -> Card {
        Card { number: number.into(), expiry: expiry.into(), security_code: "123".into() }
    }

    #[test]
    fn a_card_is_never_written_to_a_log() {
        let text = format!("{:?}", card("4242 4242 4242 4242", "04/31"));
        assert_eq!(text, "Card(…4242)");
    }

    #[test]
    fn brand_last_digits_and_expiry_are_read_as_typed() {
        let visa = card("4242-4242 4242 4242", " 4 / 31".trim());
        assert_eq!(visa.brand(), CardBrand::Visa);
        assert_eq!(visa.last4(), "4242");
        assert_eq!(visa.expires(), Some((2031, 4)));
        assert_eq!(card("5555555555554444", "13/31").expires(), None);
        assert_eq!(card("5555555555554444", "1/1").brand(), CardBrand::Mastercard);
        assert_eq!(card("é", "1/1").brand(), CardBrand::Other);
    }

    #[test]
    fn luhn_finds_one_wrong_digit() {
        assert!(passes_luhn("4242424242424242"));
        assert!(passes_luhn("378282246310005"));
        assert!(!passes_luhn("4242424242424241"));
    }
}
