//! `GET /api/session`: what the browser may know of its session. It neither begins one nor keeps it alive.

use super::{
    SessionRow, Visitor, age_session::age_session, devices::fingerprint, entity::session,
    lifetimes::deadlines, signed_out_mark,
};
use crate::{App, Result, account, db, trace::Masked};
use actix_web::web::{self, Data, Json};
use sea_orm::EntityTrait as _;
use shared::{
    paths::api,
    session::{EndReason, SessionFacts, SessionLimits, SessionState, SessionView},
};

pub(super) fn routes(routes: &mut web::ServiceConfig) {
    routes
        .service(web::resource(api::SESSION).get(view))
        .service(web::resource(api::SESSION_TOUCH).post(touch))
        .service(web::resource(api::SESSION_AGE).post(age_session));
}

async fn view(app: Data<App>, visitor: Visitor) -> Result<Json<SessionView>> {
    tell(&app, &visitor, visitor.session.as_ref()).await
}

/// "Stay signed in": sliding is the middleware's, as with any request of a person; this answers with the
/// limits as they are now.
async fn touch(app: Data<App>, visitor: Visitor) -> Result<Json<SessionView>> {
    let row = match &visitor.session {
        Some(row) => session::Entity::find_by_id(&row.id).one(&app.db).await?,
        None => None,
    };
    tell(&app, &visitor, row.as_ref()).await
}

async fn tell(app: &App, visitor: &Visitor, row: Option<&SessionRow>) -> Result<Json<SessionView>> {
    let state = match row {
        None => SessionState::None {
            ended: visitor.ended,
        },
        Some(row) => match row.customer_id {
            None => SessionState::Anonymous {
                session: facts(row),
            },
            Some(id) => SessionState::Customer {
                session: facts(row),
                customer: account::customer_view(&app.db, id).await?,
            },
        },
    };
    // Counted from nothing, a deadline is a limit.
    let kept = deadlines(&app.config.session, true, 0);
    Ok(Json(SessionView {
        now: db::now(),
        state,
        sign_in_available: app.oidc.is_available(),
        federated_logout_available: app.oidc.ends_social_sessions(),
        kept_limits: SessionLimits {
            idle: kept.idle,
            absolute: kept.absolute,
        },
        is_demo: app.config.demo,
        silent_login_offered: may_ask_silently(app, visitor, row),
    }))
}

/// A device that was signed out, by its owner here or from elsewhere, must not greet them as if nothing had been.
fn may_ask_silently(app: &App, visitor: &Visitor, row: Option<&SessionRow>) -> bool {
    let is_customer = row.is_some_and(|row| row.customer_id.is_some());
    let asks_again =
        visitor.ended.is_some_and(EndReason::asks_again) || row.is_some_and(|row| row.ask_again);
    !is_customer && !asks_again && !signed_out_mark::is_set(&visitor.request, &app.config)
}

fn methods(amr: Option<&str>) -> Vec<String> {
    let amr = amr.unwrap_or_default();
    amr.split_whitespace().map(str::to_owned).collect()
}

fn facts(row: &SessionRow) -> SessionFacts {
    SessionFacts {
        fingerprint: fingerprint(&row.id),
        created_at: row.created_at,
        last_seen_at: row.last_seen_at,
        idle_deadline: row.idle_deadline,
        absolute_deadline: row.absolute_deadline,
        persistent: row.persistent,
        authenticated_at: row.auth_time,
        provider: row.provider.clone(),
        acr: row.acr.clone(),
        amr: methods(row.amr.as_deref()),
        sid: row.sid.as_deref().map(|sid| Masked(sid).into()),
        id_token_issued_at: row.id_token_issued_at,
    }
}
