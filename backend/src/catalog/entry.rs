//! One product of the index: summed up from its variants, found by its words, in its place of each order.

use super::{
    entity::{category, product, variant},
    search::{Place, Words},
    words::words,
};
use anyhow::Context as _;
use shared::{
    catalog::{Availability, ProductQuery, ProductSummary, Sort, Variant},
    money::Money,
};
use std::cmp::Reverse;

#[derive(Debug, PartialEq)]
pub struct Entry {
    pub id: i64,
    featured: bool,
    pub summary: ProductSummary,
    pub category_name: String,
    pub description: String,
    pub variants: Vec<Variant>,
    pub words: Words,
}

impl Entry {
    /// # Errors
    /// A slug or SKU of the database is malformed, or the product has no variant.
    pub fn new(
        product: product::Model,
        category: &category::Model,
        mut variants: Vec<variant::Model>,
    ) -> anyhow::Result<Self> {
        variants.sort_by_key(|variant| (variant.position, variant.id));
        let words = words_of(&product, category, &variants);
        let stock =
            variants.iter().map(|variant| unsigned(variant.stock)).fold(0, u32::saturating_add);
        let prices = || variants.iter().map(|variant| variant.price);
        let lowest = prices().min().with_context(|| format!("{} has no variant", product.slug))?;
        let summary = ProductSummary {
            slug: product.slug.parse()?,
            name: product.name,
            category: category.slug.parse()?,
            picture: product.picture,
            price: Money::eur(lowest),
            price_from: prices().any(|price| price > lowest),
            rating: product.rating,
            rating_count: unsigned(product.rating_count),
            availability: Availability::of(stock),
            only_sku: match variants.as_slice() {
                [only] => Some(only.sku.parse()?),
                _ => None,
            },
        };
        let variants = variants.into_iter().map(|variant| {
            Ok(Variant {
                sku: variant.sku.parse()?,
                price: Money::eur(variant.price),
                availability: Availability::of(unsigned(variant.stock)),
                options: variant.options.0,
                picture: variant.picture,
            })
        });
        Ok(Self {
            id: product.id,
            featured: product.featured,
            summary,
            category_name: category.name.clone(),
            description: product.description,
            variants: variants.collect::<anyhow::Result<_>>()?,
            words,
        })
    }

    pub fn passes(&self, query: &ProductQuery) -> bool {
        let ProductSummary { category, price, rating, availability, .. } = &self.summary;
        query.category.as_ref().is_none_or(|wanted| wanted == category)
            && query.max_price.is_none_or(|most| price.minor <= most)
            && query.min_rating.is_none_or(|least| tenths(*rating) >= least)
            && (!query.in_stock.unwrap_or_default() || *availability != Availability::SoldOut)
            && (!query.featured.unwrap_or_default() || self.featured)
    }
}

/// As it is shown, with one digit after the point.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "0.0 to 5.0")]
fn tenths(rating: f32) -> u8 {
    (rating * 10.0).round() as u8
}

fn words_of(
    product: &product::Model,
    category: &category::Model,
    variants: &[variant::Model],
) -> Words {
    let mut words = Words::default();
    words.add(&product.name, Place::Name);
    words.add(&category.name, Place::Kind);
    words.add(&product.description, Place::Passing);
    for variant in variants {
        words.add(&variant.sku, Place::Passing);
        for value in variant.options.0.values() {
            words.add(value, Place::Kind);
        }
    }
    words
}

/// The rating as if 50 more people had given four stars: one enthusiast does not outdo a hundred.
pub fn popularity(product: &product::Model) -> f64 {
    let count = f64::from(product.rating_count);
    (f64::from(product.rating) * count + 4.0 * 50.0) / (count + 50.0)
}

pub fn sort(found: &mut [&Entry], sort: Sort) {
    match sort {
        Sort::Recommended => {}
        Sort::PriceAscending => found.sort_by_key(|entry| (entry.summary.price, entry.id)),
        Sort::PriceDescending => {
            found.sort_by_key(|entry| (Reverse(entry.summary.price), entry.id));
        }
        Sort::Rating => found.sort_by(|a, b| {
            let (one, other) = (&a.summary, &b.summary);
            let by_rating = other.rating.total_cmp(&one.rating);
            by_rating.then(other.rating_count.cmp(&one.rating_count)).then(a.id.cmp(&b.id))
        }),
        Sort::Name => {
            found.sort_by_cached_key(|entry| (words(&entry.summary.name), entry.id));
        }
    }
}

/// A number that the database keeps at zero or above.
pub fn unsigned(number: i32) -> u32 {
    number.max(0).unsigned_abs()
}
