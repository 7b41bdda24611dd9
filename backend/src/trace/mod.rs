//! What the Session Explorer shows: how the last logins and logouts of this browser went, and the code that
//! handled each message.

mod record;
mod source;
mod store;

pub(crate) use record::here;
pub use record::{Masked, function_at, note, parameters_of};
pub use store::keep;

use crate::{App, Result, session::Visitor};
use actix_web::web::{self, Data, Json};
use shared::{paths::api, trace::Trace};

pub fn routes(routes: &mut web::ServiceConfig) {
    routes.service(web::resource(api::SESSION_TRACES).get(traces));
}

/// Outside the sessions' scope: the source is the same for everybody.
pub fn source_routes(routes: &mut web::ServiceConfig) {
    routes.service(web::resource(shared::paths::SOURCE).get(source::source));
}

/// The newest first. Of a session that the IdP ended, the call that ended it.
async fn traces(app: Data<App>, visitor: Visitor) -> Result<Json<Vec<Trace>>> {
    Ok(Json(match &visitor.session {
        Some(row) => store::of_session(&app.db, &row.id).await?,
        None => visitor.ended_trace().into_iter().collect(),
    }))
}
