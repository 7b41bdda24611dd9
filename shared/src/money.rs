//! Money as integers: minor units of a currency, never floating point.

use serde::{Deserialize, Serialize};
use std::fmt;

/// The currencies that the shop sells in (ISO 4217).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "UPPERCASE")]
pub enum Currency {
    #[default]
    Eur,
}

impl Currency {
    pub const fn symbol(self) -> &'static str {
        match self {
            Self::Eur => "€",
        }
    }
}

/// An amount in minor units (cents) of one currency.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Money {
    pub minor: i64,
    pub currency: Currency,
}

impl Money {
    pub const ZERO: Self = Self::eur(0);

    pub const fn eur(minor: i64) -> Self {
        Self { minor, currency: Currency::Eur }
    }

    /// An amount as people type it, in euros: `19`, `19.99`, `19,9` or `€ 19.99`. A separator with three digits after it
    /// may mean thousands or not, and is neither.
    pub fn typed(text: &str) -> Option<Self> {
        let amount = text.trim().trim_matches('€').trim();
        let (units, cents) = amount.split_once(['.', ',']).unwrap_or((amount, "0"));
        let digits = |text: &str, most| {
            (1..=most).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit())
        };
        if !digits(units, 7) || !digits(cents, 2) {
            return None;
        }
        let (units, number): (i64, i64) = (units.parse().ok()?, cents.parse().ok()?);
        Some(Self::eur(units * 100 + if cents.len() == 1 { number * 10 } else { number }))
    }

    /// The price of `quantity` equal items. `None` past the range of `i64`.
    pub fn times(self, quantity: u32) -> Option<Self> {
        let minor = self.minor.checked_mul(i64::from(quantity))?;
        Some(Self { minor, ..self })
    }

    /// `None` past the range of `i64`.
    pub fn checked_add(self, other: Self) -> Option<Self> {
        let minor = self.minor.checked_add(other.minor)?;
        Some(Self { minor, ..self })
    }

    /// So many hundredths of it, rounded half to even.
    pub fn percent(self, percent: u32) -> Self {
        Self { minor: divide_half_even(self.minor * i64::from(percent), 100), ..self }
    }

    /// Spread over amounts in proportion to them, so that the parts are it again, to the cent. None of them is more than
    /// its amount where it is not more than all of them; none is below zero, and neither is it.
    pub fn spread(self, over: &[Self]) -> Vec<Self> {
        let all: i128 = over.iter().map(|amount| i128::from(amount.minor)).sum();
        let (mut passed, mut given) = (0_i128, 0_i64);
        let part = |amount: &Self| {
            passed += i128::from(amount.minor);
            let until = if all == 0 { 0 } else { i128::from(self.minor) * passed / all };
            let until = i64::try_from(until).unwrap_or(self.minor);
            let minor = until - given;
            given = until;
            Self { minor, ..self }
        };
        over.iter().map(part).collect()
    }

    /// The tax that a gross amount contains, rounded half to even, the one rounding of this shop.
    ///
    /// `rate` is in basis points: 1900 is 19 %. The tax of a gross amount g is g × r / (10 000 + r).
    pub fn tax_included(self, rate: u32) -> Self {
        let minor = divide_half_even(self.minor * i64::from(rate), 10_000 + i64::from(rate));
        Self { minor, ..self }
    }
}

/// `numerator / denominator`, ties to the even neighbour. `denominator` is positive.
fn divide_half_even(numerator: i64, denominator: i64) -> i64 {
    let floor = numerator.div_euclid(denominator);
    let twice_rest = 2 * numerator.rem_euclid(denominator);
    let up = twice_rest > denominator || (twice_rest == denominator && floor % 2 != 0);
    floor + i64::from(up)
}

/// English form, such as `€1,234.50`.
impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.minor < 0 { "-" } else { "" };
        let (units, cents) = (self.minor.unsigned_abs() / 100, self.minor.unsigned_abs() % 100);
        write!(f, "{sign}{}{}.{cents:02}", self.currency.symbol(), group_thousands(units))
    }
}

