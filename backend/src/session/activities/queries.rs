//! Activities in the database.

use super::entity::{self, Column};
use crate::session::entity::session;
use sea_orm::{
    ActiveValue::{NotSet, Set},
    ColumnTrait as _, Condition, ConnectionTrait, DatabaseTransaction, DbErr, EntityTrait as _,
    ExprTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _, QueryTrait as _, Select,
    sea_query::{LockBehavior, LockType, SimpleExpr},
};
use shared::activities::{Activity, ActivityKind, MAX_ACTIVITIES};

/// Which of these sessions live, and go on living until the transaction ends. On PostgreSQL one that is being
/// ended this moment is passed over, so that neither waits for the other; on SQLite there is one writer anyway.
pub async fn living(
    transaction: &DatabaseTransaction,
    ids: impl Iterator<Item = &String>,
) -> Result<Vec<String>, DbErr> {
    session::Entity::find()
        .select_only()
        .column(session::Column::Id)
        .filter(session::Column::Id.is_in(ids))
        .order_by_asc(session::Column::Id)
        .lock_with_behavior(LockType::KeyShare, LockBehavior::SkipLocked)
        .into_tuple()
        .all(transaction)
        .await
}

pub async fn newest_first(
    db: &impl ConnectionTrait,
    session_id: &str,
) -> Result<Vec<Activity>, DbErr> {
    let rows = of(session_id).all(db).await?;
    Ok(rows.iter().filter_map(activity).collect())
}

/// Their paths, the newest first.
pub async fn pages_viewed(
    db: &impl ConnectionTrait,
    session_id: &str,
) -> Result<Vec<String>, DbErr> {
    of(session_id)
        .filter(Column::Kind.eq(ActivityKind::PageView.into_str()))
        .select_only()
        .column(Column::Details)
        .into_tuple()
        .all(db)
        .await
}

/// Of all sessions of a customer, the newest first.
pub async fn of_customer(
    db: &impl ConnectionTrait,
    customer_id: i64,
) -> Result<Vec<Activity>, DbErr> {
    let sessions = session::Entity::find()
        .select_only()
        .column(session::Column::Id)
        .filter(session::Column::CustomerId.eq(customer_id))
        .into_query();
    let rows = newest_first_of(Column::SessionId.in_subquery(sessions));
    Ok(rows.all(db).await?.iter().filter_map(activity).collect())
}

pub async fn insert(
    transaction: &DatabaseTransaction,
    session_id: &str,
    activities: Vec<&Activity>,
) -> Result<(), DbErr> {
    if activities.is_empty() {
        return Ok(());
    }
    let rows = activities.into_iter().map(|activity| entity::ActiveModel {
        id: NotSet,
        session_id: Set(session_id.to_owned()),
        at: Set(activity.at),
        kind: Set(activity.kind.into_str().to_owned()),
        name: Set(activity.name.into_str().to_owned()),
        details: Set(activity.details.clone()),
    });
    entity::Entity::insert_many(rows).exec_without_returning(transaction).await?;
    Ok(())
}

/// Removes all but the newest `MAX_ACTIVITIES`.
pub async fn trim(transaction: &DatabaseTransaction, session_id: &str) -> Result<(), DbErr> {
    let first_too_old = of(session_id).offset(u64::from(MAX_ACTIVITIES)).one(transaction).await?;
    let Some(first_too_old) = first_too_old else {
        return Ok(());
    };
    let as_old_or_older = Condition::any()
        .add(Column::At.lt(first_too_old.at))
        .add(Column::At.eq(first_too_old.at).and(Column::Id.lte(first_too_old.id)));
    entity::Entity::delete_many()
        .filter(Column::SessionId.eq(session_id))
        .filter(as_old_or_older)
        .exec(transaction)
        .await?;
    Ok(())
}

pub async fn forget_page_views(db: &impl ConnectionTrait, session_id: &str) -> Result<(), DbErr> {
    entity::Entity::delete_many()
        .filter(Column::SessionId.eq(session_id))
        .filter(Column::Kind.eq(ActivityKind::PageView.into_str()))
        .exec(db)
        .await?;
    Ok(())
}

fn of(session_id: &str) -> Select<entity::Entity> {
    newest_first_of(Column::SessionId.eq(session_id))
}

fn newest_first_of(sessions: SimpleExpr) -> Select<entity::Entity> {
    entity::Entity::find().filter(sessions).order_by_desc(Column::At).order_by_desc(Column::Id)
}

/// `None` for a name that another version of the shop has recorded.
fn activity(row: &entity::Model) -> Option<Activity> {
    let name = row.name.parse().ok()?;
    Some(Activity::new(row.at, name, &row.details))
}
