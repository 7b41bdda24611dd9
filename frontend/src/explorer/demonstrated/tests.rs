//! Each row has what earns it, and what nearly does and must not.

use super::{super::parts::Part, Findings, Progress};
use crate::auth::Visitor;
use shared::{
    activities::{Activity, ActivityName},
    session::{EndReason, SessionFacts, SessionLimits, SessionState, SessionView},
    trace::{Message, Parameter, Step, Trace, TraceKind},
};

type Parameters<'a> = &'a [(&'a str, &'a str)];

fn flow(kind: TraceKind, began_at: i64, steps: &[(Step, Parameters<'_>)]) -> Trace {
    let parameters = |of: Parameters<'_>| {
        of.iter()
            .map(|(name, value)| Parameter { name: (*name).to_owned(), value: (*value).to_owned() })
            .collect()
    };
    let mut trace = Trace::begin(kind, began_at);
    trace.messages = steps
        .iter()
        .map(|(step, of)| Message { at: began_at, step: *step, parameters: parameters(of) })
        .collect();
    trace
}

/// A login as a visitor's browser and the identity provider make it, bit by bit.
#[derive(Clone)]
struct Login<'a> {
    at: i64,
    asked: Option<bool>,
    provider: Option<&'a str>,
    began: Vec<(&'a str, &'a str)>,
    request: Vec<(&'a str, &'a str)>,
    token: Vec<(&'a str, &'a str)>,
    updated: Vec<(&'a str, &'a str)>,
    to: &'a str,
}

/// Nobody was signed in, and the identity provider asked for the password.
fn by_password<'a>(at: i64) -> Login<'a> {
    Login {
        at,
        asked: Some(true),
        provider: None,
        began: vec![("signed in", "false")],
        request: vec![],
        token: vec![("sub", "ada"), ("sid", "s1"), ("auth_time", "1")],
        updated: vec![("kept beyond the browser", "false"), ("second factor", "false")],
        to: "/sessions",
    }
}

/// By way of Friendbook, in this session of the identity provider, with Friendbook's own `auth_time`.
fn by_friendbook<'a>(at: i64, sid: &'a str, upstream_auth_time: &'a str) -> Login<'a> {
    Login {
        provider: Some("friendbook"),
        token: vec![
            ("sub", "linus"),
            ("sid", sid),
            ("auth_time", upstream_auth_time),
            ("upstream_auth_time", upstream_auth_time),
        ],
        ..by_password(at)
    }
}

fn with_second_factor(at: i64, asked: bool, auth_time: &str) -> Login<'_> {
    Login {
        asked: Some(asked),
        token: vec![("sub", "grace"), ("sid", "s1"), ("auth_time", auth_time)],
        updated: vec![("second factor", "true")],
        ..by_password(at)
    }
}

impl Login<'_> {
    fn flow(&self) -> Trace {
        let mut trace = flow(
            TraceKind::Login,
            self.at,
            &[
                (Step::SessionBegan, &self.began),
                (Step::AuthorizationRequest, &self.request),
                (Step::IdTokenValidated, &self.token),
                (Step::SessionUpdated, &self.updated),
                (Step::ReturnedToPage, &[("to", self.to)]),
            ],
        );
        trace.asked = self.asked;
        trace.provider = self.provider.map(str::to_owned);
        trace
    }
}

