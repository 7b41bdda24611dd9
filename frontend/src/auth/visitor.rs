//! Who is looking at the shop, as far as this page knows.

use shared::session::{CustomerView, EndReason, SessionFacts};
#[cfg(feature = "bff")]
use shared::session::{SessionState, SessionView};

/// A visitor is not anonymous merely because nobody has asked yet: pages that need a customer wait while it
/// is `Unknown`, so that a reload never flashes a login.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Visitor {
    #[default]
    Unknown,
    /// The shop did not answer; `reason` is for the person.
    #[cfg_attr(
        feature = "implicit",
        expect(dead_code, reason = "nobody has to ask the shop who it is")
    )]
    Unreachable { reason: String },
    Anonymous {
        session: Option<SessionFacts>,
        /// Why the session that this browser had is gone.
        ended: Option<EndReason>,
        /// Whether that was a guest's: nobody was signed out.
        was_guest: bool,
        offers: Offers,
    },
    Customer {
        /// The shop's own; none where tokens in the page's memory say who it is.
        session: Option<SessionFacts>,
        customer: CustomerView,
        /// The social provider that the identity provider passed them on to.
        provider: Option<String>,
        offers: Offers,
    },
}

/// What the identity provider can do for this visitor right now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Offers {
    pub sign_in: bool,
    /// It may be asked silently whom it knows.
    pub silent_login: bool,
    /// It can end the social provider's session too: it knows Friendbook.
    pub federated_logout: bool,
}

#[cfg(feature = "bff")]
impl From<SessionView> for Visitor {
    fn from(view: SessionView) -> Self {
        let offers = Offers {
            sign_in: view.sign_in_available,
            silent_login: view.silent_login_offered && view.sign_in_available,
            federated_logout: view.federated_logout_available,
        };
        let (session, ended) = match view.state {
            SessionState::Customer { session, customer } => {
                let provider = session.provider.clone();
                return Self::Customer { session: Some(session), customer, provider, offers };
            }
            SessionState::Anonymous { session } => (Some(session), None),
            SessionState::None { ended } => (None, ended),
        };
        Self::Anonymous { session, ended, was_guest: view.ended_as_guest, offers }
    }
}

impl Visitor {
    pub fn customer(&self) -> Option<&CustomerView> {
        match self {
            Self::Customer { customer, .. } => Some(customer),
            _ => None,
        }
    }

    /// The reason that another tab gave, where the shop has none: a logout takes along the cookie it would know by.
    #[cfg(feature = "bff")]
    pub fn or_ended(mut self, reason: Option<EndReason>) -> Self {
        if let Self::Anonymous { ended, .. } = &mut self {
            *ended = ended.or(reason);
        }
        self
    }

    /// Whether the session ended without its customer's doing and in their presence: they are asked to sign in again, and
    /// what they were about to do stays on the screen. Whoever comes after an unattended end may be somebody else.
    pub fn is_still_here(&self) -> bool {
        matches!(
            self,
            Self::Anonymous {
                ended: Some(
                    EndReason::Absolute
                        | EndReason::BackchannelLogout
                        | EndReason::ProviderSessionEnded
                        | EndReason::TokenExpired
                ),
                ..
            }
        )
    }

    /// Why the session that this browser had is gone.
    pub fn end_reason(&self) -> Option<EndReason> {
        match self {
            Self::Anonymous { ended, .. } => *ended,
            _ => None,
        }
    }

    /// Nobody has answered so far.
    pub fn is_undecided(&self) -> bool {
        matches!(self, Self::Unknown | Self::Unreachable { .. })
    }

    pub fn session(&self) -> Option<&SessionFacts> {
        match self {
            Self::Customer { session, .. } | Self::Anonymous { session, .. } => session.as_ref(),
            Self::Unknown | Self::Unreachable { .. } => None,
        }
    }

    /// Whether nobody is signed in, and the identity provider offers its social provider.
    pub fn can_sign_in_by_friendbook(&self) -> bool {
        matches!(self, Self::Anonymous { offers, .. } if offers.federated_logout)
    }

    /// Whether the identity provider offers its social provider.
    #[cfg(feature = "implicit")]
    pub fn knows_friendbook(&self) -> bool {
        match self {
            Self::Anonymous { offers, .. } | Self::Customer { offers, .. } => {
                offers.federated_logout
            }
            Self::Unknown | Self::Unreachable { .. } => false,
        }
    }

    /// Whether nobody is signed in, and the identity provider may be asked silently whom it knows.
    #[cfg(feature = "bff")]
    pub fn can_sign_in_silently(&self) -> bool {
        matches!(self, Self::Anonymous { offers, .. } if offers.silent_login)
    }

    /// Whether there is a social provider's session, and a way to end it.
    pub fn can_sign_out_federated(&self) -> bool {
        matches!(self, Self::Customer { provider: Some(_), offers, .. } if offers.federated_logout)
    }

