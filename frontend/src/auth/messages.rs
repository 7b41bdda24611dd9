//! What the shop says about sessions that ended and logins that did not succeed.

use shared::session::{EndReason, LogoutScope, SignInProblem};

/// What the IdP calls its social provider (`connection`).
pub const FRIENDBOOK: &str = "friendbook";

/// The identity provider's name, as its own pages have it.
pub const IDENTITY_PROVIDER: &str = "PeakCommerce ID";

/// One plain sentence: why a session is gone.
pub const fn ended(reason: EndReason) -> &'static str {
    match reason {
        EndReason::Idle => {
            "Nobody used the shop for a while, so we signed you out to keep your account safe."
        }
        EndReason::Absolute => {
            "You were signed in for as long as a session may last. Please sign in again to go on."
        }
        EndReason::Logout => "You signed out of storezero in this browser.",
        EndReason::BackchannelLogout => {
            "You signed out of PeakCommerce ID, or your password, email or phone number was changed there. \
             That ends your session here too."
        }
        EndReason::Revoked => "This session was ended from another of your devices.",
        EndReason::AccountSwitch => "Another account signed in with this browser.",
        EndReason::AccountDeleted => "You deleted your account in this shop.",
        EndReason::TooManySessions => {
            "You signed in on another device, and that were more than one account may use at once. This one had not \
             been used for the longest time, so we signed it out."
        }
        EndReason::ProviderSessionEnded => {
            "Your session at PeakCommerce ID has ended. Sign in again to go on where you are."
        }
        EndReason::TokenExpired => {
            "This page’s token is gone, and it could not ask PeakCommerce ID unseen for another one. Sign in \
             again: if you are still known there, nothing is asked."
        }
    }
}

/// A login that did not succeed: what happened, and what to do now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ProblemMessage {
    pub title: &'static str,
    pub what: &'static str,
    pub next: &'static str,
    /// What the link says that signs in.
    pub retry: &'static str,
}

/// `problem` is the page's query parameter: unknown values get a message that is true of every problem.
pub fn sign_in_problem(problem: Option<&str>) -> ProblemMessage {
    match problem.and_then(|problem| problem.parse().ok()) {
        Some(SignInProblem::AccessDenied) => ProblemMessage {
            title: "You did not sign in",
            what: "The sign-in was cancelled at PeakCommerce ID. Nothing was shared with the shop.",
            next: "You can shop and check out without an account, or try again.",
            retry: "Try again",
        },
        Some(SignInProblem::LoginRequired) => ProblemMessage {
            title: "Please sign in again",
            what: "PeakCommerce ID could not sign you in without its login page, or that page had been open \
                   for too long.",
            next: "Try again: this time you will see the login page.",
            retry: "Try again",
        },
        Some(SignInProblem::InteractionRequired) => ProblemMessage {
            title: "PeakCommerce ID has a question for you",
            what: "It needs to show you a page before it signs you in, and the shop had asked it not to.",
            next: "Try again: this time the page may appear.",
            retry: "Try again",
        },
        // The build without a backend sets no cookie: it keeps the attempt in `sessionStorage`.
        #[cfg(feature = "implicit")]
        Some(SignInProblem::UnknownAttempt) => ProblemMessage {
            title: "This sign-in cannot go on",
            what: "This tab does not remember it: it was already used, began in another tab, or the browser keeps \
                   no data for this site.",
            next: "Begin a new one. If you land here again, allow site data for storezero and try once more.",
            retry: "Try again",
        },
        #[cfg(feature = "bff")]
        Some(SignInProblem::UnknownAttempt) => ProblemMessage {
            title: "This sign-in has run out",
            what: "It was begun too long ago, was already used, or began in another browser. That also happens \
                   when cookies are blocked for this site.",
            next: "Begin a new one. If you land here again, allow cookies for storezero and try once more.",
            retry: "Try again",
        },
        Some(SignInProblem::ConfirmationRequired) => ProblemMessage {
            title: "Sign in to storezero?",
            what: "Another website sent you here to sign in, by itself. Nothing has happened yet.",
            next: "Go on if that is what you want. If you just signed out, you stay signed out.",
            retry: "Continue to sign in",
        },
        Some(SignInProblem::IdentityProviderUnavailable) => ProblemMessage {
            title: "PeakCommerce ID does not answer",
            what: "The shop works, but the service that signs you in cannot be reached right now.",
            next: "Try again in a minute. You can check out without an account meanwhile.",
            retry: "Try again",
        },
        Some(SignInProblem::TooManyAttempts) => ProblemMessage {
            title: "Please wait a moment",
            what: "Very many sign-ins were begun from your network in a short time, so the shop takes no more of them \
                   right now. You did nothing wrong.",
            next: "Try again in a minute. You can shop and check out without an account meanwhile.",
            retry: "Try again",
        },
        Some(SignInProblem::ShopUnavailable) => ProblemMessage {
            title: "We could not sign you in",
            what: "Something went wrong in the shop itself. You are not signed in, and nothing changed.",
            next: "Try again in a minute, or shop on without an account.",
            retry: "Try again",
        },
        Some(SignInProblem::Refused) => ProblemMessage {
            title: "We could not sign you in",
            what: "The answer of PeakCommerce ID did not pass our checks, so we did not trust it. You are not \
                   signed in, and nothing changed.",
            next: "Try again. If it keeps happening, it is our fault and not yours: shop on without an account.",
            retry: "Try again",
        },
        None => ProblemMessage {
            title: "We could not sign you in",
            what: "Something went wrong on the way to PeakCommerce ID and back. You are not signed in, and \
                   nothing changed.",
            next: "Try again, or shop on without an account.",
            retry: "Try again",
        },
    }
}

/// A path of this shop out of a query parameter, for a link; `/` for anything else. (The backend checks
/// `return_to` for itself.)
pub fn own_path(path: Option<&str>) -> &str {
    let outside = |path: &str| {
        !path.starts_with('/')
            || path.starts_with("//")
            || path.contains(|c: char| c == '\\' || c.is_control())
    };
    path.filter(|path| !outside(path)).unwrap_or("/")
}

/// What a "Sign out" item is called and does.
pub const fn sign_out(scope: LogoutScope) -> (&'static str, &'static str) {
    match scope {
        LogoutScope::Local => (
            "Sign out of storezero",
            "Ends the session here. PeakCommerce ID still knows you: the next sign-in asks for nothing.",
        ),
        LogoutScope::Idp => (
            "Sign out of storezero and PeakCommerce ID",
            "Ends both sessions. The next sign-in asks for your password.",
        ),
        LogoutScope::Federated => (
            "Sign out of storezero, PeakCommerce ID and Friendbook",
            "Ends all three sessions. The next sign-in asks everything anew.",
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn each_problem_has_a_message_of_its_own() {
        let known: HashSet<_> = SignInProblem::ALL
            .iter()
            .map(|problem| sign_in_problem(Some(problem.into_str())).what)
            .collect();
        assert_eq!(known.len(), SignInProblem::ALL.len());
        let generic = sign_in_problem(None);
        assert!(!known.contains(generic.what));
        assert_eq!(sign_in_problem(Some("<script>")), generic);
        assert_eq!(sign_in_problem(Some("")), generic);
    }

    #[test]
    fn a_way_back_stays_in_the_shop() {
        assert_eq!(own_path(Some("/checkout?x=1#y")), "/checkout?x=1#y");
        for outside in
            ["//evil.example", "/\\evil.example", "https://evil.example", "/\t/evil.example", ""]
        {
            assert_eq!(own_path(Some(outside)), "/", "{outside:?}");
        }
        assert_eq!(own_path(None), "/");
    }
}
