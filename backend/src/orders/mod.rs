//! "All Orders": a customer's own, in a list and one by one, and cancelling; and a guest's, found by number and email.
//! Checkout writes them.

mod changes;
mod entity;
mod fulfilment;
mod mail;
mod queries;
mod rules;
#[cfg(test)]
mod tests;

pub use changes::{
    NewLine, NewOrder, adopt, forget_found, forget_person, insert, mark_placed, record_status,
    remove_reserved, reserved,
};
pub use entity::Status;
pub use fulfilment::advance;
pub use mail::{confirm, deliver, deliver_due};
pub use queries::{all_of, by_id, has_received, recent, visible_to};

use crate::{
    Config, Error, Result,
    cart::Shopper,
    db,
    http::{Json, Query, limits},
    session::{Customer, Sessions},
};
use actix_web::{
    HttpRequest, HttpResponse,
    web::{self, Data, Path},
};
use sea_orm::DatabaseConnection;
use shared::{
    activities::ActivityName,
    checkout::tidy_text,
    ids::OrderNumber,
    orders::{Order, OrderLookup, OrderPage, OrderQuery},
    paths::{MAILBOX, api},
    problem::{Problem, kinds},
};

pub fn routes(cfg: &mut web::ServiceConfig) {
    cfg.service(web::resource(api::ORDERS).get(list))
        .service(web::resource(api::ORDER_LOOKUP).post(lookup))
        .service(web::resource(api::ORDER).get(show))
        .service(web::resource(api::ORDER_CANCEL).post(cancel));
}

/// Outside the sessions' scope: a mail program has no session either.
pub fn mailbox_routes(cfg: &mut web::ServiceConfig) {
    cfg.service(web::resource(MAILBOX).get(mail::mailbox))
        .service(web::resource(format!("{MAILBOX}/{{id}}")).get(mail::letter));
}

async fn list(
    db: Data<DatabaseConnection>,
    customer: Customer,
    Query(query): Query<OrderQuery>,
) -> Result<Json<OrderPage>> {
    let faults = rules::faults(&query);
    if !faults.is_empty() {
        return Err(Error::validation(faults));
    }
    Ok(Json(queries::page(db.get_ref(), customer.id, &query).await?))
}

/// A guest's order for whoever knows its number and its email, in any browser: from now on they see it as the browser does
/// that placed it.
///
/// Everything else has one answer, after the same work, so that nobody learns whether a number or an address exists
/// (CWE-204). An order of an account counts as wrong, too: what a login guards, perhaps with a second factor, must not
/// open to two things that stand in every mail about it.
async fn lookup(
    config: Data<Config>,
    db: Data<DatabaseConnection>,
    request: HttpRequest,
    shopper: Shopper,
    Json(asked): Json<OrderLookup>,
) -> Result<HttpResponse> {
    let (Some(number), []) = (OrderNumber::from_typed(&asked.number), &*asked.faults()) else {
        return Err(Error::validation(asked.faults()));
    };
    limits::spend_on_order(&request, &number)?;
    let (email, customer_id) = (tidy_text(&asked.email), shopper.visitor.customer_id());
    let found = queries::fitting(db.get_ref(), &number, &email, customer_id).await?;
    let found = found.ok_or_else(no_match)?;
    let (order, token) = changes::open_found(&db, &shopper, &found, db::now()).await?;
    let mut response = HttpResponse::Ok();
    if let Some(token) = token {
        token.hand_out(&mut response, &shopper.visitor, &config);
    }
    Ok(response.json(order))
}

fn no_match() -> Error {
    let detail = "We find no guest’s order with this number and this email. Compare both with the confirmation. If you were \
        signed in when you ordered, sign in and look under All Orders.";
    Problem::new(kinds::NOT_FOUND, "No such order", 404, detail).into()
}

async fn show(
    db: Data<DatabaseConnection>,
    customer: Customer,
    number: Path<String>,
) -> Result<Json<Order>> {
    let number = parse(&number)?;
    let order = queries::find(db.get_ref(), customer.id, &number).await?.ok_or_else(unknown)?;
    Ok(Json(queries::whole(db.get_ref(), order).await?))
}

async fn cancel(
    db: Data<DatabaseConnection>,
    sessions: Data<Sessions>,
    customer: Customer,
    number: Path<String>,
) -> Result<Json<Order>> {
    let number = parse(&number)?;
    let order = changes::cancel_order(&db, customer.id, &number, db::now()).await?;
    if let Some(session_id) = &customer.session_id {
        sessions.activities.record(session_id, ActivityName::OrderCancelled, number.as_str());
    }
    Ok(Json(order))
}

/// Numbers that cannot exist, that do not exist, and that are somebody else's all look the same.
fn parse(number: &str) -> Result<OrderNumber> {
    number.parse().map_err(|_| unknown())
}

fn unknown() -> Error {
    Error::not_found("We find no such order of yours. Look it up under All Orders.")
}
