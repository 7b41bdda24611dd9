//! `GET /api/session/history`: how this session came to be what it is, or how the one before it ended.

use crate::{
    Config, Result,
    http::{Json, cookies},
    session::{self, Visitor},
};
use actix_web::{HttpRequest, web::Data};
use sea_orm::DatabaseConnection;
use shared::session_history::SessionHistory;

pub(super) async fn history(
    config: Data<Config>,
    db: Data<DatabaseConnection>,
    request: HttpRequest,
    visitor: Visitor,
) -> Result<Json<SessionHistory>> {
    let known = match &visitor.session {
        Some(row) => session::history(db.get_ref(), row, visitor.key_hash().as_deref()).await?,
        None => SessionHistory { ended: visitor.ended, ..SessionHistory::default() },
    };
    Ok(Json(SessionHistory { cookies: cookies::own_names(&request, &config), ..known }))
}
