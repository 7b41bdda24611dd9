//! What the page /sessions shows and does: the traces with their sources, the session's activities, and, in a demo,
//! making the session older.

mod activities;
mod age_session;
mod source;

use crate::{Result, http::Json, session::Visitor, trace};
use actix_web::web::{self, Data};
use sea_orm::DatabaseConnection;
use shared::{
    paths::{SOURCE, SOURCE_STYLE, api},
    trace::Trace,
};

pub fn routes(routes: &mut web::ServiceConfig) {
    routes
        .service(web::resource(api::SESSION_TRACES).get(traces))
        .service(
            web::resource(api::SESSION_ACTIVITIES).get(activities::list).post(activities::record),
        )
        .service(web::resource(api::SESSION_PAGE_VIEWS).delete(activities::turn_page_views_off))
        .service(web::resource(api::SESSION_AGE).post(age_session::age_session));
}

/// Outside the sessions' scope: the source is the same for everybody.
pub fn source_routes(routes: &mut web::ServiceConfig) {
    routes
        .service(web::resource(SOURCE).get(source::source))
        .service(web::resource(SOURCE_STYLE).get(source::style));
}

/// The newest first. Of a session that has ended, what its end took along.
async fn traces(db: Data<DatabaseConnection>, visitor: Visitor) -> Result<Json<Vec<Trace>>> {
    Ok(Json(match &visitor.session {
        Some(row) => trace::of_session(db.get_ref(), &row.id).await?,
        None => visitor.ended_traces(),
    }))
}
