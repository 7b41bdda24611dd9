//! Removes what time has ended. The limits are enforced when a session is opened; this only tidies up.

use super::{
    Sessions,
    entity::{ended_login, session, session_end, signed_out_login},
};
use crate::Result;
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _, QuerySelect as _};
use shared::session::EndReason;
use std::time::Instant;
use tokio::time::sleep;

/// How long a browser is told why its session ended.
const REMEMBER_ENDS: i64 = 24 * 60 * 60 * 1000;
/// How long a logout that overtook its callback is remembered: as long as a login attempt lives.
const REMEMBER_ENDED_LOGINS: i64 = 10 * 60 * 1000;
/// How long a login that was signed out here is remembered: longer than an IdP's session lives, kept ones included.
const REMEMBER_SIGNED_OUT: i64 = 30 * 24 * 60 * 60 * 1000;
/// Rows of one round: a backlog is worked off without holding SQLite's one write lock for long.
const BATCH: usize = 100;

impl Sessions {
    /// Answers how many sessions it ended.
    pub async fn sweep(&self, now: i64) -> Result<usize> {
        self.token_uses.sweep(now);
        let absolute =
            self.end_past(session::Column::AbsoluteDeadline, EndReason::Absolute, now).await?;
        let idle = self.end_past(session::Column::IdleDeadline, EndReason::Idle, now).await?;
        session_end::Entity::delete_many()
            .filter(session_end::Column::At.lt(now - REMEMBER_ENDS))
            .exec(&self.db)
            .await?;
        ended_login::Entity::delete_many()
            .filter(ended_login::Column::At.lt(now - REMEMBER_ENDED_LOGINS))
            .exec(&self.db)
            .await?;
        signed_out_login::Entity::delete_many()
            .filter(signed_out_login::Column::At.lt(now - REMEMBER_SIGNED_OUT))
            .exec(&self.db)
            .await?;
        Ok(absolute + idle)
    }

    async fn end_past(
        &self,
        deadline: session::Column,
        reason: EndReason,
        now: i64,
    ) -> Result<usize> {
        let mut ended = 0;
        loop {
            let begin = Instant::now();
            let ids: Vec<String> = session::Entity::find()
                .select_only()
                .column(session::Column::Id)
                .filter(deadline.lte(now))
                .limit(BATCH as u64)
                .into_tuple()
                .all(&self.db)
                .await?;
            if ids.is_empty() {
                return Ok(ended);
            }
            ended += self.end_expired(&ids, reason, now).await?;
            if ids.len() < BATCH {
                return Ok(ended);
            }
            // Whoever waits to write looks for the lock now and then: it is free for as long as it was taken.
            sleep(begin.elapsed()).await;
        }
    }
}
