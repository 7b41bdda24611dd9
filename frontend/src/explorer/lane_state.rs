//! What can be said of a session that lives elsewhere: only what its owner said, and when. No I/O.

use shared::trace::{Step, Trace, TraceKind};

/// Times are milliseconds since the Unix epoch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Remote {
    /// It was asked just now.
    Alive {
        seen_at: i64,
    },
    /// It said so, or the shop asked for it.
    Ended {
        at: i64,
        why: &'static str,
    },
    /// It lived then. Nothing is known of it since.
    NotObservable {
        last_seen_at: i64,
    },
    /// Asked silently, it named nobody: ended, never begun, or its cookie is kept from a frame.
    Unknown {
        asked_at: i64,
    },
    NeverSeen,
}

/// An answer counts as of now for so long. Milliseconds.
const JUST_NOW: i64 = 60_000;

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
                return Some(as_of(seen_at, now));
            }
            let answered = trace
                .message(Step::AuthorizationResponse)
                .or(trace.message(Step::PageAuthorizationResponse))
                .or(trace.message(Step::FrameMessage))?;
            (answered.parameter("error") == Some("login_required"))
                .then_some(Remote::Unknown { asked_at: answered.at })
        }
        TraceKind::Logout | TraceKind::PageLogout => {
            match at(Step::EndSessionRequest).or(at(Step::PageEndSessionRequest)) {
                Some(at) => Some(Remote::Ended { at, why: "you signed out there too" }),
                None => Some(as_of(last_seen(trace)?, now)),
            }
        }
        TraceKind::BackchannelLogout => Some(Remote::Ended {
            at: at(Step::LogoutToken)?,
            why: "it told the shop so, over the back channel",
        }),
        TraceKind::Revocation => None,
    }
}

/// What the session knew of it when it ended here.
fn last_seen(trace: &Trace) -> Option<i64> {
    let ended = trace.message(Step::SessionEnded)?;
    ended.parameter("last ID token")?.parse().ok()
}

fn as_of(seen_at: i64, now: i64) -> Remote {
    if now - seen_at < JUST_NOW {
        Remote::Alive { seen_at }
    } else {
        Remote::NotObservable { last_seen_at: seen_at }
    }
}

/// The social provider's session: the shop never speaks with it, so it is seen when a login passed through it.
pub fn social_provider(traces: &[Trace]) -> Remote {
    let state = traces.iter().find_map(|trace| match trace.kind {
        TraceKind::Login | TraceKind::PageLogin => {
            trace.provider.as_ref()?;
            let seen =
                trace.message(Step::IdTokenValidated).or(trace.message(Step::PageValidation))?;
            Some(Remote::NotObservable { last_seen_at: seen.at })
        }
        TraceKind::Logout | TraceKind::PageLogout => {
            if trace.ends_social_session() {
                let request = trace.message(Step::EndSessionRequest);
                return Some(Remote::Ended {
                    at: request.or(trace.message(Step::PageEndSessionRequest))?.at,
                    why: "you signed out there too",
                });
            }
            trace.provider.as_ref()?;
            Some(Remote::NotObservable { last_seen_at: last_seen(trace)? })
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
        let alive = Remote::Alive { seen_at: 1_000 };
        assert_eq!(identity_provider(&traces, 2_000), alive);
        let then = Remote::NotObservable { last_seen_at: 1_000 };
        assert_eq!(identity_provider(&traces, 1_000 + JUST_NOW), then);
        assert_eq!(identity_provider(&[], 0), Remote::NeverSeen);
    }

    #[test]
    fn the_newest_word_counts() {
        let backchannel = trace(TraceKind::BackchannelLogout, 9, &[(Step::LogoutToken, &[])]);
        let traces = [backchannel, login(1)];
        assert!(matches!(identity_provider(&traces, 10), Remote::Ended { at: 9, .. }));
        let traces = [login(20), logout(9, false)];
        assert!(matches!(identity_provider(&traces, 21), Remote::Alive { .. }));
    }

    #[test]
    fn a_local_logout_says_nothing_of_the_sessions_elsewhere() {
        let local = trace(TraceKind::Logout, 9, &[(Step::SessionEnded, &[("last ID token", "1")])]);
        let alive = Remote::Alive { seen_at: 1 };
        assert_eq!(identity_provider(std::slice::from_ref(&local), 10), alive);
        assert_eq!(social_provider(std::slice::from_ref(&local)), Remote::NeverSeen);
        let mut through = local;
        through.provider = Some("friendbook".into());
        let then = Remote::NotObservable { last_seen_at: 1 };
        assert_eq!(social_provider(&[through]), then);
    }

    #[test]
    fn a_silent_no_is_no_proof_of_an_end() {
        let no = trace(
            TraceKind::SilentLogin,
            9,
            &[(Step::AuthorizationResponse, &[("error", "login_required")])],
        );
        assert_eq!(identity_provider(&[no, login(1)], 10), Remote::Unknown { asked_at: 9 });
    }

    #[test]
    fn the_social_providers_session_is_seen_at_logins_through_it_alone() {
        let mut through = login(5);
        through.provider = Some("friendbook".into());
        let seen = Remote::NotObservable { last_seen_at: 5 };
        assert_eq!(social_provider(&[login(9), through.clone()]), seen);
        assert_eq!(social_provider(&[logout(9, false), through.clone()]), seen);
        assert!(matches!(
            social_provider(&[logout(9, true), through]),
            Remote::Ended { at: 9, .. }
        ));
        assert_eq!(social_provider(&[login(9)]), Remote::NeverSeen);
    }
}
