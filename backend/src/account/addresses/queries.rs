//! Saved addresses in the database: each statement names the customer.

use super::entity::{ActiveModel, Column, Entity, Model};
use crate::{Error, Result, db};
use sea_orm::{
    ActiveValue::{NotSet, Set},
    ColumnTrait as _, ConnectionTrait, DbErr, EntityTrait as _, QueryFilter as _, QueryOrder as _,
};
use shared::{account::SavedAddress, checkout::Address};

/// The default first.
pub async fn of_customer(
    db: &impl ConnectionTrait,
    customer_id: i64,
) -> Result<Vec<SavedAddress>, DbErr> {
    let rows = Entity::find()
        .filter(Column::CustomerId.eq(customer_id))
        .order_by_desc(Column::DefaultAt)
        .order_by_asc(Column::Id)
        .all(db)
        .await?;
    Ok(rows.into_iter().enumerate().map(|(place, row)| saved(row, place == 0)).collect())
}

fn saved(row: Model, is_default: bool) -> SavedAddress {
    let Model { id, full_name, street, postcode, city, country, .. } = row;
    SavedAddress { id, address: Address { full_name, street, postcode, city, country }, is_default }
}

pub async fn insert(db: &impl ConnectionTrait, customer_id: i64, address: Address) -> Result<()> {
    let row = ActiveModel {
        id: NotSet,
        customer_id: Set(customer_id),
        default_at: Set(0),
        ..columns(address)
    };
    Entity::insert(row).exec_without_returning(db).await.map_err(Error::of_customers_row)?;
    Ok(())
}

/// `false` where the customer has no such address; so with the next two.
pub async fn update(
    db: &impl ConnectionTrait,
    customer_id: i64,
    id: i64,
    address: Address,
) -> Result<bool, DbErr> {
    set(db, customer_id, id, columns(address)).await
}

pub async fn make_default(
    db: &impl ConnectionTrait,
    customer_id: i64,
    id: i64,
    now: i64,
) -> Result<bool, DbErr> {
    set(db, customer_id, id, ActiveModel { default_at: Set(now), ..ActiveModel::default() }).await
}

pub async fn delete(db: &impl ConnectionTrait, customer_id: i64, id: i64) -> Result<bool, DbErr> {
    let deletion =
        Entity::delete_many().filter(Column::CustomerId.eq(customer_id)).filter(Column::Id.eq(id));
    let deleted = db::unless_locked(|| deletion.clone().exec(db)).await?;
    Ok(deleted.rows_affected == 1)
}

async fn set(
    db: &impl ConnectionTrait,
    customer_id: i64,
    id: i64,
    columns: ActiveModel,
) -> Result<bool, DbErr> {
    let update = Entity::update_many()
        .set(columns)
        .filter(Column::CustomerId.eq(customer_id))
        .filter(Column::Id.eq(id));
    let updated = db::unless_locked(|| update.clone().exec(db)).await?;
    Ok(updated.rows_affected == 1)
}

fn columns(address: Address) -> ActiveModel {
    let Address { full_name, street, postcode, city, country } = address;
    ActiveModel {
        full_name: Set(full_name),
        street: Set(street),
        postcode: Set(postcode),
        city: Set(city),
        country: Set(country),
        ..ActiveModel::default()
    }
}
