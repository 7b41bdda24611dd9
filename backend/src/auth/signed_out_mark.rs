//! A cookie that remembers, until the browser closes, that somebody signed out here: nobody is then offered to
//! continue as the person who just left.

use crate::{Config, http::cookies};
use actix_web::{HttpRequest, cookie::Cookie};

const COOKIE: &str = "storezero-signed-out";

pub fn cookie(config: &Config) -> Cookie<'static> {
    cookies::strict(config, COOKIE, "1")
}

/// At a login.
pub fn removal_cookie(config: &Config) -> Cookie<'static> {
    cookies::removal(config, COOKIE)
}

pub fn is_set(request: &HttpRequest, config: &Config) -> bool {
    cookies::value(request, config, COOKIE).is_some()
}
