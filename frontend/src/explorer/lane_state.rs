//! What can be said of a session that lives elsewhere: only what its owner said, and when. No I/O.

use super::fact::Kind;
use shared::trace::{Step, Trace, TraceKind};

/// Times are milliseconds since the Unix epoch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Remote {
    /// It vouched for the visitor just now.
    Alive {
        seen_at: i64,
        by: Kind,
    },
    /// It did then. Nothing has been heard of it since.
    WasAlive {
        seen_at: i64,
        by: Kind,
    },
    /// It said so.
    Ended {
        at: i64,
    },
    /// The shop asked for its end, to which there is no answer.
    AskedToEnd {
        at: i64,
    },
    /// Asked silently, it named nobody: ended, never begun, or its cookie is kept from a frame.
    NamedNobody {
        asked_at: i64,
    },
    NeverSeen,
}

impl Remote {
    /// How that is known; not at all of one that was never seen.
    pub const fn kind(self) -> Option<Kind> {
        match self {
            Self::Alive { by, .. } | Self::WasAlive { by, .. } => Some(by),
            Self::Ended { .. } => Some(Kind::Observed),
            Self::AskedToEnd { .. } => Some(Kind::Inferred),
            Self::NamedNobody { .. } => Some(Kind::Probed),
            Self::NeverSeen => None,
        }
    }

    /// In a word or two, for a tab.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Alive { .. } => "alive",
            Self::WasAlive { .. } => "was alive",
            Self::Ended { .. } => "ended",
            Self::AskedToEnd { .. } => "asked to end",
            Self::NamedNobody { .. } => "named nobody",
            Self::NeverSeen => "not known",
        }
    }
}

/// An answer counts as of now for so long. Milliseconds.
const JUST_NOW: i64 = 60_000;

/// `auth_time` has whole seconds.
const A_SECOND: i64 = 1_000;

/// Whether the IdP let the visitor in without a question: they had proved who they are before the login began.
pub const fn is_single_sign_on(authenticated_at: i64, login_began_at: i64) -> bool {
    authenticated_at <= login_began_at - A_SECOND
}

/// The IdP's session, from `traces` (the newest first).
pub fn identity_provider(traces: &[Trace], now: i64) -> Remote {
    traces.iter().find_map(|trace| identity_provider_by(trace, now)).unwrap_or(Remote::NeverSeen)
}

fn identity_provider_by(trace: &Trace, now: i64) -> Option<Remote> {
    let at = |step| trace.message(step).map(|message| message.at);
    match trace.kind {
        TraceKind::Login
        | TraceKind::SilentLogin
        | TraceKind::PageLogin
        | TraceKind::SilentRenewal => {
            if let Some(seen_at) = at(Step::IdTokenValidated).or(at(Step::PageValidation)) {
                let is_silent =
                    matches!(trace.kind, TraceKind::SilentLogin | TraceKind::SilentRenewal);
                let by = if is_silent { Kind::Probed } else { Kind::Observed };
                return Some(as_of(seen_at, by, now));
            }
            let answered = trace
                .message(Step::AuthorizationResponse)
                .or(trace.message(Step::PageAuthorizationResponse))
                .or(trace.message(Step::FrameMessage))?;
            (answered.parameter("error") == Some("login_required"))
                .then_some(Remote::NamedNobody { asked_at: answered.at })
        }
        TraceKind::Logout | TraceKind::PageLogout => match trace.end_session_request() {
            Some(request) => Some(Remote::AskedToEnd { at: request.at }),
            None => Some(as_of(last_seen(trace)?, Kind::Observed, now)),
        },
        TraceKind::BackchannelLogout => Some(Remote::Ended { at: at(Step::LogoutToken)? }),
        TraceKind::Revocation => None,
    }
}

/// What the session knew of it when it ended here.
fn last_seen(trace: &Trace) -> Option<i64> {
    let ended = trace.message(Step::SessionEnded)?;
    ended.parameter("last ID token")?.parse().ok()
}

fn as_of(seen_at: i64, by: Kind, now: i64) -> Remote {
    if now - seen_at < JUST_NOW {
        Remote::Alive { seen_at, by }
    } else {
        Remote::WasAlive { seen_at, by }
    }
}

