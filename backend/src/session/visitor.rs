//! Who asks: extractors that a route's signature names.

use super::{SessionRow, begin, slide::is_marked_background, store};
use crate::{App, Error, Result};
use actix_session::{Session, SessionExt as _};
use actix_web::{FromRequest, HttpRequest, dev::Payload};
use shared::{activities::ActivityName, session::EndReason, trace::Trace};
use std::future::{Ready, ready};

/// Anybody, with a session or without one.
pub struct Visitor {
    pub session: Option<SessionRow>,
    /// Why the session that this browser had is gone.
    pub ended: Option<EndReason>,
    pub(super) handle: Session,
    pub(super) request: HttpRequest,
}

/// Somebody who is signed in.
#[derive(Clone, Debug)]
pub struct Customer {
    pub id: i64,
    pub session_id: String,
}

impl Visitor {
    pub fn customer_id(&self) -> Option<i64> {
        self.session.as_ref()?.customer_id
    }

    /// The visitor's session, begun now when there was none, since now there is something to keep.
    pub async fn ensure(&self, app: &App) -> Result<SessionRow> {
        match &self.session {
            Some(session) => Ok(session.clone()),
            None => begin::begin(app, self).await,
        }
    }

    /// How the IdP ended the session that this browser had.
    pub fn ended_trace(&self) -> Option<Trace> {
        self.handle.get(store::TRACE).ok().flatten()
    }

    /// Whether the page asked by itself, and nobody in front of it.
    pub fn is_in_background(&self) -> bool {
        is_marked_background(&self.request)
    }

    /// Notes what this visitor did, in their session. Whoever has none gets none for it.
    pub fn did(&self, app: &App, name: ActivityName, details: &str) {
        if let Some(session) = &self.session {
            app.activities.record(&session.id, name, details);
        }
    }

    pub(super) fn of(request: &HttpRequest) -> Self {
        let handle = request.get_session();
        Self {
            session: handle.get(store::ROW).ok().flatten(),
            ended: handle.get(store::ENDED).ok().flatten(),
            handle,
            request: request.clone(),
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
        let session = Visitor::of(request).session;
        let customer = session.and_then(|row| {
            Some(Self {
                id: row.customer_id?,
                session_id: row.id,
            })
        });
        ready(customer.ok_or_else(Error::sign_in_required))
    }
}
