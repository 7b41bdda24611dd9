//! A browser as far as a server can tell: it keeps cookies, follows no redirect unless told, and says by
//! Fetch Metadata who caused a request and what for.

use super::{
    answer::{Answer, parameter},
    jar::{Cause, Cookie, Jar},
};
use reqwest::{
    Method, Url,
    header::{HeaderMap, HeaderName, HeaderValue},
};
use serde::Serialize;
use shared::paths::{auth, header};
use std::{
    net::SocketAddr,
    sync::{Mutex, MutexGuard, PoisonError},
};

const USER_AGENT: &str = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";
/// Redirects that a browser follows before it gives up.
const REDIRECTS: usize = 20;

pub struct Browser {
    http: reqwest::Client,
    /// The shop as browsers know it, and where it really listens: a proxy stands between in a deployment.
    shop: Url,
    address: SocketAddr,
    idp: Url,
    jar: Mutex<Jar>,
}

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

/// A login that left the shop: what it asks of the identity provider.
#[derive(Clone, Debug)]
pub struct Login {
    pub authorization_url: Url,
}

impl Login {
    pub fn parameter(&self, name: &str) -> String {
        parameter(&self.authorization_url, name)
            .unwrap_or_else(|| panic!("no {name}: {}", self.authorization_url))
    }

    pub fn state(&self) -> String {
        self.parameter("state")
    }
}

impl Browser {
    pub fn new(shop: Url, address: SocketAddr, idp: Url) -> Self {
        let http = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy()
            .build();
        Self {
            http: http.expect("an HTTP client"),
            shop,
            address,
            idp,
            jar: Mutex::default(),
        }
    }

