//! A typed client of `shared::paths`: JSON in, JSON or a problem out.

mod error;
mod remembered;

pub use error::ApiError;
pub use remembered::{get_remembered, prefetch};

use gloo_net::http::{Method, RequestBuilder, Response};
use serde::{Serialize, de::DeserializeOwned};
use shared::paths::header;

type Headers<'a> = &'a [(&'a str, &'a str)];

const CSRF: (&str, &str) = (header::CSRF, "1");

pub async fn get<T: DeserializeOwned>(path: &str) -> Result<T, ApiError> {
    parse(&get_text(path, &[]).await?)
}

/// A GET that no person caused (refresh, polling): it does not slide the session.
pub async fn get_in_background<T: DeserializeOwned>(path: &str) -> Result<T, ApiError> {
    parse(&get_text(path, &[(header::BACKGROUND, "1")]).await?)
}

pub async fn post<T: DeserializeOwned>(path: &str, body: &impl Serialize) -> Result<T, ApiError> {
    send(Method::POST, path, body, &[CSRF]).await
}

pub async fn put<T: DeserializeOwned>(path: &str, body: &impl Serialize) -> Result<T, ApiError> {
    send(Method::PUT, path, body, &[CSRF]).await
}

/// A POST whose repetition is recognised by `key`: pressed twice or retried, it happens once.
pub async fn post_once<T: DeserializeOwned>(
    path: &str,
    body: &impl Serialize,
    key: &str,
) -> Result<T, ApiError> {
    let headers = [CSRF, (header::IDEMPOTENCY_KEY, key)];
    send(Method::POST, path, body, &headers).await
}

pub async fn delete<T: DeserializeOwned>(path: &str) -> Result<T, ApiError> {
    let response = request(Method::DELETE, path, &[CSRF]).send().await;
    parse(&read(response).await?)
}

async fn get_text(path: &str, headers: Headers<'_>) -> Result<String, ApiError> {
    read(request(Method::GET, path, headers).send().await).await
}

async fn send<T: DeserializeOwned>(
    method: Method,
    path: &str,
    body: &impl Serialize,
    headers: Headers<'_>,
) -> Result<T, ApiError> {
    let json = serde_json::to_string(body).map_err(|_| ApiError::unreadable())?;
    let request = request(method, path, headers)
        .header("Content-Type", "application/json")
        .body(json)
        .map_err(|_| ApiError::Offline)?;
    parse(&read(request.send().await).await?)
}

fn request(method: Method, path: &str, headers: Headers) -> RequestBuilder {
    let request = RequestBuilder::new(path)
        .method(method)
        .header("Accept", "application/json, application/problem+json");
    headers.iter().fold(request, |request, (name, value)| {
        request.header(name, value)
    })
}

async fn read(response: Result<Response, gloo_net::Error>) -> Result<String, ApiError> {
    let response = response.map_err(|_| ApiError::Offline)?;
    let text = response.text().await.map_err(|_| ApiError::Offline)?;
    if response.ok() {
        Ok(text)
    } else {
        Err(ApiError::from_answer(response.status(), &text))
    }
}

/// An empty answer (204) reads as `()`.
fn parse<T: DeserializeOwned>(text: &str) -> Result<T, ApiError> {
    let text = if text.is_empty() { "null" } else { text };
    serde_json::from_str(text).map_err(|_| ApiError::unreadable())
}
