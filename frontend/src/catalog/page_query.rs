//! What a list shows, as the page's URL has it: filters, sort and page survive a reload, a bookmark and
//! the back button.

use leptos::prelude::*;
use leptos_router::hooks::use_location;
use shared::{
    catalog::{ProductQuery, Sort},
    paths::page,
};

pub const SORTS: [(Sort, &str, &str); 5] = [
    (Sort::Recommended, "recommended", "Recommended"),
    (Sort::PriceAscending, "price-ascending", "Price, low to high"),
    (Sort::PriceDescending, "price-descending", "Price, high to low"),
    (Sort::Rating, "rating", "Best rated"),
    (Sort::Name, "name", "Name"),
];

/// Where the search box leads.
pub fn search_path(text: &str) -> String {
    let query = ProductQuery { q: Some(text.trim().to_owned()), ..ProductQuery::default() };
    href(page::SEARCH, &query)
}

/// What the address says that was searched for.
pub fn searched_text(search: &str) -> String {
    ProductQuery::of_page(search, None).q.unwrap_or_default()
}

/// The link to `path` with `query`. A category's page has the category in its path, not in the query.
pub fn href(path: &str, query: &ProductQuery) -> String {
    let query = ProductQuery {
        category: query.category.clone().filter(|_| path == page::SEARCH),
        q: query.q.clone().filter(|text| !text.is_empty()),
        page: query.page.filter(|page| *page > 1),
        ..query.clone()
    };
    match serde_urlencoded::to_string(&query) {
        Ok(query) if !query.is_empty() => format!("{path}?{query}"),
        _ => path.to_owned(),
    }
}

/// The query string of the page at `own_path`. The router's location changes before a page is left; until
/// it is gone, it goes on showing what it showed.
pub fn use_own_search(own_path: String) -> Memo<String> {
    let location = use_location();
    Memo::new(move |before: Option<&String>| {
        if location.pathname.read() == own_path {
            location.search.get()
        } else {
            before.cloned().unwrap_or_default()
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use shared::catalog::MAX_QUERY;

    fn parsed(search: &str) -> ProductQuery {
        ProductQuery::of_page(search, None)
    }

    #[test]
    fn every_field_survives_the_way_through_the_url() {
        let query = ProductQuery {
            q: Some("tea & cake 100% + more".to_owned()),
            category: "music".parse().ok(),
            sort: Some(Sort::PriceDescending),
            page: Some(3),
            in_stock: Some(true),
            max_price: Some(2_500),
            min_rating: Some(45),
            featured: None,
        };
        let link = href("/search", &query);
        let (path, search) = link.split_once('?').unwrap();
        assert_eq!(path, "/search");
        assert_eq!(parsed(search), query);
    }

    #[test]
    fn every_sort_is_written_as_the_api_spells_it() {
        for (sort, name, _) in SORTS {
            let query = ProductQuery { sort: Some(sort), ..ProductQuery::default() };
            assert_eq!(href("/c/music", &query), format!("/c/music?sort={name}"));
            assert_eq!(parsed(&format!("?sort={name}")).sort, Some(sort));
        }
    }

    #[test]
    fn malformed_values_are_left_out_and_the_rest_is_kept() {
        let query = parsed(
            "?sort=cheapest&page=-1&in_stock=maybe&max_price=abc&min_rating=51&q=tea&utm_source=x",
        );
        assert_eq!(query, ProductQuery { q: Some("tea".to_owned()), ..ProductQuery::default() });
    }

    #[test]
    fn the_first_page_and_the_category_are_not_in_the_query() {
        let query = ProductQuery {
            category: "music".parse().ok(),
            page: Some(1),
            ..ProductQuery::default()
        };
        assert_eq!(href("/c/music", &query), "/c/music");
    }

    #[test]
    fn a_search_is_trimmed_and_bounded() {
        assert_eq!(search_path("  tea pot "), "/search?q=tea+pot");
        assert_eq!(search_path("  "), "/search");
        let long = "é".repeat(MAX_QUERY + 5);
        let query = parsed(&format!("q={long}"));
        assert_eq!(query.q.map(|text| text.chars().count()), Some(MAX_QUERY));
    }
}
