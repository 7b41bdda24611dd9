//! What the page after a logout says: what ended, what is still alive, and what the next sign-in asks for.
//! No I/O.

use crate::auth::IDENTITY_PROVIDER;
use shared::{
    session::LogoutScope,
    trace::{Step, Trace, TraceKind},
};

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AfterLogout {
    pub fates: Vec<Fate>,
    /// What "Sign in again" will ask for.
    pub next: &'static str,
}

/// What became of one session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fate {
    pub whose: &'static str,
    pub ended: bool,
    pub what: &'static str,
    pub proof: Option<Proof>,
}

/// Where the visitor can see it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Proof {
    /// The shop's own page about its session draws the logout, message by message.
    Sessions,
    /// The identity provider's own page says whom it knows.
    IdentityProvider,
    /// The shop knows no page of Friendbook; a login that goes there shows whether it asks.
    LoginByFriendbook,
}

/// `state` is the page's query parameter, which comes back through the IdP and says what was asked for (OpenID
/// Connect RP-Initiated Logout 1.0 §3); `traces` is what this browser keeps, the newest first. `None`: the page
/// was opened without a logout.
pub fn after_logout(state: Option<&str>, traces: &[Trace]) -> Option<AfterLogout> {
    let scope: LogoutScope = state?.parse().ok()?;
    let logout = traces
        .iter()
        .find(|trace| trace.kind == TraceKind::Logout)
        .filter(|trace| may_lead_to(trace, scope));
    let left_friendbook =
        scope == LogoutScope::Federated && logout.is_none_or(Trace::ends_social_session);
    let came_by_friendbook =
        scope == LogoutScope::Federated || logout.is_some_and(|trace| trace.provider.is_some());

    let mut fates = vec![SHOP, identity_provider(scope)];
    if came_by_friendbook {
        fates.push(friendbook(scope, left_friendbook));
    }
    let next = match scope {
        LogoutScope::Local => {
            "Signing in again asks for nothing, as long as PeakCommerce ID still knows you."
        }
        LogoutScope::Idp | LogoutScope::Federated if came_by_friendbook && !left_friendbook => {
            "Signing in again asks how. Friendbook still knows you: continue with it, and nothing else is asked."
        }
        LogoutScope::Idp => "Signing in again asks for your password.",
        LogoutScope::Federated => {
            "Signing in again asks for everything anew, at Friendbook as well."
        }
    };
    Some(AfterLogout { fates, next })
}

/// Whether the page may be about this logout and not an earlier one. A logout that the identity provider did not
/// take part in, because it was down, becomes a local one, whatever was asked for.
fn may_lead_to(trace: &Trace, scope: LogoutScope) -> bool {
    let requested =
        trace.message(Step::LogoutRequested).and_then(|message| message.parameter("scope"));
    scope == LogoutScope::Local || requested == Some(scope.into_str())
}

const SHOP: Fate = Fate {
    whose: "storezero",
    ended: true,
    what: "Your session in the shop is over, and with it what it stored in this browser.",
    proof: Some(Proof::Sessions),
};

const fn identity_provider(scope: LogoutScope) -> Fate {
    let (ended, what) = match scope {
        LogoutScope::Local => (
            false,
            "Your session there was left alone. It lives on until you sign out there or it runs out.",
        ),
        LogoutScope::Idp | LogoutScope::Federated => (true, "Your session there was ended too."),
    };
    Fate { whose: IDENTITY_PROVIDER, ended, what, proof: Some(Proof::IdentityProvider) }
}

