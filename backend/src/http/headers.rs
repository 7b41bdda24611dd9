//! Headers that every answer carries.

use crate::Config;
use actix_web::{
    Error,
    body::MessageBody,
    dev::{ServiceRequest, ServiceResponse},
    http::header::{CACHE_CONTROL, HeaderValue, SET_COOKIE, VARY},
    middleware::{DefaultHeaders, Next},
};

/// No inline script, no inline style, nothing from elsewhere. `wasm-unsafe-eval` compiles WebAssembly and
/// evaluates no text.
const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; \
    style-src 'self'; img-src 'self' data:; font-src 'self'; manifest-src 'self'; \
    base-uri 'none'; frame-ancestors 'none'";

/// The shop's own.
pub fn security(config: &Config) -> DefaultHeaders {
    let issuer = url::Url::parse(&config.oidc.issuer).map(|url| url.origin().ascii_serialization());
    // A silent login's hidden frame passes through the IdP.
    let headers = of_pages("'self'", &format!("'self' {}", issuer.unwrap_or_default()), "'self'");
    if config.is_https() {
        headers.add(("Strict-Transport-Security", "max-age=63072000; includeSubDomains"))
    } else {
        headers
    }
}

/// Those of any server of our pages: which origins a page may ask, hold in a frame, and send a form to.
pub fn of_pages(connect: &str, frames: &str, forms: &str) -> DefaultHeaders {
    let policy = format!(
        "{CONTENT_SECURITY_POLICY}; connect-src {connect}; frame-src {frames}; form-action {forms}"
    );
    DefaultHeaders::new()
        .add(("Content-Security-Policy", policy))
        .add(("X-Content-Type-Options", "nosniff"))
        .add(("Referrer-Policy", "strict-origin-when-cross-origin"))
        .add(("Cross-Origin-Opener-Policy", "same-origin"))
        .add(("Cross-Origin-Resource-Policy", "same-origin"))
        .add(("Permissions-Policy", "camera=(), microphone=(), geolocation=(), payment=()"))
}

/// Middleware: what depends on who asks is kept by no cache, unless a handler says otherwise; an answer with a cookie is
/// kept by none in any case.
pub async fn private(
    request: ServiceRequest,
    next: Next<impl MessageBody>,
) -> Result<ServiceResponse<impl MessageBody>, Error> {
    let mut response = next.call(request).await?;
    let headers = response.headers_mut();
    if !headers.contains_key(CACHE_CONTROL) || headers.contains_key(SET_COOKIE) {
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
    let is_private = headers.get(CACHE_CONTROL).is_some_and(|value| value == "no-store");
    if is_private {
        headers.append(VARY, HeaderValue::from_static("Cookie"));
    }
    Ok(response)
}
