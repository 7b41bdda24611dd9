//! `GET /api/session`: what the browser may know of its session. It neither begins one nor keeps it alive.

use super::{SessionRow, Visitor};
use crate::{App, Result, account, db};
use actix_web::web::{self, Data, Json};
use shared::{
    paths::api,
    session::{SessionFacts, SessionState, SessionView},
};

pub(super) fn routes(routes: &mut web::ServiceConfig) {
    routes.service(web::resource(api::SESSION).get(view));
}

async fn view(app: Data<App>, visitor: Visitor) -> Result<Json<SessionView>> {
    let state = match &visitor.session {
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
    Ok(Json(SessionView {
        now: db::now(),
        state,
        sign_in_available: app.oidc.is_available(),
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
    }
}
