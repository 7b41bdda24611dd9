//! The way to the IdP and back, seen from the browser: where to return to, and whether a document is the end
//! of a login that did not work. No I/O.

use super::decision::Arrival;
use shared::paths;

/// A page of this shop as the address bar shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    path: String,
    /// Without `?`; empty if there is none.
    search: String,
    /// With `#`; empty if there is none.
    hash: String,
}

impl Place {
    /// `search` and `hash` with or without their `?` and `#`.
    pub fn new(path: &str, search: &str, hash: &str) -> Self {
        let search = search.strip_prefix('?').unwrap_or(search);
        let hash = match hash.strip_prefix('#').unwrap_or(hash) {
            "" => String::new(),
            fragment => format!("#{fragment}"),
        };
        Self {
            path: path.to_owned(),
            search: search.to_owned(),
            hash,
        }
    }

    /// Path, query and fragment: exactly the page that was asked for.
    pub fn return_to(&self) -> String {
        let Self { path, search, hash } = self;
        // What these two pages say is over once the visitor is signed in.
        if matches!(
            path.as_str(),
            paths::page::SIGNED_OUT | paths::page::SIGN_IN_PROBLEM
        ) {
            return paths::page::HOME.to_owned();
        }
        match search.as_str() {
            "" => format!("{path}{hash}"),
            _ => format!("{path}?{search}{hash}"),
        }
    }
}

/// The address of a top-level navigation that signs in and comes back to `return_to`.
pub fn login_url(return_to: &str) -> String {
    let query = serde_urlencoded::to_string([("return_to", return_to)]).unwrap_or_default();
    format!("{}?{query}", paths::auth::LOGIN)
}

/// How this document came to be, in the words of `PerformanceNavigationTiming.type`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Navigation {
    Navigate,
    Reload,
    BackForward,
}

impl Navigation {
    pub fn parse(kind: &str) -> Self {
        match kind {
            "reload" => Self::Reload,
            "back_forward" => Self::BackForward,
            _ => Self::Navigate,
        }
    }
}

/// How this document arrived at `here`. Who gives up at the IdP and comes back by the Back button, a reload or
/// another page has not reached the end of the login that began with `mark`: for them it may begin anew.
pub fn arrival(mark: Option<&str>, here: &str, navigation: Navigation) -> Arrival {
    match navigation {
        Navigation::BackForward => Arrival::ByHistory,
        Navigation::Navigate if mark.is_some_and(|mark| same_page(mark, here)) => Arrival::CameBack,
        Navigation::Navigate | Navigation::Reload => Arrival::Asked,
    }
}

/// The fragment only says where on the page.
pub fn same_page(one: &str, other: &str) -> bool {
    let page = |place: &str| place.split('#').next().unwrap_or_default().to_owned();
    page(one) == page(other)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn path_query_and_fragment_come_back() {
        let place = Place::new("/account/orders", "?status=shipped&q=a%20b", "#late");
        assert_eq!(
            place.return_to(),
            "/account/orders?status=shipped&q=a%20b#late"
        );
        assert_eq!(
            login_url(&place.return_to()),
            "/auth/login?return_to=%2Faccount%2Forders%3Fstatus%3Dshipped%26q%3Da%2520b%23late"
        );
        assert_eq!(Place::new("/cart", "", "").return_to(), "/cart");
        assert_eq!(Place::new("/cart", "?", "#").return_to(), "/cart");
    }

    #[test]
    fn nobody_returns_to_a_page_about_the_last_session() {
        assert_eq!(Place::new("/signed-out", "scope=idp", "").return_to(), "/");
        assert_eq!(
            Place::new("/sign-in-problem", "problem=refused", "").return_to(),
            "/"
        );
    }

    #[test]
    fn only_the_end_of_a_login_counts_as_coming_back() {
        let mark = Some("/account/orders?page=2#x");
        let here = "/account/orders?page=2";
        assert_eq!(arrival(mark, here, Navigation::Navigate), Arrival::CameBack);
        assert_eq!(
            arrival(mark, here, Navigation::BackForward),
            Arrival::ByHistory
        );
        assert_eq!(arrival(mark, here, Navigation::Reload), Arrival::Asked);
        assert_eq!(arrival(mark, "/", Navigation::Navigate), Arrival::Asked);
        assert_eq!(arrival(None, here, Navigation::Navigate), Arrival::Asked);
    }
}
