//! HTTP to the IdP: ten seconds, one megabyte, no redirects. A provider that is slow, endless or sends
//! the shop elsewhere must cost no more than that.

use openidconnect::{HttpRequest, HttpResponse};
use reqwest::redirect::Policy;
use std::time::Duration;

const TIME_OUT: Duration = Duration::from_secs(10);
const LARGEST_BODY: usize = 1_000_000;

#[derive(Debug)]
pub enum HttpError {
    Request(reqwest::Error),
    TooLarge,
    Response(openidconnect::http::Error),
}

impl std::fmt::Display for HttpError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Request(error) if error.is_timeout() => f.write_str("no answer in time"),
            Self::Request(error) if error.is_connect() => f.write_str("no connection"),
            Self::Request(_) => f.write_str("the request failed"),
            Self::TooLarge => write!(f, "the answer is larger than {LARGEST_BODY} bytes"),
            Self::Response(error) => write!(f, "the answer is no HTTP: {error}"),
        }
    }
}

impl std::error::Error for HttpError {}

pub(super) fn client() -> reqwest::Result<reqwest::Client> {
    reqwest::Client::builder()
        .timeout(TIME_OUT)
        .redirect(Policy::none())
        .user_agent(concat!("storezero/", env!("CARGO_PKG_VERSION")))
        .build()
}

/// One request, in the form that openidconnect calls.
pub(super) async fn send(
    client: reqwest::Client,
    request: HttpRequest,
) -> Result<HttpResponse, HttpError> {
    let request = request.try_into().map_err(HttpError::Request)?;
    let mut response = client.execute(request).await.map_err(HttpError::Request)?;
    let mut answer = openidconnect::http::Response::builder().status(response.status());
    for (name, value) in response.headers() {
        answer = answer.header(name, value);
    }
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(HttpError::Request)? {
        if body.len() + chunk.len() > LARGEST_BODY {
            return Err(HttpError::TooLarge);
        }
        body.extend_from_slice(&chunk);
    }
    answer.body(body).map_err(HttpError::Response)
}
