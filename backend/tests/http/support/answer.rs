//! What came back, read whole.

use reqwest::{StatusCode, header::HeaderMap};
use serde::de::DeserializeOwned;
use shared::problem::{self, Problem};
use url::Url;

#[derive(Debug)]
pub struct Answer {
    pub url: Url,
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Vec<u8>,
}

impl Answer {
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    pub fn set_cookies(&self) -> Vec<&str> {
        self.headers.get_all("set-cookie").iter().filter_map(|value| value.to_str().ok()).collect()
    }

    /// The answer itself, if it has this status.
    #[track_caller]
    pub fn expect(self, status: u16) -> Self {
        assert_eq!(self.status.as_u16(), status, "{} answered:\n{}", self.url, self.text());
        self
    }

    /// The JSON of a success.
    #[track_caller]
    pub fn json<T: DeserializeOwned>(&self) -> T {
        assert!(
            self.status.is_success(),
            "{} answered {}:\n{}",
            self.url,
            self.status,
            self.text()
        );
        serde_json::from_slice(&self.body)
            .unwrap_or_else(|error| panic!("{error}: {}", self.text()))
    }

    /// The problem of a refusal (RFC 9457).
    #[track_caller]
    pub fn problem(&self) -> Problem {
        assert_eq!(
            self.header("content-type"),
            Some(problem::CONTENT_TYPE),
            "{} answered {}:\n{}",
            self.url,
            self.status,
            self.text()
        );
        let problem: Problem = serde_json::from_slice(&self.body).expect("a problem");
        assert_eq!(problem.status, self.status.as_u16());
        assert!(!problem.title.is_empty() && !problem.detail.is_empty(), "{problem:?}");
        problem
    }

    /// The problem, if it is of this status and kind.
    #[track_caller]
    pub fn expect_problem(&self, status: u16, kind: &str) -> Problem {
        let problem = self.problem();
        assert_eq!((problem.status, problem.kind.as_str()), (status, kind), "{problem:?}");
        problem
    }

    /// Where a redirect leads; `None` for any other answer.
    pub fn redirect(&self) -> Option<Url> {
        let is_redirect = matches!(self.status.as_u16(), 301 | 302 | 303 | 307 | 308);
        is_redirect.then(|| self.url.join(self.header("location")?).ok())?
    }

    /// Where this redirect leads.
    #[track_caller]
    pub fn location(&self) -> Url {
        self.redirect().unwrap_or_else(|| {
            panic!("{} answered {} and no redirect:\n{}", self.url, self.status, self.text())
        })
    }

    /// Where this redirect leads, as path, query and fragment of the shop.
    #[track_caller]
    pub fn leads_to(&self) -> String {
        let location = self.location();
        assert_eq!(location.origin(), self.url.origin(), "leads away from the shop: {location}");
        location[url::Position::BeforePath..].to_owned()
    }
}

/// A query parameter of a URL.
pub fn parameter(url: &Url, name: &str) -> Option<String> {
    url.query_pairs().find(|(key, _)| key == name).map(|(_, value)| value.into_owned())
}
