//! `GET /api/session`: what the browser may know of its session. It neither begins one nor keeps it alive.

use super::signed_out_mark;
use crate::{
    Config, Result, customers, db,
    http::Json,
    oidc,
    session::{self, SessionRow, Visitor, limits::deadlines},
    trace::masked,
};
use actix_web::{HttpRequest, web::Data};
use sea_orm::DatabaseConnection;
use shared::session::{EndReason, SessionFacts, SessionLimits, SessionState, SessionView};
use std::sync::Arc;

pub(super) async fn view(
    config: Data<Config>,
    oidc: Data<oidc::Client>,
    request: HttpRequest,
    visitor: Visitor,
) -> Json<SessionView> {
    let state = match (&visitor.session, &visitor.customer) {
        (None, _) => SessionState::None { ended: visitor.end_reason() },
        (Some(row), None) => SessionState::Anonymous { session: facts(row) },
        (Some(row), Some(customer)) => {
            SessionState::Customer { session: facts(row), customer: customers::view(customer) }
        }
    };
    // Counted from nothing, a deadline is a limit.
    let kept = deadlines(&config.session, true, 0);
    Json(SessionView {
        now: db::now(),
        state,
        sign_in_available: oidc.is_available(),
        federated_logout_available: oidc.ends_social_sessions(),
        kept_limits: SessionLimits { idle: kept.idle, absolute: kept.absolute },
        ended_as_guest: visitor.ended.is_some_and(|ended| ended.was_guest),
        is_demo: config.demo,
        silent_login_offered: may_ask_silently(&visitor)
            && !signed_out_mark::is_set(&request, &config),
    })
}

/// "Stay signed in": sliding is the middleware's, as with any request of a person; this answers with the
/// limits as they are now.
pub(super) async fn touch(
    config: Data<Config>,
    db: Data<DatabaseConnection>,
    oidc: Data<oidc::Client>,
    request: HttpRequest,
    mut visitor: Visitor,
) -> Result<Json<SessionView>> {
    if let Some(row) = &visitor.session {
        visitor.session = session::find(db.get_ref(), &row.id).await?.map(Arc::new);
    }
    Ok(view(config, oidc, request, visitor).await)
}

/// A device that was signed out, by its owner here or from elsewhere, must not greet them as if nothing had been.
fn may_ask_silently(visitor: &Visitor) -> bool {
    visitor.customer_id().is_none() && !visitor.end_reason().is_some_and(EndReason::asks_again)
}

fn facts(row: &SessionRow) -> SessionFacts {
    let methods = row.amr.as_deref().unwrap_or_default().split_whitespace();
    SessionFacts {
        fingerprint: session::fingerprint(&row.id),
        created_at: row.created_at,
        last_seen_at: row.last_seen_at,
        idle_deadline: row.idle_deadline,
        absolute_deadline: row.absolute_deadline,
        persistent: row.persistent,
        authenticated_at: row.auth_time,
        provider: row.provider.clone(),
        acr: row.acr.clone(),
        amr: methods.map(str::to_owned).collect(),
        sid: row.sid.as_deref().map(masked),
        id_token_issued_at: row.id_token_issued_at,
    }
}
