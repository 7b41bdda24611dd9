//! Removes what time has ended. The limits are enforced when a session is opened; this only tidies up.

use super::{
    Live, end,
    entity::{ended_login, session, session_end},
};
use crate::Result;
use sea_orm::{ColumnTrait as _, Condition, EntityTrait as _, QueryFilter as _, QuerySelect as _};
use shared::session::EndReason;

/// How long a browser is told why its session ended.
const REMEMBER_ENDS: i64 = 24 * 60 * 60 * 1000;
/// How long a logout that overtook its callback is remembered: longer than a login attempt lives.
const REMEMBER_ENDED_LOGINS: i64 = 10 * 60 * 1000;
/// Rows of one round: a backlog is worked off without holding SQLite's one write lock for long.
const BATCH: u64 = 500;

/// One round. Answers how many sessions it ended.
pub async fn sweep(live: &Live, now: i64) -> Result<usize> {
    let db = &live.db;
    let past_absolute = Condition::all().add(session::Column::AbsoluteDeadline.lte(now));
    let past_idle = Condition::all().add(session::Column::IdleDeadline.lte(now));
    let mut ended = 0;
    for (past, reason) in [
        (past_absolute, EndReason::Absolute),
        (past_idle, EndReason::Idle),
    ] {
        loop {
            let ids: Vec<String> = session::Entity::find()
                .select_only()
                .column(session::Column::Id)
                .filter(past.clone())
                .limit(BATCH)
                .into_tuple()
                .all(db)
                .await?;
            if ids.is_empty() {
                break;
            }
            end(live, &ids, reason, now).await?;
            ended += ids.len();
        }
    }
    session_end::Entity::delete_many()
        .filter(session_end::Column::At.lt(now - REMEMBER_ENDS))
        .exec(db)
        .await?;
    ended_login::Entity::delete_many()
        .filter(ended_login::Column::At.lt(now - REMEMBER_ENDED_LOGINS))
        .exec(db)
        .await?;
    Ok(ended)
}
