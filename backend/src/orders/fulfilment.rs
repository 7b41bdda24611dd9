//! Orders on their way. In the place of a warehouse and a carrier that would report each step, a job looks what is due.

use super::{
    changes::record_status,
    entity::{Status, order},
    mail,
};
use crate::{Result, db};
use anyhow::Context as _;
use sea_orm::{
    ActiveValue::Set, ColumnTrait as _, DatabaseConnection, EntityTrait as _, QueryFilter as _,
    QueryOrder as _, QuerySelect as _,
};
use shared::{
    checkout::DeliveryMethod,
    orders::{StatusChange, fulfilment},
};

/// Orders that are looked at together: after a long time down, not all that wait are in memory at once.
const BATCH: u64 = 500;

/// Moves every order to where it should be by now. Times are those of the plan, also where the shop was down meanwhile.
pub async fn advance(db: &DatabaseConnection, now: i64) -> Result<()> {
    for status in [Status::Placed, Status::Packed, Status::Shipped] {
        for delivery in DeliveryMethod::ALL {
            while advance_batch(db, status, *delivery, now).await? {}
        }
    }
    Ok(())
}

/// The oldest first: where one is not due, no later one is. Answers whether others may still be due; those of this batch
/// have left their state, so that it comes to an end.
async fn advance_batch(
    db: &DatabaseConnection,
    status: Status,
    delivery: DeliveryMethod,
    now: i64,
) -> Result<bool> {
    let oldest: Vec<(i64, i64)> = order::Entity::find()
        .select_only()
        .columns([order::Column::Id, order::Column::PlacedAt])
        .filter(order::Column::Status.eq(status))
        .filter(order::Column::Delivery.eq(delivery.into_str()))
        .order_by_asc(order::Column::PlacedAt)
        .limit(BATCH)
        .into_tuple()
        .all(db)
        .await?;
    let shown = status.shown().context("an open order is shown")?;
    for (id, placed_at) in &oldest {
        let due: Vec<StatusChange> = fulfilment::due(shown, *placed_at, delivery, now).collect();
        let Some(last) = due.last() else { return Ok(false) };
        move_on(db, *id, status, last.status.into(), &due).await?;
    }
    Ok(!oldest.is_empty())
}

/// Unless it was cancelled, or moved by another replica, in this moment.
async fn move_on(
    db: &DatabaseConnection,
    id: i64,
    from: Status,
    to: Status,
    steps: &[StatusChange],
) -> Result<()> {
    let transaction = db::begin_write(db).await?;
    let moved = order::Entity::update_many()
        .set(order::ActiveModel { status: Set(to), ..Default::default() })
        .filter(order::Column::Id.eq(id))
        .filter(order::Column::Status.eq(from))
        .exec(&transaction)
        .await?;
    if moved.rows_affected == 1 {
        let steps = steps.iter().map(|step| (step.status.into(), step.at));
        record_status(&transaction, id, steps).await?;
        mail::follow_up(&transaction, id, to, db::now()).await?;
    }
    transaction.commit().await?;
    Ok(())
}
