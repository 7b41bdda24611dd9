//! What binds logins in flight to the browser that began them: one cookie with a random value, however many tabs
//! sign in at once. Somebody else's answer in this browser (login CSRF) finds no attempt that is bound to it.

use super::attempt;
use crate::{Config, crypto, http::cookies};
use actix_web::{
    HttpRequest,
    cookie::{Cookie, SameSite, time::Duration},
};

const COOKIE: &str = "storezero-attempt";

/// What this browser's attempts are bound by. A value that is none of ours binds nothing.
pub fn of(config: &Config, request: &HttpRequest) -> Option<String> {
    cookies::value(request, config, COOKIE).filter(|value| crypto::is_token(value))
}

/// Lax, since the callback is a navigation from the IdP's site, which carries no Strict cookie. It lives as long as
/// the attempt that began last.
pub(super) fn cookie(config: &Config, binding: String) -> Cookie<'static> {
    let mut cookie = lax(config, binding);
    cookie.set_max_age(Duration::milliseconds(attempt::LIVES));
    cookie
}

pub(super) fn removal_cookie(config: &Config) -> Cookie<'static> {
    let mut cookie = lax(config, String::new());
    cookie.make_removal();
    cookie
}

fn lax(config: &Config, binding: String) -> Cookie<'static> {
    let mut cookie = cookies::strict(config, COOKIE, binding);
    cookie.set_same_site(SameSite::Lax);
    cookie
}
