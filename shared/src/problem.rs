//! Errors as `application/problem+json` (RFC 9457).

use crate::checkout::Change;
use serde::{Deserialize, Serialize};

pub const CONTENT_TYPE: &str = "application/problem+json";

/// One problem, told to a person (`title`, `detail`) and to a program (`kind`, `errors`).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(bound(serialize = "C: Serialize", deserialize = "C: Deserialize<'de>"))]
pub struct Problem<C = Change> {
    /// A relative reference, `/problems/<kind>`, that names the kind for good (RFC 9457 §3.1.1).
    #[serde(rename = "type")]
    pub kind: String,
    pub title: String,
    pub status: u16,
    /// What happened and what to do next, in words for the person who sees it.
    pub detail: String,
    /// Input fields at fault, empty unless the request's content was refused.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<FieldError>,
    /// What changed since the shopper last saw the prices (`cart-changed`, `out-of-stock`).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub changes: Vec<C>,
    /// The sandbox card's confirmation to answer (`payment-authentication-required`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub challenge: Option<String>,
    /// Which login would do instead (`step-up-required`, in the manner of RFC 9470 §3): the error's name, the
    /// greatest age of the login in seconds, and the level that it must reach.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_age: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub acr_values: Option<String>,
    /// Seconds until it may go better (`too-many-requests`), as the header `Retry-After` says too.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retry_after: Option<u64>,
}

impl<C> Problem<C> {
    pub fn new(kind: &str, title: &str, status: u16, detail: impl Into<String>) -> Self {
        Self {
            kind: kind.to_owned(),
            title: title.to_owned(),
            status,
            detail: detail.into(),
            errors: Vec::new(),
            changes: Vec::new(),
            challenge: None,
            error: None,
            max_age: None,
            acr_values: None,
            retry_after: None,
        }
    }

    pub fn is(&self, kind: &str) -> bool {
        self.kind == kind
    }
}

/// One field's fault. `field` is the dotted path in the request's JSON, such as `address.postcode`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct FieldError {
    pub field: String,
    pub message: String,
}

impl FieldError {
    pub fn new(field: &str, message: impl Into<String>) -> Self {
        Self { field: field.to_owned(), message: message.into() }
    }
}

/// The kinds that a program may have to tell apart.
pub mod kinds {
    pub const BAD_REQUEST: &str = "/problems/bad-request";
    pub const VALIDATION: &str = "/problems/validation";
    pub const SIGN_IN_REQUIRED: &str = "/problems/sign-in-required";
    /// The access token is of no use (RFC 6750 §3.1, `invalid_token`): a new one may be.
    pub const INVALID_TOKEN: &str = "/problems/invalid-token";
    /// The access token is good, and not for this (RFC 6750 §3.1).
    pub const INSUFFICIENT_SCOPE: &str = "/problems/insufficient-scope";
    /// Cookies and an access token, or cookies from another origin.
    pub const MIXED_CREDENTIALS: &str = "/problems/mixed-credentials";
    pub const STEP_UP_REQUIRED: &str = "/problems/step-up-required";
    pub const CSRF: &str = "/problems/csrf";
    /// Sent to a name that is not the shop's.
    pub const MISDIRECTED: &str = "/problems/misdirected";
    pub const NOT_FOUND: &str = "/problems/not-found";
    pub const METHOD_NOT_ALLOWED: &str = "/problems/method-not-allowed";
    pub const CONFLICT: &str = "/problems/conflict";
    /// None of the customer's orders has brought them the product that they want to review.
    pub const NOT_RECEIVED: &str = "/problems/not-received";
    pub const CART_EMPTY: &str = "/problems/cart-empty";
    pub const CART_CHANGED: &str = "/problems/cart-changed";
    pub const OUT_OF_STOCK: &str = "/problems/out-of-stock";
    pub const PAYMENT_DECLINED: &str = "/problems/payment-declined";
    pub const PAYMENT_AUTHENTICATION_REQUIRED: &str = "/problems/payment-authentication-required";
    /// Too many cards in a row were declined.
    pub const PAYMENT_PAUSED: &str = "/problems/payment-paused";
    pub const PAYMENT_UNAVAILABLE: &str = "/problems/payment-unavailable";
    pub const IDEMPOTENCY_KEY_REUSED: &str = "/problems/idempotency-key-reused";
    pub const TOO_MANY_REQUESTS: &str = "/problems/too-many-requests";
    /// The request's body did not arrive in time.
    pub const TOO_SLOW: &str = "/problems/too-slow";
    pub const TOO_LARGE: &str = "/problems/too-large";
    pub const UNSUPPORTED_MEDIA_TYPE: &str = "/problems/unsupported-media-type";
    pub const INTERNAL: &str = "/problems/internal";
    pub const UNAVAILABLE: &str = "/problems/unavailable";
}
