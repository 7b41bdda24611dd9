//! What a request carries, read so that a fault names its field: extractors for query and body.
//!
//! actix-web's own know the fault but not the place. `serde_path_to_error` finds the dotted path, such as
//! `address.postcode`; the words never repeat a value, since a value may be a card number.

use super::{body, header};
use crate::{Error, Result};
use actix_web::{
    FromRequest, HttpRequest, HttpResponse, Responder, body::BoxBody, dev::Payload, web::Bytes,
};
use serde::{
    Serialize,
    de::{DeserializeOwned, IgnoredAny},
};
use shared::problem::{Problem, kinds};
use std::{
    future::{Future, Ready, ready},
    pin::Pin,
};

/// The query string, as an extractor.
pub struct Query<T>(pub T);

/// The body, in JSON: as an extractor what was sent, as an answer what is sent back.
pub struct Json<T>(pub T);

impl<T: DeserializeOwned> FromRequest for Query<T> {
    type Error = Error;
    type Future = Ready<Result<Self>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(parse_query(request.query_string()).map(Self))
    }
}

impl<T: DeserializeOwned + 'static> FromRequest for Json<T> {
    type Error = Error;
    type Future = Pin<Box<dyn Future<Output = Result<Self>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        if !is_sent_as_json(request) {
            let problem = Problem::new(
                kinds::UNSUPPORTED_MEDIA_TYPE,
                "Unsupported media type",
                415,
                "Send JSON, with Content-Type: application/json.",
            );
            return Box::pin(ready(Err(problem.into())));
        }
        let body = Bytes::from_request(request, payload);
        Box::pin(async move { parse_json(&body.await.map_err(unreadable)?).map(Self) })
    }
}

impl<T: Serialize> Responder for Json<T> {
    type Body = BoxBody;

    fn respond_to(self, _: &HttpRequest) -> HttpResponse {
        HttpResponse::Ok().json(self.0)
    }
}

fn is_sent_as_json(request: &HttpRequest) -> bool {
    let essence = header(request, "Content-Type")
        .and_then(|value| value.split(';').next())
        .unwrap_or_default();
    essence.trim().eq_ignore_ascii_case("application/json")
}

/// The body is longer than the limit, or broke off.
#[expect(clippy::needless_pass_by_value, reason = "the form that map_err wants")]
fn unreadable(error: actix_web::Error) -> Error {
    if error.as_response_error().status_code() == 413 {
        let detail = "The request is larger than anything this shop needs. Send less.";
        return Problem::new(kinds::TOO_LARGE, "Too large", 413, detail).into();
    }
    if body::is_late(&error) {
        let detail =
            "The request took too long to arrive. Check your connection and send it again.";
        return Problem::new(kinds::TOO_SLOW, "Too slow", 408, detail).into();
    }
    Error::bad_request("The request broke off. Send it again.")
}

fn parse_query<T: DeserializeOwned>(text: &str) -> Result<T> {
    let query = serde_urlencoded::Deserializer::new(url::form_urlencoded::parse(text.as_bytes()));
    serde_path_to_error::deserialize(query)
        .map_err(|error| fault(&error.path().to_string(), &error.into_inner().to_string()))
}

fn parse_json<T: DeserializeOwned>(body: &[u8]) -> Result<T> {
    let mut json = serde_json::Deserializer::from_slice(body);
    let parsed = serde_path_to_error::deserialize(&mut json).map_err(|error| {
        let path = error.path().to_string();
        match error.into_inner() {
            inner if inner.is_data() => fault(&path, &inner.to_string()),
            // serde_json calls it a fault of syntax when a number stands where a name of a list belongs.
            _ if is_json(body) => {
                Error::field(&path, "Not usable: another kind of value belongs here.")
            }
            _ => malformed(),
        }
    })?;
    json.end().map_err(|_| malformed())?;
    Ok(parsed)
}

fn is_json(body: &[u8]) -> bool {
    serde_json::from_slice::<IgnoredAny>(body).is_ok()
}

fn malformed() -> Error {
    Error::bad_request("The request is not JSON. Check its brackets and quotation marks.")
}

/// serde's words for the place, without the value that was found there.
fn fault(path: &str, message: &str) -> Error {
    let message = message.rsplit_once(" at line ").map_or(message, |(message, _)| message);
    for (prefix, told) in [
        ("missing field `", "This field is missing."),
        ("unknown field `", "There is no such field."),
        ("duplicate field `", "This field is given twice."),
    ] {
        if let Some((name, _)) = message.strip_prefix(prefix).and_then(|rest| rest.split_once('`'))
        {
            return Error::field(&join(path, name), told);
        }
    }
    if path == "." {
        return Error::bad_request("Send a JSON object with the fields that belong here.");
    }
    let told = match message.split_once(", expected ") {
        Some((_, "u32" | "i64")) => "Expected a whole number.".to_owned(),
        Some((_, "a string")) => "Expected text.".to_owned(),
        Some((_, "a sequence")) => "Expected a list.".to_owned(),
        Some((_, expected)) if expected.starts_with("struct ") => "Expected an object.".to_owned(),
        Some((_, expected)) => format!("Expected {expected}."),
        // The number of a query string, in the words of Rust's own parser.
        None if message.contains("digit") => "Expected a whole number.".to_owned(),
        None => format!("Not usable: {message}."),
    };
    Error::field(path, told)
}

