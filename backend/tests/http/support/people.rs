//! Who does something in a test.

use super::browser::Browser;
use shared::{
    paths::{api, auth},
    session::{LogoutRequest, LogoutResponse, LogoutScope, SessionState, SessionView},
};
use std::ops::Deref;

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

    /// The name of whoever is signed in.
    pub async fn signed_in_name(&self) -> Option<String> {
        match self.session().await.state {
            SessionState::Customer { customer, .. } => Some(customer.name),
            SessionState::Anonymous { .. } | SessionState::None { .. } => None,
        }
    }
}
