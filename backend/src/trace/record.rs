//! Writing a step down: its time, and its parameters without their secrets.

use crate::{crypto, db};
use serde::Serialize;
use shared::trace::{LONGEST_VALUE, MASK_LENGTH, Message, Parameter, Step, Trace, is_secret};
use url::{Position, Url, form_urlencoded};

/// Adds a step of this moment. `parameters` is a struct or an array of pairs; those without a value are left out.
pub fn record(trace: &mut Trace, step: Step, parameters: impl Serialize) {
    match serde_urlencoded::to_string(parameters) {
        Ok(encoded) => push(trace, step, form_urlencoded::parse(encoded.as_bytes())),
        Err(error) => tracing::error!(%error, ?step, "a step's parameters are no pairs"),
    }
}

/// As `record`, of a request whose parameters are in its address.
pub fn record_request(trace: &mut Trace, step: Step, url: &Url) {
    let address = ("to".into(), url[..Position::AfterPath].into());
    push(trace, step, std::iter::once(address).chain(url.query_pairs()));
}

/// A secret's stand-in. Its SHA-256 gives nothing away of 256 random bits, nor of a signed token.
pub fn masked(secret: &str) -> String {
    format!("‹{}›", crypto::short_fingerprint(secret, MASK_LENGTH))
}

fn push<'a>(
    trace: &mut Trace,
    step: Step,
    parameters: impl Iterator<Item = (std::borrow::Cow<'a, str>, std::borrow::Cow<'a, str>)>,
) {
    let shown = parameters.map(|(name, value)| Parameter {
        value: if is_secret(step, &name) {
            masked(&value)
        } else {
            value.chars().take(LONGEST_VALUE).collect()
        },
        name: name.into_owned(),
    });
    let parameters = shown.collect();
    trace.messages.push(Message { at: db::now(), step, parameters });
}

#[cfg(test)]
mod tests {
    use super::*;
    use shared::trace::TraceKind;

    #[test]
    fn secrets_are_masked_alike_where_they_are_alike() {
        let mut trace = Trace::begin(TraceKind::Login, 0);
        let url = "https://id.example/auth?client_id=shop&state=s3cret&nonce=s3cret";
        record_request(&mut trace, Step::AuthorizationRequest, &url.parse().unwrap());
        record(
            &mut trace,
            Step::AuthorizationResponse,
            [("state", Some("s3cret")), ("code", Some("s3cret")), ("iss", None)],
        );
        let [request, response] = &trace.messages[..] else {
            panic!("two steps: {trace:?}");
        };
        assert_eq!(request.parameter("to"), Some("https://id.example/auth"));
        assert_eq!(request.parameter("client_id"), Some("shop"));
        assert_eq!(request.parameter("state"), request.parameter("nonce"));
        assert_eq!(request.parameter("state"), response.parameter("state"));
        assert_eq!(response.parameter("iss"), None);
        let told = serde_json::to_string(&trace).unwrap();
        assert!(!told.contains("s3cret"), "{told}");
    }
}
