//! How the visitor got to a page, and whether its document is the end of a login that did not work.

use super::return_location::same_page;
use js_sys::Reflect;
use leptos::prelude::window;

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Arrival {
    /// By a link, the address bar or a reload.
    #[default]
    Asked,
    /// The document loaded as the end of a login that this tab began.
    CameBack,
    /// By the Back or Forward button. After a logout, single sign-on would undo it for whoever presses Back.
    ByHistory,
    /// The page was open for a customer before. Nothing in the background may start a login.
    WasOpen,
}

impl Arrival {
    /// How this document arrived at `here`; `mark` is where a login that this tab began was to end.
    pub fn of_document(mark: Option<&str>, here: &str) -> Self {
        let kind = window().performance().and_then(|performance| {
            let entry = performance.get_entries_by_type("navigation").get(0);
            Reflect::get(&entry, &"type".into()).ok()?.as_string()
        });
        by_navigation(mark, here, kind.as_deref())
    }
}

/// `kind` is `PerformanceNavigationTiming.type`. Who gives up at the IdP and comes back by the Back button, a reload
/// or another page has not reached the end of the login that began with `mark`: for them it may begin anew.
fn by_navigation(mark: Option<&str>, here: &str, kind: Option<&str>) -> Arrival {
    match kind {
        Some("back_forward") => Arrival::ByHistory,
        Some("reload") => Arrival::Asked,
        _ if mark.is_some_and(|mark| same_page(mark, here)) => Arrival::CameBack,
        _ => Arrival::Asked,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_end_of_a_login_counts_as_coming_back() {
        let mark = Some("/account/orders?page=2#x");
        let here = "/account/orders?page=2";
        let arrival = |mark, here, kind| by_navigation(mark, here, Some(kind));
        assert_eq!(arrival(mark, here, "navigate"), Arrival::CameBack);
        assert_eq!(arrival(mark, here, "back_forward"), Arrival::ByHistory);
        assert_eq!(arrival(mark, here, "reload"), Arrival::Asked);
        assert_eq!(arrival(mark, "/", "navigate"), Arrival::Asked);
        assert_eq!(arrival(None, here, "navigate"), Arrival::Asked);
    }
}
