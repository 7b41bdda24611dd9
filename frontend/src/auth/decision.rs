//! What a page that needs a customer does with the visitor at its door. No I/O: the `Gate` acts on it.

use super::{arrival::Arrival, visitor::Visitor};
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

pub fn decide(visitor: &Visitor, arrival: Arrival) -> Decision {
    match visitor {
        Visitor::Unknown => Decision::Wait,
        Visitor::Unreachable { .. } => Decision::Unreachable,
        Visitor::Customer { .. } => Decision::Show,
        Visitor::Anonymous { offers, .. } if !offers.sign_in => {
            Decision::Offer(Why::SignInUnavailable)
        }
        Visitor::Anonymous { ended, was_guest, .. } => {
            // The end of a guest's session signed nobody out.
            match (arrival, ended.filter(|_| !was_guest)) {
                (Arrival::CameBack, _) => Decision::Offer(Why::CameBackSignedOut),
                // Who signed out and then asks for this page knows what happened.
                (Arrival::Asked, None | Some(EndReason::Logout)) => Decision::GoToSignIn,
                (_, Some(reason)) => Decision::Offer(Why::Ended(reason)),
                (Arrival::ByHistory | Arrival::WasOpen, None) => {
                    Decision::Offer(Why::NoLongerSignedIn)
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{
        super::visitor::{
            Offers,
            tests::{OFFERS, ada, anonymous},
        },
        *,
    };

    const ARRIVALS: [Arrival; 4] =
        [Arrival::Asked, Arrival::CameBack, Arrival::ByHistory, Arrival::WasOpen];

    #[test]
    fn an_unknown_visitor_waits_and_a_customer_enters() {
        for arrival in ARRIVALS {
            assert_eq!(decide(&Visitor::Unknown, arrival), Decision::Wait);
            assert_eq!(decide(&ada(), arrival), Decision::Show);
        }
    }

    #[test]
    fn a_signed_out_visitor_who_asks_for_the_page_goes_to_the_idp() {
        for ended in [None, Some(EndReason::Logout)] {
            let visitor = anonymous(ended);
            assert_eq!(decide(&visitor, Arrival::Asked), Decision::GoToSignIn);
        }
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
            for arrival in [Arrival::Asked, Arrival::ByHistory, Arrival::WasOpen] {
                assert_eq!(decide(&visitor, arrival), Decision::Offer(Why::Ended(reason)));
            }
        }
    }

    #[test]
    fn a_guest_whose_session_ran_out_was_not_signed_out() {
        let guest = Visitor::Anonymous {
            session: None,
            ended: Some(EndReason::Idle),
            was_guest: true,
            offers: OFFERS,
        };
        assert_eq!(decide(&guest, Arrival::Asked), Decision::GoToSignIn);
    }

    #[test]
    fn neither_an_open_page_nor_the_back_button_starts_a_login() {
        for arrival in [Arrival::ByHistory, Arrival::WasOpen] {
            assert_eq!(decide(&anonymous(None), arrival), Decision::Offer(Why::NoLongerSignedIn));
            assert_eq!(
                decide(&anonymous(Some(EndReason::Logout)), arrival),
                Decision::Offer(Why::Ended(EndReason::Logout))
            );
        }
    }

    #[test]
    fn coming_back_still_signed_out_is_explained_and_not_repeated() {
        for ended in [None, Some(EndReason::Idle)] {
            assert_eq!(
                decide(&anonymous(ended), Arrival::CameBack),
                Decision::Offer(Why::CameBackSignedOut)
            );
        }
    }

    #[test]
    fn nobody_is_sent_to_an_idp_that_does_not_answer() {
        let visitor = Visitor::Anonymous {
            session: None,
            ended: None,
            was_guest: false,
            offers: Offers { sign_in: false, ..OFFERS },
        };
        for arrival in ARRIVALS {
            assert_eq!(decide(&visitor, arrival), Decision::Offer(Why::SignInUnavailable));
        }
    }
}
