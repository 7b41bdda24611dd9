//! What a list could be narrowed down to.

use super::entry::Entry;
use shared::catalog::{Category, FacetCount, Facets, PRICE_LIMITS, ProductQuery, RATINGS};

/// Of what the query's words find, before its filters.
pub fn facets(found: &[&Entry], query: &ProductQuery, categories: &[Category]) -> Facets {
    let left = |query: &ProductQuery| {
        let left = found.iter().filter(|entry| entry.passes(query)).count();
        u32::try_from(left).unwrap_or(u32::MAX)
    };
    let counts = |choices: Vec<(String, ProductQuery)>| {
        let counts = choices.into_iter().map(|(value, query)| {
            let count = left(&query);
            FacetCount { value, count }
        });
        counts.filter(|choice| choice.count > 0).collect()
    };
    let with_category = |Category { slug, .. }: &Category| {
        (slug.to_string(), ProductQuery { category: Some(slug.clone()), ..query.clone() })
    };
    let with_rating = |least| {
        let query = ProductQuery { min_rating: Some(least), ..query.clone() };
        (least.to_string(), query)
    };
    let with_price = |most: i64| {
        let query = ProductQuery { max_price: Some(most), ..query.clone() };
        (most.to_string(), query)
    };
    Facets {
        categories: counts(categories.iter().map(with_category).collect()),
        min_ratings: counts(RATINGS.map(with_rating).into()),
        max_prices: counts(PRICE_LIMITS.map(with_price).into()),
        in_stock: left(&ProductQuery { in_stock: Some(true), ..query.clone() }),
    }
}
