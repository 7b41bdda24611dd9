//! What every request passes through, and what operators ask for.

pub mod body;
pub mod cookie_header;
pub mod cookieless;
pub mod cookies;
pub mod cors;
pub mod csrf;
pub mod escape;
pub mod fetch_metadata;
pub mod headers;
pub mod health;
pub mod in_flight;
pub mod input;
pub mod limits;
pub mod own_host;
pub mod plain_page;
pub mod problems;
pub mod representation;
mod sender;
pub mod site;
pub mod telemetry;

pub use input::{Json, Query};

use actix_web::{
    HttpRequest, HttpResponse,
    http::header::{CACHE_CONTROL, LOCATION},
};

/// 303: whatever the method was, the browser goes on with GET. Never stored: each redirect is of its moment.
pub fn see_other(location: &str) -> HttpResponse {
    HttpResponse::SeeOther()
        .insert_header((LOCATION, location))
        .insert_header((CACHE_CONTROL, "no-store"))
        .finish()
}

/// A header's value; `None` too where it is no visible ASCII.
pub fn header(request: &HttpRequest, name: impl AsRef<str>) -> Option<&str> {
    request.headers().get(name.as_ref())?.to_str().ok()
}
