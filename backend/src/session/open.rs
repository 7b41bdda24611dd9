//! What the key opens that a request came with: the living session, or the reason why there is none any more.

use super::{
    Sessions,
    entity::session_end,
    limits,
    memory::Known,
    queries::opened_by,
    slide::{is_background, slide},
    store,
};
use crate::{Result, db, http, trace};
use actix_session::SessionExt as _;
use actix_web::{
    Error, HttpMessage as _,
    body::MessageBody,
    dev::{ServiceRequest, ServiceResponse},
    middleware::Next,
    web,
};
use sea_orm::EntityTrait as _;
use shared::{session::EndReason, session_history::SessionEnd, trace::Trace};

#[derive(Clone, Debug, Default)]
pub(super) struct Opened {
    pub living: Option<Known>,
    /// The hash of the key that opened it.
    pub key_hash: Option<String>,
    pub ended: Option<SessionEnd>,
    /// How the IdP ended it, if it did.
    pub trace: Option<Trace>,
}

/// Middleware inside actix-session's: opens the visitor's session, and slides it, before the request is handled.
pub async fn open(
    request: ServiceRequest,
    next: Next<impl MessageBody>,
) -> Result<ServiceResponse<impl MessageBody>, Error> {
    let key_hash: Option<String> = request.get_session().get(store::KEY_HASH).ok().flatten();
    if let Some(key_hash) = key_hash
        && let Some(sessions) = request.app_data::<web::Data<Sessions>>()
    {
        let opened = sessions.open(key_hash).await?;
        if let Some(known) = &opened.living {
            http::limits::know(request.request());
            if !is_background(&request) {
                slide(sessions, &known.session).await;
            }
        }
        request.extensions_mut().insert(opened);
    }
    next.call(request).await
}

impl Sessions {
    async fn open(&self, key_hash: String) -> Result<Opened> {
        let memory = &self.live.memory;
        let remembered = memory.find(&key_hash);
        // The limit of a row that was moved elsewhere since is asked of the database.
        if let Some(known) = remembered
            && limits::expired(&known.session, db::now()).is_none()
        {
            return Ok(Opened::living(key_hash, known));
        }
        let before_reading = memory.before_reading();
        let mut found = opened_by(&self.db, &key_hash).await?;
        let now = db::now();
        if let Some(known) = &found
            && let Some(reason) = limits::expired(&known.session, now)
        {
            let ids = std::slice::from_ref(&known.session.id);
            if self.end_expired(ids, reason, now).await? > 0 {
                let was_guest = known.customer.is_none();
                let ended = Some(SessionEnd { reason, at: now, was_guest });
                return Ok(Opened { ended, ..Opened::default() });
            }
            // Another request has ended it, or a login has renewed it.
            found = opened_by(&self.db, &key_hash).await?;
        }
        let Some(known) = found else {
            return self.ended(&key_hash).await;
        };
        memory.remember(&key_hash, &known, before_reading);
        Ok(Opened::living(key_hash, known))
    }

    async fn ended(&self, key_hash: &str) -> Result<Opened> {
        let Some(end) = session_end::Entity::find_by_id(key_hash).one(&self.db).await? else {
            return Ok(Opened::default());
        };
        // A key that was rotated has no reason to tell.
        let Ok(reason) = end.reason.parse::<EndReason>() else {
            return Ok(Opened::default());
        };
        let trace = end.trace.as_deref().and_then(trace::from_json);
        let ended = Some(SessionEnd { reason, at: end.at, was_guest: end.was_guest });
        Ok(Opened { ended, trace, ..Opened::default() })
    }
}

impl Opened {
    fn living(key_hash: String, known: Known) -> Self {
        Self { living: Some(known), key_hash: Some(key_hash), ..Self::default() }
    }
}
