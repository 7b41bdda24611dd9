//! `Idempotency-Key`: twice pressed, or sent again since the answer was lost, is one order.

use crate::{Error, Result};
use actix_web::{FromRequest, HttpRequest, dev::Payload};
use shared::{
    paths::header,
    problem::{FieldError, Problem, kinds},
};
use std::future::{Ready, ready};

/// 8 to 128 visible ASCII characters.
#[derive(Clone, Debug)]
pub struct IdempotencyKey(String);

impl IdempotencyKey {
    pub fn as_str(&self) -> &str {
        &self.0
    }

    pub fn parse(text: &str) -> Option<Self> {
        let is_key = (8..=128).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_graphic());
        is_key.then(|| Self(text.to_owned()))
    }
}

impl FromRequest for IdempotencyKey {
    type Error = Error;
    type Future = Ready<Result<Self>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let text =
            request.headers().get(header::IDEMPOTENCY_KEY).and_then(|value| value.to_str().ok());
        ready(text.and_then(Self::parse).ok_or_else(missing))
    }
}

fn missing() -> Error {
    let detail = "Send the header Idempotency-Key with 8 to 128 visible ASCII characters, new for each order.";
    let mut problem = Problem::new(kinds::BAD_REQUEST, "Idempotency-Key needed", 400, detail);
    problem.errors =
        vec![FieldError::new(header::IDEMPOTENCY_KEY, "8 to 128 visible ASCII characters")];
    problem.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_visible_ascii_of_some_length() {
        for good in ["12345678", "0b5c7e34-8d3c-4a0f-9d52-8a1d0c7f6f11", &"~".repeat(128)] {
            assert!(IdempotencyKey::parse(good).is_some(), "{good}");
        }
        for bad in ["", "1234567", &"x".repeat(129), "with space", "schlüssel", "tab\tinside"] {
            assert!(IdempotencyKey::parse(bad).is_none(), "{bad}");
        }
    }
}
