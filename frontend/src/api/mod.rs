//! A typed client of `shared::paths`: JSON in, JSON or a problem out.

mod error;

pub use error::ApiError;

use gloo_net::http::{Method, RequestBuilder, Response};
use serde::{Serialize, de::DeserializeOwned};
use shared::paths::header;

pub async fn get<T: DeserializeOwned>(path: &str) -> Result<T, ApiError> {
    let response = request(Method::GET, path).send().await;
    read(response).await
}

/// A GET that no person caused (prefetch, refresh): it does not slide the session.
pub async fn get_in_background<T: DeserializeOwned>(path: &str) -> Result<T, ApiError> {
    let request = request(Method::GET, path).header(header::BACKGROUND, "1");
    read(request.send().await).await
}

pub async fn post<T: DeserializeOwned>(path: &str, body: &impl Serialize) -> Result<T, ApiError> {
    send(Method::POST, path, body, &[]).await
}

pub async fn put<T: DeserializeOwned>(path: &str, body: &impl Serialize) -> Result<T, ApiError> {
    send(Method::PUT, path, body, &[]).await
}

/// A POST whose repetition is recognised by `key`: pressed twice or retried, it happens once.
pub async fn post_once<T: DeserializeOwned>(
    path: &str,
    body: &impl Serialize,
    key: &str,
) -> Result<T, ApiError> {
    send(Method::POST, path, body, &[(header::IDEMPOTENCY_KEY, key)]).await
}

pub async fn delete<T: DeserializeOwned>(path: &str) -> Result<T, ApiError> {
    let request = request(Method::DELETE, path).header(header::CSRF, "1");
    read(request.send().await).await
}

async fn send<T: DeserializeOwned>(
    method: Method,
    path: &str,
    body: &impl Serialize,
    headers: &[(&str, &str)],
) -> Result<T, ApiError> {
    let mut request = request(method, path).header(header::CSRF, "1");
    for (name, value) in headers {
        request = request.header(name, value);
    }
    let json = serde_json::to_string(body).map_err(|_| ApiError::unreadable())?;
    let request = request
        .header("Content-Type", "application/json")
        .body(json)
        .map_err(|_| ApiError::Offline)?;
    read(request.send().await).await
}

fn request(method: Method, path: &str) -> RequestBuilder {
    RequestBuilder::new(path)
        .method(method)
        .header("Accept", "application/json, application/problem+json")
}

/// An empty answer (204) reads as `()`.
async fn read<T: DeserializeOwned>(
    response: Result<Response, gloo_net::Error>,
) -> Result<T, ApiError> {
    let response = response.map_err(|_| ApiError::Offline)?;
    let text = response.text().await.map_err(|_| ApiError::Offline)?;
    if !response.ok() {
        return Err(ApiError::from_answer(response.status(), &text));
    }
    let text = if text.is_empty() { "null" } else { &text };
    serde_json::from_str(text).map_err(|_| ApiError::unreadable())
}
