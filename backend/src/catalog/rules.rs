//! What may be asked of a product list.

use super::entity::product;
use shared::{
    activities::ActivityName,
    catalog::{MAX_QUERY, ProductQuery},
    money::Money,
    problem::FieldError,
};

/// Every fault of the query, by field.
pub fn faults(query: &ProductQuery) -> Vec<FieldError> {
    let mut faults = Vec::new();
    let length = query.q.as_ref().map_or(0, |q| q.chars().count());
    if length > MAX_QUERY {
        faults.push(FieldError::new("q", format!("Search with at most {MAX_QUERY} characters.")));
    }
    // Control characters are no words, and PostgreSQL keeps no NUL in what the visitor did.
    if query.q.as_ref().is_some_and(|q| q.contains(char::is_control)) {
        faults.push(FieldError::new("q", "Search with letters, digits and punctuation."));
    }
    if query.page == Some(0) {
        faults.push(FieldError::new("page", "Pages are counted from 1."));
    }
    if query.max_price.is_some_and(|price| price < 0) {
        faults.push(FieldError::new("max_price", "Use an amount of cents, zero or more."));
    }
    if query.min_rating.is_some_and(|rating| rating > 50) {
        faults.push(FieldError::new("min_rating", "Use tenths of a star, 0 to 50."));
    }
    faults
}

/// What somebody did who asks for this list; nothing, where it is only looked at.
pub fn activity(query: &ProductQuery) -> Option<(ActivityName, String)> {
    let words = query.q.as_deref().map(str::trim);
    let words = words.filter(|words| !words.is_empty());
    let only_in_stock = query.in_stock.unwrap_or_default();
    let category = query.category.as_ref().map(ToString::to_string);
    let filters: Vec<String> = [
        category.as_ref().filter(|_| words.is_some()).map(|category| format!("in {category}")),
        only_in_stock.then(|| "in stock only".to_owned()),
        query.max_price.map(|most| format!("up to {}", Money::eur(most))),
        query.min_rating.map(|least| format!("rated {}.{} or better", least / 10, least % 10)),
    ]
    .into_iter()
    .flatten()
    .collect();
    if filters.is_empty() {
        return words.map(|words| (ActivityName::Searched, words.to_owned()));
    }
    let list = words.map(|words| format!("“{words}”")).or(category);
    let details: Vec<String> = list.into_iter().chain(filters).collect();
    Some((ActivityName::Filtered, details.join(", ")))
}

/// A product's rating with its reviews: the catalogue's own, of ratings that came without a text, counts on.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    reason = "0.0 to 5.0, of few"
)]
pub fn add_stars(product: &mut product::Model, count: i64, sum: i64) {
    let before = f64::from(product.rating) * f64::from(product.rating_count);
    product.rating_count =
        product.rating_count.saturating_add(i32::try_from(count).unwrap_or(i32::MAX));
    product.rating = ((before + sum as f64) / f64::from(product.rating_count.max(1))) as f32;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn looking_at_a_list_is_no_activity_and_searching_or_filtering_it_is() {
        let told = |query: &str| activity(&serde_urlencoded::from_str(query).unwrap());
        for looking in
            ["", "page=2", "featured=true", "category=kitchen&sort=name", "q=++", "in_stock=false"]
        {
            assert_eq!(told(looking), None, "{looking}");
        }
        let searched = |words: &str| Some((ActivityName::Searched, words.to_owned()));
        assert_eq!(told("q=+tea&page=2&sort=name"), searched("tea"));
        let filtered = |details: &str| Some((ActivityName::Filtered, details.to_owned()));
        assert_eq!(
            told("q=tea&in_stock=true&max_price=2500"),
            filtered("“tea”, in stock only, up to €25.00")
        );
        assert_eq!(told("category=kitchen&max_price=5000"), filtered("kitchen, up to €50.00"));
        assert_eq!(
            told("category=kitchen&q=tea&min_rating=45"),
            filtered("“tea”, in kitchen, rated 4.5 or better")
        );
    }

    #[test]
    fn each_fault_names_its_field() {
        let query = ProductQuery {
            q: Some("ä".repeat(MAX_QUERY + 1)),
            page: Some(0),
            max_price: Some(-1),
            min_rating: Some(51),
            ..ProductQuery::default()
        };
        let fields: Vec<String> = faults(&query).into_iter().map(|fault| fault.field).collect();
        assert_eq!(fields, ["q", "page", "max_price", "min_rating"]);
        let longest = ProductQuery { q: Some("ä".repeat(MAX_QUERY)), ..ProductQuery::default() };
        assert!(faults(&longest).is_empty());
    }
}
