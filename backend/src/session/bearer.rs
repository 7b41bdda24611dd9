//! A customer whom an access token names: nothing of the login is kept here, so each request says it anew.

use super::step_up::Authentication;
use actix_web::{HttpMessage as _, HttpRequest};

#[derive(Clone, Debug)]
pub struct Bearer {
    pub customer_id: i64,
    /// Of the token, in the identity provider's time. Milliseconds since the Unix epoch.
    pub issued_at: i64,
    /// Milliseconds since the Unix epoch.
    pub auth_time: Option<i64>,
    pub acr: Option<String>,
    /// Separated by spaces.
    pub amr: Option<String>,
}

impl Bearer {
    /// Makes the customer the one who asks, for the extractors of this request.
    pub fn hand_to(self, request: &HttpRequest) {
        request.extensions_mut().insert(self);
    }

    pub(super) fn of(request: &HttpRequest) -> Option<Self> {
        request.extensions().get().cloned()
    }

    pub(super) fn authentication(&self) -> Authentication<'_> {
        Authentication { time: self.auth_time, acr: self.acr.as_deref(), amr: self.amr.as_deref() }
    }
}
