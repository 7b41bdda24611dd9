//! A cookie that remembers, until the browser closes, that somebody signed out here: nobody is then offered to
//! continue as the person who just left.

use crate::Config;
use actix_web::{
    HttpRequest,
    cookie::{Cookie, SameSite, time::Duration},
};

fn name(config: &Config) -> &'static str {
    if config.is_https() {
        "__Host-storezero-signed-out"
    } else {
        "storezero-signed-out"
    }
}

pub fn cookie(config: &Config) -> Cookie<'static> {
    Cookie::build(name(config), "1")
        .path("/")
        .http_only(true)
        .secure(config.is_https())
        .same_site(SameSite::Strict)
        .finish()
}

/// At a login.
pub fn removal_cookie(config: &Config) -> Cookie<'static> {
    let mut cookie = cookie(config);
    cookie.set_value("");
    cookie.set_max_age(Duration::ZERO);
    cookie
}

pub(super) fn is_set(request: &HttpRequest, config: &Config) -> bool {
    request.cookie(name(config)).is_some()
}
