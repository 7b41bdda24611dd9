//! The session's cookie: `HttpOnly`, `SameSite=Strict`, gone with the browser unless it is kept.

use super::{SessionRow, store::Store};
use crate::{Config, db, http::cookies};
use actix_session::{
    SessionMiddleware,
    config::{BrowserSession, CookieContentSecurity},
};
use actix_web::{
    Error, HttpMessage as _, HttpRequest,
    body::MessageBody,
    cookie::{Cookie, Key, SameSite, time::Duration},
    dev::{ServiceRequest, ServiceResponse},
    http::header::{HeaderValue, SET_COOKIE},
    middleware::Next,
};

const COOKIE: &str = "storezero";

pub fn cookie_name(config: &Config) -> String {
    cookies::name(config, COOKIE)
}

/// actix-session, which signs the cookie. Strict works since no page needs the cookie to load: the page is the
/// same for everybody, and its own requests come from the same site.
pub fn middleware(config: &Config) -> SessionMiddleware<Store> {
    let key = Key::derive_from(&config.secret_key.derive("session cookie"));
    SessionMiddleware::builder(Store, key)
        .cookie_name(cookie_name(config))
        .cookie_content_security(CookieContentSecurity::Signed)
        .cookie_secure(config.is_https())
        .cookie_http_only(true)
        .cookie_same_site(SameSite::Strict)
        .cookie_path("/".to_owned())
        .session_lifecycle(BrowserSession::default())
        .build()
}

/// How long the cookie that this answer sets shall live. actix-session knows one Max-Age for the whole
/// application, but the two kinds of session live side by side.
struct MaxAge(Duration);

pub(super) fn persist(request: &HttpRequest, row: &SessionRow) {
    if row.persistent {
        let left = row.absolute_deadline.saturating_sub(db::now());
        request.extensions_mut().insert(MaxAge(Duration::milliseconds(left)));
    }
}

/// Middleware outside actix-session's: gives the cookie of a kept session its Max-Age.
pub async fn persistence(
    request: ServiceRequest,
    next: Next<impl MessageBody>,
) -> Result<ServiceResponse<impl MessageBody>, Error> {
    let mut response = next.call(request).await?;
    let max_age = response.request().extensions_mut().remove::<MaxAge>();
    let Some(MaxAge(max_age)) = max_age else {
        return Ok(response);
    };
    let headers = response.headers_mut();
    let cookies: Vec<HeaderValue> = headers.get_all(SET_COOKIE).cloned().collect();
    headers.remove(SET_COOKIE);
    for header in cookies {
        headers.append(SET_COOKIE, with_max_age(&header, max_age).unwrap_or(header));
    }
    Ok(response)
}

/// The header with a Max-Age, when it sets the session's cookie.
fn with_max_age(header: &HeaderValue, max_age: Duration) -> Option<HeaderValue> {
    let mut cookie = Cookie::parse(header.to_str().ok()?.to_owned()).ok()?;
    let is_session = cookie.name().strip_prefix("__Host-").unwrap_or(cookie.name()) == COOKIE;
    if !is_session || cookie.max_age().is_some() {
        return None;
    }
    cookie.set_max_age(max_age);
    HeaderValue::from_str(&cookie.to_string()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_sessions_cookie_is_made_to_last() {
        let session =
            HeaderValue::from_static("storezero=abc%3D; HttpOnly; SameSite=Strict; Path=/");
        let kept = with_max_age(&session, Duration::days(7)).unwrap();
        let kept = kept.to_str().unwrap();
        assert!(kept.starts_with("storezero=abc%3D;"), "{kept}");
        assert!(kept.contains("Max-Age=604800"), "{kept}");
        assert!(kept.contains("HttpOnly"), "{kept}");
        let other = HeaderValue::from_static("storezero-cart=abc; Path=/");
        assert_eq!(with_max_age(&other, Duration::days(7)), None);
    }
}