fn group_thousands(units: u64) -> String {
    let digits = units.to_string();
    let mut grouped = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn tax_is_rounded_half_to_even() {
        assert_eq!(Money::eur(11_900).tax_included(1900), Money::eur(1_900));
        assert_eq!(Money::eur(99).tax_included(1900), Money::eur(16));
        assert_eq!(divide_half_even(5, 2), 2);
        assert_eq!(divide_half_even(7, 2), 4);
        assert_eq!(divide_half_even(-5, 2), -2);
    }

    #[test]
    fn amounts_are_written_with_thousands_and_two_decimals() {
        assert_eq!(Money::eur(123_450).to_string(), "€1,234.50");
        assert_eq!(Money::eur(5).to_string(), "€0.05");
        assert_eq!(Money::eur(100_000_000).to_string(), "€1,000,000.00");
        assert_eq!(Money::eur(-250).to_string(), "-€2.50");
    }

    #[test]
    fn an_amount_is_read_as_people_type_it() {
        for (text, minor) in [
            ("19", 1_900),
            ("19.99", 1_999),
            ("19,99", 1_999),
            (" 19.9 ", 1_990),
            ("€ 0.05", 5),
            ("19,99 €", 1_999),
            ("0", 0),
            ("9999999", 999_999_900),
        ] {
            assert_eq!(Money::typed(text), Some(Money::eur(minor)), "{text}");
        }
        for odd in [
            "", "€", "1e3", "-1", "+1", "1.000", "1,234.50", "19.", ".5", "1 000", "ten",
            "12345678",
        ] {
            assert_eq!(Money::typed(odd), None, "{odd:?}");
        }
    }

    #[test]
    fn a_product_past_the_range_is_none_and_not_a_wrapped_price() {
        assert_eq!(Money::eur(i64::MAX).times(2), None);
        assert_eq!(Money::eur(250).times(3), Some(Money::eur(750)));
        assert_eq!(Money::eur(i64::MAX).checked_add(Money::eur(1)), None);
        assert_eq!(Money::eur(250).checked_add(Money::eur(1)), Some(Money::eur(251)));
    }

    #[test]
    fn what_is_spread_comes_together_again() {
        let spread = |amount, over: &[i64]| {
            let over: Vec<Money> = over.iter().copied().map(Money::eur).collect();
            Money::eur(amount).spread(&over).iter().map(|part| part.minor).collect::<Vec<_>>()
        };
        assert_eq!(spread(10, &[1, 1, 1]), [3, 3, 4]);
        assert_eq!(spread(500, &[3_000, 1_000, 0]), [375, 125, 0]);
        assert_eq!(spread(0, &[0, 0]), [0, 0]);
    }

    proptest! {
        #[test]
        fn no_cent_is_lost_by_spreading(
            over in prop::collection::vec(0..1_000_000_i64, 1..20),
            of_all in 0.0..=1.0_f64,
        ) {
            let all: i64 = over.iter().sum();
            #[expect(clippy::cast_possible_truncation, clippy::cast_precision_loss, reason = "any amount will do")]
            let amount = (all as f64 * of_all) as i64;
            let amounts: Vec<Money> = over.iter().copied().map(Money::eur).collect();
            let parts = Money::eur(amount).spread(&amounts);
            prop_assert_eq!(parts.iter().map(|part| part.minor).sum::<i64>(), amount);
            for (part, amount) in parts.iter().zip(&amounts) {
                prop_assert!((0..=amount.minor).contains(&part.minor));
            }
        }
    }

    proptest! {
        /// A refund contains the VAT of what was paid.
        #[test]
        fn included_tax_is_the_nearest_cent_and_the_same_when_it_is_paid_back(
            gross in 0..=1_000_000_000_000_i64,
            rate in 0..=3_000_u32,
        ) {
            let tax = Money::eur(gross).tax_included(rate).minor;
            let (rate_wide, whole) = (i64::from(rate), 10_000 + i64::from(rate));
            prop_assert!((0..=gross).contains(&tax));
            prop_assert!(2 * (tax * whole - gross * rate_wide).abs() <= whole);
            prop_assert_eq!(Money::eur(-gross).tax_included(rate), Money::eur(-tax));
        }

        #[test]
        fn a_price_times_a_quantity_is_the_sum_of_so_many(minor: i64, quantity in 0..=99_u32) {
            let price = Money::eur(minor);
            let sum = (0..quantity).try_fold(Money::ZERO, |sum, _| sum.checked_add(price));
            prop_assert_eq!(price.times(quantity), sum);
        }

        #[test]
        fn an_amount_that_was_typed_is_read_to_the_cent(minor in 0..=999_999_999_i64) {
            let (units, cents) = (minor / 100, minor % 100);
            for text in [format!("{units}.{cents:02}"), format!(" € {units},{cents:02}")] {
                prop_assert_eq!(Money::typed(&text), Some(Money::eur(minor)));
            }
        }

        #[test]
        fn any_other_text_is_an_amount_within_bounds_or_none(text in r"[€ 0-9.,+e-]{0,12}|.*") {
            if let Some(amount) = Money::typed(&text) {
                prop_assert!((0..=999_999_999).contains(&amount.minor));
            }
        }
    }
}
