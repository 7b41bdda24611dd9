//! The catalogue as the browser sees it.

use crate::{
    ids::{Sku, Slug},
    money::Money,
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Products on one page of a list.
pub const PAGE_SIZE: u32 = 24;
/// Longest search text, in characters.
pub const MAX_QUERY: usize = 100;

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Category {
    pub slug: Slug,
    pub name: String,
    pub description: String,
    pub picture: String,
    pub product_count: u32,
}

/// A product in a list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ProductSummary {
    pub slug: Slug,
    pub name: String,
    pub category: Slug,
    /// URL path of the picture (a square WebP, 256 px).
    pub picture: String,
    /// The lowest price of its variants.
    pub price: Money,
    /// Whether some variants cost more: "from €…".
    pub price_from: bool,
    /// 0.0 to 5.0
    pub rating: f32,
    pub rating_count: u32,
    pub availability: Availability,
    /// The SKU to add straight from a list; `None` when the shopper has to choose first.
    pub only_sku: Option<Sku>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Availability {
    InStock,
    /// Few are left; the number is shown.
    Low {
        left: u32,
    },
    SoldOut,
}

impl Availability {
    /// Up to how many items the shop says how many are left.
    pub const LOW: u32 = 5;

    pub const fn of(stock: u32) -> Self {
        match stock {
            0 => Self::SoldOut,
            1..=Self::LOW => Self::Low { left: stock },
            _ => Self::InStock,
        }
    }
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Product {
    #[serde(flatten)]
    pub summary: ProductSummary,
    pub category_name: String,
    pub description: String,
    pub variants: Vec<Variant>,
    /// Others of the same category, at most four.
    pub related: Vec<ProductSummary>,
}

/// One buyable form of a product.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Variant {
    pub sku: Sku,
    /// What the shopper chooses by, such as `{"Colour": "Blue", "Size": "M"}`; empty for a single variant.
    pub options: BTreeMap<String, String>,
    pub price: Money,
    pub availability: Availability,
}

/// One page of a product list and what it was asked for.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ProductPage {
    pub products: Vec<ProductSummary>,
    pub total: u32,
    /// From 1.
    pub page: u32,
    pub pages: u32,
    /// The nearest word of the catalogue when the search text itself found nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub did_you_mean: Option<String>,
}

/// The query of a product list; every field is in the page's URL.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ProductQuery {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub q: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub category: Option<Slug>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sort: Option<Sort>,
    /// From 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub page: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub in_stock: Option<bool>,
    /// Minor units.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_price: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub featured: Option<bool>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Sort {
    #[default]
    Recommended,
    PriceAscending,
    PriceDescending,
    Rating,
    Name,
}
