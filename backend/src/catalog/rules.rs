//! What may be asked of a product list.

use shared::{
    catalog::{Availability, MAX_QUERY, Product, ProductQuery},
    problem::FieldError,
};
use std::collections::HashMap;

/// Every fault of the query, by field.
pub fn faults(query: &ProductQuery) -> Vec<FieldError> {
    let mut faults = Vec::new();
    let length = query.q.as_ref().map_or(0, |q| q.chars().count());
    if length > MAX_QUERY {
        faults.push(FieldError::new(
            "q",
            format!("Search with at most {MAX_QUERY} characters."),
        ));
    }
    if query.page == Some(0) {
        faults.push(FieldError::new("page", "Pages are counted from 1."));
    }
    if query.max_price.is_some_and(|price| price < 0) {
        faults.push(FieldError::new(
            "max_price",
            "Use an amount of cents, zero or more.",
        ));
    }
    faults
}

/// The product with these pieces of each SKU in stock, in place of those of a second ago.
pub fn with_stock(mut product: Product, stock: &HashMap<String, u32>) -> Product {
    for variant in &mut product.variants {
        let left = stock.get(variant.sku.as_str()).copied().unwrap_or_default();
        variant.availability = Availability::of(left);
    }
    let left = stock.values().copied().fold(0, u32::saturating_add);
    product.summary.availability = Availability::of(left);
    product
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_fault_names_its_field() {
        let query = ProductQuery {
            q: Some("ä".repeat(MAX_QUERY + 1)),
            page: Some(0),
            max_price: Some(-1),
            ..ProductQuery::default()
        };
        let fields: Vec<String> = faults(&query)
            .into_iter()
            .map(|fault| fault.field)
            .collect();
        assert_eq!(fields, ["q", "page", "max_price"]);
        let longest = ProductQuery {
            q: Some("ä".repeat(MAX_QUERY)),
            ..ProductQuery::default()
        };
        assert!(faults(&longest).is_empty());
    }
}
