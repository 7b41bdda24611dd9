//! Cross-site request forgery: a request that changes something needs more than a cookie.
//!
//! It carries `X-Storezero-CSRF: 1`, which no form can send and no other origin's script may without a
//! CORS answer, which only the origins of the settings get; and where the browser says which site it comes from,
//! that is ours. A page of those origins brings no cookie that could be abused.

use super::{cookieless::is_from_listed_origin, header};
use crate::{Config, Error, Result};
use actix_web::{
    HttpRequest, ResponseError as _,
    body::MessageBody,
    dev::{ServiceRequest, ServiceResponse},
    http::header::COOKIE,
    middleware::Next,
    web::Data,
};
use shared::{
    paths::{auth, header::CSRF},
    problem::{Problem, kinds},
};

/// Called by the IdP, with a signed token and without cookies.
const EXEMPT: [&str; 1] = [auth::BACKCHANNEL_LOGOUT];

pub async fn protect(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse, actix_web::Error> {
    if request.method().is_safe() || EXEMPT.contains(&request.path()) {
        return Ok(next.call(request).await?.map_into_boxed_body());
    }
    match check(request.request()) {
        Ok(()) => Ok(next.call(request).await?.map_into_boxed_body()),
        Err(refused) => Ok(request.into_response(refused.error_response())),
    }
}

fn check(request: &HttpRequest) -> Result<()> {
    let sent = |name| header(request, name);
    if sent(CSRF) != Some("1") {
        return refuse(&format!("This request changes something and needs the header {CSRF}: 1."));
    }
    if is_from_listed_origin(request) && !request.headers().contains_key(COOKIE) {
        return Ok(());
    }
    if sent("Sec-Fetch-Site").is_some_and(|site| !matches!(site, "same-origin" | "none")) {
        return refuse("This request comes from another site.");
    }
    let own = request.app_data::<Data<Config>>().map(|config| config.origin());
    if sent("Origin").is_some_and(|origin| own.as_deref() != Some(origin)) {
        return refuse("This request comes from another origin.");
    }
    Ok(())
}

fn refuse(detail: &str) -> Result<()> {
    let problem = Problem::new(kinds::CSRF, "Request refused", 403, detail);
    Err(Error::from(problem))
}
