//! Cross-Origin Resource Sharing (Fetch §3.2): pages of the origins that the settings name may use the API by
//! script, without cookies. `Cross-Origin-Resource-Policy`, which every answer has, does not hinder them: it is about
//! requests that are no CORS requests (Fetch §3.7).

use super::cookieless::is_from_listed_origin;
use crate::{Config, Error};
use actix_cors::Cors;
use actix_web::{
    ResponseError as _,
    body::{BoxBody, MessageBody},
    dev::{ServiceRequest, ServiceResponse},
    http::{
        Method,
        header::{
            ACCEPT, ACCESS_CONTROL_EXPOSE_HEADERS, ACCESS_CONTROL_REQUEST_METHOD, AUTHORIZATION,
            CONTENT_TYPE, DATE, HeaderValue, VARY, WWW_AUTHENTICATE,
        },
    },
    middleware::Next,
};
use shared::{
    paths::{header, is_of_api},
    problem::{Problem, kinds},
};

/// How long a browser may remember a preflight's answer, in seconds: the most that Chromium keeps it.
const MAX_AGE: usize = 2 * 60 * 60;

/// Methods of the API beyond those that need no leave.
const METHODS: [Method; 4] = [Method::GET, Method::POST, Method::PUT, Method::DELETE];

const OWN_HEADERS: [&str; 4] =
    [header::CSRF, header::BACKGROUND, header::IDEMPOTENCY_KEY, header::CART];

/// Never with credentials: a page elsewhere gets no use of this shop's cookies.
pub fn cors(config: &Config) -> Cors {
    let listed = config.cors_origins.clone();
    Cors::default()
        .allowed_origin_fn(move |origin, request| {
            is_of_api(request.uri.path()) && listed.iter().any(|listed| listed == origin)
        })
        .allowed_methods(METHODS)
        .allowed_headers(OWN_HEADERS)
        .allowed_headers([AUTHORIZATION, CONTENT_TYPE, ACCEPT])
        .expose_headers([header::CART])
        .expose_headers([WWW_AUTHENTICATE, DATE])
        .max_age(MAX_AGE)
        // It would vary each answer by what only preflights have, and drop what else an answer varies by.
        .disable_vary_header()
}

/// Middleware outside of `cors`, which names the exposed headers to every origin and refuses in plain text.
pub async fn to_listed_origins(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, actix_web::Error> {
    let is_listed = is_from_listed_origin(request.request());
    let is_preflight = request.method() == Method::OPTIONS
        && request.headers().contains_key(ACCESS_CONTROL_REQUEST_METHOD);
    let mut response = next.call(request).await?.map_into_boxed_body();
    if is_preflight && response.status().is_client_error() {
        let refused = refusal(is_listed).error_response();
        response = response.into_response(refused);
    }
    let headers = response.headers_mut();
    if !is_listed {
        headers.remove(ACCESS_CONTROL_EXPOSE_HEADERS);
    }
    headers.append(VARY, HeaderValue::from_static("Origin"));
    Ok(response)
}

fn refusal(is_listed: bool) -> Error {
    let detail = if is_listed {
        "This method, or one of these headers, is none that the API takes from a page elsewhere."
    } else {
        "Pages of this origin may not use the API by script."
    };
    Problem::new(kinds::CSRF, "Request refused", 403, detail).into()
}
