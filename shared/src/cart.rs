//! The cart, before and after a login.

use crate::{
    catalog::full_name,
    ids::{OrderNumber, Sku, Slug},
    money::Money,
    promotions::AppliedPromotion,
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Most items of one line.
pub const MAX_QUANTITY: u32 = 99;
/// Most line items of one cart.
pub const MAX_LINE_ITEMS: usize = 50;
/// Most items of one cart: nobody reserves more of the stock at a time.
pub const MAX_ITEMS: u32 = 100;

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Cart {
    pub items: Vec<LineItem>,
    /// Items, not lines.
    pub count: u32,
    pub subtotal: Money,
    /// The code that was given, whether it counts now or not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub promotion: Option<AppliedPromotion>,
    /// What a login did to the cart, told until it was read or the cart is changed again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub merged: Option<MergeReport>,
    /// The order that was placed of this cart lately, told until the cart is changed again: for whoever lost the answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub placed: Option<OrderNumber>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct LineItem {
    pub sku: Sku,
    pub slug: Slug,
    pub name: String,
    pub options: BTreeMap<String, String>,
    pub picture: String,
    pub unit_price: Money,
    pub quantity: u32,
    pub total: Money,
    /// Items that this cart can have now, its own reserved ones among them, capped at `MAX_QUANTITY`.
    pub available: u32,
}

impl LineItem {
    pub fn full_name(&self) -> String {
        full_name(&self.name, &self.options)
    }

    pub fn is_short(&self) -> bool {
        self.quantity > self.available
    }
}

/// A guest's cart joined the customer's own at login.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct MergeReport {
    /// Line items that came from the guest's cart.
    pub added: u32,
    /// Names of products of which fewer could be kept than asked for.
    pub capped: Vec<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct AddLineItem {
    pub sku: Sku,
    /// 1 to `MAX_QUANTITY`
    pub quantity: u32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct SetQuantity {
    /// 1 to `MAX_QUANTITY`
    pub quantity: u32,
}
