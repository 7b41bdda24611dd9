//! What the page after a logout says: what ended, what is still alive, and what the next sign-in asks for.
//! No I/O.

use crate::auth::IDENTITY_PROVIDER;
use shared::{
    session::LogoutScope,
    trace::{Step, Trace, TraceKind},
};

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AfterLogout {
    /// Milliseconds since the Unix epoch.
    pub at: i64,
    pub fates: Vec<Fate>,
    /// What "Sign in again" will ask for.
    pub next: &'static str,
}

/// What became of one session, as far as the shop can tell.
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

/// From the newest logout of `traces`, which this browser keeps, the newest first: the page's address says what was asked
/// for (OpenID Connect RP-Initiated Logout 1.0 §3), but anybody can write an address. `None`: nobody has signed out here.
pub fn after_logout(traces: &[Trace]) -> Option<AfterLogout> {
    let logout = traces.iter().find(|trace| trace.kind == TraceKind::Logout)?;
    let requested = logout.message(Step::LogoutRequested)?.parameter("scope");
    let wanted_more = requested != Some(LogoutScope::Local.into_str());
    let left_friendbook = logout.ends_social_session();
    let came_by_friendbook = logout.provider.is_some() || left_friendbook;
    let idp = match (logout.message(Step::EndSessionRequest), wanted_more) {
        (Some(_), _) => Idp::AskedToEnd,
        // It did not answer when the shop looked for its logout.
        (None, true) => Idp::NotReached,
        (None, false) => Idp::LeftAlone,
    };
    let mut fates = vec![SHOP, identity_provider(idp)];
    if came_by_friendbook {
        fates.push(friendbook(idp, left_friendbook));
    }
    let next = match idp {
        Idp::LeftAlone | Idp::NotReached => {
            "Signing in again asks for nothing, as long as PeakCommerce ID still knows you."
        }
        Idp::AskedToEnd if left_friendbook => {
            "Signing in again asks for everything anew, at Friendbook as well."
        }
        Idp::AskedToEnd if came_by_friendbook => {
            "Signing in again asks how. Friendbook still knows you: continue with it, and nothing else is asked."
        }
        Idp::AskedToEnd => "Signing in again asks for your password.",
    };
    Some(AfterLogout { at: logout.began_at, fates, next })
}

/// What the logout did about the identity provider's session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Idp {
    AskedToEnd,
    NotReached,
    LeftAlone,
}

const SHOP: Fate = Fate {
    whose: "storezero",
    ended: true,
    what: "Your session in the shop is over, and with it what it stored in this browser.",
    proof: Some(Proof::Sessions),
};

const fn identity_provider(idp: Idp) -> Fate {
    let (ended, what) = match idp {
        Idp::AskedToEnd => (
            true,
            "The shop asked it to end your session there. It sends no receipt: its own page shows it.",
        ),
        Idp::NotReached => (
            false,
            "It did not answer, so nobody could ask it to end your session there. Sign out at its own page.",
        ),
        Idp::LeftAlone => (
            false,
            "Your session there was left alone. It lives on until you sign out there or it runs out.",
        ),
    };
    Fate { whose: IDENTITY_PROVIDER, ended, what, proof: Some(Proof::IdentityProvider) }
}

