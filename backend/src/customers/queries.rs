//! Customers in the database.

use super::{
    Identity,
    entity::{
        customer::{self, Column, Model},
        deleted_customer,
    },
    identity_hash,
};
use crate::{Error, Result, db};
use anyhow::Context as _;
use sea_orm::{
    ActiveValue::{NotSet, Set},
    ColumnTrait as _, ConnectionTrait, DatabaseConnection, DatabaseTransaction, EntityTrait as _,
    ExprTrait as _, QueryFilter as _, QuerySelect as _, QueryTrait as _,
    sea_query::{Expr, LockType, OnConflict},
};

/// How long a deletion is remembered: longer than access tokens live. Milliseconds.
const REMEMBER_DELETIONS: i64 = 24 * 60 * 60 * 1000;

/// The customer that the identity provider names: known by (issuer, subject), or new, and told anew at each login
/// by name and email. A second factor that was used once is asked for ever after where it counts: a login with less must
/// not lower what step-up asks. One statement decides, so two logins at once make one customer.
pub async fn upsert(
    db: &impl ConnectionTrait,
    identity: &Identity,
    second_factor: bool,
    now: i64,
) -> Result<i64> {
    let row = row(identity, second_factor, now);
    let told_anew = OnConflict::columns([Column::Issuer, Column::Subject])
        .update_columns([Column::Name, Column::Email, Column::EmailVerified])
        .value(
            Column::SecondFactor,
            Expr::col((customer::Entity, Column::SecondFactor)).or(Expr::val(second_factor)),
        )
        .to_owned();
    customer::Entity::insert(row).on_conflict(told_anew).exec_without_returning(db).await?;
    let customer = customer::Entity::find()
        .filter(Column::Issuer.eq(&identity.issuer))
        .filter(Column::Subject.eq(&identity.subject))
        .one(db)
        .await?;
    Ok(customer.context("the customer who just signed in")?.id)
}

fn row(identity: &Identity, second_factor: bool, now: i64) -> customer::ActiveModel {
    customer::ActiveModel {
        id: NotSet,
        issuer: Set(identity.issuer.clone()),
        subject: Set(identity.subject.clone()),
        name: Set(identity.name.clone()),
        email: Set(identity.email.clone()),
        email_verified: Set(identity.email_verified),
        second_factor: Set(second_factor),
        created_at: Set(now),
    }
}

/// The customer of a token that was issued then: known, and not told anew, or made now. `None` where they deleted
/// their account since: the token of before must not begin it anew, nor open the one that a later login began.
pub async fn find_or_insert(
    db: &DatabaseConnection,
    identity: &Identity,
    second_factor: bool,
    issued_at: i64,
    now: i64,
) -> Result<Option<i64>> {
    if let Some(id) = not_deleted_since(db, identity, issued_at).await? {
        return Ok(Some(id));
    }
    let transaction = db::begin_write(db).await?;
    db::insert_new(&transaction, row(identity, second_factor, now)).await?;
    // After the insert, which waits for a deletion that is under way.
    let id = not_deleted_since(&transaction, identity, issued_at).await?;
    if id.is_some() {
        transaction.commit().await?;
    }
    Ok(id)
}

async fn not_deleted_since(
    db: &impl ConnectionTrait,
    Identity { issuer, subject, .. }: &Identity,
    issued_at: i64,
) -> Result<Option<i64>> {
    let deleted_since = deleted_customer::Entity::find()
        .select_only()
        .column(deleted_customer::Column::IdentityHash)
        .filter(deleted_customer::Column::At.gte(issued_at))
        .into_query();
    let id = customer::Entity::find()
        .select_only()
        .column(Column::Id)
        .filter(Column::Issuer.eq(issuer))
        .filter(Column::Subject.eq(subject))
        .filter(Expr::val(identity_hash(issuer, subject)).not_in_subquery(deleted_since))
        .into_tuple()
        .one(db)
        .await?;
    Ok(id)
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
pub async fn delete(transaction: &DatabaseTransaction, id: i64, now: i64) -> Result<()> {
    let row = customer::Entity::find_by_id(id).one(transaction).await?;
    let Some(Model { issuer, subject, .. }) = row else {
        return Ok(());
    };
    let deleted = deleted_customer::ActiveModel {
        identity_hash: Set(identity_hash(&issuer, &subject)),
        at: Set(now),
    };
    let again = OnConflict::column(deleted_customer::Column::IdentityHash)
        .update_column(deleted_customer::Column::At)
        .to_owned();
    deleted_customer::Entity::insert(deleted)
        .on_conflict(again)
        .exec_without_returning(transaction)
        .await?;
    customer::Entity::delete_by_id(id).exec(transaction).await?;
    Ok(())
}

/// Forgets deletions that no access token reaches back to.
pub async fn sweep(db: &DatabaseConnection, now: i64) -> Result<()> {
    deleted_customer::Entity::delete_many()
        .filter(deleted_customer::Column::At.lt(now - REMEMBER_DELETIONS))
        .exec(db)
        .await?;
    Ok(())
}
