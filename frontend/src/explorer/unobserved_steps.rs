//! What happened outside the shop, between the messages that it saw: known from the document and the protocol, and
//! drawn as not observed. No I/O.

use shared::trace::{Message, Party, Step, Trace, TraceKind};

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TraceLine {
    Observed(Message),
    Unobserved(UnobservedStep),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnobservedStep {
    pub from: Party,
    pub to: Party,
    pub title: &'static str,
    /// The document's own number of this step.
    pub number: Option<u8>,
}

const fn step(from: Party, to: Party, title: &'static str) -> UnobservedStep {
    UnobservedStep { from, to, title, number: None }
}

const fn numbered(number: u8, from: Party, to: Party, title: &'static str) -> UnobservedStep {
    UnobservedStep { number: Some(number), ..step(from, to, title) }
}

use Party::{Browser, IdentityProvider as Idp, Shop, SocialProvider as Social};

const SESSION_BEGINS: &str = "Creates its session, or finds the one that it has";
const SOCIAL_SESSION: &str = "Creates its session, or knows the person already; authenticates";

/// Steps 2 to 4 of "User logs in with username and password".
const PASSWORD: [UnobservedStep; 4] = [
    numbered(2, Idp, Idp, SESSION_BEGINS),
    numbered(2, Idp, Browser, "Shows its login page"),
    numbered(3, Browser, Idp, "The person authenticates"),
    numbered(4, Idp, Idp, "Updates that session: the person is logged in"),
];

/// Steps 2 to 7 of "User logs in with identity provider".
const SOCIAL: [UnobservedStep; 7] = [
    numbered(2, Idp, Idp, SESSION_BEGINS),
    numbered(3, Idp, Browser, "Shows its login page"),
    numbered(4, Browser, Idp, "The person chooses the social provider"),
    numbered(5, Idp, Social, "Redirects to the social provider"),
    numbered(6, Social, Social, SOCIAL_SESSION),
    numbered(7, Social, Idp, "Redirects back"),
    numbered(7, Idp, Idp, "Updates its session: the person is logged in"),
];

/// With `connection` the login page is passed over.
const SOCIAL_AT_ONCE: [UnobservedStep; 5] = [SOCIAL[0], SOCIAL[3], SOCIAL[4], SOCIAL[5], SOCIAL[6]];

/// Nothing is asked: what the document's note on the second session says.
const KNOWN: UnobservedStep =
    within_idp("Finds its session: neither a login page nor a second factor");
/// A refused login: its ID token, which says how the person authenticated, never came.
const UNKNOWN: UnobservedStep = within_idp("What happened there, the shop was not told");
const SILENT: UnobservedStep = within_idp("Looks at its session and answers without any page");
const ENDS: UnobservedStep = within_idp("Ends its session");
const ENDS_SOCIAL: UnobservedStep = step(Idp, Social, "Ends the social provider’s session");
const BACK: UnobservedStep = step(Idp, Shop, "Redirects to /signed-out");
const ENDED_THERE: UnobservedStep =
    within_idp("A session ends: a sign-out, a new login, or a new password, email or phone");

const fn within_idp(title: &'static str) -> UnobservedStep {
    step(Idp, Idp, title)
}

/// All messages of a trace in their order, with the unobserved steps in their places.
pub fn lines(trace: &Trace) -> Vec<TraceLine> {
    let mut lines = Vec::new();
    if trace.kind == TraceKind::BackchannelLogout {
        lines.push(TraceLine::Unobserved(ENDED_THERE));
    }
    for message in &trace.messages {
        lines.push(TraceLine::Observed(message.clone()));
        lines.extend(after(trace, message.step).iter().copied().map(TraceLine::Unobserved));
    }
    lines
}

fn after(trace: &Trace, step: Step) -> &'static [UnobservedStep] {
    match (trace.kind, step) {
        (TraceKind::SilentLogin, Step::AuthorizationRequest) | (_, Step::FrameRequest) => &[SILENT],
        (_, Step::AuthorizationRequest | Step::PageAuthorizationRequest) => at_login(trace),
        (_, Step::EndSessionRequest) if trace.ends_social_session() => &[ENDS, ENDS_SOCIAL, BACK],
        (_, Step::EndSessionRequest) => &[ENDS, BACK],
        _ => &[],
    }
}

fn at_login(trace: &Trace) -> &'static [UnobservedStep] {
    let connection = trace
        .message(Step::AuthorizationRequest)
        .or(trace.message(Step::PageAuthorizationRequest))
        .is_some_and(|message| message.parameter("connection").is_some());
    match (&trace.provider, trace.asked) {
        (_, Some(false)) => &[KNOWN],
        (Some(_), _) if connection => &SOCIAL_AT_ONCE,
        (Some(_), _) => &SOCIAL,
        (None, Some(true)) => &PASSWORD,
        (None, None) => &[UNKNOWN],
    }
}

#[cfg(test)]
mod tests {
    use super::{super::lane_state::tests::login, *};

    fn numbers(trace: &Trace) -> Vec<u8> {
        let social = trace.provider.is_some();
        let mut numbers: Vec<u8> = lines(trace)
            .iter()
            .filter_map(|line| match line {
                TraceLine::Observed(message) => message.step.number(social),
                TraceLine::Unobserved(step) => step.number,
            })
            .collect();
        numbers.dedup();
        numbers
    }

    #[test]
    fn a_login_by_password_has_the_documents_six_steps_in_order() {
        let mut trace = login(1);
        trace.asked = Some(true);
        assert_eq!(numbers(&trace), [1, 2, 3, 4, 5, 6]);
    }

    #[test]
    fn a_social_login_has_the_documents_nine_steps_in_order() {
        let mut trace = login(1);
        trace.provider = Some("friendbook".into());
        trace.asked = Some(true);
        assert_eq!(numbers(&trace), [1, 2, 3, 4, 5, 6, 7, 8, 9]);
    }

    #[test]
    fn where_nothing_is_asked_no_login_page_is_drawn() {
        let mut trace = login(1);
        trace.asked = Some(false);
        assert_eq!(numbers(&trace), [1, 5, 6]);
        assert!(lines(&trace).contains(&TraceLine::Unobserved(KNOWN)));
    }
}
