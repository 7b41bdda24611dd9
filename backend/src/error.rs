//! One error type, one conversion to `application/problem+json` (RFC 9457). The words for the person and
//! the cause for the log are two things.

mod database;

pub use database::is_locked;

use actix_web::{
    HttpResponse, ResponseError,
    http::{StatusCode, header::RETRY_AFTER},
};
use sea_orm::{DbErr, SqlErr};
use shared::problem::{self, FieldError, Problem, kinds};
use std::fmt;

pub type Result<T, E = Error> = std::result::Result<T, E>;

pub enum Error {
    /// Something that the one who asks can know and mend.
    Problem(Box<Problem>),
    /// Something that only the log may know.
    Internal(anyhow::Error),
}

impl Error {
    pub fn not_found(detail: &str) -> Self {
        Problem::new(kinds::NOT_FOUND, "Not found", 404, detail).into()
    }

    pub fn bad_request(detail: impl Into<String>) -> Self {
        Problem::new(kinds::BAD_REQUEST, "Bad request", 400, detail).into()
    }

    pub fn sign_in_required() -> Self {
        Problem::new(kinds::SIGN_IN_REQUIRED, "Sign in required", 401, "Sign in to see this.")
            .into()
    }

    /// Of writing what belongs to a customer, who may have deleted the account since the request came in.
    pub fn of_customers_row(error: DbErr) -> Self {
        match error.sql_err() {
            Some(SqlErr::ForeignKeyConstraintViolation(_)) => Self::sign_in_required(),
            _ => error.into(),
        }
    }

    /// Well-formed input that breaks a rule; each fault names its field.
    pub fn validation(errors: Vec<FieldError>) -> Self {
        let detail = match errors.as_slice() {
            [only] => only.message.clone(),
            many => {
                let fields: Vec<&str> = many.iter().map(|error| error.field.as_str()).collect();
                format!("Check these fields and send them again: {}.", fields.join(", "))
            }
        };
        let mut problem =
            Problem::new(kinds::VALIDATION, "Some fields need another look", 422, detail);
        problem.errors = errors;
        problem.into()
    }

    pub fn field(field: &str, message: impl Into<String>) -> Self {
        Self::validation(vec![FieldError::new(field, message)])
    }
}

impl From<Problem> for Error {
    fn from(problem: Problem) -> Self {
        Self::Problem(Box::new(problem))
    }
}

impl From<anyhow::Error> for Error {
    fn from(error: anyhow::Error) -> Self {
        Self::Internal(error)
    }
}

impl From<DbErr> for Error {
    fn from(error: DbErr) -> Self {
        Self::Internal(error.into())
    }
}

/// What reaches a log: a problem's own fields may be meant for one person alone, such as `challenge`.
impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Problem(problem) => write!(f, "{} {}", problem.status, problem.title),
            Self::Internal(error) => write!(f, "{error:#}"),
        }
    }
}

impl std::error::Error for Error {}

impl ResponseError for Error {
    fn status_code(&self) -> StatusCode {
        match self {
            Self::Problem(problem) => {
                StatusCode::from_u16(problem.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
            }
            Self::Internal(error) if is_passing(error) => StatusCode::SERVICE_UNAVAILABLE,
            Self::Internal(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    fn error_response(&self) -> HttpResponse {
        match self {
            Self::Problem(problem) => respond(problem),
            Self::Internal(error) => {
                let error_text = format!("{error:#}");
                if is_passing(error) {
                    tracing::error!(error = error_text, "the database cannot be used now");
                    return unavailable();
                }
                tracing::error!(error = error_text, "request failed");
                respond(&internal())
            }
        }
    }
}

/// Whether the same request may succeed in a moment.
pub fn is_passing(error: &anyhow::Error) -> bool {
    error.chain().filter_map(|cause| cause.downcast_ref()).any(database::is_passing)
}

/// Seconds after which it is worth to try again.
const TRY_AGAIN: u64 = 5;

pub fn unavailable() -> HttpResponse {
    let detail = "Our database cannot be used right now. Try again in a few seconds.";
    let mut problem = Problem::new(kinds::UNAVAILABLE, "Not available right now", 503, detail);
    problem.retry_after = Some(TRY_AGAIN);
    respond(&problem)
}

pub fn internal() -> Problem {
    let detail =
        "Something went wrong on our side. Nothing was charged or changed; please try again.";
    Problem::new(kinds::INTERNAL, "Something went wrong", 500, detail)
}

pub fn respond(problem: &Problem) -> HttpResponse {
    let status = StatusCode::from_u16(problem.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let body = serde_json::to_string(problem).unwrap_or_default();
    let mut response = HttpResponse::build(status);
    if let Some(seconds) = problem.retry_after {
        response.insert_header((RETRY_AFTER, seconds));
    }
    response.content_type(problem::CONTENT_TYPE).body(body)
}
