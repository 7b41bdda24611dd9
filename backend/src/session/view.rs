//! `GET /api/session`: what the browser may know of its session. It neither begins one nor keeps it alive.

use super::{SessionRow, Visitor, entity::session};
use crate::{App, Result, account, db};
use actix_web::web::{self, Data, Json};
use sea_orm::EntityTrait as _;
use shared::{
    paths::api,
    session::{EndReason, SessionFacts, SessionState, SessionView},
};

pub(super) fn routes(routes: &mut web::ServiceConfig) {
    routes
        .service(web::resource(api::SESSION).get(view))
        .service(web::resource(api::SESSION_TOUCH).post(touch));
}

async fn view(app: Data<App>, visitor: Visitor) -> Result<Json<SessionView>> {
    tell(&app, visitor.session.as_ref(), visitor.ended).await
}

/// "Stay signed in": sliding is the middleware's, as with any request of a person; this answers with the
/// limits as they are now.
async fn touch(app: Data<App>, visitor: Visitor) -> Result<Json<SessionView>> {
    let row = match visitor.session {
        Some(row) => session::Entity::find_by_id(row.id).one(&app.db).await?,
        None => None,
    };
    tell(&app, row.as_ref(), visitor.ended).await
}

async fn tell(
    app: &App,
    row: Option<&SessionRow>,
    ended: Option<EndReason>,
) -> Result<Json<SessionView>> {
    let state = match row {
        None => SessionState::None { ended },
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
    Ok(Json(SessionView {
        now: db::now(),
        state,
        sign_in_available: app.oidc.is_available(),
        federated_logout_available: app.oidc.ends_social_sessions(),
    }))
}

fn facts(row: &SessionRow) -> SessionFacts {
    SessionFacts {
        created_at: row.created_at,
        last_seen_at: row.last_seen_at,
        idle_deadline: row.idle_deadline,
        absolute_deadline: row.absolute_deadline,
        persistent: row.persistent,
        authenticated_at: row.auth_time,
        provider: row.provider.clone(),
    }
}
