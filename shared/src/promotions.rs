//! Promotion codes: what one takes off, and when it does not count.

use crate::money::Money;
use serde::{Deserialize, Serialize};

/// Longest code, in characters.
pub const MAX_CODE: usize = 40;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Promotion {
    /// In upper case.
    pub code: String,
    pub benefit: Benefit,
    /// The least subtotal that it counts for.
    pub minimum: Money,
    /// Milliseconds since the Unix epoch.
    pub ends_at: Option<i64>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Benefit {
    /// 1 to 100
    Percent(u32),
    Amount(Money),
    /// Of the standard method.
    FreeDelivery,
}

/// Why a code that exists does not count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    Ended,
    BelowMinimum { missing: Money },
}

impl Promotion {
    pub fn refusal(&self, subtotal: Money, now: i64) -> Option<Refusal> {
        if self.ends_at.is_some_and(|ends_at| ends_at <= now) {
            return Some(Refusal::Ended);
        }
        let missing = Money { minor: self.minimum.minor - subtotal.minor, ..subtotal };
        (missing.minor > 0).then_some(Refusal::BelowMinimum { missing })
    }

    /// What it takes off the line items, where it counts: never more than they cost.
    pub fn discount(&self, subtotal: Money) -> Money {
        match self.benefit {
            Benefit::Percent(percent) => subtotal.percent(percent.min(100)),
            Benefit::Amount(amount) => amount.min(subtotal),
            Benefit::FreeDelivery => Money::ZERO,
        }
    }

    pub fn frees_delivery(&self) -> bool {
        self.benefit == Benefit::FreeDelivery
    }

    /// In words.
    pub fn label(&self) -> String {
        let benefit = match self.benefit {
            Benefit::Percent(percent) => format!("{percent}% off"),
            Benefit::Amount(amount) => format!("{amount} off"),
            Benefit::FreeDelivery => "Free standard delivery".to_owned(),
        };
        if self.minimum == Money::ZERO {
            benefit
        } else {
            format!("{benefit} from {} on", self.minimum)
        }
    }
}

impl Refusal {
    /// What it is, and what to do next.
    pub fn message(self) -> String {
        match self {
            Self::Ended => "This code has ended. Try another one, or go on without.".to_owned(),
            Self::BelowMinimum { missing } => {
                format!("Add {missing} more to the cart, and the code counts.")
            }
        }
    }
}

/// A code as it is kept, however it was typed.
pub fn tidy_code(typed: &str) -> String {
    typed.trim().to_uppercase()
}

/// `PUT /api/cart/promotion`
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct GiveCode {
    pub code: String,
}

/// The code that a cart has, and what it does for it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct AppliedPromotion {
    pub code: String,
    /// What it promises.
    pub label: String,
    /// What it takes off the line items now.
    pub discount: Money,
    pub free_delivery: bool,
    /// Why it does not count now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refused: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn promotion(benefit: Benefit, minimum: i64) -> Promotion {
        Promotion { code: "CODE".into(), benefit, minimum: Money::eur(minimum), ends_at: Some(100) }
    }

    #[test]
    fn it_counts_from_its_minimum_on_and_until_its_end() {
        let promotion = promotion(Benefit::Percent(10), 3_000);
        assert_eq!(promotion.refusal(Money::eur(3_000), 99), None);
        let missing = Money::eur(1);
        let below = Some(Refusal::BelowMinimum { missing });
        assert_eq!(promotion.refusal(Money::eur(2_999), 99), below);
        assert_eq!(promotion.refusal(Money::eur(3_000), 100), Some(Refusal::Ended));
    }

    #[test]
    fn what_it_takes_off() {
        let off = |benefit| promotion(benefit, 0).discount(Money::eur(1_990)).minor;
        assert_eq!(off(Benefit::Percent(10)), 199);
        assert_eq!(off(Benefit::Percent(25)), 498); // 497.5, to the even cent
        assert_eq!(off(Benefit::Amount(Money::eur(500))), 500);
        assert_eq!(off(Benefit::Amount(Money::eur(5_000))), 1_990);
        assert_eq!(off(Benefit::FreeDelivery), 0);
    }

    #[test]
    fn a_code_is_known_however_it_is_typed() {
        assert_eq!(tidy_code(" welcome10\n"), "WELCOME10");
    }

    proptest! {
        #[test]
        fn nobody_is_paid_for_buying(subtotal in 0..1_000_000_i64, percent in 0..=200_u32, amount in 0..2_000_000_i64) {
            for benefit in [Benefit::Percent(percent), Benefit::Amount(Money::eur(amount)), Benefit::FreeDelivery] {
                let off = promotion(benefit, 0).discount(Money::eur(subtotal)).minor;
                prop_assert!((0..=subtotal).contains(&off), "{benefit:?} takes {off} off {subtotal}");
            }
        }
    }
}
