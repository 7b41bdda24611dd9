//! What happened outside the shop, between the messages that it saw: inferred from them, or known from the document and
//! the protocol alone. No I/O.

use super::flow_facts::{is_after, is_request, is_validation, names_second_factor, validated};
use shared::trace::{Message, Party, Section, Step, Trace, TraceKind};

/// The document's own number of a step.
pub type DocumentStep = Option<u8>;

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TraceLine {
    Observed(Message, DocumentStep),
    Unobserved(UnobservedStep),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnobservedStep {
    pub from: Party,
    pub to: Party,
    pub title: &'static str,
    pub basis: Basis,
    pub document: DocumentStep,
    pub sections: &'static [Section],
}

/// How the shop knows of a step that it did not see.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Basis {
    /// It follows from this.
    Inferred(&'static str),
    /// So the document and the protocol have it.
    NotObserved,
}

const fn step(from: Party, to: Party, title: &'static str) -> UnobservedStep {
    UnobservedStep { from, to, title, basis: Basis::NotObserved, document: None, sections: &[] }
}

impl UnobservedStep {
    const fn number(self, document: u8) -> Self {
        Self { document: Some(document), ..self }
    }

    const fn inferred(self, from: &'static str) -> Self {
        Self { basis: Basis::Inferred(from), ..self }
    }
}

use Party::{
    Browser, IdentityProvider as Idp, OtherBrowser as Other, Shop, SocialProvider as Social,
};

const NEW_AUTH_TIME: &str = "auth_time in the ID token is newer than the request";
const OLD_AUTH_TIME: &str = "auth_time in the ID token is older than the request";

const SESSION_BEGINS: UnobservedStep =
    step(Idp, Idp, "Creates its session, or finds the one that it has").number(2);
const SHOWS_LOGIN: UnobservedStep =
    step(Idp, Browser, "Shows its login page").inferred(NEW_AUTH_TIME);
const AUTHENTICATES: UnobservedStep =
    step(Browser, Idp, "The person authenticates").inferred(NEW_AUTH_TIME);
const SECOND_FACTOR: UnobservedStep = step(Browser, Idp, "The person gives a second factor")
    .inferred("acr or amr in the ID token names one");
const SESSION_UPDATED: UnobservedStep =
    step(Idp, Idp, "Updates that session: the person is logged in");

const CHOOSES_SOCIAL: UnobservedStep =
    step(Browser, Idp, "The person chooses the social provider").number(4);
const TO_SOCIAL: UnobservedStep = step(Idp, Social, "Redirects to the social provider")
    .inferred("the ID token names it")
    .number(5);
const SOCIAL_SESSION: UnobservedStep =
    step(Social, Social, "Creates its session, or knows the person already; authenticates")
        .number(6);
const SOCIAL_ASKS: UnobservedStep =
    step(Social, Social, "Creates its session and asks for credentials")
        .inferred("upstream_auth_time in the ID token is newer than the request")
        .number(6);
const SOCIAL_KNOWS: UnobservedStep =
    step(Social, Social, "Knows the person already: asks for nothing")
        .inferred("upstream_auth_time in the ID token is older than the request")
        .number(6);
const FROM_SOCIAL: UnobservedStep =
    step(Social, Idp, "Redirects back").inferred("the ID token names it").number(7);

const KNOWN: UnobservedStep =
    step(Idp, Idp, "Finds its session: neither a login page nor a second factor")
        .inferred(OLD_AUTH_TIME);
/// A session that has a second factor already, or gets one now: `auth_time` is that of the first.
const KNOWN_WITH_SECOND_FACTOR: UnobservedStep = step(
    Idp,
    Idp,
    "Finds its session: no login page. Whether the second factor was given now or before, the ID token does not say",
)
.inferred(OLD_AUTH_TIME);
/// Of a refused login the ID token, which says how the person authenticated, never came.
const UNKNOWN: UnobservedStep = step(Idp, Idp, "What happened there, the shop was not told");
const LOOKS_SILENTLY: UnobservedStep =
    step(Idp, Idp, "Looks at its session and answers without any page");
const FRAME_MESSAGE: UnobservedStep = UnobservedStep {
    sections: &[Section::POST_MESSAGE],
    ..step(Browser, Browser, "The frame hands its answer to the page around it (postMessage)")
        .inferred("that page sends it on")
};

const ENDS: UnobservedStep = step(Idp, Idp, "Ends its session")
    .inferred("it got the ID token as a hint, and has led the browser back");
const ENDS_SOCIAL: UnobservedStep = step(Idp, Social, "Ends the social provider’s session");
const ASKS: UnobservedStep =
    step(Idp, Browser, "Asks whether to sign out; what was answered is not known from here");
const NOT_BACK: UnobservedStep = step(
    Idp,
    Idp,
    "Whether its session ends is not known: the browser has not come back from there",
);
const ENDED_THERE: UnobservedStep =
    step(Idp, Idp, "A session ends: a sign-out, a new login, or a new password, email or phone")
        .inferred("the logout token says that one did");
const TOLD_THERE: UnobservedStep =
    step(Shop, Other, "Its open page at once, or its next request, is told that the session ended");
const TOLD_HERE: UnobservedStep =
    step(Shop, Browser, "The key opens nothing any more: the browser is told why")
        .inferred("this page knows it");

/// All messages of a trace in their order, with the unobserved steps in their places.
pub fn lines(trace: &Trace) -> Vec<TraceLine> {
    let social = trace.provider.is_some();
    let is_numbered = matches!(trace.kind, TraceKind::Login | TraceKind::PageLogin);
    let mut lines = Vec::new();
    if trace.kind == TraceKind::BackchannelLogout {
        lines.push(TraceLine::Unobserved(ENDED_THERE));
    }
    for (at, message) in trace.messages.iter().enumerate() {
        let document = message.step.document_step(social).filter(|_| is_numbered);
        lines.push(TraceLine::Observed(message.clone(), document));
        let next = after(trace, message, &trace.messages[at + 1..]);
        lines.extend(next.into_iter().map(TraceLine::Unobserved));
    }
    lines
}

/// `rest` is what the shop saw from then on.
fn after(trace: &Trace, message: &Message, rest: &[Message]) -> Vec<UnobservedStep> {
    match (trace.kind, message.step) {
        (TraceKind::SilentLogin, Step::AuthorizationRequest) | (_, Step::FrameRequest) => {
            vec![LOOKS_SILENTLY]
        }
        (TraceKind::SilentLogin, Step::AuthorizationResponse) => vec![FRAME_MESSAGE],
        (_, Step::AuthorizationRequest | Step::PageAuthorizationRequest) => {
            at_login(trace, message, rest)
        }
        (_, Step::EndSessionRequest | Step::PageEndSessionRequest) => at_logout(trace, message),
        (TraceKind::Revocation, Step::RevocationAnswered) => vec![TOLD_THERE],
        (TraceKind::Revocation, Step::SessionEnded) if rest.is_empty() => vec![TOLD_HERE],
        _ => Vec::new(),
    }
}

/// Between the request and its answer. A login that had to begin anew asked twice, and each time something else may have
/// happened there.
fn at_login(trace: &Trace, request: &Message, rest: &[Message]) -> Vec<UnobservedStep> {
    let this_time = rest.iter().take_while(|message| !is_request(message));
    let Some(token) = this_time.filter(|message| is_validation(message)).last() else {
        return vec![UNKNOWN];
    };
    // What the shop itself has made of its last token, with its own clock.
    let is_last = validated(trace).is_some_and(|last| std::ptr::eq(last, token));
    let asked = if is_last && trace.asked.is_some() {
        trace.asked
    } else {
        is_after(token, "auth_time", request)
    };
    let second_factor = names_second_factor(token, Some(request));
    match (&trace.provider, asked) {
        (_, Some(false)) if second_factor => vec![KNOWN_WITH_SECOND_FACTOR],
        (_, Some(false)) => vec![KNOWN],
        (Some(_), _) => by_social_provider(token, request, second_factor),
        (None, Some(true)) => by_password(second_factor),
        (None, None) => vec![UNKNOWN],
    }
}

/// Steps 2 to 4 of "User logs in with username and password".
fn by_password(second_factor: bool) -> Vec<UnobservedStep> {
    let mut steps = vec![SESSION_BEGINS, SHOWS_LOGIN.number(2), AUTHENTICATES.number(3)];
    steps.extend(second_factor.then_some(SECOND_FACTOR.number(3)));
    steps.push(SESSION_UPDATED.number(4));
    steps
}

/// Steps 2 to 7 of "User logs in with identity provider". With `connection` the login page is passed over.
fn by_social_provider(
    token: &Message,
    request: &Message,
    second_factor: bool,
) -> Vec<UnobservedStep> {
    let mut steps = vec![SESSION_BEGINS];
    if request.parameter("connection").is_none() {
        steps.extend([step(Idp, Browser, "Shows its login page").number(3), CHOOSES_SOCIAL]);
    }
    let there = match is_after(token, "upstream_auth_time", request) {
        None => SOCIAL_SESSION,
        Some(true) => SOCIAL_ASKS,
        Some(false) => SOCIAL_KNOWS,
    };
    steps.extend([TO_SOCIAL, there, FROM_SOCIAL]);
    steps.extend(second_factor.then_some(SECOND_FACTOR.number(7)));
    steps.push(SESSION_UPDATED.number(7));
    steps
}

/// Whoever has no token of the session to show is asked there whether they mean it, and may say no.
fn at_logout(trace: &Trace, request: &Message) -> Vec<UnobservedStep> {
    if trace.message(Step::LogoutReturned).is_none() {
        return vec![NOT_BACK];
    }
    if request.parameter("id_token_hint").is_none() {
        return vec![ASKS];
    }
    let mut steps = vec![ENDS];
    steps.extend(trace.ends_social_session().then_some(ENDS_SOCIAL));
    steps
}

#[cfg(test)]
mod tests {
    use super::{
        super::lane_state::tests::{login, trace},
        *,
    };

    fn document_steps(trace: &Trace) -> Vec<u8> {
        let mut numbers: Vec<u8> = lines(trace)
            .iter()
            .filter_map(|line| match line {
                TraceLine::Observed(_, document) => *document,
                TraceLine::Unobserved(step) => step.document,
            })
            .collect();
        numbers.dedup();
        numbers
    }

    fn outside(trace: &Trace) -> Vec<UnobservedStep> {
        let lines = lines(trace).into_iter();
        lines
            .filter_map(|line| match line {
                TraceLine::Observed(..) => None,
                TraceLine::Unobserved(step) => Some(step),
            })
            .collect()
    }

    /// A login at 10 s whose ID token has these claims.
    fn login_with(request: &[(&str, &str)], claims: &[(&str, &str)]) -> Trace {
        trace(
            TraceKind::Login,
            10_000,
            &[
                (Step::AuthorizationRequest, request),
                (Step::AuthorizationResponse, &[]),
                (Step::IdTokenValidated, claims),
            ],
        )
    }

    #[test]
    fn a_login_by_password_has_the_documents_six_steps_in_order() {
        let mut trace = login(1);
        trace.asked = Some(true);
        assert_eq!(document_steps(&trace), [1, 2, 3, 4, 5, 6]);
    }

    #[test]
    fn a_social_login_has_the_documents_nine_steps_in_order() {
        let mut trace = login(1);
        trace.provider = Some("friendbook".into());
        trace.asked = Some(true);
        assert_eq!(document_steps(&trace), [1, 2, 3, 4, 5, 6, 7, 8, 9]);
    }

    #[test]
    fn where_nothing_is_asked_no_login_page_is_drawn() {
        let mut trace = login(1);
        trace.asked = Some(false);
        assert_eq!(document_steps(&trace), [1, 5, 6]);
        assert_eq!(outside(&trace), [KNOWN]);
    }

    #[test]
    fn a_second_factor_is_inferred_from_the_token_and_not_where_it_may_be_one_of_before() {
        let both = login_with(&[], &[("auth_time", "10"), ("amr", "pwd otp mfa")]);
        assert!(outside(&both).contains(&SECOND_FACTOR.number(3)));
        let one = login_with(&[], &[("auth_time", "10"), ("amr", "pwd")]);
        assert!(!outside(&one).iter().any(|step| step.title == SECOND_FACTOR.title));
        let asked = [("acr_values", "two")];
        let known = login_with(&asked, &[("auth_time", "5"), ("acr", "two")]);
        assert_eq!(outside(&known), [KNOWN_WITH_SECOND_FACTOR]);
    }

    #[test]
    fn what_the_social_provider_did_is_said_where_the_token_tells_when() {
        let there = |claims: &[(&str, &str)]| {
            let mut trace = login_with(&[("connection", "friendbook")], claims);
            trace.provider = Some("friendbook".into());
            trace.asked = Some(true);
            outside(&trace).into_iter().find(|step| step.from == Social).unwrap()
        };
        assert_eq!(there(&[]), SOCIAL_SESSION);
        assert_eq!(there(&[("upstream_auth_time", "11")]), SOCIAL_ASKS);
        assert_eq!(there(&[("upstream_auth_time", "2")]), SOCIAL_KNOWS);
    }

    #[test]
    fn a_login_that_begins_anew_says_of_each_time_what_is_known_of_it() {
        let mut trace = trace(
            TraceKind::Login,
            10_000,
            &[
                (Step::AuthorizationRequest, &[]),
                (Step::IdTokenValidated, &[("auth_time", "5")]),
                (Step::LoginBeginsAnew, &[]),
                (Step::AuthorizationRequest, &[("prompt", "login")]),
                (Step::IdTokenValidated, &[("auth_time", "11")]),
            ],
        );
        trace.asked = Some(true);
        let outside = outside(&trace);
        assert_eq!(outside[0], KNOWN);
        assert!(outside.contains(&AUTHENTICATES.number(3)));
    }

    #[test]
    fn of_a_refused_login_nothing_is_said_to_have_happened_there() {
        let steps: &[(Step, &[_])] =
            &[(Step::AuthorizationRequest, &[]), (Step::LoginRefused, &[])];
        assert_eq!(outside(&trace(TraceKind::Login, 1, steps)), [UNKNOWN]);
    }

    #[test]
    fn the_silent_frame_hands_its_answer_to_the_page_before_the_page_sends_it() {
        let silent = trace(
            TraceKind::SilentLogin,
            1,
            &[
                (Step::AuthorizationRequest, &[]),
                (Step::AuthorizationResponse, &[]),
                (Step::SilentAnswer, &[]),
            ],
        );
        let lines = lines(&silent);
        assert_eq!(lines[1], TraceLine::Unobserved(LOOKS_SILENTLY));
        assert_eq!(lines[3], TraceLine::Unobserved(FRAME_MESSAGE));
        assert_eq!(lines.len(), 5);
        assert_eq!(document_steps(&silent), Vec::<u8>::new());
    }

    #[test]
    fn a_logout_claims_an_end_there_only_for_a_browser_that_came_back_and_was_not_asked() {
        let logout = |parameters, came_back: bool| {
            let mut steps: Vec<(Step, &[_])> = vec![(Step::EndSessionRequest, parameters)];
            steps.extend(came_back.then_some((Step::LogoutReturned, &[] as &[_])));
            outside(&trace(TraceKind::Logout, 1, &steps))
        };
        let hint: &[(&str, &str)] = &[("id_token_hint", "‹a›")];
        let federated: &[(&str, &str)] = &[("id_token_hint", "‹a›"), ("federated", "1")];
        assert_eq!(logout(hint, false), [NOT_BACK]);
        assert_eq!(logout(hint, true), [ENDS]);
        assert_eq!(logout(federated, true), [ENDS, ENDS_SOCIAL]);
        assert_eq!(logout(&[], true), [ASKS]);
    }

    #[test]
    fn each_side_of_a_revocation_has_its_own_end() {
        let here: &[(Step, &[_])] = &[(Step::SessionEnded, &[]), (Step::RevocationAnswered, &[])];
        assert_eq!(outside(&trace(TraceKind::Revocation, 1, here)), [TOLD_THERE]);
        let there: &[(Step, &[_])] = &[(Step::RevokedElsewhere, &[]), (Step::SessionEnded, &[])];
        assert_eq!(outside(&trace(TraceKind::Revocation, 1, there)), [TOLD_HERE]);
    }
}
