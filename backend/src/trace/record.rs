//! Writing a message down: its time, its parameters without their secrets, and the function that handled it.

use crate::{crypto, db};
use shared::trace::{Message, Parameter, SourceLocation, Step, Trace};
use url::{Position, Url};

/// Hexadecimal digits that stand for a secret: enough to see that two are the same one.
const MASK_LENGTH: usize = 6;

/// The function that this stands in, as the compiler knows it: the Explorer's links cannot go stale.
macro_rules! here {
    () => {{
        fn place() {}
        $crate::trace::function_at(file!(), std::any::type_name_of_val(&place))
    }};
}
pub(crate) use here;

/// `path` ends with the name of `here!`'s own function, and names an async function's body a closure.
pub fn function_at(file: &str, path: &str) -> SourceLocation {
    let function = path
        .rsplit("::")
        .skip(1)
        .find(|name| *name != "{{closure}}")
        .unwrap_or_default();
    SourceLocation {
        file: file.to_owned(),
        function: function.to_owned(),
    }
}

/// A secret's stand-in. Its SHA-256 gives nothing away of 256 random bits, nor of a signed token.
pub struct Masked<'a>(pub &'a str);

impl From<Masked<'_>> for String {
    fn from(Masked(secret): Masked<'_>) -> Self {
        format!("‹{}›", crypto::short_fingerprint(secret, MASK_LENGTH))
    }
}

/// Adds a message of this moment; parameters without a value are left out.
pub fn note<const N: usize>(
    trace: &mut Trace,
    handled_by: SourceLocation,
    step: Step,
    parameters: [(&str, Option<String>); N],
) {
    let given = parameters
        .into_iter()
        .filter_map(|(name, value)| Some((name.to_owned(), value?)));
    note_all(trace, handled_by, step, given);
}

/// As `note`, of a request whose parameters are in its address. Those in `secret` are masked.
pub fn parameters_of(
    trace: &mut Trace,
    handled_by: SourceLocation,
    step: Step,
    url: &Url,
    secret: &[&str],
) {
    let address = url[..Position::AfterPath].to_owned();
    let parameters = url.query_pairs().map(|(name, value)| {
        let value = if secret.contains(&name.as_ref()) {
            Masked(&value).into()
        } else {
            value.into_owned()
        };
        (name.into_owned(), value)
    });
    let all = std::iter::once(("to".to_owned(), address)).chain(parameters);
    note_all(trace, handled_by, step, all);
}

fn note_all(
    trace: &mut Trace,
    handled_by: SourceLocation,
    step: Step,
    parameters: impl Iterator<Item = (String, String)>,
) {
    trace.messages.push(Message {
        at: db::now(),
        step,
        parameters: parameters
            .map(|(name, value)| Parameter { name, value })
            .collect(),
        handled_by,
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use shared::trace::TraceKind;

    async fn in_an_async_function() -> SourceLocation {
        std::future::ready(()).await;
        here!()
    }

    #[actix_web::test]
    async fn a_place_names_file_and_function() {
        let place = in_an_async_function().await;
        assert_eq!(place.file, "backend/src/trace/record.rs");
        assert_eq!(place.function, "in_an_async_function");
    }

    #[test]
    fn secrets_are_masked_alike_where_they_are_alike() {
        let mut trace = Trace::begin(TraceKind::Login, 0);
        let url = Url::parse("https://id.example/auth?client_id=shop&state=s3cret&nonce=s3cret");
        let secret = ["state", "nonce"];
        parameters_of(
            &mut trace,
            here!(),
            Step::AuthorizationRequest,
            &url.unwrap(),
            &secret,
        );
        let message = &trace.messages[0];
        assert_eq!(message.parameter("to"), Some("https://id.example/auth"));
        assert_eq!(message.parameter("client_id"), Some("shop"));
        assert_eq!(message.parameter("state"), message.parameter("nonce"));
        let told = serde_json::to_string(&trace).unwrap();
        assert!(!told.contains("s3cret"), "{told}");
    }
}