/// `.` is how `serde_path_to_error` writes the whole.
fn join(path: &str, name: &str) -> String {
    let place = path.strip_suffix(name).map_or(path, |place| place.trim_end_matches('.'));
    match place {
        "" | "." => name.to_owned(),
        place => format!("{place}.{name}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use shared::{
        cart::AddLineItem,
        catalog::ProductQuery,
        checkout::{CheckoutRequest, QuoteRequest},
        orders::OrderQuery,
        problem::FieldError,
    };

    fn field(error: Error) -> FieldError {
        match error {
            Error::Problem(problem) => problem.errors.into_iter().next().expect("a field"),
            Error::Internal(error) => panic!("{error}"),
        }
    }

    fn query_field<T: DeserializeOwned + std::fmt::Debug>(text: &str) -> String {
        field(parse_query::<T>(text).expect_err("a fault")).field
    }

    #[test]
    fn a_fault_of_the_query_names_its_field() {
        assert_eq!(query_field::<ProductQuery>("q=tea&page=two"), "page");
        assert_eq!(query_field::<ProductQuery>("page=-1"), "page");
        assert_eq!(query_field::<ProductQuery>("sort=best"), "sort");
        assert_eq!(query_field::<ProductQuery>("category=../etc"), "category");
        assert_eq!(query_field::<ProductQuery>("in_stock=perhaps"), "in_stock");
        assert_eq!(query_field::<ProductQuery>("page=1&page=2"), "page");
        assert_eq!(query_field::<OrderQuery>("status=lost"), "status");
        assert!(parse_query::<ProductQuery>("q=t%C3%A9&utm_source=x").is_ok());
    }

    #[test]
    fn a_fault_of_the_body_names_its_field() {
        let field_of =
            |body: &str| field(parse_json::<AddLineItem>(body.as_bytes()).expect_err("a fault"));
        assert_eq!(field_of(r#"{"sku": "HK-CUP"}"#).field, "quantity");
        assert_eq!(field_of(r#"{"sku": "HK-CUP", "quantity": -1}"#).field, "quantity");
        assert_eq!(field_of(r#"{"sku": "HK-CUP", "quantity": 1.5}"#).field, "quantity");
        assert_eq!(field_of(r#"{"sku": "HK-CUP", "quantity": 99999999999}"#).field, "quantity");
        assert_eq!(field_of(r#"{"sku": "hk cup", "quantity": 1}"#).field, "sku");
        assert_eq!(field_of(r#"{"sku": "HK-CUP", "quantity": 1, "price": 0}"#).field, "price");
        let nested = r#"{"email": "a@b.de", "address": {"full_name": 7}}"#;
        let fault = parse_json::<CheckoutRequest>(nested.as_bytes()).expect_err("a fault");
        assert_eq!(field(fault).field, "address.full_name");
    }

    #[test]
    fn a_fault_is_told_in_words_that_are_not_rusts() {
        let whole = "Expected a whole number.";
        let page = parse_query::<ProductQuery>("page=two").expect_err("a fault");
        assert_eq!(field(page).message, whole);
        let body = br#"{"sku": "HK-CUP", "quantity": "2"}"#;
        let quantity = parse_json::<AddLineItem>(body).expect_err("a fault");
        assert_eq!(field(quantity).message, whole);
        let body = br#"{"email": "a@b.de", "address": "here"}"#;
        let address = parse_json::<CheckoutRequest>(body).expect_err("a fault");
        assert_eq!(field(address).message, "Expected an object.");
        let body = br#"{"delivery": 1, "country": "DE"}"#;
        let delivery = parse_json::<QuoteRequest>(body).expect_err("a fault");
        assert_eq!(field(delivery).field, "delivery");
    }

    #[test]
    fn a_fault_never_repeats_the_value() {
        let body = r#"{"email": "a@b.de", "card": {"number": 4242424242424242}}"#;
        let fault = field(parse_json::<CheckoutRequest>(body.as_bytes()).expect_err("a fault"));
        assert_eq!(fault.field, "card.number");
        assert!(!fault.message.contains("4242"), "{}", fault.message);
    }

    #[test]
    fn what_is_not_json_is_told_so() {
        for body in ["", "{", r#"{"sku": "#, r#"{"sku": "HK-CUP", "quantity": 1} x"#, "\u{0}"] {
            let error = parse_json::<AddLineItem>(body.as_bytes()).expect_err("a fault");
            assert_eq!(error.to_string(), "400 Bad request", "{body:?}");
        }
    }
}
