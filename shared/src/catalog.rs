//! The catalogue as the browser sees it.

use crate::{
    ids::{Sku, Slug},
    money::Money,
    paths::api,
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Products on one page of a list.
pub const PAGE_SIZE: u32 = 24;
/// Longest search text, in characters.
pub const MAX_QUERY: usize = 100;

/// A product's name with what the shopper chose: "Stoneware Teacup (Sage)".
pub fn full_name(name: &str, options: &BTreeMap<String, String>) -> String {
    let options: Vec<&str> = options.values().map(String::as_str).collect();
    match options.as_slice() {
        [] => name.to_owned(),
        options => format!("{name} ({})", options.join(", ")),
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Category {
    pub slug: Slug,
    pub name: String,
    pub description: String,
    pub picture: String,
    pub product_count: u32,
}

/// A product in a list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
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
    /// The SKU to add straight from a list; null when the shopper has to choose first.
    pub only_sku: Option<Sku>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
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
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Product {
    #[serde(flatten)]
    pub summary: ProductSummary,
    pub category_name: String,
    pub description: String,
    pub variants: Vec<Variant>,
    /// Others of the same category, at most four.
    pub related: Vec<ProductSummary>,
}

impl Product {
    /// What its page shows before the shopper has chosen: the variant that the link names, or the first one in stock.
    pub fn first_shown(&self, sku: Option<&str>) -> Option<&Variant> {
        let named = self.variants.iter().find(|variant| Some(variant.sku.as_str()) == sku);
        named
            .or_else(|| self.variants.iter().find(|variant| variant.is_buyable()))
            .or_else(|| self.variants.first())
    }

    pub fn picture_of<'a>(&'a self, variant: Option<&'a Variant>) -> &'a str {
        let own = variant.and_then(|variant| variant.picture.as_deref());
        own.unwrap_or(&self.summary.picture)
    }
}

/// One buyable form of a product.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Variant {
    pub sku: Sku,
    /// What the shopper chooses by, such as `{"Colour": "Blue", "Size": "M"}`; empty for a single variant.
    pub options: BTreeMap<String, String>,
    /// URL path, where it looks different from the product's picture.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub picture: Option<String>,
    pub price: Money,
    pub availability: Availability,
}

impl Variant {
    pub fn is_buyable(&self) -> bool {
        self.availability != Availability::SoldOut
    }
}

/// One page of a product list and what it was asked for.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct ProductPage {
    pub products: Vec<ProductSummary>,
    pub total: u32,
    /// From 1.
    pub page: u32,
    pub pages: u32,
    /// The nearest word of the catalogue when the search text itself found nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub did_you_mean: Option<String>,
    pub facets: Facets,
}

/// How many products would be listed if only this filter was chosen otherwise. What would list none is left out.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Facets {
    pub categories: Vec<FacetCount>,
    /// By `RATINGS`.
    pub min_ratings: Vec<FacetCount>,
    /// By `PRICE_LIMITS`.
    pub max_prices: Vec<FacetCount>,
    pub in_stock: u32,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct FacetCount {
    /// As the query has it.
    pub value: String,
    pub count: u32,
}

/// In tenths of a star.
pub const RATINGS: [u8; 2] = [45, 40];
/// In minor units.
pub const PRICE_LIMITS: [i64; 4] = [1_000, 2_500, 5_000, 10_000];

/// The query of a product list; every field is in the page's URL.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
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
    /// Tenths of a star, 0 to 50.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub min_rating: Option<u8>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub featured: Option<bool>,
}

impl ProductQuery {
    /// What the page with this query string shows (with or without its `?`). Unknown or malformed values are left out,
    /// so that an old link still shows something. A category's own page is of no other.
    pub fn of_page(search: &str, category: Option<Slug>) -> Self {
        let search = search.strip_prefix('?').unwrap_or(search);
        let pairs: Vec<(String, String)> = serde_urlencoded::from_str(search).unwrap_or_default();
        let has_own_category = category.is_some();
        let mut query = Self { category, ..Self::default() };
        for (name, value) in pairs {
            match name.as_str() {
                "category" if !has_own_category => query.category = value.parse().ok(),
                "q" => query.q = Some(value.chars().take(MAX_QUERY).collect()),
                "sort" => query.sort = Sort::named(&value),
                "page" => query.page = value.parse().ok().filter(|page| *page > 1),
                "in_stock" => query.in_stock = (value == "true").then_some(true),
                "max_price" => query.max_price = value.parse().ok().filter(|minor| *minor > 0),
                "min_rating" => {
                    query.min_rating =
                        value.parse().ok().filter(|rating| (1..=50).contains(rating));
                }
                _ => {}
            }
        }
        query
    }