    /// Whoever can have a wishlist: a session, or a customer without one.
    pub fn wishes_of(&self) -> Option<(Option<String>, Option<VisitorIdentity>)> {
        let session = self.session().map(|session| session.fingerprint.clone());
        let identity = self.identity();
        (session.is_some() || identity.is_some()).then_some((session, identity))
    }

    /// Tells one signed-in customer from another: what a page has fetched for one is never shown to another.
    pub fn identity(&self) -> Option<VisitorIdentity> {
        match self {
            Self::Customer { session, customer, .. } => Some(VisitorIdentity {
                session: session.as_ref().map(|session| session.fingerprint.clone()),
                customer: customer.fingerprint.clone(),
                name: customer.name.clone(),
                email: customer.email.clone(),
            }),
            _ => None,
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VisitorIdentity {
    session: Option<String>,
    customer: String,
    name: String,
    email: Option<String>,
}

#[cfg(test)]
pub mod tests {
    use super::*;
    #[cfg(feature = "bff")]
    use shared::session::SessionLimits;

    pub const OFFERS: Offers =
        Offers { sign_in: true, silent_login: false, federated_logout: true };

    pub fn facts() -> SessionFacts {
        SessionFacts {
            fingerprint: "0123456789ab".into(),
            created_at: 1_000,
            last_seen_at: 2_000,
            idle_deadline: 1_802_000,
            absolute_deadline: 43_201_000,
            persistent: false,
            authenticated_at: Some(1_000),
            provider: None,
            acr: None,
            amr: vec!["pwd".into()],
            sid: None,
            id_token_issued_at: Some(1_000),
        }
    }

    pub fn ada() -> Visitor {
        Visitor::Customer {
            session: Some(facts()),
            provider: None,
            customer: CustomerView {
                fingerprint: "ada".into(),
                name: "Ada Lovelace".into(),
                email: Some("ada@example.com".into()),
                email_verified: true,
            },
            offers: OFFERS,
        }
    }

    pub fn anonymous(ended: Option<EndReason>) -> Visitor {
        Visitor::Anonymous { session: None, ended, was_guest: false, offers: OFFERS }
    }

    #[cfg(feature = "bff")]
    #[test]
    fn a_session_without_a_login_is_anonymous() {
        let visitor = Visitor::from(SessionView {
            now: 5,
            state: SessionState::Anonymous { session: facts() },
            sign_in_available: false,
            federated_logout_available: true,
            silent_login_offered: true,
            ended_as_guest: false,
            kept_limits: SessionLimits::default(),
            is_demo: false,
        });
        assert_eq!(visitor.customer(), None);
        assert_eq!(visitor.session(), Some(&facts()));
        assert!(visitor.can_sign_in_by_friendbook());
        assert!(!Visitor::Unknown.can_sign_in_by_friendbook());
        assert_eq!(visitor.identity(), None);
    }

    #[test]
    fn who_was_busy_when_the_session_ended_is_still_here_and_whoever_comes_later_is_a_stranger() {
        for reason in [EndReason::Absolute, EndReason::BackchannelLogout, EndReason::TokenExpired] {
            assert!(anonymous(Some(reason)).is_still_here(), "{reason:?}");
        }
        for reason in [
            EndReason::Idle,
            EndReason::TooManySessions,
            EndReason::Logout,
            EndReason::Revoked,
            EndReason::AccountSwitch,
        ] {
            assert!(!anonymous(Some(reason)).is_still_here(), "{reason:?}");
        }
        assert!(!anonymous(None).is_still_here());
        assert!(!ada().is_still_here());
    }

    #[cfg(feature = "bff")]
    #[test]
    fn another_tabs_reason_stands_in_for_a_missing_one() {
        let reason = Some(EndReason::Logout);
        assert_eq!(anonymous(None).or_ended(reason), anonymous(reason));
        let idle = anonymous(Some(EndReason::Idle));
        assert_eq!(idle.clone().or_ended(reason), idle);
        assert_eq!(ada().or_ended(reason), ada());
    }

    #[test]
    fn only_who_came_through_a_social_provider_can_sign_out_there() {
        assert!(!ada().can_sign_out_federated());
        let mut linus = ada();
        if let Visitor::Customer { provider, .. } = &mut linus {
            *provider = Some("friendbook".into());
        }
        assert!(linus.can_sign_out_federated());
        assert!(!anonymous(None).can_sign_out_federated());
    }

    #[test]
    fn sliding_the_session_is_the_same_identity_and_another_customer_is_not() {
        let mut later = ada();
        if let Visitor::Customer { session: Some(session), .. } = &mut later {
            session.last_seen_at += 60_000;
            session.idle_deadline += 60_000;
        }
        assert_eq!(later.identity(), ada().identity());

        let mut grace = ada();
        if let Visitor::Customer { customer, .. } = &mut grace {
            customer.name = "Grace Hopper".into();
        }
        assert_ne!(grace.identity(), ada().identity());
    }
}
