//! Where a customer has things delivered to: kept, so that the next checkout is filled in.

mod entity;
mod queries;

pub use queries::{insert, of_customer};

use crate::{Error, Result, customers, db, http::Json, session::Customer};
use actix_web::web::{Data, Path};
use sea_orm::DatabaseConnection;
use shared::{
    account::{MAX_ADDRESSES, SavedAddress},
    checkout::{Address, validate_address},
    problem::{Problem, kinds},
};

type Answer = Result<Json<Vec<SavedAddress>>>;

pub(super) async fn list(db: Data<DatabaseConnection>, customer: Customer) -> Answer {
    Ok(Json(of_customer(db.get_ref(), customer.id).await?))
}

/// An address that is among the customer's is not added again: a request whose answer was lost may be sent once more.
pub(super) async fn add(
    db: Data<DatabaseConnection>,
    customer: Customer,
    Json(address): Json<Address>,
) -> Answer {
    let address = check(&address)?;
    let transaction = db::begin_write(&db).await?;
    // One at a time, so that what is counted stays true.
    customers::lock_for_change(&transaction, customer.id).await?;
    let known = of_customer(&transaction, customer.id).await?;
    if known.iter().any(|saved| saved.address == address) {
        return Ok(Json(known));
    }
    if known.len() >= MAX_ADDRESSES {
        return Err(full());
    }
    insert(&transaction, customer.id, address).await?;
    let all = of_customer(&transaction, customer.id).await?;
    transaction.commit().await?;
    Ok(Json(all))
}

pub(super) async fn change(
    db: Data<DatabaseConnection>,
    customer: Customer,
    id: Path<String>,
    Json(address): Json<Address>,
) -> Answer {
    let address = check(&address)?;
    let is_theirs = queries::update(db.get_ref(), customer.id, number(&id)?, address).await?;
    answer(&db, &customer, is_theirs).await
}

pub(super) async fn remove(
    db: Data<DatabaseConnection>,
    customer: Customer,
    id: Path<String>,
) -> Answer {
    let is_theirs = queries::delete(db.get_ref(), customer.id, number(&id)?).await?;
    answer(&db, &customer, is_theirs).await
}

pub(super) async fn make_default(
    db: Data<DatabaseConnection>,
    customer: Customer,
    id: Path<String>,
) -> Answer {
    let id = number(&id)?;
    let is_theirs = queries::make_default(db.get_ref(), customer.id, id, db::now()).await?;
    answer(&db, &customer, is_theirs).await
}

async fn answer(db: &DatabaseConnection, customer: &Customer, is_theirs: bool) -> Answer {
    if !is_theirs {
        return Err(unknown());
    }
    Ok(Json(of_customer(db, customer.id).await?))
}

/// The address as it is kept.
fn check(address: &Address) -> Result<Address> {
    let faults = validate_address(address);
    if faults.is_empty() { Ok(address.tidy()) } else { Err(Error::validation(faults)) }
}

fn number(id: &str) -> Result<i64> {
    id.parse().map_err(|_| unknown())
}

fn unknown() -> Error {
    Error::not_found(
        "You have no such address: it was removed meanwhile. Reload the page to see those you have.",
    )
}

fn full() -> Error {
    let detail = format!(
        "You have {MAX_ADDRESSES} addresses, and no more fit. Remove one in My Account first."
    );
    Problem::new(kinds::CONFLICT, "No more addresses fit", 409, detail).into()
}
