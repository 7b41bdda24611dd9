//! Orders as their customer sees them.

pub mod fulfilment;

use crate::{
    checkout::{Address, DeliveryMethod, PaymentSummary, QuoteTotals, email_fault},
    ids::{OrderNumber, Sku, Slug},
    money::Money,
    problem::FieldError,
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use strum::{EnumString, IntoStaticStr, VariantArray};

/// Longest search text, in characters.
pub const MAX_QUERY: usize = 100;
/// Orders on one page of "All Orders".
pub const PAGE_SIZE: u32 = 10;

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct OrderPage {
    pub orders: Vec<OrderSummary>,
    pub total: u32,
    /// From 1.
    pub page: u32,
    pub pages: u32,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct OrderSummary {
    pub number: OrderNumber,
    /// Milliseconds since the Unix epoch.
    pub placed_at: i64,
    pub status: OrderStatus,
    pub total: Money,
    /// Items, not lines.
    pub count: u32,
    /// Pictures of the first line items, at most four.
    pub pictures: Vec<String>,
    /// The first line item's name.
    pub first_name: String,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Order {
    #[serde(flatten)]
    pub summary: OrderSummary,
    pub email: String,
    pub address: Address,
    pub delivery: DeliveryMethod,
    pub payment: PaymentSummary,
    pub items: Vec<OrderLine>,
    pub totals: QuoteTotals,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub promotion_code: Option<String>,
    /// By rate, the highest first. The sums are those of `totals`, to the cent.
    pub vat: Vec<VatShare>,
    pub history: Vec<StatusChange>,
    pub cancellable: bool,
    /// Whether All Orders of an account has it; otherwise it is a guest's.
    pub in_account: bool,
    /// Whether `email` is written to about it.
    pub mailed: bool,
}

/// `POST /api/orders/lookup`: what a guest knows of an order, as it was typed.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct OrderLookup {
    pub number: String,
    pub email: String,
}

impl OrderLookup {
    /// Every fault that shows without looking, by field.
    pub fn faults(&self) -> Vec<FieldError> {
        let number = OrderNumber::from_typed(&self.number).is_none().then(|| {
            FieldError::new(
                "number",
                "Enter the number from the confirmation, like 7K2M-9QWX-4T0B.",
            )
        });
        let email = email_fault(&self.email).map(|message| FieldError::new("email", message));
        number.into_iter().chain(email).collect()
    }
}

/// A line item as it was bought: later changes of the catalogue do not reach it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct OrderLine {
    pub sku: Sku,
    pub slug: Slug,
    pub name: String,
    pub options: BTreeMap<String, String>,
    pub picture: String,
    pub unit_price: Money,
    pub quantity: u32,
    pub total: Money,
}

/// What an order has at one VAT rate, its delivery among it (Directive 2006/112/EC, article 226 (8) to (10)).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct VatShare {
    /// In basis points: 1900 is 19 %.
    pub rate: u32,
    pub net: Money,
    pub tax: Money,
    pub gross: Money,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct StatusChange {
    pub status: OrderStatus,
    /// Milliseconds since the Unix epoch.
    pub at: i64,
}

/// Where an order is, in the order of its way. A reserved order (payment in flight) is not shown to anybody.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Serialize,
    Deserialize,
    EnumString,
    IntoStaticStr,
    VariantArray,
)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "kebab-case")]
#[strum(serialize_all = "kebab-case", const_into_str)]
pub enum OrderStatus {
    Placed,
    Packed,
    Shipped,
    Delivered,
    Cancelled,
}

impl OrderStatus {
    pub const ALL: &[Self] = Self::VARIANTS;

    /// An order can be cancelled until somebody has packed it.
    pub const fn is_cancellable(self) -> bool {
        matches!(self, Self::Placed)
    }
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(default)]
pub struct OrderQuery {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<OrderStatus>,
    /// Part of a product's name or of an order number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub q: Option<String>,
    /// From 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub page: Option<u32>,
}