    /// Where the API answers it. Query strings that mean the same become the same path.
    pub fn api_path(&self) -> String {
        let query = serde_urlencoded::to_string(self).unwrap_or_default();
        format!("{}?{query}", api::PRODUCTS)
    }
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Sort {
    #[default]
    Recommended,
    PriceAscending,
    PriceDescending,
    Rating,
    Name,
}

impl Sort {
    /// Each, as addresses and the API spell it.
    pub const ALL: [(Self, &str); 5] = [
        (Self::Recommended, "recommended"),
        (Self::PriceAscending, "price-ascending"),
        (Self::PriceDescending, "price-descending"),
        (Self::Rating, "rating"),
        (Self::Name, "name"),
    ];

    pub fn named(text: &str) -> Option<Self> {
        Self::ALL.iter().find(|(_, name)| *name == text).map(|(sort, _)| *sort)
    }
}

/// Tints of the tiles behind pictures: as many as `utilities.css` has.
pub const TINTS: usize = 8;

/// FNV-1a: neighbours in the code table get different tints. What varies a picture stands behind a hyphen in its name, so
/// that a product has the same tint in each of its colours.
pub fn picture_tint(path: &str) -> usize {
    let (emoji, ending) = match path.find('-').zip(path.rfind('.')) {
        Some((hyphen, dot)) => (&path[..hyphen], &path[dot..]),
        None => (path, ""),
    };
    let hash = emoji
        .bytes()
        .chain(ending.bytes())
        .fold(2_166_136_261_u32, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(16_777_619));
    (hash >> 16) as usize % TINTS
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pictures_spread_over_all_tints() {
        let mut seen: Vec<usize> = (0x1f300..0x1f400)
            .map(|code| picture_tint(&format!("/pictures/{code:x}.webp")))
            .collect();
        seen.sort_unstable();
        seen.dedup();
        assert_eq!(seen, (0..TINTS).collect::<Vec<_>>());
    }

    #[test]
    fn a_product_has_one_tint_in_all_of_its_colours() {
        let tint = |name: &str| picture_tint(&format!("/pictures/{name}.webp"));
        assert_eq!(tint("1f455-white"), tint("1f455"));
        assert_eq!(tint("2602-fe0f-black"), tint("2602-fe0f"));
    }

    fn variant(sku: &str, stock: u32, picture: Option<&str>) -> Variant {
        Variant {
            sku: sku.parse().unwrap(),
            options: BTreeMap::new(),
            picture: picture.map(Into::into),
            price: Money::eur(1_000),
            availability: Availability::of(stock),
        }
    }

    const RED_PICTURE: &str = "/pictures/1f455-red.webp";

    /// Blue as in the product's picture, and sold out; red with a picture of its own.
    fn shirt() -> Product {
        let variants =
            vec![variant("SHIRT-BLUE", 0, None), variant("SHIRT-RED", 9, Some(RED_PICTURE))];
        Product {
            summary: ProductSummary {
                slug: "shirt".parse().unwrap(),
                name: "Shirt".into(),
                category: "clothing".parse().unwrap(),
                picture: "/pictures/1f455.webp".into(),
                price: Money::eur(1_000),
                price_from: false,
                rating: 0.0,
                rating_count: 0,
                availability: Availability::InStock,
                only_sku: None,
            },
            category_name: "Clothing".into(),
            description: String::new(),
            variants,
            related: Vec::new(),
        }
    }

    #[test]
    fn the_first_variant_in_stock_is_shown_unless_the_link_names_one() {
        let shirt = shirt();
        let sku = |named| shirt.first_shown(named).map(|variant| variant.sku.as_str());
        assert_eq!(sku(None), Some("SHIRT-RED"));
        assert_eq!(sku(Some("SHIRT-BLUE")), Some("SHIRT-BLUE"));
        assert_eq!(sku(Some("SOMETHING-ELSE")), Some("SHIRT-RED"));
    }

    #[test]
    fn a_variant_without_a_picture_of_its_own_has_the_products() {
        let shirt = shirt();
        let picture = |sku| shirt.picture_of(shirt.first_shown(Some(sku)));
        assert_eq!(picture("SHIRT-BLUE"), "/pictures/1f455.webp");
        assert_eq!(picture("SHIRT-RED"), RED_PICTURE);
        assert_eq!(shirt.picture_of(None), "/pictures/1f455.webp");
    }
}
