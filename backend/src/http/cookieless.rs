//! Requests that no cookie speaks for: those with an access token, and those of a page that another origin serves.
//! The API alone takes them.

use super::header;
use crate::Config;
use actix_web::{HttpRequest, http::header::AUTHORIZATION, web::Data};
use shared::paths::is_of_api;

/// What `Authorization` says (RFC 6750 §2.1).
#[derive(Debug, PartialEq, Eq)]
pub enum Authorization<'a> {
    /// Nothing, or something in a scheme that is not ours.
    None,
    /// Its token looks like one.
    Bearer(&'a str),
    /// Several headers, or no token after the scheme (RFC 6750 §3.1, `invalid_request`).
    Malformed,
}

impl<'a> Authorization<'a> {
    pub fn of(request: &'a HttpRequest) -> Self {
        let mut values = request.headers().get_all(AUTHORIZATION);
        match (values.next(), values.next()) {
            (None, _) => Self::None,
            (Some(value), None) => Self::parse(value.as_bytes()),
            (Some(_), Some(_)) => Self::Malformed,
        }
    }

    fn parse(value: &'a [u8]) -> Self {
        let (scheme, token) = value.split_at(value.iter().take_while(|b| **b != b' ').count());
        if !scheme.eq_ignore_ascii_case(b"Bearer") {
            return Self::None;
        }
        let token = std::str::from_utf8(token).unwrap_or_default().trim_matches(' ');
        if is_b64token(token) { Self::Bearer(token) } else { Self::Malformed }
    }
}

/// RFC 6750 §2.1.
fn is_b64token(text: &str) -> bool {
    let unpadded = text.trim_end_matches('=');
    let belongs = |b: u8| b.is_ascii_alphanumeric() || b"-._~+/".contains(&b);
    !unpadded.is_empty() && unpadded.bytes().all(belongs)
}

/// Whether this request is answered without regard to cookies: none counts, and none is set.
pub fn is_cookieless(request: &HttpRequest) -> bool {
    let is_authorized = || Authorization::of(request) != Authorization::None;
    is_from_listed_origin(request) || (is_of_api(request.path()) && is_authorized())
}

/// Whether a page asks the API that another origin serves, and that the settings name.
pub fn is_from_listed_origin(request: &HttpRequest) -> bool {
    let config = request.app_data::<Data<Config>>();
    let origin = header(request, "Origin").zip(config);
    is_of_api(request.path())
        && origin.is_some_and(|(origin, config)| config.cors_origins.iter().any(|it| it == origin))
}

#[cfg(test)]
mod tests {
    use super::Authorization::{self, Bearer, Malformed, None};
    use actix_web::test::TestRequest;

    #[test]
    fn a_bearer_token_is_told_from_what_only_looks_like_one() {
        for (value, read) in [
            ("Bearer a.b-c_~+/==", Bearer("a.b-c_~+/==")),
            ("bearer  abc", Bearer("abc")),
            ("Basic abc", None),
            ("Bearerabc", None),
            ("", None),
            ("Bearer", Malformed),
            ("Bearer ", Malformed),
            ("Bearer =", Malformed),
            ("Bearer a b", Malformed),
            ("Bearer a, Bearer b", Malformed),
            ("Bearer \"abc\"", Malformed),
        ] {
            let request = TestRequest::get().insert_header(("Authorization", value));
            assert_eq!(Authorization::of(&request.to_http_request()), read, "{value}");
        }
    }

    #[test]
    fn of_two_tokens_none_counts() {
        let request = TestRequest::get()
            .append_header(("Authorization", "Bearer a"))
            .append_header(("Authorization", "Bearer a"));
        assert_eq!(Authorization::of(&request.to_http_request()), Malformed);
    }
}
