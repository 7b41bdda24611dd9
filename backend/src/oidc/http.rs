//! HTTP to the IdP: ten seconds, one megabyte, no redirects. A provider that is slow, endless or sends
//! the shop elsewhere must cost no more than that.

use openidconnect::{HttpRequest, HttpResponse};
use reqwest::{
    dns::{Addrs, Name, Resolve, Resolving},
    redirect::Policy,
};
use std::{
    net::{Ipv4Addr, Ipv6Addr, SocketAddr, ToSocketAddrs as _},
    sync::Arc,
    time::Duration,
};
use tokio::task::spawn_blocking;

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
        .dns_resolver(Arc::new(Resolver))
        .user_agent(concat!("storezero/", env!("CARGO_PKG_VERSION")))
        .build()
}

/// The system's, except that names below `.localhost` are this machine (RFC 6761 §6.3): browsers know that, not every
/// system does, and to a browser such names are sites of their own.
struct Resolver;

impl Resolve for Resolver {
    fn resolve(&self, name: Name) -> Resolving {
        Box::pin(async move {
            if is_below_localhost(name.as_str()) {
                // The port is the URL's.
                let loopback: [SocketAddr; 2] =
                    [(Ipv4Addr::LOCALHOST, 0).into(), (Ipv6Addr::LOCALHOST, 0).into()];
                return Ok(Box::new(loopback.into_iter()) as Addrs);
            }
            let ask_the_system = move || (name.as_str(), 0).to_socket_addrs();
            Ok(Box::new(spawn_blocking(ask_the_system).await??) as Addrs)
        })
    }
}

fn is_below_localhost(name: &str) -> bool {
    name.trim_end_matches('.').ends_with(".localhost")
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

#[cfg(test)]
mod tests {
    use super::*;

    async fn addresses(name: &str) -> Option<Vec<String>> {
        let addresses = Resolver.resolve(name.parse().unwrap()).await.ok()?;
        Some(addresses.map(|address| address.ip().to_string()).collect())
    }

    #[tokio::test]
    async fn names_below_localhost_are_this_machine() {
        for name in ["id.peakcommerce.localhost", "shop.localhost", "shop.localhost."] {
            assert_eq!(addresses(name).await.unwrap(), ["127.0.0.1", "::1"], "{name}");
        }
    }

    #[tokio::test]
    async fn other_names_are_what_the_system_says() {
        assert!(addresses("localhost").await.unwrap().contains(&"127.0.0.1".to_owned()));
        for name in ["localhost", "notlocalhost", "shop.localhost.example"] {
            assert!(!is_below_localhost(name), "{name}");
        }
    }
}