const fn friendbook(idp: Idp, left: bool) -> Fate {
    let what = if left {
        "PeakCommerce ID was asked to sign you out there as well."
    } else {
        "You came by it, and your session there was left alone. Only signing out of all three ends it from here."
    };
    Fate {
        whose: "Friendbook",
        ended: left,
        what,
        // Who is still known to the identity provider is not passed on.
        proof: match idp {
            Idp::LeftAlone | Idp::NotReached => None,
            Idp::AskedToEnd => Some(Proof::LoginByFriendbook),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use shared::trace::{Message, Parameter};

    const SHOP_ENDED: (&str, bool) = ("storezero", true);

    /// As it goes: out of more than the shop, the identity provider is asked.
    fn logout(scope: LogoutScope, provider: Option<&str>) -> Trace {
        let mut trace = unanswered(scope, provider);
        let federated = if scope == LogoutScope::Federated { "federated" } else { "client_id" };
        if scope != LogoutScope::Local {
            trace.messages.push(message(Step::EndSessionRequest, federated, "1"));
        }
        trace
    }

    fn unanswered(scope: LogoutScope, provider: Option<&str>) -> Trace {
        let mut trace = Trace::begin(TraceKind::Logout, 1);
        trace.provider = provider.map(str::to_owned);
        trace.messages.push(message(Step::LogoutRequested, "scope", scope.into_str()));
        trace
    }

    fn message(step: Step, name: &str, value: &str) -> Message {
        let parameter = Parameter { name: name.to_owned(), value: value.to_owned() };
        Message { at: 1, step, parameters: vec![parameter] }
    }

    fn fates(trace: Trace) -> Vec<(&'static str, bool)> {
        let after = after_logout(&[trace]).expect("a logout");
        after.fates.iter().map(|fate| (fate.whose, fate.ended)).collect()
    }

    fn next(trace: Trace) -> &'static str {
        after_logout(&[trace]).expect("a logout").next
    }

    #[test]
    fn without_a_logout_of_this_browser_nothing_is_told() {
        assert_eq!(after_logout(&[]), None);
        assert_eq!(after_logout(&[Trace::begin(TraceKind::SilentLogin, 1)]), None);
    }

    #[test]
    fn it_claims_no_more_than_was_done() {
        let lives = (IDENTITY_PROVIDER, false);
        assert_eq!(fates(logout(LogoutScope::Local, None)), [SHOP_ENDED, lives]);
        assert_eq!(fates(logout(LogoutScope::Idp, None)), [SHOP_ENDED, (IDENTITY_PROVIDER, true)]);
        assert_eq!(
            fates(logout(LogoutScope::Federated, Some("friendbook"))),
            [SHOP_ENDED, (IDENTITY_PROVIDER, true), ("Friendbook", true)]
        );
        // The identity provider was down.
        assert_eq!(fates(unanswered(LogoutScope::Idp, None)), [SHOP_ENDED, lives]);
        let left = fates(unanswered(LogoutScope::Federated, Some("friendbook")));
        assert_eq!(left, [SHOP_ENDED, lives, ("Friendbook", false)]);
    }

    #[test]
    fn who_came_by_friendbook_is_told_that_its_session_lives_on() {
        for scope in [LogoutScope::Local, LogoutScope::Idp] {
            assert_eq!(fates(logout(scope, None)).len(), 2);
            let fates = fates(logout(scope, Some("friendbook")));
            assert_eq!(fates.last(), Some(&("Friendbook", false)));
        }
    }

    #[test]
    fn the_newest_logout_is_the_pages_own() {
        let earlier = logout(LogoutScope::Federated, Some("friendbook"));
        let newest = logout(LogoutScope::Idp, None);
        let after = after_logout(&[newest, earlier]).expect("a logout");
        assert_eq!(after.fates.len(), 2);
    }

    #[test]
    fn each_logout_says_what_the_next_sign_in_asks_for() {
        let all = [
            next(logout(LogoutScope::Local, None)),
            next(unanswered(LogoutScope::Idp, None)),
            next(logout(LogoutScope::Idp, None)),
            next(logout(LogoutScope::Idp, Some("friendbook"))),
            next(logout(LogoutScope::Federated, Some("friendbook"))),
        ];
        for (one, expected) in
            all.iter().zip(["nothing", "nothing", "password", "Friendbook", "anew"])
        {
            assert!(one.contains(expected), "{one}");
        }
    }

    #[test]
    fn friendbook_is_proved_only_where_a_login_reaches_it() {
        let proof = |scope: LogoutScope| {
            after_logout(&[logout(scope, Some("friendbook"))])?.fates.last()?.proof
        };
        assert_eq!(proof(LogoutScope::Local), None);
        assert_eq!(proof(LogoutScope::Idp), Some(Proof::LoginByFriendbook));
    }
}
