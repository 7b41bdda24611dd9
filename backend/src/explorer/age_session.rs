//! `POST /api/session/age`, in demo mode only: makes this session older, so that nobody waits half an hour, or half a day,
//! to see a limit act. The same rules end it then; what the IdP said of its login stays true.

use crate::{
    Config, Error, Result, db,
    http::{Json, own_host::require_own_host},
    session::{self, Sessions, Visitor},
};
use actix_web::{HttpRequest, HttpResponse, web::Data};
use sea_orm::DatabaseConnection;
use shared::session::AgeSession;

/// A week: longer than any limit of the defaults.
const MINUTES_AT_MOST: i64 = 7 * 24 * 60;

pub(super) async fn age_session(
    config: Data<Config>,
    db: Data<DatabaseConnection>,
    sessions: Data<Sessions>,
    request: HttpRequest,
    visitor: Visitor,
    Json(AgeSession { minutes, in_use }): Json<AgeSession>,
) -> Result<HttpResponse> {
    if !config.demo {
        return Err(Error::not_found("Only available in demo mode."));
    }
    require_own_host(&config, &request)?;
    if !(1..=MINUTES_AT_MOST).contains(&minutes) {
        return Err(Error::field("minutes", "1 to 10080, which is a week."));
    }
    let Some(row) = visitor.session else {
        return Err(Error::not_found(
            "There is no session to make older. Put something into the cart, or sign in.",
        ));
    };
    // In one: past its limit, the session may be ended by anybody at once.
    let transaction = db::begin_write(&db).await?;
    session::age(&transaction, &row.id, minutes * 60_000, in_use).await?;
    transaction.commit().await?;
    sessions.live.publish(std::slice::from_ref(&row.id)).await;
    Ok(HttpResponse::NoContent().finish())
}
