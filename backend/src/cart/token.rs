//! The token that a guest's browser keeps its cart by, and its cookie.

use crate::{Config, crypto, http::cookies};
use actix_web::{
    HttpRequest,
    cookie::{Cookie, time::Duration},
};

const COOKIE: &str = "storezero-cart";
/// How long a guest's cart and its cookie are kept after the last line item was added.
pub(super) const LIFETIME: Duration = Duration::days(30);

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

    /// The one that the browser sent, if it looks like one of ours.
    pub fn of(request: &HttpRequest, config: &Config) -> Option<Self> {
        let value = cookies::value(request, config, COOKIE)?;
        let is_token = value.len() == 43
            && value.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_');
        is_token.then_some(Self(value))
    }

    /// What the database knows of it.
    pub fn hash(&self) -> String {
        crypto::fingerprint(&self.0)
    }

    pub(super) fn cookie(&self, config: &Config) -> Cookie<'static> {
        let mut cookie = cookies::strict(config, COOKIE, self.0.clone());
        cookie.set_max_age(LIFETIME);
        cookie
    }
}

/// Makes the browser forget its cart.
pub fn removal_cookie(config: &Config) -> Cookie<'static> {
    cookies::removal(config, COOKIE)
}
