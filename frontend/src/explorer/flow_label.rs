//! What a flow is called, and what tells it from others of its kind. No I/O.

use super::flow_facts::{is_request, names_second_factor, validated};
use shared::trace::{Step, Trace, TraceKind};

pub fn title(trace: &Trace) -> &'static str {
    let refused = [Step::LoginRefused, Step::PageRefusal]
        .into_iter()
        .any(|refusal| trace.message(refusal).is_some());
    match trace.kind {
        TraceKind::Login | TraceKind::PageLogin if refused => "Login, refused",
        TraceKind::Login | TraceKind::PageLogin if trace.provider.is_some() => {
            "Login with Friendbook"
        }
        TraceKind::Login | TraceKind::PageLogin if trace.asked == Some(false) => {
            "Login, nothing asked"
        }
        TraceKind::Login | TraceKind::PageLogin if has_second_factor(trace) => {
            "Login with a second factor"
        }
        TraceKind::Login | TraceKind::PageLogin => "Login",
        TraceKind::SilentRenewal if refused => "Silent authentication, refused",
        TraceKind::SilentRenewal => "Silent authentication",
        TraceKind::SilentLogin => "Silent check",
        TraceKind::Logout | TraceKind::PageLogout => "Logout",
        TraceKind::BackchannelLogout => "Back-channel logout",
        TraceKind::Revocation if trace.message(Step::RevokedElsewhere).is_some() => {
            "Signed out from elsewhere"
        }
        TraceKind::Revocation => "Another browser signed out",
    }
}

/// Where it led, who it was, what it was about: in the order in which a reader asks.
pub fn details(trace: &Trace) -> Vec<String> {
    let parameter = |step, name| trace.message(step)?.parameter(name);
    let page = parameter(Step::ReturnedToPage, "to")
        .or(parameter(Step::PageReturned, "to"))
        .or(parameter(Step::LoginRequested, "return_to"));
    let person = validated(trace).and_then(|token| token.parameter("sub"));
    let as_person = person.map(|person| format!("as {person}"));
    let details = match trace.kind {
        TraceKind::Login | TraceKind::PageLogin => {
            [page.map(|page| format!("to {page}")), as_person]
        }
        TraceKind::SilentLogin | TraceKind::SilentRenewal => {
            let error = trace.messages.iter().find_map(|message| message.parameter("error"));
            let by_itself = trace.automatic.then(|| "asked by the page itself".to_owned());
            [as_person.or(error.map(str::to_owned)), by_itself]
        }
        TraceKind::Logout => [
            parameter(Step::LogoutRequested, "scope").map(what_ends),
            parameter(Step::SessionEnded, "session").map(|session| format!("session {session}")),
        ],
        TraceKind::PageLogout => {
            [parameter(Step::PageEndSessionRequest, "state").map(what_ends), None]
        }
        TraceKind::BackchannelLogout => {
            let token = Step::LogoutTokenValidated;
            let session = parameter(token, "sid").map(|sid| format!("its session {sid}"));
            [session, parameter(token, "sub").map(|person| format!("of {person}"))]
        }
        TraceKind::Revocation => {
            [parameter(Step::RevokedElsewhere, "by").map(|by| format!("by {by}")), ended(trace)]
        }
    };
    details.into_iter().flatten().collect()
}

fn has_second_factor(trace: &Trace) -> bool {
    let request = trace.messages.iter().find(|message| is_request(message));
    validated(trace).is_some_and(|token| names_second_factor(token, request))
}

fn what_ends(scope: &str) -> String {
    let what = match scope {
        "local" => "of storezero alone",
        "idp" => "of PeakCommerce ID too",
        "federated" => "of Friendbook too",
        other => other,
    };
    what.to_owned()
}

/// In which browsers.
fn ended(trace: &Trace) -> Option<String> {
    let browsers: Vec<&str> = trace
        .messages
        .iter()
        .filter(|message| message.step == Step::SessionEnded)
        .filter_map(|message| message.parameter("browser"))
        .collect();
    match browsers.as_slice() {
        [] => None,
        [only] => Some((*only).to_owned()),
        several => Some(format!("{} of them", several.len())),
    }
}

#[cfg(test)]
mod tests {
    use super::{super::lane_state::tests::trace, *};

    #[test]
    fn two_logins_are_told_apart_by_where_they_led_and_who_it_was() {
        let login = |to, sub| {
            trace(
                TraceKind::Login,
                1,
                &[
                    (Step::LoginRequested, &[("return_to", to)]),
                    (Step::IdTokenValidated, &[("sub", sub)]),
                    (Step::ReturnedToPage, &[("to", to)]),
                ],
            )
        };
        let orders = login("/account/orders?status=shipped#late", "‹a1b2c3›");
        assert_eq!(details(&orders), ["to /account/orders?status=shipped#late", "as ‹a1b2c3›"]);
        assert_eq!(details(&login("/", "‹d4e5f6›")), ["to /", "as ‹d4e5f6›"]);
    }

    #[test]
    fn a_login_is_called_by_what_it_shows() {
        let token = |amr| trace(TraceKind::Login, 1, &[(Step::IdTokenValidated, &[("amr", amr)])]);
        assert_eq!(title(&token("pwd")), "Login");
        assert_eq!(title(&token("pwd otp mfa")), "Login with a second factor");
        let known = Trace { asked: Some(false), ..token("pwd otp mfa") };
        assert_eq!(title(&known), "Login, nothing asked");
        let social = Trace { provider: Some("friendbook".into()), ..token("fed") };
        assert_eq!(title(&social), "Login with Friendbook");
        let refused = trace(TraceKind::Login, 1, &[(Step::LoginRefused, &[])]);
        assert_eq!(title(&refused), "Login, refused");
    }

    #[test]
    fn each_side_of_a_revocation_is_called_by_its_own_name() {
        let ended: &[(&str, &str)] = &[("browser", "Firefox on Linux")];
        let steps = [(Step::RevocationRequested, &[] as &[_]), (Step::SessionEnded, ended)];
        let here = trace(TraceKind::Revocation, 1, &steps);
        assert_eq!(title(&here), "Another browser signed out");
        assert_eq!(details(&here), ["Firefox on Linux"]);
        let by: &[(&str, &str)] = &[("by", "Chrome on macOS")];
        let there = trace(TraceKind::Revocation, 1, &[(Step::RevokedElsewhere, by)]);
        assert_eq!(title(&there), "Signed out from elsewhere");
        assert_eq!(details(&there), ["by Chrome on macOS"]);
    }

    #[test]
    fn a_logout_says_what_it_was_to_end() {
        let logout = trace(TraceKind::Logout, 1, &[(Step::LogoutRequested, &[("scope", "idp")])]);
        assert_eq!(details(&logout), ["of PeakCommerce ID too"]);
    }
}