    /// What the shop's own page asks for by script; what changes something carries the CSRF header.
    pub fn fetch(&self, method: Method, path: &str) -> Request<'_> {
        let own_page = self.shop.clone();
        let request = self.request(
            method,
            self.at_shop(path),
            Destination::Fetch,
            Some(own_page),
        );
        if request.method.is_safe() {
            request
        } else {
            request.header(header::CSRF, "1")
        }
    }

    /// A navigation within the shop.
    pub fn navigation(&self, path: &str) -> Request<'_> {
        self.request(
            Method::GET,
            self.at_shop(path),
            Destination::Document,
            Some(self.shop.clone()),
        )
    }

    fn request(
        &self,
        method: Method,
        url: Url,
        destination: Destination,
        initiator: Option<Url>,
    ) -> Request<'_> {
        let (headers, without, body) = (HeaderMap::new(), Vec::new(), Vec::new());
        Request {
            browser: self,
            method,
            url,
            destination,
            initiator,
            headers,
            without,
            body,
        }
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.fetch(Method::GET, path).send().await
    }

    pub async fn post(&self, path: &str, body: &impl Serialize) -> Answer {
        self.fetch(Method::POST, path).json(body).send().await
    }

    pub async fn put(&self, path: &str, body: &impl Serialize) -> Answer {
        self.fetch(Method::PUT, path).json(body).send().await
    }

    pub async fn delete(&self, path: &str) -> Answer {
        self.fetch(Method::DELETE, path).send().await
    }

    /// Opens a page of the shop from within the shop, without following where it leads.
    pub async fn visit(&self, path: &str) -> Answer {
        self.navigation(path).send().await
    }

    /// Leaves the shop for an address elsewhere, and follows redirects to the page at their end.
    pub async fn open(&self, url: &Url) -> Answer {
        let from_shop = self.shop.clone();
        let answer = self
            .request(
                Method::GET,
                url.clone(),
                Destination::Document,
                Some(from_shop.clone()),
            )
            .send()
            .await;
        self.follow(answer, &from_shop).await
    }

    /// Follows redirects, through shop and identity provider alike, to the page at their end.
    pub async fn follow(&self, answer: Answer, initiator: &Url) -> Answer {
        self.follow_while(answer, initiator, |_| true).await
    }

    async fn follow_while(
        &self,
        answer: Answer,
        initiator: &Url,
        goes_on: impl Fn(&Url) -> bool,
    ) -> Answer {
        let mut answer = answer;
        for _ in 0..REDIRECTS {
            match answer.redirect() {
                Some(url) if goes_on(&url) => {
                    answer = self
                        .request(
                            Method::GET,
                            url,
                            Destination::Document,
                            Some(initiator.clone()),
                        )
                        .send()
                        .await;
                }
                _ => return answer,
            }
        }
        panic!(
            "more than {REDIRECTS} redirects, the last one to {:?}",
            answer.redirect()
        );
    }

    /// Leaves for the identity provider, to come back to `return_to`.
    pub async fn start_login(&self, return_to: &str) -> Login {
        self.start_login_with(&[("return_to", return_to)]).await
    }

    pub async fn start_login_with(&self, query: &[(&str, &str)]) -> Login {
        let query = serde_urlencoded::to_string(query).expect("a query");
        let answer = self
            .visit(&format!("{}?{query}", auth::LOGIN))
            .await
            .expect(303);
        let authorization_url = answer.location();
        assert_eq!(
            authorization_url.origin(),
            self.idp.origin(),
            "no login began: {authorization_url}"
        );
        Login { authorization_url }
    }

    /// Goes to the identity provider, gives credentials there if it asks, and answers where it sends the
    /// browser back to: the callback, which is not opened yet.
    pub async fn authenticate(&self, login: &Login, email: &str) -> Url {
        let answer = self.open_login_page(login).await;
        let answer = if answer.redirect().is_some() {
            answer
        } else {
            self.submit_password(&answer, email).await
        };
        answer.location()
    }

    /// The identity provider's page, or the redirect back to the shop where it has nothing to ask.
    pub async fn open_login_page(&self, login: &Login) -> Answer {
        let from_shop = self.shop.clone();
        let answer = self
            .request(
                Method::GET,
                login.authorization_url.clone(),
                Destination::Document,
                Some(from_shop.clone()),
            )
            .send()
            .await;
        self.follow_while(answer, &from_shop, |url| !self.is_shop(url))
            .await
    }

    /// Fills the login page's form in and follows it up to the redirect that leaves the identity provider.
    pub async fn submit_password(&self, page: &Answer, email: &str) -> Answer {
        self.submit(page, &[("email", email), ("password", "demo-password")])
            .await
    }

    /// Sends a form of the identity provider with its hidden fields and these.
    pub async fn submit(&self, page: &Answer, fields: &[(&str, &str)]) -> Answer {
        let html = page.text();
        let form = html
            .split("<form")
            .nth(1)
            .unwrap_or_else(|| panic!("no form at {}:\n{html}", page.url));
        let form = form.split("</form>").next().unwrap_or_default();
        let action = between(form, "action=\"", "\"").expect("a form's action");
        let hidden = form.split("<input type=\"hidden\"").skip(1).map(|input| {
            (
                between(input, "name=\"", "\"").unwrap_or_default(),
                between(input, "value=\"", "\"").unwrap_or_default(),
            )
        });
        let fields: Vec<(&str, &str)> = hidden.chain(fields.iter().copied()).collect();
        let body = serde_urlencoded::to_string(fields).expect("a form");
        let target = page.url.join(action).expect("a form's target");
        let answer = self
            .request(
                Method::POST,
                target,
                Destination::Document,
                Some(page.url.clone()),
            )
            .body("application/x-www-form-urlencoded", body)
            .send()
            .await;
        self.follow_while(answer, &page.url, |url| !self.is_shop(url))
            .await
    }

    /// Opens the callback, as the identity provider's page leads there.
    pub async fn come_back(&self, callback: &Url) -> Answer {
        self.coming_back(callback).send().await
    }

    pub fn coming_back(&self, callback: &Url) -> Request<'_> {
        self.request(
            Method::GET,
            callback.clone(),
            Destination::Document,
            Some(self.idp.clone()),
        )
    }

    /// The whole way: to the identity provider, through its login page, and back.
    pub async fn sign_in(&self, email: &str) {
        let login = self.start_login("/account").await;
        let callback = self.authenticate(&login, email).await;
        let answer = self.come_back(&callback).await;
        assert_eq!(answer.leads_to(), "/account", "the login was refused");
    }

    /// A logout token of the identity provider, which is no browser.
    pub async fn send_logout_token(&self, token: &str) -> Answer {
        let body = serde_urlencoded::to_string([("logout_token", token)]).expect("a form");
        let mut request = self
            .fetch(Method::POST, auth::BACKCHANNEL_LOGOUT)
            .body("application/x-www-form-urlencoded", body);
        for name in [
            header::CSRF,
            "origin",
            "sec-fetch-site",
            "sec-fetch-mode",
            "sec-fetch-dest",
        ] {
            request = request.without(name);
        }
        request.send().await
    }

    pub fn cookie(&self, name: &str) -> Option<Cookie> {
        self.jar().find(&self.shop, name).cloned()
    }

    /// The cookies that the shop gave it; ports make no difference, so the provider's may lie among them.
    pub fn cookies(&self) -> Vec<Cookie> {
        self.jar()
            .of(&self.shop)
            .filter(|cookie| cookie.name.contains("storezero"))
            .cloned()
            .collect()
    }

    pub fn put_cookie(&self, cookie: Cookie) {
        self.jar().put(&self.shop, cookie);
    }

    pub fn drop_cookie(&self, name: &str) {
        self.jar().drop_cookie(&self.shop, name);
    }

    /// Ends every cookie that was not asked to last.
    pub fn close(&self) {
        self.jar().close();
    }

    fn jar(&self) -> MutexGuard<'_, Jar> {
        self.jar.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub fn at_shop(&self, path: &str) -> Url {
        self.shop.join(path).expect("a path of the shop")
    }

    fn is_shop(&self, url: &Url) -> bool {
        url.origin() == self.shop.origin()
    }
}

