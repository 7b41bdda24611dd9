//! What happened outside the shop, between the messages that it saw: told by the document and the protocol, and
//! drawn as not observed. No I/O.

use shared::trace::{Message, Party, Step, Trace, TraceKind};

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Line {
    Seen(Message),
    Outside(Outside),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Outside {
    pub from: Party,
    pub to: Party,
    pub title: &'static str,
    /// The document's own number of this step.
    pub number: Option<u8>,
}

const fn outside(from: Party, to: Party, number: Option<u8>, title: &'static str) -> Outside {
    Outside {
        from,
        to,
        title,
        number,
    }
}

use Party::{Browser, IdentityProvider as Idp, Shop, SocialProvider as Social};

/// Steps 2 to 4 of "User logs in with username and password".
const PASSWORD: [Outside; 4] = [
    outside(
        Idp,
        Idp,
        Some(2),
        "Creates its session, or finds the one that it has",
    ),
    outside(Idp, Browser, Some(2), "Shows its login page"),
    outside(Browser, Idp, Some(3), "The person authenticates"),
    outside(
        Idp,
        Idp,
        Some(4),
        "Updates that session: the person is logged in",
    ),
];

/// Nothing is asked: what the document's note on the second session says.
const KNOWN: [Outside; 1] = [outside(
    Idp,
    Idp,
    None,
    "Finds its session: neither a login page nor a second factor",
)];

/// Steps 2 to 7 of "User logs in with identity provider".
const SOCIAL: [Outside; 7] = [
    outside(
        Idp,
        Idp,
        Some(2),
        "Creates its session, or finds the one that it has",
    ),
    outside(Idp, Browser, Some(3), "Shows its login page"),
    outside(
        Browser,
        Idp,
        Some(4),
        "The person chooses the social provider",
    ),
    outside(Idp, Social, Some(5), "Redirects to the social provider"),
    outside(
        Social,
        Social,
        Some(6),
        "Creates its session, or knows the person already; authenticates",
    ),
    outside(Social, Idp, Some(7), "Redirects back"),
    outside(
        Idp,
        Idp,
        Some(7),
        "Updates its session: the person is logged in",
    ),
];

/// With `connection` the login page is passed over.
const SOCIAL_AT_ONCE: [Outside; 5] = [SOCIAL[0], SOCIAL[3], SOCIAL[4], SOCIAL[5], SOCIAL[6]];

/// A refused login: its ID token, which tells how the person authenticated, never came.
const UNTOLD: [Outside; 1] = [outside(
    Idp,
    Idp,
    None,
    "What happened there, the shop was not told",
)];

const SILENT: [Outside; 1] = [outside(
    Idp,
    Idp,
    None,
    "Looks at its session and answers without any page",
)];

const ENDS: Outside = outside(Idp, Idp, None, "Ends its session");
const ENDS_SOCIAL: Outside = outside(Idp, Social, None, "Ends the social provider’s session");
const BACK: Outside = outside(Idp, Shop, None, "Redirects to /signed-out");

const ENDED_THERE: [Outside; 1] = [outside(
    Idp,
    Idp,
    None,
    "A session ends: a sign-out, a new login, or a new password, email or phone",
)];

/// All messages of a trace in their order, with what was outside in its place.
pub fn lines(trace: &Trace) -> Vec<Line> {
    let mut lines = Vec::new();
    if trace.kind == TraceKind::BackchannelLogout {
        lines.extend(ENDED_THERE.map(Line::Outside));
    }
    for message in &trace.messages {
        let step = message.step;
        lines.push(Line::Seen(message.clone()));
        lines.extend(after(trace, step).into_iter().map(Line::Outside));
    }
    lines
}

fn after(trace: &Trace, step: Step) -> Vec<Outside> {
    match (trace.kind, step) {
        (TraceKind::SilentLogin, Step::AuthorizationRequest) => SILENT.to_vec(),
        (_, Step::AuthorizationRequest) => at_login(trace),
        (_, Step::EndSessionRequest) => {
            let mut steps = vec![ENDS];
            if trace.ends_social_session() {
                steps.push(ENDS_SOCIAL);
            }
            steps.push(BACK);
            steps
        }
        _ => Vec::new(),
    }
}

fn at_login(trace: &Trace) -> Vec<Outside> {
    let connection = trace
        .message(Step::AuthorizationRequest)
        .is_some_and(|message| message.parameter("connection").is_some());
    match (&trace.provider, trace.asked) {
        (_, Some(false)) => KNOWN.to_vec(),
        (Some(_), _) if connection => SOCIAL_AT_ONCE.to_vec(),
        (Some(_), _) => SOCIAL.to_vec(),
        (None, Some(true)) => PASSWORD.to_vec(),
        (None, None) => UNTOLD.to_vec(),
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
                Line::Seen(message) => message.step.number(social),
                Line::Outside(outside) => outside.number,
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
        assert!(lines(&trace).contains(&Line::Outside(KNOWN[0])));
    }
}
