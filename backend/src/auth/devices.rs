//! "Where you're signed in": a customer's living sessions, on whichever device, and how to end them. That needs a fresh
//! login: whoever finds a session open must not lock its owner out of the others (OWASP ASVS 5.0, 7.5.2).

use crate::{
    Error, Result,
    http::Json,
    session::{self, Customer, FreshCustomer, SessionRow, Sessions},
};
use actix_web::{
    HttpResponse,
    web::{Data, Path},
};
use sea_orm::DatabaseConnection;
use shared::{account::SignedInSession, session::EndReason};

pub(super) async fn list(
    db: Data<DatabaseConnection>,
    customer: Customer,
) -> Result<Json<Vec<SignedInSession>>> {
    let rows = session::living_of(db.get_ref(), customer.id).await?;
    let sessions = rows.into_iter().map(|row| customer.signed_in(row));
    Ok(Json(sessions.collect()))
}

pub(super) async fn revoke_one(
    db: Data<DatabaseConnection>,
    sessions: Data<Sessions>,
    FreshCustomer(customer): FreshCustomer,
    name: Path<String>,
) -> Result<HttpResponse> {
    let rows = session::living_of(db.get_ref(), customer.id).await?;
    let is_named = |row: &SessionRow| session::fingerprint(&row.id) == *name;
    let row = rows.into_iter().find(is_named);
    let row = row.ok_or_else(|| Error::not_found("This session has ended already."))?;
    sessions.revoke(&[row.id], EndReason::Revoked).await?;
    Ok(HttpResponse::NoContent().finish())
}

pub(super) async fn revoke_others(
    db: Data<DatabaseConnection>,
    sessions: Data<Sessions>,
    FreshCustomer(customer): FreshCustomer,
) -> Result<HttpResponse> {
    let rows = session::living_of(db.get_ref(), customer.id).await?;
    let ids = rows.into_iter().map(|row| row.id);
    let others: Vec<String> = ids.filter(|id| customer.session_id.as_ref() != Some(id)).collect();
    sessions.revoke(&others, EndReason::Revoked).await?;
    Ok(HttpResponse::NoContent().finish())
}
