//! What becomes of the shop's own session, in words. No I/O.

use crate::auth::{Visitor, messages};
use shared::{
    session::EndReason,
    session_history::{SessionEnd, SessionHistory},
    trace::{Step, Trace, TraceKind},
};

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LocalState {
    /// Nobody has answered so far.
    Unknown,
    Unreachable(String),
    /// There is none, and none is known to have been.
    Empty,
    /// Nobody has signed in to it.
    Guest,
    SignedIn {
        name: String,
        is_kept: bool,
    },
    Ended(Ended),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ended {
    pub reason: EndReason,
    /// Milliseconds since the Unix epoch, where it is known.
    pub at: Option<i64>,
    was_guest: bool,
}

/// `traces` are the newest first.
pub fn local_state(
    visitor: &Visitor,
    history: Option<&SessionHistory>,
    traces: &[Trace],
) -> LocalState {
    match visitor {
        Visitor::Unknown => LocalState::Unknown,
        Visitor::Unreachable { reason } => LocalState::Unreachable(reason.clone()),
        Visitor::Customer { session, customer, .. } => LocalState::SignedIn {
            name: customer.name.clone(),
            is_kept: session.as_ref().is_some_and(|session| session.persistent),
        },
        Visitor::Anonymous { session: Some(_), .. } => LocalState::Guest,
        Visitor::Anonymous { ended, was_guest, .. } => {
            let told = history.and_then(|history| history.ended);
            match ended.or_else(|| signed_out_at(traces).map(|_| EndReason::Logout)) {
                Some(reason) => LocalState::Ended(Ended {
                    reason,
                    at: end_at(reason, told, traces),
                    was_guest: *was_guest,
                }),
                None => LocalState::Empty,
            }
        }
    }
}

/// A logout takes the cookie along by which the shop would know of it: this browser does.
fn signed_out_at(traces: &[Trace]) -> Option<i64> {
    let logout = traces.iter().find(|trace| trace.kind == TraceKind::Logout)?;
    logout.message(Step::SessionEnded).map(|message| message.at)
}

fn end_at(reason: EndReason, told: Option<SessionEnd>, traces: &[Trace]) -> Option<i64> {
    match told.filter(|told| told.reason == reason) {
        Some(told) => Some(told.at),
        None if reason == EndReason::Logout => signed_out_at(traces),
        None => None,
    }
}

impl LocalState {
    /// In a word, for a tab.
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Unknown | Self::Unreachable(_) => "not known",
            Self::Empty => "none",
            Self::Guest => "guest",
            Self::SignedIn { is_kept: true, .. } => "kept",
            Self::SignedIn { is_kept: false, .. } => "signed in",
            Self::Ended(Ended { reason: EndReason::Revoked, .. }) => "revoked",
            Self::Ended(_) => "ended",
        }
    }

    pub fn headline(&self) -> String {
        match self {
            Self::Unknown => "Asking for your session…".to_owned(),
            Self::Unreachable(_) => "Not observable right now".to_owned(),
            Self::Empty => "None".to_owned(),
            Self::Guest => "Alive, nobody signed in".to_owned(),
            Self::SignedIn { name, .. } => format!("Alive, signed in as {name}"),
            Self::Ended(Ended { reason: EndReason::Revoked, .. }) => {
                "Revoked: from another of your devices".to_owned()
            }
            Self::Ended(Ended { reason, .. }) => format!("Ended: {}", how(*reason)),
        }
    }

    /// `cookies` are the shop's own that the browser holds, by name, once that is known.
    pub fn why(&self, cookies: Option<&[String]>) -> String {
        match self {
            Self::Unknown => String::new(),
            Self::Unreachable(reason) => reason.clone(),
            Self::Empty => nothing_begun(cookies),
            Self::Guest => "It began when there was something to keep for you. Signing in goes on with it under a new \
                            key."
                .to_owned(),
            Self::SignedIn { is_kept: false, .. } => "Your browser’s cookie opens it. It ends when you sign out, at a \
                                                      limit, or with the browser, which forgets the cookie."
                .to_owned(),
            Self::SignedIn { is_kept: true, .. } => "“Keep me signed in”: its cookie outlives the browser. It ends when \
                                                     you sign out, or at a limit."
                .to_owned(),
            Self::Ended(Ended { reason, was_guest, .. }) => {
                if *was_guest {
                    format!("{} Nobody was signed in to it.", of_guest(*reason))
                } else {
                    messages::ended(*reason).to_owned()
                }
            }
        }
    }
}

/// After "Ended:".
const fn how(reason: EndReason) -> &'static str {
    match reason {
        EndReason::Idle => "nobody was active",
        EndReason::Absolute => "its longest time was reached",
        EndReason::Logout => "signed out here",
        EndReason::BackchannelLogout => "by the identity provider",
        EndReason::Revoked => "from another of your devices",
        EndReason::AccountSwitch => "another account signed in",
        EndReason::AccountDeleted => "with the account",
        EndReason::TooManySessions => "too many sessions of one account",
        EndReason::ProviderSessionEnded => "with the identity provider’s session",
        EndReason::TokenExpired => "with its token",
    }
}