const fn friendbook(scope: LogoutScope, left: bool) -> Fate {
    let what = if left {
        "You were signed out there as well."
    } else {
        "You came by it, and your session there was left alone. Only signing out of all three ends it from here."
    };
    Fate {
        whose: "Friendbook",
        ended: left,
        what,
        // Who is still known to the identity provider is not passed on.
        proof: match scope {
            LogoutScope::Local => None,
            LogoutScope::Idp | LogoutScope::Federated => Some(Proof::LoginByFriendbook),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use shared::trace::{Message, Parameter};

    fn logout(scope: LogoutScope, provider: Option<&str>, federated: bool) -> Trace {
        let message = |step, name: &str, value: &str| Message {
            at: 1,
            step,
            parameters: vec![Parameter { name: name.to_owned(), value: value.to_owned() }],
        };
        let mut trace = Trace::begin(TraceKind::Logout, 1);
        trace.provider = provider.map(str::to_owned);
        trace.messages.push(message(Step::LogoutRequested, "scope", scope.into_str()));
        if federated {
            trace.messages.push(message(Step::EndSessionRequest, "federated", "1"));
        }
        trace
    }

    fn fates(state: &str, traces: &[Trace]) -> Vec<(&'static str, bool)> {
        let after = after_logout(Some(state), traces);
        let fates = after.map(|after| after.fates).unwrap_or_default();
        fates.iter().map(|fate| (fate.whose, fate.ended)).collect()
    }

    fn next(state: &str, traces: &[Trace]) -> &'static str {
        after_logout(Some(state), traces).map_or("", |after| after.next)
    }

    #[test]
    fn it_claims_no_more_than_was_done() {
        let shop = ("storezero", true);
        assert_eq!(fates("local", &[]), [shop, (IDENTITY_PROVIDER, false)]);
        assert_eq!(fates("idp", &[]), [shop, (IDENTITY_PROVIDER, true)]);
        assert_eq!(
            fates("federated", &[]),
            [shop, (IDENTITY_PROVIDER, true), ("Friendbook", true)]
        );
        assert_eq!(after_logout(Some("everything"), &[]), None);
        assert_eq!(after_logout(None, &[]), None);
    }

    #[test]
    fn who_came_by_friendbook_is_told_that_its_session_lives_on() {
        for scope in [LogoutScope::Local, LogoutScope::Idp] {
            let by_password = logout(scope, None, false);
            assert_eq!(fates(scope.into_str(), &[by_password]).len(), 2);
            let by_friendbook = logout(scope, Some("friendbook"), false);
            let fates = fates(scope.into_str(), &[by_friendbook]);
            assert_eq!(fates.last(), Some(&("Friendbook", false)));
        }
        let trace = logout(LogoutScope::Federated, Some("friendbook"), true);
        assert_eq!(fates("federated", &[trace]).last(), Some(&("Friendbook", true)));
    }

    #[test]
    fn an_identity_provider_that_was_not_asked_to_end_friendbook_did_not() {
        let trace = logout(LogoutScope::Federated, Some("friendbook"), false);
        assert_eq!(fates("federated", &[trace]).last(), Some(&("Friendbook", false)));
    }

    #[test]
    fn another_logout_than_the_pages_own_says_nothing_of_it() {
        let earlier = logout(LogoutScope::Federated, Some("friendbook"), true);
        assert_eq!(fates("idp", &[earlier]).len(), 2);
        // The identity provider was down.
        let became_local = logout(LogoutScope::Idp, Some("friendbook"), false);
        assert_eq!(fates("local", &[became_local]).len(), 3);
    }

    #[test]
    fn each_logout_says_what_the_next_sign_in_asks_for() {
        let by_friendbook = [logout(LogoutScope::Idp, Some("friendbook"), false)];
        let all = [
            next("local", &[]),
            next("idp", &[]),
            next("idp", &by_friendbook),
            next("federated", &[]),
        ];
        for (one, expected) in all.iter().zip(["nothing", "password", "Friendbook", "anew"]) {
            assert!(one.contains(expected), "{one}");
        }
    }

    #[test]
    fn friendbook_is_proved_only_where_a_login_reaches_it() {
        let proof = |scope: LogoutScope| {
            let traces = [logout(scope, Some("friendbook"), false)];
            let after = after_logout(Some(scope.into_str()), &traces);
            after.and_then(|after| after.fates.last()?.proof)
        };
        assert_eq!(proof(LogoutScope::Local), None);
        assert_eq!(proof(LogoutScope::Idp), Some(Proof::LoginByFriendbook));
    }
}