fn logout(at: i64, scope: &str, sid: &str) -> Trace {
    let mut steps: Vec<(Step, Parameters<'_>)> = vec![];
    let requested = [("scope", scope)];
    let ended = [("session", "f"), ("sid", sid)];
    steps.push((Step::LogoutRequested, &requested));
    steps.push((Step::SessionEnded, &ended));
    match scope {
        "idp" => steps.push((Step::EndSessionRequest, &[])),
        "federated" => steps.push((Step::EndSessionRequest, &[("federated", "1")])),
        _ => {}
    }
    flow(TraceKind::Logout, at, &steps)
}

fn silence(at: i64, is_known: bool) -> Trace {
    let response: Parameters<'_> =
        if is_known { &[("code", "c")] } else { &[("error", "login_required")] };
    let known = if is_known { "true" } else { "false" };
    flow(
        TraceKind::SilentLogin,
        at,
        &[
            (Step::AuthorizationResponse, response),
            (Step::SilentLoginAnswered, &[("known", known)]),
        ],
    )
}

fn backchannel_logout(reason: Option<&str>) -> Trace {
    let reason: Vec<_> = reason.map(|reason| ("reason", reason)).into_iter().collect();
    flow(TraceKind::BackchannelLogout, 5, &[(Step::LogoutTokenValidated, &reason)])
}

fn activity(at: i64, name: ActivityName) -> Activity {
    Activity::new(at, name, "")
}

/// Somebody with this session, or with none since it ended so.
fn guest(fingerprint: Option<&str>, ended: Option<EndReason>) -> Visitor {
    let facts = |fingerprint: &str| SessionFacts {
        fingerprint: fingerprint.to_owned(),
        created_at: 0,
        last_seen_at: 0,
        idle_deadline: 0,
        absolute_deadline: 0,
        persistent: false,
        authenticated_at: None,
        provider: None,
        acr: None,
        amr: vec![],
        sid: None,
        id_token_issued_at: None,
    };
    Visitor::from(SessionView {
        now: 0,
        state: match fingerprint {
            Some(fingerprint) => SessionState::Anonymous { session: facts(fingerprint) },
            None => SessionState::None { ended },
        },
        ended_as_guest: false,
        sign_in_available: true,
        federated_logout_available: true,
        silent_login_offered: false,
        kept_limits: SessionLimits::default(),
        is_demo: true,
    })
}

fn findings<'a>(traces: &'a [Trace], activities: &'a [Activity]) -> Findings<'a> {
    Findings { visitor: &Visitor::Unknown, traces, activities, token_used_at: None }
}

fn after(progress: Progress, traces: &[Trace]) -> Progress {
    progress.after(&findings(traces, &[]))
}

/// Looked at one after the other, as the page does while sessions come and go.
fn looked_at(flows: &[Trace]) -> Progress {
    flows
        .iter()
        .fold(Progress::default(), |progress, flow| after(progress, std::slice::from_ref(flow)))
}

fn seen_in(flows: &[Trace]) -> Vec<Part> {
    looked_at(flows).seen.into_iter().collect()
}

fn seen_by(login: &Login<'_>) -> Vec<Part> {
    seen_in(&[login.flow()])
}

fn seen_of(activities: &[Activity]) -> Vec<Part> {
    Progress::default().after(&findings(&[], activities)).seen.into_iter().collect()
}

const NOTHING: [Part; 0] = [];

#[test]
fn nothing_is_seen_before_anything_happened() {
    assert_eq!(seen_in(&[]), NOTHING);
}

#[test]
fn s1_a_guests_order_and_not_a_customers() {
    assert_eq!(seen_of(&[activity(1, ActivityName::GuestOrderPlaced)]), [Part::GuestOrder]);
    assert_eq!(seen_of(&[activity(1, ActivityName::OrderPlaced)]), NOTHING);
    assert_eq!(seen_of(&[activity(1, ActivityName::CheckoutStarted)]), NOTHING);
}

#[test]
fn s2_a_login_on_the_way_to_the_account_and_not_a_step_up_on_it() {
    let asked_at_the_gate = Login { asked: Some(false), to: "/account/orders", ..by_password(1) };
    assert_eq!(seen_by(&asked_at_the_gate), [Part::GatedPage]);
    let began = vec![("signed in", "true")];
    let step_up = Login { began, request: vec![("max_age", "600")], ..asked_at_the_gate.clone() };
    assert_eq!(seen_by(&step_up), NOTHING);
    let elsewhere = Login { to: "/cart", ..asked_at_the_gate.clone() };
    assert_eq!(seen_by(&elsewhere), NOTHING);
    let from_another_site = Login { began: vec![], ..asked_at_the_gate };
    assert_eq!(seen_by(&from_another_site), NOTHING);
}

#[test]
fn s3_a_login_by_password_and_not_one_that_asks_for_something_else() {
    assert_eq!(seen_by(&by_password(1)), [Part::TwoSessions]);
    let login = by_password(1);
    for request in [
        ("prompt", "login"),
        ("max_age", "600"),
        ("acr_values", "mfa"),
        ("connection", "friendbook"),
    ] {
        let login = Login { request: vec![request], ..login.clone() };
        assert_eq!(seen_by(&login), NOTHING, "{request:?}");
    }
    assert_eq!(seen_by(&Login { asked: Some(false), ..login.clone() }), NOTHING);
    assert_eq!(seen_by(&Login { asked: None, ..login.clone() }), NOTHING, "nothing tells");
    assert_eq!(seen_by(&Login { began: vec![("signed in", "true")], ..login }), NOTHING);
    assert_eq!(seen_in(&[flow(TraceKind::Login, 1, &[(Step::LoginRefused, &[])])]), NOTHING);
}

#[test]
fn s4_the_second_factor_remembered_and_not_plain_single_sign_on() {
    let both = [Part::SecondFactorProved, Part::SecondFactorRemembered];
    let demanded = |login: Login<'static>| Login { request: vec![("acr_values", "mfa")], ..login };
    let proved = demanded(with_second_factor(10, true, "10")).flow();
    let remembered = demanded(with_second_factor(20, false, "10")).flow();
    assert_eq!(seen_in(&[proved.clone(), remembered.clone()]), both);

    let password = by_password(10).flow();
    let single_sign_on = Login { asked: Some(false), ..by_password(20) }.flow();
    assert_eq!(seen_in(&[password, single_sign_on]), [Part::TwoSessions]);
    assert_eq!(seen_in(&[remembered]), NOTHING, "it was proved elsewhere");
    let asked_again = demanded(with_second_factor(20, true, "20")).flow();
    assert_eq!(seen_in(&[proved.clone(), asked_again]), [Part::SecondFactorProved]);
    let of_another_proof = demanded(with_second_factor(20, false, "15")).flow();
    assert_eq!(seen_in(&[proved, of_another_proof]), [Part::SecondFactorProved]);
}

#[test]
fn s5_who_comes_back_and_is_not_asked_by_friendbook() {
    let first = by_friendbook(10_000, "s1", "10").flow();
    let second = Login { asked: Some(false), ..by_friendbook(20_000, "s2", "10") };
    let both = [Part::CameByFriendbook, Part::FriendbookRemembered];
    assert_eq!(seen_in(&[first.clone(), second.flow()]), both);

    let once = [Part::CameByFriendbook];
    assert_eq!(seen_in(std::slice::from_ref(&first)), once);
    let by_the_providers_session = by_friendbook(20_000, "s1", "10").flow();
    assert_eq!(seen_in(&[first.clone(), by_the_providers_session]), once, "it never got there");
    let asked_again = by_friendbook(20_000, "s2", "20").flow();
    assert_eq!(seen_in(&[first.clone(), asked_again]), once);
    let token = vec![("sub", "linus"), ("sid", "s2")];
    let untold = Login { token, ..second }.flow();
    assert_eq!(seen_in(&[first, untold]), once, "nothing tells when Friendbook asked");
}

#[test]
fn s6_an_answer_to_a_token_and_not_one_from_before() {
    let found = |token_used_at| Findings { token_used_at, ..findings(&[], &[]) };
    let progress = Progress::begin(10, &Visitor::Unknown);
    assert!(progress.clone().after(&found(Some(10))).has(Part::AnsweredToToken));
    assert!(!progress.clone().after(&found(Some(9))).has(Part::AnsweredToToken));
    assert!(!progress.after(&found(None)).has(Part::AnsweredToToken));
}

#[test]
fn s7_questions_that_the_visitor_asked_and_not_those_of_the_page() {
    assert_eq!(seen_in(&[silence(1, true), silence(2, false)]), NOTHING);
    let known = Progress::default().after_silent_check(&silence(1, true));
    assert!(known.has(Part::KnownSilently) && !known.is_demonstrated("S7"));
    assert!(known.after_silent_check(&silence(2, false)).is_demonstrated("S7"));
    let never_known = Progress::default().after_silent_check(&silence(1, false));
    assert_eq!(never_known, Progress::default(), "its cookie may be kept from frames");
    let consent = flow(
        TraceKind::SilentLogin,
        2,
        &[(Step::AuthorizationResponse, &[("error", "interaction_required")])],
    );
    let known = Progress::default().after_silent_check(&silence(1, true));
    assert!(!known.after_silent_check(&consent).is_demonstrated("S7"));
}

#[test]
fn s8_extended_and_at_a_limit_and_not_what_a_fresh_tab_is_told() {
    let kept = Login {
        asked: Some(false),
        updated: vec![("kept beyond the browser", "true")],
        ..by_password(1)
    };
    assert_eq!(seen_by(&kept), [Part::KeptBeyondBrowser]);
    assert_eq!(seen_by(&Login { asked: Some(false), ..by_password(1) }), NOTHING);

    let looks = |progress: Progress, visitor: &Visitor| {
        progress.after(&Findings { visitor, ..findings(&[], &[]) })
    };
    let ended = |reason| guest(None, Some(reason));
    for reason in [EndReason::Idle, EndReason::Absolute] {
        let fresh = looks(Progress::default(), &ended(reason));
        assert!(!fresh.has(Part::LimitReached), "{reason:?} in a fresh tab");
        let alive = looks(Progress::default(), &guest(Some("f"), None));
        let asking = looks(alive, &Visitor::Unknown);
        assert!(looks(asking, &ended(reason)).has(Part::LimitReached), "{reason:?}");
    }
    let alive = looks(Progress::default(), &guest(Some("f"), None));
    let left = looks(alive, &ended(EndReason::Logout));
    assert!(!looks(left, &ended(EndReason::Idle)).has(Part::LimitReached), "it ended otherwise");
}

#[test]
fn s9_after_a_reset_and_not_after_a_logout_at_the_identity_provider() {
    for reset in ["password_changed", "email_changed", "phone_changed"] {
        assert_eq!(seen_in(&[backchannel_logout(Some(reset))]), [Part::EndedByReset]);
    }
    for other in [Some("sign_out"), Some("new_login"), Some("second_factor_changed"), None] {
        assert_eq!(seen_in(&[backchannel_logout(other)]), NOTHING, "{other:?}");
    }
}

#[test]
fn s10_four_kinds_in_one_session_and_not_in_two() {
    let view = activity(1, ActivityName::PageViewed);
    let search = activity(2, ActivityName::Searched);
    let share = activity(3, ActivityName::Shared);
    let item = activity(4, ActivityName::LineItemAdded);
    let all = [view.clone(), search.clone(), share.clone(), item.clone()];
    assert_eq!(seen_of(&all), [Part::FourKinds]);
    let progress = Progress::default().after(&findings(&[], &[view, search, share]));
    assert!(!progress.has(Part::FourKinds));
    assert!(!progress.after(&findings(&[], &[item])).has(Part::FourKinds));
}

#[test]
fn s11_a_new_login_of_somebody_signed_in_and_not_a_first_one() {
    let signed_in = vec![("signed in", "true"), ("sid", "s0")];
    let anew = Login { request: vec![("prompt", "login")], began: signed_in, ..by_password(1) };
    assert_eq!(seen_by(&anew), [Part::LoginReset]);
    let first = Login { began: vec![("signed in", "false")], ..anew.clone() };
    assert_eq!(seen_by(&first), NOTHING);
    let same = Login { began: vec![("signed in", "true"), ("sid", "s1")], ..anew.clone() };
    assert_eq!(seen_by(&same), NOTHING, "the identity provider reset nothing");
    let untold = Login { token: vec![("sub", "ada")], ..anew.clone() };
    assert_eq!(seen_by(&untold), NOTHING, "it names no session");
    assert_eq!(seen_by(&Login { request: vec![], ..anew }), NOTHING, "nobody asked for it");
}

#[test]
fn s12_each_way_out_for_itself() {
    let progress = looked_at(&[logout(10, "local", "s1")]);
    assert!(progress.has(Part::LeftShop) && !progress.is_demonstrated("S12"));

    let progress = looked_at(&[logout(10, "idp", "s1")]);
    assert!(progress.is_leaving() && !progress.has(Part::LeftProvider), "asked for, not shown");
    let another = Login { token: vec![("sub", "ada"), ("sid", "s2")], ..by_password(20) };
    assert!(after(progress.clone(), &[another.flow()]).has(Part::LeftProvider));
    let lives_on = Login { asked: Some(false), ..by_password(20) }.flow();
    let progress = after(progress, &[lives_on]);
    assert!(!progress.is_leaving() && !progress.has(Part::LeftProvider), "it did not end");
    let progress = after(progress, &[logout(10, "idp", "s1"), Login { at: 30, ..another }.flow()]);
    assert!(!progress.has(Part::LeftProvider), "that was another end");

    let progress = looked_at(&[logout(10_000, "federated", "s1")]);
    assert!(progress.is_leaving_friendbook() && progress.seen.is_empty());
    assert!(!after(progress.clone(), &[by_password(20_000).flow()]).has(Part::LeftFriendbook));
    let knew = by_friendbook(20_000, "s2", "5").flow();
    assert!(!after(progress.clone(), &[knew]).has(Part::LeftFriendbook));
    let asked = by_friendbook(20_000, "s2", "21").flow();
    assert!(after(progress, &[asked]).has(Part::LeftFriendbook));
}

#[test]
fn s12_silence_shows_that_the_session_there_ended_where_the_question_reaches_it() {
    let left = logout(20, "idp", "s1");
    let reached = Progress::default().after_silent_check(&silence(10, true));
    let reached = after(reached, std::slice::from_ref(&left));
    assert!(after(reached.clone(), &[silence(30, false)]).has(Part::LeftProvider));
    assert!(!after(reached.clone(), &[silence(15, false)]).has(Part::LeftProvider), "from before");
    assert!(!after(reached, &[silence(30, true)]).has(Part::LeftProvider));
    let blocked = looked_at(&[left, silence(30, false)]);
    assert!(!blocked.has(Part::LeftProvider), "the browser may keep the cookie from frames");
}

#[test]
fn a_login_that_demands_credentials_shows_nothing_of_the_sessions_that_were_to_end() {
    let progress = looked_at(&[logout(10, "idp", "s1")]);
    let token = vec![("sub", "ada"), ("sid", "s2")];
    let anew = Login { request: vec![("prompt", "login")], token, ..by_password(20) };
    assert!(!after(progress, &[anew.flow()]).has(Part::LeftProvider));
}

#[test]
fn whoever_starts_over_earns_nothing_by_what_was_before() {
    let flows = [
        by_password(10).flow(),
        logout(15, "local", "s1"),
        backchannel_logout(Some("phone_changed")),
    ];
    let activities = [activity(10, ActivityName::GuestOrderPlaced)];
    let found = Findings {
        visitor: &guest(None, Some(EndReason::Idle)),
        traces: &flows,
        activities: &activities,
        token_used_at: Some(10),
    };
    assert_eq!(Progress::default().after(&found).seen.len(), 5);
    let begun = Progress::begin(20, &guest(None, Some(EndReason::Idle)));
    assert_eq!(begun.clone().after(&found), begun);
    assert!(after(begun, &[by_password(20).flow()]).has(Part::TwoSessions));
}

#[test]
fn looking_again_at_the_same_changes_nothing() {
    let flows = [
        by_friendbook(10_000, "s1", "10").flow(),
        logout(20_000, "idp", "s1"),
        by_friendbook(30_000, "s2", "10").flow(),
        logout(40_000, "federated", "s2"),
    ];
    let once = after(Progress::default(), &flows);
    assert!(once.has(Part::FriendbookRemembered) && once.has(Part::LeftProvider));
    assert_eq!(after(once.clone(), &flows), once);
}

#[test]
fn what_is_seen_is_kept_as_json_and_read_again() {
    let progress = looked_at(&[
        with_second_factor(10, true, "10").flow(),
        by_friendbook(10_000, "s1", "10").flow(),
        logout(20_000, "idp", "s1"),
    ]);
    let text = crate::api::json::write(&progress).expect("JSON");
    assert_eq!(crate::api::json::read(&text), Some(progress));
    assert_eq!(crate::api::json::read("{}"), Some(Progress::default()));
}
