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

/// What the IdP calls its social provider.
pub const FRIENDBOOK: &str = "friendbook";

/// What is asked of a login, the query of `GET /auth/login`. Whatever is left out is the IdP's to decide.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Login {
    /// The page of this shop to come back to.
    pub return_to: String,
    /// "Keep me signed in": the session's cookie outlives the browser.
    pub keep: bool,
    /// The social provider that the IdP passes the visitor on to at once.
    pub connection: Option<&'static str>,
    /// `login` asks anew although the IdP knows the visitor (OIDC Core §3.1.2.1).
    pub prompt: Option<&'static str>,
    /// How many seconds ago the customer may have proved who they are; a day at most.
    pub max_age: Option<u32>,
    /// How they must have proved it, such as with a second factor.
    pub acr_values: Option<String>,
}

/// The address of a top-level navigation that signs in.
pub fn login_url(login: &Login) -> String {
    let max_age = login.max_age.map(|seconds| seconds.to_string());
    let parameters = [
        ("return_to", Some(login.return_to.as_str())),
        ("keep", login.keep.then_some("1")),
        ("connection", login.connection),
        ("prompt", login.prompt),
        ("max_age", max_age.as_deref()),
        ("acr_values", login.acr_values.as_deref()),
    ];
    let given: Vec<(&str, &str)> = parameters
        .into_iter()
        .filter_map(|(name, value)| Some((name, value?)))
        .collect();
    let query = serde_urlencoded::to_string(given).unwrap_or_default();
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
            login_url(&Login {
                return_to: place.return_to(),
                ..Login::default()
            }),
            "/auth/login?return_to=%2Faccount%2Forders%3Fstatus%3Dshipped%26q%3Da%2520b%23late"
        );
        assert_eq!(Place::new("/cart", "", "").return_to(), "/cart");
        assert_eq!(Place::new("/cart", "?", "#").return_to(), "/cart");
    }

    #[test]
    fn a_login_says_what_is_wished_and_nothing_else() {
        let everything = Login {
            return_to: "/account".to_owned(),
            keep: true,
            connection: Some(FRIENDBOOK),
            prompt: Some("login"),
            max_age: Some(600),
            acr_values: Some("urn:example:acr mfa".to_owned()),
        };
        assert_eq!(
            login_url(&everything),
            "/auth/login?return_to=%2Faccount&keep=1&connection=friendbook&prompt=login&max_age=600\
             &acr_values=urn%3Aexample%3Aacr+mfa"
        );
        let kept = Login {
            return_to: "/".to_owned(),
            keep: true,
            ..Login::default()
        };
        assert_eq!(login_url(&kept), "/auth/login?return_to=%2F&keep=1");
        let not_kept = Login {
            keep: false,
            ..kept
        };
        assert_eq!(login_url(&not_kept), "/auth/login?return_to=%2F");
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
