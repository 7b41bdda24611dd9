//! Who asks: extractors that a route's signature names.

use super::{
    Bearer, SessionRow, Sessions, begin, cookie, fingerprint, open::Opened,
    slide::is_marked_background, store,
};
use crate::{Error, Result, crypto, customers::CustomerRow, http::cookieless};
use actix_session::{Session, SessionExt as _};
use actix_web::{FromRequest, HttpMessage as _, HttpRequest, dev::Payload};
use anyhow::Context as _;
use shared::{
    account::SignedInSession, activities::ActivityName, session::EndReason,
    session_history::SessionEnd, trace::Trace,
};
use std::{
    future::{Ready, ready},
    sync::Arc,
};

/// Anybody, with a session or without one.
pub struct Visitor {
    pub session: Option<Arc<SessionRow>>,
    /// Whose session it is, if anybody has signed in to it.
    pub customer: Option<Arc<CustomerRow>>,
    /// Then there is no session.
    pub bearer: Option<Bearer>,
    /// How the session ended that this browser had.
    pub ended: Option<SessionEnd>,
    /// How the IdP ended it, if it did.
    pub ended_trace: Option<Trace>,
    /// The hash of the key that opened the session.
    opened_by: Option<String>,
    pub(super) handle: Session,
    pub(super) request: HttpRequest,
}

/// Somebody who is signed in.
#[derive(Clone, Debug)]
pub struct Customer {
    pub id: i64,
    /// `None` for whom an access token names.
    pub session_id: Option<String>,
    /// When that token was issued, in the identity provider's time.
    pub token_issued_at: Option<i64>,
}

impl Visitor {
    pub fn customer_id(&self) -> Option<i64> {
        match &self.session {
            Some(session) => session.customer_id,
            None => Some(self.bearer.as_ref()?.customer_id),
        }
    }

    pub(super) fn customer(&self) -> Option<Customer> {
        let session_id = self.session.as_ref().map(|row| row.id.clone());
        let token_issued_at = self.bearer.as_ref().map(|bearer| bearer.issued_at);
        Some(Customer { id: self.customer_id()?, session_id, token_issued_at })
    }

    /// Why the session that this browser had is gone.
    pub fn end_reason(&self) -> Option<EndReason> {
        self.ended.map(|ended| ended.reason)
    }

    /// Whether nothing may be kept for the visitor in a session, nor handed out in a cookie.
    pub fn is_cookieless(&self) -> bool {
        cookieless::is_cookieless(&self.request)
    }

    /// The visitor's session, begun now when there was none, since now there is something to keep. None begins for a
    /// request without cookies, which could not come back to it.
    pub async fn ensure_session(&self, sessions: &Sessions) -> Result<Arc<SessionRow>> {
        match &self.session {
            Some(session) => Ok(Arc::clone(session)),
            None if self.is_cookieless() => Err(Error::sign_in_required()),
            None => begin::begin(sessions, self).await.map(Arc::new),
        }
    }

    /// The hash of the key that opens the visitor's session from now on.
    pub fn key_hash(&self) -> Option<String> {
        let key: Option<String> = self.handle.get(store::KEY).ok().flatten();
        key.map(|key| crypto::fingerprint(&key)).or_else(|| self.opened_by.clone())
    }

    /// Whether the page asked by itself, and nobody in front of it.
    pub fn is_in_background(&self) -> bool {
        is_marked_background(&self.request)
    }

    /// Records in the visitor's session what they did. Whoever has none gets none for it.
    pub fn record_activity(&self, sessions: &Sessions, name: ActivityName, details: &str) {
        if let Some(session) = &self.session {
            sessions.activities.record(&session.id, name, details);
        }
    }

    /// Makes the answer remove the session's cookie.
    pub fn forget_session(&self) {
        self.handle.purge();
    }

    /// Makes the answer's cookie carry this new key of the session.
    pub(super) fn hand_out(&self, key: &str, row: &SessionRow) -> Result<()> {
        self.handle.clear();
        self.handle.insert(store::KEY, key).context("a session's key is text")?;
        self.handle.renew();
        cookie::persist(&self.request, row);
        Ok(())
    }

    pub(super) fn of(request: &HttpRequest) -> Self {
        let opened = request.extensions().get::<Opened>().cloned().unwrap_or_default();
        let (session, customer) =
            opened.living.map(|known| (known.session, known.customer)).unzip();
        Self {
            session,
            customer: customer.flatten(),
            bearer: Bearer::of(request),
            ended: opened.ended,
            ended_trace: opened.trace,
            opened_by: opened.key_hash,
            handle: request.get_session(),
            request: request.clone(),
        }
    }
}

impl Customer {
    /// One of the customer's own sessions, as they may see it.
    pub fn signed_in(&self, row: SessionRow) -> SignedInSession {
        SignedInSession {
            fingerprint: fingerprint(&row.id),
            is_this_one: self.session_id.as_ref() == Some(&row.id),
            user_agent: row.user_agent,
            created_at: row.created_at,
            last_seen_at: row.last_seen_at,
            authenticated_at: row.auth_time,
            persistent: row.persistent,
            provider: row.provider,
        }
    }
}

impl FromRequest for Visitor {
    type Error = Error;
    type Future = Ready<Result<Self>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(Ok(Self::of(request)))
    }
}

impl FromRequest for Customer {
    type Error = Error;
    type Future = Ready<Result<Self>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(Visitor::of(request).customer().ok_or_else(Error::sign_in_required))
    }
}
