//! Every error of the API is `application/problem+json`, those of the framework included.

use crate::error::{self, Error};
use actix_web::{
    HttpResponse,
    body::{BoxBody, MessageBody},
    dev::{ServiceRequest, ServiceResponse},
    error::InternalError,
    http::{
        StatusCode,
        header::{ALLOW, CONTENT_TYPE},
    },
    middleware::Next,
    web,
};
use anyhow::anyhow;
use shared::problem::{self, Problem, kinds};

/// Largest body, in bytes: the longest checkout is a few kilobytes.
const LARGEST_BODY: usize = 64 * 1024;

/// Queries and JSON are `input`'s; its faults name their fields.
pub fn extractors(routes: &mut web::ServiceConfig) {
    routes
        .app_data(web::PayloadConfig::new(LARGEST_BODY))
        .app_data(web::FormConfig::default().limit(LARGEST_BODY))
        .app_data(web::PathConfig::default().error_handler(|_, _| nothing_here().into()));
}

fn nothing_here() -> Error {
    Error::not_found("There is nothing at this address.")
}

/// The default of `/api` and `/auth`.
pub async fn not_found() -> Result<HttpResponse, Error> {
    Err(nothing_here())
}

/// Middleware: turns the framework's empty or plain-text errors into problems.
pub async fn as_problems(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, actix_web::Error> {
    // Errors of handlers are answers by now; what is left is a middleware's own.
    let response = next.call(request).await.map_err(|error| of_middleware(&error))?;
    let response = response.map_into_boxed_body();
    let status = response.status();
    if !(status.is_client_error() || status.is_server_error()) || is_told(&response) {
        return Ok(response);
    }
    let (request, old) = response.into_parts();
    let mut new = error::respond(&problem_of(status));
    if let Some(methods) = old.headers().get(ALLOW) {
        new.headers_mut().insert(ALLOW, methods.clone());
    }
    Ok(ServiceResponse::new(request, new))
}

/// A session that cannot be looked up, for want of the database, or something that nobody expects.
fn of_middleware(error: &actix_web::Error) -> actix_web::Error {
    // Its `Debug` form alone has the cause.
    let cause = format!("{error:?}");
    match error.as_error::<Error>() {
        Some(Error::Problem(problem)) => Error::Problem(problem.clone()).into(),
        Some(Error::Internal(_)) => {
            tracing::error!(error = cause, "a session cannot be looked up");
            InternalError::from_response(cause, error::unavailable()).into()
        }
        None => Error::Internal(anyhow!(cause)).into(),
    }
}

/// Whether the answer says itself what happened.
fn is_told<B>(response: &ServiceResponse<B>) -> bool {
    let content_type = response.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
    content_type.is_some_and(|value| {
        value.starts_with(problem::CONTENT_TYPE) || value.starts_with("application/json")
    })
}

fn problem_of(status: StatusCode) -> Problem {
    let title = status.canonical_reason().unwrap_or("Request refused");
    let (kind, detail) = match status {
        StatusCode::NOT_FOUND => (kinds::NOT_FOUND, "There is nothing at this address."),
        StatusCode::METHOD_NOT_ALLOWED => {
            (kinds::METHOD_NOT_ALLOWED, "This address does not know this method.")
        }
        StatusCode::PAYLOAD_TOO_LARGE => (kinds::TOO_LARGE, "The request's body is too large."),
        StatusCode::UNSUPPORTED_MEDIA_TYPE => {
            (kinds::UNSUPPORTED_MEDIA_TYPE, "Send the request as application/json.")
        }
        status if status.is_server_error() => return error::internal(),
        _ => (kinds::BAD_REQUEST, "The request is not as expected."),
    };
    Problem::new(kind, title, status.as_u16(), detail)
}
