//! A browser as far as a server can tell: it keeps cookies, follows no redirect unless told, and says by
//! Fetch Metadata who caused a request and what for.

mod login;
mod request;

pub use login::Login;
pub use request::{Destination, Request};

use super::{
    answer::Answer,
    jar::{Cookie, Jar},
    spawn::TestApp,
};
use reqwest::{Method, Url};
use serde::Serialize;
use shared::paths::header;
use std::{
    net::SocketAddr,
    sync::{Mutex, MutexGuard, PoisonError},
};

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

impl Browser {
    pub fn new(shop: Url, address: SocketAddr, idp: Url) -> Self {
        let http = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy()
            .build();
        Self { http: http.expect("an HTTP client"), shop, address, idp, jar: Mutex::default() }
    }

    /// The same browser, led to this replica.
    pub fn at(&self, replica: &TestApp) -> Self {
        let mut there = Self::new(self.shop.clone(), replica.address, self.idp.clone());
        there.jar = Mutex::new(self.jar().clone());
        there
    }

    /// What the shop's own page asks for by script; what changes something carries the CSRF header.
    pub fn fetch(&self, method: Method, path: &str) -> Request<'_> {
        let (own_page, is_safe) = (self.shop.clone(), method.is_safe());
        let request = self.request(method, self.at_shop(path), Destination::Fetch, Some(own_page));
        if is_safe { request } else { request.header(header::CSRF, "1") }
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
            .request(Method::GET, url.clone(), Destination::Document, Some(from_shop.clone()))
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
                        .request(Method::GET, url, Destination::Document, Some(initiator.clone()))
                        .send()
                        .await;
                }
                _ => return answer,
            }
        }
        panic!("more than {REDIRECTS} redirects, the last one to {:?}", answer.redirect());
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
