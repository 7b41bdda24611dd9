//! "Where you're signed in": a customer's living sessions, on whichever device, and how to end them. That needs a fresh
//! login: whoever finds a session open must not lock its owner out of the others (OWASP ASVS 5.0, 7.5.2).

use crate::{
    Error, Result, db,
    http::Json,
    session::{self, Customer, FreshCustomer, SessionRow, Sessions},
    trace::{self, record},
};
use actix_web::{
    HttpResponse,
    web::{Data, Path},
};
use sea_orm::DatabaseConnection;
use shared::{
    account::SignedInSession,
    session::EndReason,
    trace::{Step, Trace, TraceKind},
};

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
    let living = session::living_of(db.get_ref(), customer.id).await?;
    let is_named = |row: &&SessionRow| session::fingerprint(&row.id) == *name;
    let named: Vec<&SessionRow> = living.iter().filter(is_named).collect();
    if named.is_empty() {
        return Err(Error::not_found("This session has ended already."));
    }
    revoke(&db, &sessions, &customer, &living, &named, &name).await
}

pub(super) async fn revoke_others(
    db: Data<DatabaseConnection>,
    sessions: Data<Sessions>,
    FreshCustomer(customer): FreshCustomer,
) -> Result<HttpResponse> {
    let living = session::living_of(db.get_ref(), customer.id).await?;
    let is_other = |row: &&SessionRow| Some(&row.id) != customer.session_id.as_ref();
    let others: Vec<&SessionRow> = living.iter().filter(is_other).collect();
    revoke(&db, &sessions, &customer, &living, &others, "all but this one").await
}

/// Ends `meant` and tells both sides how: the browser that asks for it, in its own session, and those that are signed
/// out, with the end of theirs.
async fn revoke(
    db: &DatabaseConnection,
    sessions: &Sessions,
    customer: &Customer,
    living: &[SessionRow],
    meant: &[&SessionRow],
    which: &str,
) -> Result<HttpResponse> {
    let now = db::now();
    let asking = living.iter().find(|row| Some(&row.id) == customer.session_id.as_ref());
    let mut here = Trace::begin(TraceKind::Revocation, now);
    record(&mut here, Step::RevocationRequested, [("which", which)]);
    let mut there = Trace::begin(TraceKind::Revocation, now);
    let by = asking.map_or("a page without a session", |row| &row.user_agent);
    record(&mut there, Step::RevokedElsewhere, [("by", by)]);
    // Before it happens: this side is stored with the keys of the sessions that end.
    record(&mut there, Step::SessionEnded, ());

    let ids: Vec<String> = meant.iter().map(|row| row.id.clone()).collect();
    let ended = sessions.revoke(&ids, EndReason::Revoked, Some(&there)).await?;
    for row in meant.iter().filter(|row| ended.contains(&row.id)) {
        let session = session::fingerprint(&row.id);
        let parameters = [("session", &session), ("browser", &row.user_agent)];
        record(&mut here, Step::SessionEnded, parameters);
    }
    record(&mut here, Step::RevocationAnswered, ());
    if let Some(row) = asking {
        trace::keep(db, &row.id, &here).await;
    }
    Ok(HttpResponse::NoContent().finish())
}
