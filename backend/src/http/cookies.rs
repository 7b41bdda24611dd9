//! The shop's cookies: `HttpOnly`, and named so that a browser takes them from the shop alone.
//!
//! `__Host-` makes the browser refuse a cookie from a subdomain or without `Secure` (RFC 6265bis §4.1.3). Plain
//! http has no such defence: another program on the same host can plant a cookie there (cookie tossing).

use crate::Config;
use actix_web::{
    HttpRequest,
    cookie::{Cookie, SameSite},
};

/// The name that the browser knows the cookie by.
pub fn name(config: &Config, base: &str) -> String {
    if config.is_https() { format!("__Host-{base}") } else { base.to_owned() }
}

/// For the whole shop, and for requests of its own pages alone. It ends with the browser unless it is given a Max-Age.
pub fn strict(config: &Config, base: &str, value: impl Into<String>) -> Cookie<'static> {
    Cookie::build(name(config, base), value.into())
        .path("/")
        .http_only(true)
        .secure(config.is_https())
        .same_site(SameSite::Strict)
        .finish()
}

/// Makes the browser forget the cookie.
pub fn removal(config: &Config, base: &str) -> Cookie<'static> {
    let mut cookie = strict(config, base, "");
    cookie.make_removal();
    cookie
}

/// What the browser sent.
pub fn value(request: &HttpRequest, config: &Config, base: &str) -> Option<String> {
    let cookie = request.cookie(&name(config, base))?;
    Some(cookie.value().to_owned())
}

/// Which of the shop's own cookies the browser sent, by name.
pub fn own_names(request: &HttpRequest, config: &Config) -> Vec<String> {
    let ours = name(config, "storezero");
    let sent = request.cookies();
    let names = sent.iter().flat_map(|cookies| cookies.iter().map(Cookie::name));
    names.filter(|name| name.starts_with(&ours)).map(str::to_owned).collect()
}
