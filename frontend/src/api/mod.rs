//! A typed client of `shared::paths`: JSON in, JSON or a problem out.

mod cache;
#[cfg(feature = "implicit")]
mod credentials;
mod error;
pub mod json;
mod latest;
mod request;

#[cfg(feature = "bff")]
pub use cache::take_first_answers;
pub use cache::{get_cached, prefetch};
#[cfg(feature = "implicit")]
pub use credentials::{
    connect, drop_access_token, forget_guest_cart, has_answered_to_token, has_guest_cart,
    on_refused_token, set_access_token, settle,
};
pub use error::{ApiError, Problem};
pub use latest::{Latest, Turn};

use request::request;
use serde::{Serialize, de::DeserializeOwned};
use shared::paths::header;

type Header<'a> = (&'a str, &'a str);

const CSRF: Header = (header::CSRF, "1");
/// No person caused the request (refresh, polling): it does not slide the session.
const BACKGROUND: Header = (header::BACKGROUND, "1");

pub async fn get<T: DeserializeOwned>(path: &str) -> Result<T, ApiError> {
    parse(&get_text(path).await?)
}

/// A GET whose answer is handed on as it is.
pub async fn get_text(path: &str) -> Result<String, ApiError> {
    send("GET", path, &[], None).await
}

pub async fn get_in_background<T: DeserializeOwned>(path: &str) -> Result<T, ApiError> {
    parse(&send("GET", path, &[BACKGROUND], None).await?)
}

pub async fn post<T: DeserializeOwned>(path: &str, body: &impl Serialize) -> Result<T, ApiError> {
    send_json("POST", path, &[CSRF], body).await
}

pub async fn post_in_background<T: DeserializeOwned>(
    path: &str,
    body: &impl Serialize,
) -> Result<T, ApiError> {
    send_json("POST", path, &[CSRF, BACKGROUND], body).await
}

/// A POST whose repetition is recognised by `key`: pressed twice or retried, it happens once.
pub async fn post_once<T: DeserializeOwned>(
    path: &str,
    body: &impl Serialize,
    key: &str,
) -> Result<T, ApiError> {
    send_json("POST", path, &[CSRF, (header::IDEMPOTENCY_KEY, key)], body).await
}

pub async fn put<T: DeserializeOwned>(path: &str, body: &impl Serialize) -> Result<T, ApiError> {
    send_json("PUT", path, &[CSRF], body).await
}

pub async fn delete<T: DeserializeOwned>(path: &str) -> Result<T, ApiError> {
    parse(&send("DELETE", path, &[CSRF], None).await?)
}

/// Where a path of the shop's backend is, for a link: on this origin, or, in the build without a backend, on its own.
#[cfg(feature = "bff")]
pub fn address_of(path: &str) -> String {
    path.to_owned()
}

#[cfg(feature = "implicit")]
pub use credentials::address_of;

async fn send_json<T: DeserializeOwned>(
    method: &str,
    path: &str,
    headers: &[Header<'_>],
    body: &impl Serialize,
) -> Result<T, ApiError> {
    let json = json::write(body).ok_or_else(ApiError::unreadable)?;
    parse(&send(method, path, headers, Some(&json)).await?)
}

async fn send(
    method: &str,
    path: &str,
    headers: &[Header<'_>],
    body: Option<&str>,
) -> Result<String, ApiError> {
    let answer = request(method, path, headers, body).await;
    #[cfg(feature = "implicit")]
    let answer = match answer {
        Ok(answer) if may_be_sent_again(&answer).await => {
            request(method, path, headers, body).await
        }
        answer => answer,
    };
    let answer = answer.map_err(|_| ApiError::Offline)?;
    if (200..300).contains(&answer.status) {
        Ok(answer.text)
    } else {
        Err(ApiError::from_answer(answer.status, &answer.text))
    }
}

/// Whether the token was refused (RFC 6750 §3.1: then the request was not looked at any further), and there is another.
#[cfg(feature = "implicit")]
async fn may_be_sent_again(answer: &request::HttpAnswer) -> bool {
    let is_refused = answer.status == 401
        && ApiError::from_answer(answer.status, &answer.text)
            .is(shared::problem::kinds::INVALID_TOKEN);
    match &answer.token {
        Some(token) if is_refused => credentials::is_renewed(token).await,
        _ => false,
    }
}

/// An empty answer (204) reads as `()`.
fn parse<T: DeserializeOwned>(text: &str) -> Result<T, ApiError> {
    let text = if text.is_empty() { "null" } else { text };
    json::read(text).ok_or_else(ApiError::unreadable)
}
