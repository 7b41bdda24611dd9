//! Customers in the database.

use super::{
    Identity,
    entity::customer::{self, Column, Model},
};
use crate::{Error, Result};
use anyhow::Context as _;
use sea_orm::{
    ActiveValue::{NotSet, Set},
    ColumnTrait as _, ConnectionTrait, DatabaseTransaction, EntityTrait as _, QueryFilter as _,
    QuerySelect as _,
    sea_query::{LockType, OnConflict},
};

/// The customer that the identity provider names: known by (issuer, subject), or new, and told anew at each login
/// by name and email. One statement decides, so two logins at once make one customer.
pub async fn upsert(
    db: &impl ConnectionTrait,
    identity: &Identity,
    second_factor: bool,
    now: i64,
) -> Result<i64> {
    let row = customer::ActiveModel {
        id: NotSet,
        issuer: Set(identity.issuer.clone()),
        subject: Set(identity.subject.clone()),
        name: Set(identity.name.clone()),
        email: Set(identity.email.clone()),
        email_verified: Set(identity.email_verified),
        second_factor: Set(second_factor),
        created_at: Set(now),
    };
    let told_anew = OnConflict::columns([Column::Issuer, Column::Subject])
        .update_columns([Column::Name, Column::Email, Column::EmailVerified, Column::SecondFactor])
        .to_owned();
    customer::Entity::insert(row).on_conflict(told_anew).exec_without_returning(db).await?;
    let customer = customer::Entity::find()
        .filter(Column::Issuer.eq(&identity.issuer))
        .filter(Column::Subject.eq(&identity.subject))
        .one(db)
        .await?;
    Ok(customer.context("the customer who just signed in")?.id)
}

/// A session names its customer by a foreign key, so one that is missing was deleted this moment.
pub async fn find(db: &impl ConnectionTrait, id: i64) -> Result<Model> {
    customer::Entity::find_by_id(id).one(db).await?.ok_or_else(Error::sign_in_required)
}

/// Until the transaction ends nobody signs in as this customer; an order may still name them.
pub async fn lock_for_change(transaction: &DatabaseTransaction, id: i64) -> Result<()> {
    lock(transaction, id, LockType::NoKeyUpdate).await
}

/// Until the transaction ends nothing new can name the customer. An order that is written at this moment is waited for;
/// it would otherwise lose its customer with the row and keep the name and the address.
pub async fn lock_for_removal(transaction: &DatabaseTransaction, id: i64) -> Result<()> {
    lock(transaction, id, LockType::Update).await
}

async fn lock(transaction: &DatabaseTransaction, id: i64, how: LockType) -> Result<()> {
    customer::Entity::find_by_id(id).lock(how).one(transaction).await?;
    Ok(())
}

/// With the cart and all else that belongs to the customer alone.
pub async fn delete(db: &impl ConnectionTrait, id: i64) -> Result<()> {
    customer::Entity::delete_by_id(id).exec(db).await?;
    Ok(())
}