/// Of a session that nobody was signed in to: nothing was to be kept safe.
const fn of_guest(reason: EndReason) -> &'static str {
    match reason {
        EndReason::Idle => "Nobody used the shop for a while, so the session ended by itself.",
        EndReason::Absolute => "The session had lived for as long as one may.",
        _ => "The session is over.",
    }
}

/// What the shop keeps for somebody without a session: what their cookies say.
fn nothing_begun(cookies: Option<&[String]>) -> String {
    let kept = match cookies {
        Some(cookies) if cookies.iter().any(|name| name.ends_with("storezero-cart")) => {
            "No session, but a cart: it has a cookie of its own, for 30 days. "
        }
        Some([]) => "Your browser sends no cookie of this shop, which keeps nothing for you. ",
        Some(_) | None => "No session is kept for you. ",
    };
    format!(
        "{kept}A session begins when there is something to keep: when you put something into the cart, or sign in."
    )
}

/// What the session's own cookie is for.
pub const OPENS: &str = "opens the session";

/// What a cookie of the shop is for.
pub fn cookie_purpose(name: &str) -> &'static str {
    match name.trim_start_matches("__Host-") {
        "storezero" => OPENS,
        "storezero-cart" => "a guest’s cart",
        "storezero-attempt" => "binds a login under way to this browser",
        "storezero-signed-out" => "somebody signed out here",
        "storezero-leaving" => "a logout that passed through the identity provider",
        _ => "of this shop",
    }
}

#[cfg(test)]
mod tests {
    use super::{super::lane_state::tests::trace, *};
    use crate::auth::visitor_tests::{ada, anonymous};

    const CART: &str = "__Host-storezero-cart";

    fn of(visitor: &Visitor) -> LocalState {
        local_state(visitor, None, &[])
    }

    fn cookies(names: &[&str]) -> Vec<String> {
        names.iter().map(|name| (*name).to_owned()).collect()
    }

    #[test]
    fn each_of_the_states_has_a_word_of_its_own() {
        let mut kept = ada();
        if let Visitor::Customer { session: Some(session), .. } = &mut kept {
            session.persistent = true;
        }
        let ended = |reason| of(&anonymous(Some(reason)));
        let states = [
            of(&anonymous(None)),
            of(&ada()),
            of(&kept),
            ended(EndReason::Idle),
            ended(EndReason::Revoked),
        ];
        let words = states.map(|state| state.word());
        assert_eq!(words, ["none", "signed in", "kept", "ended", "revoked"]);
    }

    #[test]
    fn who_holds_a_cart_is_not_told_that_nothing_is_kept() {
        let of = |names: &[&str]| nothing_begun(Some(&cookies(names)));
        let promises_nothing = |text: &str| text.contains("keeps nothing for you");
        assert!(promises_nothing(&of(&[])));
        assert!(of(&[CART]).contains("but a cart") && !promises_nothing(&of(&[CART])));
        assert!(!promises_nothing(&of(&["storezero-signed-out"])));
        assert!(!promises_nothing(&nothing_begun(None)), "not before it is known");
    }

    #[test]
    fn a_guest_was_not_signed_out() {
        let guest = Visitor::Anonymous {
            session: None,
            ended: Some(EndReason::Idle),
            was_guest: true,
            offers: crate::auth::visitor_tests::OFFERS,
        };
        let why = of(&guest).why(None);
        assert!(why.contains("Nobody was signed in") && !why.contains("signed you out"), "{why}");
        let why = of(&anonymous(Some(EndReason::Idle))).why(None);
        assert!(why.contains("signed you out"), "{why}");
    }

    #[test]
    fn no_end_is_told_twice_in_one_line() {
        for reason in [EndReason::BackchannelLogout, EndReason::Revoked, EndReason::Idle] {
            let headline = of(&anonymous(Some(reason))).headline().to_lowercase();
            assert_eq!(headline.matches("ended").count() + headline.matches("revoked").count(), 1);
        }
    }

    #[test]
    fn the_time_of_an_end_is_the_shops_or_of_a_logout_the_browsers() {
        let told = SessionHistory {
            ended: Some(SessionEnd { reason: EndReason::Idle, at: 7, was_guest: false }),
            ..SessionHistory::default()
        };
        let at = |reason, history: Option<&SessionHistory>, traces: &[Trace]| match local_state(
            &anonymous(reason),
            history,
            traces,
        ) {
            LocalState::Ended(ended) => ended.at,
            _ => None,
        };
        assert_eq!(at(Some(EndReason::Idle), Some(&told), &[]), Some(7));
        assert_eq!(at(Some(EndReason::Revoked), Some(&told), &[]), None, "of another end");
        let logout = trace(TraceKind::Logout, 9, &[(Step::SessionEnded, &[])]);
        assert_eq!(at(Some(EndReason::Logout), None, std::slice::from_ref(&logout)), Some(9));
        // The tab that signed out has no other word of it.
        assert_eq!(at(None, None, &[logout]), Some(9));
    }
}
