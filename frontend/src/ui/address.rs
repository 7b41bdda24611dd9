//! What the page's address says, read as it was written: once.

use leptos::prelude::{Memo, Read, window};
use leptos_router::hooks::use_location;
use wasm_bindgen::JsValue;

/// The value called `name` in the query of the page that the router shows.
pub fn use_query_value(name: &'static str) -> Memo<Option<String>> {
    let search = use_location().search;
    Memo::new(move |_| query_value(&search.read(), name))
}

/// The router's own map of the query decodes what the browser has decoded already, and makes `50&` of `50%2526`.
pub fn query_value(search: &str, name: &str) -> Option<String> {
    let pairs: Vec<(String, String)> = serde_urlencoded::from_str(search).unwrap_or_default();
    pairs.into_iter().find(|(other, _)| other == name).map(|(_, value)| value)
}

/// `/cart/` is `/cart`: the router shows the same page, and pages know themselves by their path. Before the router
/// reads the address.
pub fn drop_trailing_slash() {
    let location = window().location();
    let path = location.pathname().unwrap_or_default();
    let Some(shorter) = without_trailing_slash(&path) else {
        return;
    };
    let search = location.search().unwrap_or_default();
    let hash = location.hash().unwrap_or_default();
    replace_address(&format!("{shorter}{search}{hash}"));
}

/// In the history, too. The router must not have read the address yet.
pub fn replace_address(address: &str) {
    if let Ok(history) = window().history() {
        // Fails for no page of this origin.
        let _ = history.replace_state_with_url(&JsValue::NULL, "", Some(address));
    }
}

/// `None` if there is nothing to change: two slashes at its start would make it another site's address.
fn without_trailing_slash(path: &str) -> Option<&str> {
    let is_ours = !path.starts_with("//");
    path.strip_suffix('/').filter(|path| is_ours && !path.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_in_the_address_is_decoded_once() {
        let search = "problem=refused&return_to=%2Fsearch%3Fq%3Dtea%2B%2526%2B50%252526%2Bcake";
        assert_eq!(
            query_value(search, "return_to").as_deref(),
            Some("/search?q=tea+%26+50%2526+cake")
        );
        assert_eq!(query_value(search, "problem").as_deref(), Some("refused"));
        assert_eq!(query_value(search, "state"), None);
        assert_eq!(query_value("q=100%&q=%ff", "q").as_deref(), Some("100%"));
        assert_eq!(query_value("", "q"), None);
    }

    #[test]
    fn a_path_has_no_slash_at_its_end() {
        assert_eq!(without_trailing_slash("/search/"), Some("/search"));
        assert_eq!(without_trailing_slash("/c/kitchen/"), Some("/c/kitchen"));
        for path in ["/", "/search", "//evil.example/", "//"] {
            assert_eq!(without_trailing_slash(path), None, "{path}");
        }
    }
}
