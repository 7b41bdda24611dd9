//! One request, with all that a browser says about it.

use super::Browser;
use crate::support::{answer::Answer, description, jar::Cause};
use reqwest::{
    Method, Url,
    header::{HeaderMap, HeaderName, HeaderValue},
};
use serde::Serialize;

/// Bytes of an answer's headers that every proxy passes on (nginx has 4 KB for them by default).
const LARGEST_HEADERS: usize = 4 * 1024;

const USER_AGENT: &str = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";

/// What a navigation, a script or an image asks for; sent by `send`.
#[must_use]
pub struct Request<'a> {
    browser: &'a Browser,
    method: Method,
    url: Url,
    destination: Destination,
    /// The page that caused it; `None` for an address that somebody typed.
    initiator: Option<Url>,
    headers: HeaderMap,
    without: Vec<HeaderName>,
    body: Vec<u8>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Destination {
    Document,
    Fetch,
    Image,
    Frame,
}

impl Request<'_> {
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.insert(name_of(name), HeaderValue::from_str(value).expect("a header's value"));
        self
    }

    /// A header whose value is no text.
    pub fn header_bytes(mut self, name: &str, value: &[u8]) -> Self {
        self.headers
            .insert(name_of(name), HeaderValue::from_bytes(value).expect("a header's value"));
        self
    }

    pub fn without(mut self, name: &str) -> Self {
        self.without.push(name_of(name));
        self
    }

    /// Sends it after all.
    pub fn with(mut self, name: &str) -> Self {
        self.without.retain(|other| *other != name);
        self
    }

    pub fn json(self, body: &impl Serialize) -> Self {
        let body = serde_json::to_vec(body).expect("JSON");
        self.body("application/json", body)
    }

    pub fn body(mut self, content_type: &str, body: impl Into<Vec<u8>>) -> Self {
        self.body = body.into();
        self.header("content-type", content_type)
    }

    /// Caused by a page elsewhere.
    pub fn caused_by(mut self, page: &str) -> Self {
        self.initiator = Some(page.parse().expect("a page"));
        self
    }

    pub fn to(mut self, destination: Destination) -> Self {
        self.destination = destination;
        self
    }

    pub async fn send(self) -> Answer {
        let url = self.url.clone();
        self.try_send().await.unwrap_or_else(|error| panic!("no answer of {url}: {error:?}"))
    }

    /// An error where the server is gone before it has answered.
    pub async fn try_send(self) -> reqwest::Result<Answer> {
        let Self { browser, method, url, destination, initiator, headers, without, body } = self;
        let site = site(initiator.as_ref(), &url);
        let is_cross_site = site == "cross-site";
        let cause = match destination {
            _ if !is_cross_site => Cause::SameSite,
            Destination::Document if method.is_safe() => Cause::CrossSiteNavigation,
            _ => Cause::CrossSiteRequest,
        };
        let (mode, dest) = match destination {
            Destination::Document => ("navigate", "document"),
            Destination::Frame => ("navigate", "iframe"),
            Destination::Image => ("no-cors", "image"),
            Destination::Fetch => ("cors", "empty"),
        };
        let mut all = HeaderMap::new();
        let mut set = |name: &str, value: &str| {
            all.insert(name_of(name), HeaderValue::from_str(value).expect("a header's value"));
        };
        set("user-agent", USER_AGENT);
        set("sec-fetch-site", site);
        set("sec-fetch-mode", mode);
        set("sec-fetch-dest", dest);
        if destination == Destination::Document {
            // A person pressed something, whatever redirects followed.
            set("sec-fetch-user", "?1");
        }
        if let Some(initiator) = initiator.filter(|_| !method.is_safe()) {
            set("origin", &initiator.origin().ascii_serialization());
        }
        if let Some(cookies) = browser.jar().header(&url, cause) {
            set("cookie", &cookies);
        }
        for (name, value) in &headers {
            all.insert(name, value.clone());
        }
        for name in without {
            all.remove(name);
        }
        browser.exchange(method, url, all, body).await
    }
}

impl Browser {
    pub(super) fn request(
        &self,
        method: Method,
        url: Url,
        destination: Destination,
        initiator: Option<Url>,
    ) -> Request<'_> {
        let (headers, without, body) = (HeaderMap::new(), Vec::new(), Vec::new());
        Request { browser: self, method, url, destination, initiator, headers, without, body }
    }

    /// One request to where the URL really leads, and the cookies of its answer kept.
    async fn exchange(
        &self,
        method: Method,
        url: Url,
        mut headers: HeaderMap,
        body: Vec<u8>,
    ) -> reqwest::Result<Answer> {
        let mut target = url.clone();
        if self.is_shop(&url) {
            target.set_scheme("http").expect("http");
            target.set_ip_host(self.address.ip()).expect("an address");
            target.set_port(Some(self.address.port())).expect("a port");
            let authority = url[url::Position::BeforeHost..url::Position::AfterPort].to_owned();
            headers.insert("host", authority.parse().expect("a host"));
        }
        let request = self.http.request(method.clone(), target).headers(headers).body(body.clone());
        let response = request.send().await?;
        let (status, headers) = (response.status(), response.headers().clone());
        if self.is_shop(&url) {
            let size: usize =
                headers.iter().map(|(name, value)| name.as_str().len() + value.len() + 4).sum();
            assert!(size < LARGEST_HEADERS, "{size} bytes of headers: {headers:?}");
        }
        let answer = Answer { url, status, headers, body: response.bytes().await?.to_vec() };
        if self.is_shop(&answer.url) {
            let told = || format!("{method} {}: {}\n{}", answer.url, answer.status, answer.text());
            description::check(&method, &body, &answer)
                .unwrap_or_else(|fault| panic!("{fault}\n{}", told()));
        }
        for header in answer.set_cookies() {
            self.jar().keep(&answer.url, header);
        }
        Ok(answer)
    }
}

/// The value of `Sec-Fetch-Site`. Hosts of the tests have no subdomains, so a site is a host.
fn site(initiator: Option<&Url>, target: &Url) -> &'static str {
    match initiator {
        None => "none",
        Some(page) if page.origin() == target.origin() => "same-origin",
        Some(page) if page.host_str() == target.host_str() && page.scheme() == target.scheme() => {
            "same-site"
        }
        Some(_) => "cross-site",
    }
}

fn name_of(name: &str) -> HeaderName {
    name.parse().expect("a header's name")
}
