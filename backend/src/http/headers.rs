//! Headers that every answer carries.

use crate::Config;
use actix_web::{
    Error,
    body::MessageBody,
    dev::{ServiceRequest, ServiceResponse},
    http::header::{CACHE_CONTROL, HeaderValue, VARY},
    middleware::{DefaultHeaders, Next},
};

/// No inline script, no inline style, nothing from elsewhere. `wasm-unsafe-eval` compiles WebAssembly and
/// evaluates no text.
const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; \
    style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; manifest-src 'self'; \
    form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// A silent login's hidden frame passes through the IdP.
fn content_security_policy(config: &Config) -> String {
    let issuer = url::Url::parse(&config.oidc.issuer).map(|url| url.origin().ascii_serialization());
    let issuer = issuer.unwrap_or_default();
    format!("{CONTENT_SECURITY_POLICY}; frame-src 'self' {issuer}")
}

pub fn security(config: &Config) -> DefaultHeaders {
    let headers = DefaultHeaders::new()
        .add(("Content-Security-Policy", content_security_policy(config)))
        .add(("X-Content-Type-Options", "nosniff"))
        .add(("Referrer-Policy", "strict-origin-when-cross-origin"))
        .add(("Cross-Origin-Opener-Policy", "same-origin"))
        .add(("Cross-Origin-Resource-Policy", "same-origin"))
        .add(("Permissions-Policy", "camera=(), microphone=(), geolocation=(), payment=()"));
    if config.is_https() {
        headers.add(("Strict-Transport-Security", "max-age=63072000; includeSubDomains"))
    } else {
        headers
    }
}

/// Middleware: what depends on who asks is kept by no cache, unless a handler says otherwise.
pub async fn private(
    request: ServiceRequest,
    next: Next<impl MessageBody>,
) -> Result<ServiceResponse<impl MessageBody>, Error> {
    let mut response = next.call(request).await?;
    let headers = response.headers_mut();
    if !headers.contains_key(CACHE_CONTROL) {
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
    headers.append(VARY, HeaderValue::from_static("Cookie"));
    Ok(response)
}
