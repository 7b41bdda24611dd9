//! What the page /sessions shows and does: the traces with their sources, the session's history and activities, whether its
//! customer uses the API without it, and, in a demo, making the session older.

mod activities;
mod age_session;
mod history;
mod source;

use crate::{
    Result,
    http::Json,
    session::{Sessions, Visitor},
    trace,
};
use actix_web::web::{self, Data};
use sea_orm::DatabaseConnection;
use shared::{
    paths::{SOURCE, api},
    session::TokenUse,
    trace::Trace,
};

pub fn routes(routes: &mut web::ServiceConfig) {
    routes
        .service(web::resource(api::SESSION_HISTORY).get(history::history))
        .service(web::resource(api::SESSION_TRACES).get(traces))
        .service(
            web::resource(api::SESSION_ACTIVITIES).get(activities::list).post(activities::record),
        )
        .service(web::resource(api::SESSION_PAGE_VIEWS).delete(activities::turn_page_views_off))
        .service(web::resource(api::SESSION_TOKEN_USE).get(token_use))
        .service(web::resource(api::SESSION_AGE).post(age_session::age_session));
}

/// Outside the sessions' scope: the source is the same for everybody.
pub fn source_routes(routes: &mut web::ServiceConfig) {
    routes.service(web::resource(SOURCE).get(source::source));
}

/// The newest first. Of a session that the IdP ended, the call that ended it.
async fn traces(db: Data<DatabaseConnection>, visitor: Visitor) -> Result<Json<Vec<Trace>>> {
    Ok(Json(match &visitor.session {
        Some(row) => trace::of_session(db.get_ref(), &row.id).await?,
        None => visitor.ended_trace.into_iter().collect(),
    }))
}

/// For who has a session here: what they do elsewhere without one.
async fn token_use(sessions: Data<Sessions>, visitor: Visitor) -> Json<TokenUse> {
    let customer_id = visitor.session.and_then(|row| row.customer_id);
    Json(TokenUse { last_at: customer_id.and_then(|id| sessions.token_uses.last(id)) })
}