impl Request<'_> {
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.insert(
            name_of(name),
            HeaderValue::from_str(value).expect("a header's value"),
        );
        self
    }

    /// A header whose value is no text.
    pub fn header_bytes(mut self, name: &str, value: &[u8]) -> Self {
        self.headers.insert(
            name_of(name),
            HeaderValue::from_bytes(value).expect("a header's value"),
        );
        self
    }

    pub fn without(mut self, name: &str) -> Self {
        self.without.push(name_of(name));
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
        let Self {
            browser,
            method,
            url,
            destination,
            initiator,
            headers,
            without,
            body,
        } = self;
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
            all.insert(
                name_of(name),
                HeaderValue::from_str(value).expect("a header's value"),
            );
        };
        set("user-agent", USER_AGENT);
        set("sec-fetch-site", site);
        set("sec-fetch-mode", mode);
        set("sec-fetch-dest", dest);
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
    /// One request to where the URL really leads, and the cookies of its answer kept.
    async fn exchange(
        &self,
        method: Method,
        url: Url,
        mut headers: HeaderMap,
        body: Vec<u8>,
    ) -> Answer {
        let mut target = url.clone();
        if self.is_shop(&url) {
            target.set_scheme("http").expect("http");
            target.set_ip_host(self.address.ip()).expect("an address");
            target.set_port(Some(self.address.port())).expect("a port");
            let authority = url[url::Position::BeforeHost..url::Position::AfterPort].to_owned();
            headers.insert("host", authority.parse().expect("a host"));
        }
        let response = self
            .http
            .request(method, target)
            .headers(headers)
            .body(body)
            .send()
            .await;
        let response = response.unwrap_or_else(|error| panic!("no answer of {url}: {error:?}"));
        let (status, headers) = (response.status(), response.headers().clone());
        let body = response
            .bytes()
            .await
            .unwrap_or_else(|error| panic!("no whole answer of {url}: {error}"));
        let answer = Answer {
            url,
            status,
            headers,
            body: body.to_vec(),
        };
        for header in answer.set_cookies() {
            self.jar().keep(&answer.url, header);
        }
        answer
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

fn between<'a>(text: &'a str, start: &str, end: &str) -> Option<&'a str> {
    text.split_once(start)?
        .1
        .split_once(end)
        .map(|(found, _)| found)
}
