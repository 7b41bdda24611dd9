//! Mails about an order. That one is to be sent is written down in the transaction of what it tells about, so that both
//! happen or neither; what it says is read from the order when it goes. So no address lies about in a queue, and none is
//! written to that its owner had deleted meanwhile.

mod compose;
mod deliver;
mod mailbox;

pub use deliver::{deliver, deliver_due};
pub use mailbox::{letter, mailbox};

use super::entity::{Status, order_mail};
use crate::{Config, Result, db};
use sea_orm::{
    ActiveValue::{NotSet, Set},
    ColumnTrait as _, ConnectionTrait, DatabaseTransaction, EntityTrait as _, QueryFilter as _,
    QuerySelect as _,
};

/// The confirmation of an order that is placed, where mails are sent at all.
pub async fn confirm(
    transaction: &DatabaseTransaction,
    config: &Config,
    order_id: i64,
    now: i64,
) -> Result<()> {
    if config.sends_mails() {
        write_down(transaction, order_id, Status::Placed, now).await?;
    }
    Ok(())
}

/// Whoever was told that the order is placed is told, too, that it is on its way or cancelled.
pub async fn follow_up(
    transaction: &DatabaseTransaction,
    order_id: i64,
    status: Status,
    now: i64,
) -> Result<()> {
    let is_told = matches!(status, Status::Shipped | Status::Cancelled);
    if is_told && is_promised(transaction, order_id).await? {
        write_down(transaction, order_id, status, now).await?;
    }
    Ok(())
}

async fn write_down(
    transaction: &DatabaseTransaction,
    order_id: i64,
    status: Status,
    now: i64,
) -> Result<()> {
    let row = order_mail::ActiveModel {
        id: NotSet,
        order_id: Set(order_id),
        status: Set(status),
        due_at: Set(Some(now)),
        tries: Set(0),
        sent_at: Set(None),
    };
    db::insert_new(transaction, row).await?;
    Ok(())
}

/// Whether the order's address is written to.
pub async fn is_promised(db: &impl ConnectionTrait, order_id: i64) -> Result<bool> {
    let confirmation = order_mail::Entity::find()
        .select_only()
        .column(order_mail::Column::Id)
        .filter(order_mail::Column::OrderId.eq(order_id))
        .filter(order_mail::Column::Status.eq(Status::Placed));
    Ok(confirmation.into_tuple::<i64>().one(db).await?.is_some())
}
