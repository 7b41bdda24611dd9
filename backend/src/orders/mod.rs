//! "All Orders": a customer's own, in a list and one by one, and cancelling. Checkout writes them.

mod changes;
mod entity;
mod queries;
mod rules;
#[cfg(test)]
mod tests;

pub use changes::{
    NewLine, NewOrder, forget_person, insert, note_status, place, remove_reserved, reserved, taken,
};
pub use entity::Status;
pub use queries::{all_of, by_id, placed_by, recent};

use crate::{App, Error, Result, db, input::Query, session::Customer};
use actix_web::web::{self, Data, Json, Path};
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
    app: Data<App>,
    customer: Customer,
    Query(query): Query<OrderQuery>,
) -> Result<Json<OrderPage>> {
    let faults = rules::faults(&query);
    if !faults.is_empty() {
        return Err(Error::validation(faults));
    }
    Ok(Json(queries::page(&app.db, customer.id, &query).await?))
}

async fn show(app: Data<App>, customer: Customer, number: Path<String>) -> Result<Json<Order>> {
    let number = parse(&number)?;
    let order = queries::find(&app.db, customer.id, &number)
        .await?
        .ok_or_else(unknown)?;
    Ok(Json(queries::whole(&app.db, order).await?))
}

async fn cancel(app: Data<App>, customer: Customer, number: Path<String>) -> Result<Json<Order>> {
    let number = parse(&number)?;
    let order = changes::cancel_order(&app.db, customer.id, &number, db::now()).await?;
    app.activities.record(
        &customer.session_id,
        ActivityName::OrderCancelled,
        number.as_str(),
    );
    Ok(Json(order))
}

/// Numbers that cannot exist, that do not exist, and that are somebody else's all look the same.
fn parse(number: &str) -> Result<OrderNumber> {
    number.parse().map_err(|_| unknown())
}

fn unknown() -> Error {
    Error::not_found("We find no such order of yours. Look it up under All Orders.")
}
