//! Where a login comes back to: a page of this shop with its query and fragment.

use leptos::prelude::{Signal, With, window};
use leptos_router::hooks::use_url;
use shared::paths::page;

/// The page in the address bar.
pub fn addressed_page() -> String {
    let location = window().location();
    return_location(
        &location.pathname().unwrap_or_default(),
        &location.search().unwrap_or_default(),
        &location.hash().unwrap_or_default(),
    )
}

/// The page that the router shows.
pub fn current_page() -> Signal<String> {
    let url = use_url();
    Signal::derive(move || url.with(|url| return_location(url.path(), url.search(), url.hash())))
}

/// The fragment only says where on the page.
pub fn same_page(one: &str, other: &str) -> bool {
    one.split('#').next() == other.split('#').next()
}

/// Exactly the page that was asked for; `search` and `hash` with or without their `?` and `#`.
fn return_location(path: &str, search: &str, hash: &str) -> String {
    // What these two pages say is over once the visitor is signed in.
    if matches!(path, page::SIGNED_OUT | page::SIGN_IN_PROBLEM) {
        return page::HOME.to_owned();
    }
    let mut location = path.to_owned();
    for (mark, part) in [('?', search), ('#', hash)] {
        let part = part.strip_prefix(mark).unwrap_or(part);
        if !part.is_empty() {
            location.push(mark);
            location.push_str(part);
        }
    }
    location
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn path_query_and_fragment_come_back() {
        assert_eq!(
            return_location("/account/orders", "?status=shipped&q=a%20b", "#late"),
            "/account/orders?status=shipped&q=a%20b#late"
        );
        assert_eq!(return_location("/cart", "", ""), "/cart");
        assert_eq!(return_location("/cart", "?", "#"), "/cart");
        assert_eq!(return_location("/cart", "a=1", "b"), "/cart?a=1#b");
    }

    #[test]
    fn nobody_returns_to_a_page_about_the_last_session() {
        assert_eq!(return_location("/signed-out", "scope=idp", ""), "/");
        assert_eq!(return_location("/sign-in-problem", "problem=refused", ""), "/");
    }

    #[test]
    fn a_fragment_is_no_other_page() {
        assert!(same_page("/account?page=2#x", "/account?page=2"));
        assert!(!same_page("/account?page=2", "/account"));
    }
}
