//! What a page that needs a customer does with the visitor at its door. No I/O: the `Gate` acts on it.

use super::visitor::Visitor;
use shared::session::EndReason;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision {
    Wait,
    Show,
    /// Leave for the IdP at once: the visitor has just asked for this page.
    GoToSignIn,
    /// Say why, and let the visitor decide.
    Offer(Why),
    Unreachable,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Why {
    Ended(EndReason),
    /// A customer a moment ago, and nothing says why no longer.
    NoLongerSignedIn,
    SignInUnavailable,
    /// The visitor went to the IdP and came back, still a stranger: another redirect would be a loop.
    CameBackSignedOut,
}

/// How the visitor got here.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Arrival {
    /// The page was open for a customer before. Nothing in the background may start a login.
    pub was_customer: bool,
    /// The document loaded as the end of a login that this tab began.
    pub came_back: bool,
}

pub fn decide(visitor: &Visitor, arrival: Arrival) -> Decision {
    match visitor {
        Visitor::Unknown => Decision::Wait,
        Visitor::Unreachable { .. } => Decision::Unreachable,
        Visitor::Customer { .. } => Decision::Show,
        Visitor::Anonymous {
            ended,
            sign_in_available,
            ..
        } => {
            let ended = ended.filter(|reason| *reason != EndReason::Rotated);
            match ended {
                _ if !sign_in_available => Decision::Offer(Why::SignInUnavailable),
                _ if arrival.came_back => Decision::Offer(Why::CameBackSignedOut),
                Some(reason) if arrival.was_customer => Decision::Offer(Why::Ended(reason)),
                None if arrival.was_customer => Decision::Offer(Why::NoLongerSignedIn),
                // Who signed out and then asks for this page knows what happened.
                None | Some(EndReason::Logout) => Decision::GoToSignIn,
                Some(reason) => Decision::Offer(Why::Ended(reason)),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{
        super::visitor::tests::{ada, anonymous},
        *,
    };

    const FRESH: Arrival = Arrival {
        was_customer: false,
        came_back: false,
    };
    const OPEN: Arrival = Arrival {
        was_customer: true,
        came_back: false,
    };

    #[test]
    fn an_unknown_visitor_waits_and_a_customer_enters() {
        assert_eq!(decide(&Visitor::Unknown, FRESH), Decision::Wait);
        assert_eq!(decide(&Visitor::Unknown, OPEN), Decision::Wait);
        assert_eq!(decide(&ada(), FRESH), Decision::Show);
    }

    #[test]
    fn a_signed_out_visitor_who_asks_for_the_page_goes_to_the_idp() {
        assert_eq!(decide(&anonymous(None), FRESH), Decision::GoToSignIn);
        let after_logout = anonymous(Some(EndReason::Logout));
        assert_eq!(decide(&after_logout, FRESH), Decision::GoToSignIn);
        let rotated = anonymous(Some(EndReason::Rotated));
        assert_eq!(decide(&rotated, FRESH), Decision::GoToSignIn);
    }

    #[test]
    fn a_session_that_ended_by_itself_is_explained_before_a_login() {
        for reason in [
            EndReason::Idle,
            EndReason::Absolute,
            EndReason::BackchannelLogout,
            EndReason::Revoked,
            EndReason::AccountSwitch,
        ] {
            let visitor = anonymous(Some(reason));
            assert_eq!(decide(&visitor, FRESH), Decision::Offer(Why::Ended(reason)));
        }
    }

    #[test]
    fn an_open_page_never_starts_a_login_by_itself() {
        assert_eq!(
            decide(&anonymous(None), OPEN),
            Decision::Offer(Why::NoLongerSignedIn)
        );
        assert_eq!(
            decide(&anonymous(Some(EndReason::Logout)), OPEN),
            Decision::Offer(Why::Ended(EndReason::Logout))
        );
    }

    #[test]
    fn coming_back_still_signed_out_is_explained_and_not_repeated() {
        let came_back = Arrival {
            came_back: true,
            ..FRESH
        };
        assert_eq!(
            decide(&anonymous(None), came_back),
            Decision::Offer(Why::CameBackSignedOut)
        );
        assert_eq!(decide(&ada(), came_back), Decision::Show);
    }

    #[test]
    fn nobody_is_sent_to_an_idp_that_does_not_answer() {
        let visitor = Visitor::Anonymous {
            session: None,
            ended: None,
            sign_in_available: false,
        };
        assert_eq!(
            decide(&visitor, FRESH),
            Decision::Offer(Why::SignInUnavailable)
        );
    }
}
