//! A session without a login: it begins when there is something to keep.

use super::{SessionRow, Sessions, Visitor, key, limits::deadlines, user_agent};
use crate::{
    Result, crypto, db,
    http::{
        header,
        limits::{self, Limit},
    },
};
use sea_orm::{ActiveModelTrait as _, IntoActiveModel as _};

pub(super) async fn begin(sessions: &Sessions, visitor: &Visitor) -> Result<SessionRow> {
    limits::spend(&visitor.request, Limit::FirstCarts)?;
    let row = new_row(sessions, visitor, false, db::now());
    let transaction = db::begin_write(&sessions.db).await?;
    let row = row.into_active_model().insert(&transaction).await?;
    let key = key::link(&transaction, &row.id).await?;
    transaction.commit().await?;
    visitor.hand_out(&key, &row)?;
    Ok(row)
}

pub(super) fn new_row(
    sessions: &Sessions,
    visitor: &Visitor,
    persistent: bool,
    now: i64,
) -> SessionRow {
    let deadlines = deadlines(&sessions.limits, persistent, now);
    let user_agent = header(&visitor.request, "User-Agent");
    SessionRow {
        id: crypto::token(),
        created_at: now,
        last_seen_at: now,
        idle_deadline: deadlines.idle,
        absolute_deadline: deadlines.absolute,
        persistent,
        user_agent: user_agent::describe(user_agent.unwrap_or_default()),
        ..SessionRow::default()
    }
}