/// The social provider's session: the shop never speaks with it. That a login passed through it is the IdP's word.
pub fn social_provider(traces: &[Trace]) -> Remote {
    let state = traces.iter().find_map(|trace| match trace.kind {
        TraceKind::Login | TraceKind::PageLogin => {
            trace.provider.as_ref()?;
            let seen =
                trace.message(Step::IdTokenValidated).or(trace.message(Step::PageValidation))?;
            Some(Remote::WasAlive { seen_at: seen.at, by: Kind::Inferred })
        }
        TraceKind::Logout | TraceKind::PageLogout => {
            if trace.ends_social_session() {
                return Some(Remote::AskedToEnd { at: trace.end_session_request()?.at });
            }
            trace.provider.as_ref()?;
            Some(Remote::WasAlive { seen_at: last_seen(trace)?, by: Kind::Inferred })
        }
        TraceKind::SilentLogin
        | TraceKind::BackchannelLogout
        | TraceKind::Revocation
        | TraceKind::SilentRenewal => None,
    });
    state.unwrap_or(Remote::NeverSeen)
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use shared::trace::{Message, Parameter};

    pub fn trace(kind: TraceKind, at: i64, steps: &[(Step, &[(&str, &str)])]) -> Trace {
        let mut trace = Trace::begin(kind, at);
        trace.messages = steps
            .iter()
            .map(|(step, parameters)| Message {
                at,
                step: *step,
                parameters: parameters
                    .iter()
                    .map(|(name, value)| Parameter {
                        name: (*name).to_owned(),
                        value: (*value).to_owned(),
                    })
                    .collect(),
            })
            .collect();
        trace
    }

    pub fn login(at: i64) -> Trace {
        trace(
            TraceKind::Login,
            at,
            &[
                (Step::AuthorizationRequest, &[]),
                (Step::AuthorizationResponse, &[]),
                (Step::IdTokenValidated, &[]),
            ],
        )
    }

    fn logout(at: i64, federated: bool) -> Trace {
        let parameters: &[(&str, &str)] = if federated { &[("federated", "1")] } else { &[] };
        trace(TraceKind::Logout, at, &[(Step::EndSessionRequest, parameters)])
    }

    #[test]
    fn a_login_says_that_it_lives_and_a_minute_later_that_it_did() {
        let traces = [login(1_000)];
        let alive = Remote::Alive { seen_at: 1_000, by: Kind::Observed };
        assert_eq!(identity_provider(&traces, 2_000), alive);
        let then = Remote::WasAlive { seen_at: 1_000, by: Kind::Observed };
        assert_eq!(identity_provider(&traces, 1_000 + JUST_NOW), then);
        assert_eq!(identity_provider(&[], 0), Remote::NeverSeen);
    }

    #[test]
    fn the_newest_word_counts() {
        let backchannel = trace(TraceKind::BackchannelLogout, 9, &[(Step::LogoutToken, &[])]);
        let traces = [backchannel, login(1)];
        assert_eq!(identity_provider(&traces, 10), Remote::Ended { at: 9 });
        let traces = [login(20), logout(9, false)];
        assert!(matches!(identity_provider(&traces, 21), Remote::Alive { .. }));
    }

    #[test]
    fn that_the_shop_asked_for_an_end_does_not_prove_it() {
        let asked = identity_provider(&[logout(9, false), login(1)], 10);
        assert_eq!(asked, Remote::AskedToEnd { at: 9 });
        assert_eq!(asked.kind(), Some(Kind::Inferred));
    }

    #[test]
    fn what_a_silent_answer_says_is_probed() {
        let yes = trace(TraceKind::SilentLogin, 9, &[(Step::IdTokenValidated, &[])]);
        assert_eq!(identity_provider(&[yes], 10), Remote::Alive { seen_at: 9, by: Kind::Probed });
    }

    #[test]
    fn a_proof_from_before_the_login_is_single_sign_on_and_one_of_its_own_second_is_not() {
        assert!(is_single_sign_on(7_000, 8_000));
        assert!(!is_single_sign_on(8_000, 8_999));
        assert!(!is_single_sign_on(9_000, 8_000));
    }

    #[test]
    fn a_local_logout_says_nothing_of_the_sessions_elsewhere() {
        let local = trace(TraceKind::Logout, 9, &[(Step::SessionEnded, &[("last ID token", "1")])]);
        let alive = Remote::Alive { seen_at: 1, by: Kind::Observed };
        assert_eq!(identity_provider(std::slice::from_ref(&local), 10), alive);
        assert_eq!(social_provider(std::slice::from_ref(&local)), Remote::NeverSeen);
        let mut through = local;
        through.provider = Some("friendbook".into());
        let then = Remote::WasAlive { seen_at: 1, by: Kind::Inferred };
        assert_eq!(social_provider(&[through]), then);
    }

    #[test]
    fn a_silent_no_is_no_proof_of_an_end() {
        let no = trace(
            TraceKind::SilentLogin,
            9,
            &[(Step::AuthorizationResponse, &[("error", "login_required")])],
        );
        assert_eq!(identity_provider(&[no, login(1)], 10), Remote::NamedNobody { asked_at: 9 });
    }

    #[test]
    fn the_social_providers_session_is_seen_at_logins_through_it_alone() {
        let mut through = login(5);
        through.provider = Some("friendbook".into());
        let seen = Remote::WasAlive { seen_at: 5, by: Kind::Inferred };
        assert_eq!(social_provider(&[login(9), through.clone()]), seen);
        assert_eq!(social_provider(&[logout(9, false), through.clone()]), seen);
        assert_eq!(social_provider(&[logout(9, true), through]), Remote::AskedToEnd { at: 9 });
        assert_eq!(social_provider(&[login(9)]), Remote::NeverSeen);
    }
}
