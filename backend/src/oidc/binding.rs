//! What binds a login in flight to the browser that began it: a cookie with a random value, one for each attempt.
//! Somebody else's answer in this browser (login CSRF) finds no cookie that fits.
//!
//! One cookie for all of a browser's attempts would not do. Two that begin in the same moment, tabs that are restored or a
//! click while the page asks silently, know nothing of each other's, and of two values the browser keeps the one that
//! arrives last; and the end of one attempt would take the cookie from one that has just begun.

use super::attempt;
use crate::{Config, crypto, http::cookies};
use actix_web::{
    HttpRequest,
    cookie::{Cookie, SameSite, time::Duration},
};

/// The beginning of the cookies' names.
const COOKIES: &str = "storezero-attempt-";
/// So many digits of the hash of `state` follow: enough to tell the attempts of one browser apart.
const DIGITS: usize = 8;
/// So many logins may be in flight in one browser. Together their cookies stay below the 4 KB that servers take at least.
const MOST: usize = 40;

/// What binds the attempt of this `state`, by its hash. A value that is none of ours binds nothing.
pub(super) fn of(config: &Config, request: &HttpRequest, state_hash: &str) -> Option<String> {
    cookies::value(request, config, &name(state_hash)).filter(|value| crypto::is_token(value))
}

/// Lax, since the callback is a navigation from the IdP's site, which carries no Strict cookie. It lives as long as
/// the attempt.
pub(super) fn cookie(config: &Config, state_hash: &str, binding: String) -> Cookie<'static> {
    let mut cookie = lax(config, &name(state_hash), binding);
    cookie.set_max_age(Duration::milliseconds(attempt::LIVES));
    cookie
}

pub(super) fn removal_cookie(config: &Config, state_hash: &str) -> Cookie<'static> {
    removal(config, &name(state_hash))
}

/// Removes what stands in the way of one more: those that came first in the request, which are the oldest
/// (RFC 6265bis §5.8.3).
pub fn make_room(config: &Config, request: &HttpRequest) -> Vec<Cookie<'static>> {
    let ours = cookies::name(config, COOKIES);
    let sent = request.cookies();
    let names: Vec<String> = sent
        .iter()
        .flat_map(|cookies| cookies.iter())
        .filter_map(|cookie| Some(format!("{COOKIES}{}", cookie.name().strip_prefix(&ours)?)))
        .collect();
    let surplus = (names.len() + 1).saturating_sub(MOST);
    names.iter().take(surplus).map(|name| removal(config, name)).collect()
}

fn name(state_hash: &str) -> String {
    format!("{COOKIES}{}", &state_hash[..DIGITS])
}

fn removal(config: &Config, name: &str) -> Cookie<'static> {
    let mut cookie = lax(config, name, String::new());
    cookie.make_removal();
    cookie
}

fn lax(config: &Config, name: &str, binding: String) -> Cookie<'static> {
    let mut cookie = cookies::strict(config, name, binding);
    cookie.set_same_site(SameSite::Lax);
    cookie
}
