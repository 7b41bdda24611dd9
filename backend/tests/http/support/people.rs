//! Who does something in a test.

use super::browser::Browser;
use shared::{
    paths::{api, auth},
    session::{LogoutRequest, LogoutResponse, LogoutScope, SessionState, SessionView},
};
use std::{
    ops::Deref,
    time::{Duration, Instant},
};

/// Somebody whom the shop does not know.
pub struct Guest(pub Browser);

/// Somebody who is signed in.
pub struct Customer(pub Browser);

impl Deref for Guest {
    type Target = Browser;

    fn deref(&self) -> &Browser {
        &self.0
    }
}

impl Deref for Customer {
    type Target = Browser;

    fn deref(&self) -> &Browser {
        &self.0
    }
}

impl Guest {
    pub async fn signed_in_as(self, email: &str) -> Customer {
        self.sign_in(email).await;
        Customer(self.0)
    }
}

impl Customer {
    /// Where the page goes after the shop's session ended.
    pub async fn sign_out(&self, scope: LogoutScope) -> String {
        self.post(auth::LOGOUT, &LogoutRequest { scope }).await.json::<LogoutResponse>().next
    }
}

impl Browser {
    /// What the page asks for first.
    pub async fn session(&self) -> SessionView {
        self.get(api::SESSION).await.json()
    }

    /// Waits until this browser's session has ended: one that another replica ended, or that was ended in SQLite's file
    /// by another process, may be remembered for a second. Answers what the page is told then.
    pub async fn ended_session(&self) -> SessionState {
        let asked_first = Instant::now();
        loop {
            let asked_at = Instant::now();
            let state = self.session().await.state;
            if matches!(state, SessionState::None { .. }) {
                return state;
            }
            let late = asked_at - asked_first;
            assert!(late < Duration::from_secs(1), "the session lives on {late:?} after its end");
        }
    }

    /// The name of whoever is signed in.
    pub async fn signed_in_name(&self) -> Option<String> {
        match self.session().await.state {
            SessionState::Customer { customer, .. } => Some(customer.name),
            SessionState::Anonymous { .. } | SessionState::None { .. } => None,
        }
    }
}
