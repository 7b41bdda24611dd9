//! Orders on their way. In the place of a warehouse and a carrier that would report each step, a job looks what is due.

use super::{
    changes::record_status,
    entity::{Status, order},
};
use crate::{Result, db};
use anyhow::Context as _;
use sea_orm::{
    ActiveValue::Set, ColumnTrait as _, DatabaseConnection, EntityTrait as _, QueryFilter as _,
    QuerySelect as _,
};
use shared::{
    checkout::DeliveryMethod,
    orders::{StatusChange, fulfilment},
};

/// Moves every order to where it should be by now. Times are those of the plan, also where the shop was down meanwhile.
pub async fn advance(db: &DatabaseConnection, now: i64) -> Result<()> {
    let open: Vec<(i64, Status, i64, String)> = order::Entity::find()
        .select_only()
        .columns([
            order::Column::Id,
            order::Column::Status,
            order::Column::PlacedAt,
            order::Column::Delivery,
        ])
        .filter(order::Column::Status.is_in([Status::Placed, Status::Packed, Status::Shipped]))
        .into_tuple()
        .all(db)
        .await?;
    for (id, status, placed_at, delivery) in open {
        let shown = status.shown().context("an open order is shown")?;
        let delivery: DeliveryMethod = delivery.parse().context("an order's delivery")?;
        let due: Vec<StatusChange> = fulfilment::due(shown, placed_at, delivery, now).collect();
        if let Some(last) = due.last() {
            move_on(db, id, status, last.status.into(), &due).await?;
        }
    }
    Ok(())
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
    }
    transaction.commit().await?;
    Ok(())
}
