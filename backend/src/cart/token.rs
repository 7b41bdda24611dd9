//! The token that a guest's browser keeps its cart by, and its cookie; a page without cookies keeps it by itself.

use crate::{
    Config, crypto,
    http::{cookieless::is_cookieless, cookies, header},
    session::Visitor,
};
use actix_web::{
    HttpRequest, HttpResponseBuilder,
    cookie::{Cookie, time::Duration},
};
use shared::paths;

const COOKIE: &str = "storezero-cart";
/// How long a guest's cart and its cookie are kept after the last line item was added.
pub const LIFETIME: Duration = Duration::days(30);

/// 256 random bits. The database keeps only their hash, so that a stolen database opens no cart.
#[derive(Clone, PartialEq, Eq)]
pub struct CartToken(String);

impl std::fmt::Debug for CartToken {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("CartToken(…)")
    }
}

impl CartToken {
    pub(super) fn new() -> Self {
        Self(crypto::token())
    }

    /// The one that the browser sent, if it looks like one of ours: in its cookie, or, for a page that has none here,
    /// in a header.
    pub fn of(request: &HttpRequest, config: &Config) -> Option<Self> {
        let value = if is_cookieless(request) {
            header(request, paths::header::CART)?.to_owned()
        } else {
            cookies::value(request, config, COOKIE)?
        };
        crypto::is_token(&value).then_some(Self(value))
    }

    /// What the database knows of it.
    pub fn hash(&self) -> String {
        crypto::fingerprint(&self.0)
    }

    /// For the browser to keep, in a cookie or, for a page that has none here, in a header.
    pub fn hand_out(&self, response: &mut HttpResponseBuilder, to: &Visitor, config: &Config) {
        if to.is_cookieless() {
            response.insert_header((paths::header::CART, self.0.as_str()));
        } else {
            let mut cookie = cookies::strict(config, COOKIE, self.0.clone());
            cookie.set_max_age(LIFETIME);
            response.cookie(cookie);
        }
    }
}

pub fn cookie_name(config: &Config) -> String {
    cookies::name(config, COOKIE)
}

/// Makes the browser forget its cart.
pub fn removal_cookie(config: &Config) -> Cookie<'static> {
    cookies::removal(config, COOKIE)
}
