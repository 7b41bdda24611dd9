//! What "All Orders" shows is in its URL: filter, search, page. No I/O.

use shared::{
    orders::{MAX_QUERY, OrderQuery},
    paths,
};

/// The query of a URL. What makes no sense there is as good as absent.
pub fn from_url(status: Option<&str>, q: Option<&str>, page: Option<&str>) -> OrderQuery {
    let q =
        q.map(|q| q.trim().chars().take(MAX_QUERY).collect::<String>()).filter(|q| !q.is_empty());
    OrderQuery {
        status: status.and_then(|status| status.parse().ok()),
        q,
        page: page.and_then(|page| page.parse().ok()).filter(|page| *page > 1),
    }
}

/// The page's address for a query.
pub fn page_url(query: &OrderQuery) -> String {
    url(paths::page::ORDERS, query)
}

/// The API's address for a query.
pub fn api_url(query: &OrderQuery) -> String {
    url(paths::api::ORDERS, query)
}

fn url(path: &str, query: &OrderQuery) -> String {
    // Texts and numbers always have a query string.
    let text = serde_urlencoded::to_string(query).unwrap_or_default();
    match text.as_str() {
        "" => path.to_owned(),
        _ => format!("{path}?{text}"),
    }
}

/// Whether anything narrows the list.
pub fn is_narrowed(query: &OrderQuery) -> bool {
    query.status.is_some() || query.q.is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_query_survives_its_url() {
        let query = from_url(Some("shipped"), Some(" tea & cup "), Some("2"));
        assert_eq!(page_url(&query), "/account/orders?status=shipped&q=tea+%26+cup&page=2");
        assert_eq!(api_url(&query), "/api/orders?status=shipped&q=tea+%26+cup&page=2");
        assert!(is_narrowed(&query));
    }

    #[test]
    fn nonsense_in_the_url_is_ignored() {
        for page in ["0", "1", "-1", "x", ""] {
            let query = from_url(Some("lost"), Some("  "), Some(page));
            assert_eq!(query, OrderQuery::default());
            assert_eq!(page_url(&query), "/account/orders");
        }
        assert!(!is_narrowed(&from_url(None, None, Some("3"))));
    }

    #[test]
    fn a_long_search_is_cut_between_characters() {
        let q = "ß".repeat(MAX_QUERY + 5);
        assert_eq!(from_url(None, Some(&q), None).q, Some("ß".repeat(MAX_QUERY)));
    }
}
