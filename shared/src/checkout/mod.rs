//! Checkout: what is asked of the shopper, and the rules that both sides check it by.

mod card;
mod countries;
mod validation;

pub use card::{Card, CardBrand};
pub use countries::{COUNTRIES, Country, country};
pub use validation::{email_fault, is_email, tidy_text, validate, validate_address};

use crate::{ids::Sku, money::Money};
use serde::{Deserialize, Serialize};
use strum::{EnumString, IntoStaticStr, VariantArray};

/// Contact, address, delivery, payment, and what the shopper saw.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct CheckoutRequest {
    pub email: String,
    pub address: Address,
    pub delivery: DeliveryMethod,
    pub card: Card,
    /// What the shopper agreed to. Other prices or quantities by now: the order is refused, not changed.
    pub seen: Seen,
    /// The answer to a card's confirmation, when a first attempt asked for one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub challenge: Option<String>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Address {
    pub full_name: String,
    /// Street and number; a second line is joined by a newline.
    pub street: String,
    pub postcode: String,
    pub city: String,
    /// ISO 3166-1 alpha-2, one of `COUNTRIES`.
    pub country: String,
}

impl Address {
    pub fn country_name(&self) -> &str {
        country(&self.country).map_or(&self.country, |country| country.name)
    }

    /// As it is kept: what people type, without what does not belong to it.
    #[must_use]
    pub fn tidy(&self) -> Self {
        let postcode = country(&self.country).and_then(|there| there.postcode(&self.postcode));
        Self {
            full_name: tidy_text(&self.full_name),
            street: tidy_text(&self.street),
            postcode: postcode.unwrap_or_else(|| tidy_text(&self.postcode)),
            city: tidy_text(&self.city),
            country: self.country.clone(),
        }
    }
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Seen {
    pub items: Vec<SeenItem>,
    pub total: Money,
    /// The code that counted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub promotion_code: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct SeenItem {
    pub sku: Sku,
    pub quantity: u32,
    pub unit_price: Money,
}

#[derive(
    Clone,
    Copy,
    Debug,
    Default,
    PartialEq,
    Eq,
    Serialize,
    Deserialize,
    EnumString,
    IntoStaticStr,
    VariantArray,
)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "kebab-case")]
#[strum(serialize_all = "kebab-case", const_into_str)]
pub enum DeliveryMethod {
    #[default]
    Standard,
    Express,
}

impl DeliveryMethod {
    pub const ALL: &[Self] = Self::VARIANTS;
    /// From this subtotal on, standard delivery is free.
    pub const FREE_FROM: Money = Money::eur(5_000);

    pub const fn label(self) -> &'static str {
        match self {
            Self::Standard => "Standard",
            Self::Express => "Express",
        }
    }

    /// Working days until it arrives.
    pub const fn days(self) -> &'static str {
        match self {
            Self::Standard => "2 to 4 working days",
            Self::Express => "next working day",
        }
    }

    /// What it costs, VAT included.
    pub const fn price(self, subtotal: Money) -> Money {
        match self {
            Self::Standard if subtotal.minor >= Self::FREE_FROM.minor => Money::ZERO,
            Self::Standard => Money::eur(490),
            Self::Express => Money::eur(990),
        }
    }
}

/// `POST /api/checkout/quote`: what this cart costs, delivered there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct QuoteRequest {
    pub delivery: DeliveryMethod,
    /// ISO 3166-1 alpha-2, one of `COUNTRIES`: its VAT rates apply.
    pub country: String,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Quote {
    pub items: Vec<crate::cart::LineItem>,
    pub totals: QuoteTotals,
    /// The code that counts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub promotion_code: Option<String>,
}

impl Quote {
    /// What the shopper agrees to by placing the order.
    pub fn seen(&self) -> Seen {
        Seen {
            items: self
                .items
                .iter()
                .map(|item| SeenItem {
                    sku: item.sku.clone(),
                    quantity: item.quantity,
                    unit_price: item.unit_price,
                })
                .collect(),
            total: self.totals.total,
            promotion_code: self.promotion_code.clone(),
        }
    }
}

/// All amounts include VAT; `tax` is the part of `total` that is VAT.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct QuoteTotals {
    pub subtotal: Money,
    /// What a promotion takes off the line items.
    #[serde(default)]
    pub discount: Money,
    pub delivery: Money,
    pub tax: Money,
    pub total: Money,
}

/// One difference between what the shopper saw and what is true now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(tag = "change", rename_all = "kebab-case")]
pub enum Change {
    Price {
        name: String,
        seen: Money,
        now: Money,
    },
    Quantity {
        name: String,
        seen: u32,
        now: u32,
    },
    /// Fewer are in stock than the cart holds.
    Short {
        name: String,
        wanted: u32,
        available: u32,
    },
    Gone {
        name: String,
    },
    /// The code does not count any more.
    Promotion {
        code: String,
    },
    Total {
        seen: Money,
        now: Money,
    },
}

/// What an order keeps of a card: never the number.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct PaymentSummary {
    pub brand: CardBrand,
    pub last4: String,
}
