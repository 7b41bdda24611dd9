//! "Where you're signed in": a customer's living sessions, on whichever device, and how to end them.

use super::{Customer, end, entity::session};
use crate::{App, Error, Result, crypto, db};
use actix_web::{
    HttpResponse,
    web::{self, Data, Json, Path},
};
use sea_orm::{
    ColumnTrait as _, DatabaseConnection, DbErr, EntityTrait as _, QueryFilter as _,
    QueryOrder as _,
};
use shared::{account::SignedInSession, paths::api, session::EndReason};

/// Hexadecimal digits of a session's public name. Enough to tell a customer's few sessions apart; the id
/// itself stays in the backend.
const FINGERPRINT_LENGTH: usize = 12;

pub(super) fn routes(routes: &mut web::ServiceConfig) {
    routes
        .service(
            web::resource(api::ACCOUNT_SESSIONS)
                .get(list)
                .delete(end_all_others),
        )
        .service(web::resource(api::ACCOUNT_SESSION).delete(end_one));
}

/// The public name of a session.
pub fn fingerprint(session_id: &str) -> String {
    crypto::short_fingerprint(session_id, FINGERPRINT_LENGTH)
}

async fn list(app: Data<App>, customer: Customer) -> Result<Json<Vec<SignedInSession>>> {
    Ok(Json(of_customer(&app.db, &customer).await?))
}

/// A customer's living sessions, as they may see them.
pub async fn of_customer(
    db: &DatabaseConnection,
    customer: &Customer,
) -> Result<Vec<SignedInSession>> {
    let view = |row: session::Model| SignedInSession {
        fingerprint: fingerprint(&row.id),
        is_this_one: row.id == customer.session_id,
        user_agent: row.user_agent,
        created_at: row.created_at,
        last_seen_at: row.last_seen_at,
        authenticated_at: row.auth_time,
        persistent: row.persistent,
        provider: row.provider,
    };
    let sessions = living(db, customer.id).await?;
    Ok(sessions.into_iter().map(view).collect())
}

async fn end_one(app: Data<App>, customer: Customer, name: Path<String>) -> Result<HttpResponse> {
    let sessions = living(&app.db, customer.id).await?;
    let named = sessions
        .into_iter()
        .find(|row| fingerprint(&row.id) == *name);
    let row = named.ok_or_else(|| Error::not_found("This session has ended already."))?;
    end(&app.live, &[row.id], EndReason::Revoked, db::now()).await?;
    Ok(HttpResponse::NoContent().finish())
}

async fn end_all_others(app: Data<App>, customer: Customer) -> Result<HttpResponse> {
    let sessions = living(&app.db, customer.id).await?;
    let others: Vec<String> = sessions
        .into_iter()
        .map(|row| row.id)
        .filter(|id| *id != customer.session_id)
        .collect();
    end(&app.live, &others, EndReason::Revoked, db::now()).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// The newest first.
async fn living(db: &DatabaseConnection, customer_id: i64) -> Result<Vec<session::Model>, DbErr> {
    let now = db::now();
    session::Entity::find()
        .filter(session::Column::CustomerId.eq(customer_id))
        .filter(session::Column::IdleDeadline.gt(now))
        .filter(session::Column::AbsoluteDeadline.gt(now))
        .order_by_desc(session::Column::LastSeenAt)
        .all(db)
        .await
}
