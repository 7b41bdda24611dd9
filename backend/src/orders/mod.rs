//! "All Orders": a customer's own, in a list and one by one, and cancelling. Checkout writes them.

mod changes;
mod entity;
mod fulfilment;
mod queries;
mod rules;
#[cfg(test)]
mod tests;

pub use changes::{
    NewLine, NewOrder, adopt, forget_person, insert, mark_placed, record_status, remove_reserved,
    reserved,
};
pub use entity::Status;
pub use fulfilment::advance;
pub use queries::{all_of, by_id, has_received, placed_by, recent};

use crate::{
    Error, Result, db,
    http::{Json, Query},
    session::{Customer, Sessions},
};
use actix_web::web::{self, Data, Path};
use sea_orm::DatabaseConnection;
use shared::{
    activities::ActivityName,
    ids::OrderNumber,
    orders::{Order, OrderPage, OrderQuery},
    paths::api,
};

pub fn routes(cfg: &mut web::ServiceConfig) {
    cfg.service(web::resource(api::ORDERS).get(list))
        .service(web::resource(api::ORDER).get(show))
        .service(web::resource(api::ORDER_CANCEL).post(cancel));
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
