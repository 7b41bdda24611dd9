//! What a flow's messages say of the login that they are about. No I/O.

use super::lane_state::is_single_sign_on;
use shared::trace::{Message, Step, Trace};

/// The token that was accepted, by the shop or by the page itself: the last one, where the login had to begin anew.
pub fn validated(trace: &Trace) -> Option<&Message> {
    trace.messages.iter().rfind(|message| is_validation(message))
}

pub fn is_validation(message: &Message) -> bool {
    matches!(message.step, Step::IdTokenValidated | Step::PageValidation)
}

pub fn is_request(message: &Message) -> bool {
    matches!(message.step, Step::AuthorizationRequest | Step::PageAuthorizationRequest)
}

/// Whether the ID token says that a second factor was used, as the shop itself reads it: by the level that was asked
/// for, or by its methods (RFC 8176).
pub fn names_second_factor(token: &Message, request: Option<&Message>) -> bool {
    let asked_level = request.and_then(|request| request.parameter("acr_values"));
    let level = token.parameter("acr");
    let mut methods = token.parameter("amr").unwrap_or_default().split_whitespace();
    (level.is_some() && level == asked_level)
        || methods.any(|method| matches!(method, "mfa" | "otp"))
}

/// Whether this time of a token, in seconds, is later than the request, in milliseconds: a second's fraction apart, it
/// is. `None` where the token says no such time.
pub fn is_after(token: &Message, time: &str, request: &Message) -> Option<bool> {
    let seconds: i64 = token.parameter(time)?.parse().ok()?;
    Some(!is_single_sign_on(seconds.saturating_mul(1000), request.at))
}

#[cfg(test)]
mod tests {
    use super::{super::lane_state::tests::trace, *};
    use shared::trace::TraceKind;

    fn message(step: Step, at: i64, parameters: &[(&str, &str)]) -> Message {
        trace(TraceKind::Login, at, &[(step, parameters)]).messages.remove(0)
    }

    #[test]
    fn a_second_factor_is_named_by_its_methods_or_by_the_level_that_was_asked_for() {
        let token = |parameters| message(Step::IdTokenValidated, 1, parameters);
        let request = message(Step::AuthorizationRequest, 1, &[("acr_values", "two")]);
        assert!(names_second_factor(&token(&[("amr", "pwd otp mfa")]), None));
        assert!(names_second_factor(&token(&[("acr", "two")]), Some(&request)));
        assert!(!names_second_factor(&token(&[("acr", "two")]), None));
        assert!(!names_second_factor(&token(&[("amr", "pwd")]), Some(&request)));
        assert!(!names_second_factor(&token(&[]), Some(&message(Step::TokenRequest, 1, &[]))));
    }

    #[test]
    fn a_time_in_the_second_of_the_request_is_not_before_it() {
        let request = message(Step::AuthorizationRequest, 10_999, &[]);
        let after = |seconds| {
            let token = message(Step::IdTokenValidated, 12_000, &[("auth_time", seconds)]);
            is_after(&token, "auth_time", &request)
        };
        assert_eq!(after("9"), Some(false));
        assert_eq!(after("10"), Some(true));
        assert_eq!(after("12"), Some(true));
        assert_eq!(after("soon"), None);
    }
}
