//! The token that a guest's browser keeps its cart by, and its cookie.

use crate::{Config, crypto};
use actix_web::{
    HttpRequest,
    cookie::{Cookie, SameSite, time::Duration},
};

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
        let cookie = request.cookie(cookie_name(config))?;
        let value = cookie.value();
        let is_token = value.len() == 43
            && value
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_');
        is_token.then(|| Self(value.to_owned()))
    }

    /// What the database knows of it.
    pub fn hash(&self) -> String {
        crypto::fingerprint(&self.0)
    }

    pub(super) fn cookie(&self, config: &Config) -> Cookie<'static> {
        let mut cookie = cookie(config, self.0.clone());
        cookie.set_max_age(LIFETIME);
        cookie
    }
}

/// `__Host-` makes the browser refuse the cookie from a subdomain or without `Secure`; plain http has no
/// such defence.
pub fn cookie_name(config: &Config) -> &'static str {
    if config.is_https() {
        "__Host-storezero-cart"
    } else {
        "storezero-cart"
    }
}

/// Makes the browser forget its cart.
pub fn removal_cookie(config: &Config) -> Cookie<'static> {
    let mut cookie = cookie(config, String::new());
    cookie.make_removal();
    cookie
}

fn cookie(config: &Config, value: String) -> Cookie<'static> {
    Cookie::build(cookie_name(config), value)
        .path("/")
        .http_only(true)
        .secure(config.is_https())
        .same_site(SameSite::Strict)
        .finish()
}
