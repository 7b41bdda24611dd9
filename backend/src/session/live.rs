//! Tells the browsers of a session at once that it changed, on whichever replica they hang.
//!
//! A change is a hint and nothing more: the row is the truth, and whoever hears of a change reads it. On
//! PostgreSQL the hint travels by `NOTIFY` to every replica, this one included; on SQLite, where there is
//! one process, by a channel of its own.

use super::SessionRow;
use crate::db;
use sea_orm::{
    ConnectionTrait as _, DatabaseConnection, DbBackend, DbErr, Statement,
    sqlx::postgres::PgListener,
};
use serde::{Deserialize, Serialize};
use shared::session::SessionEvent;
use std::{sync::Arc, time::Duration};
use tokio::sync::{broadcast, watch};

/// PostgreSQL's channel.
const CHANNEL: &str = "storezero_session";
/// Changes that a slow reader may lag behind before it is told to look at the row again.
const CAPACITY: usize = 1024;
/// A notification carries at most 8000 bytes; a session's id has 43.
const IDS_PER_NOTIFICATION: usize = 100;
/// How long to wait before listening again when the database went away.
const LISTEN_AGAIN: Duration = Duration::from_secs(2);

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Change {
    pub sessions: Arc<[String]>,
    pub event: SessionEvent,
}

/// The database of sessions, and the way to tell of changes in it.
#[derive(Clone)]
pub struct Live {
    pub(super) db: DatabaseConnection,
    changes: broadcast::Sender<Change>,
    closing: watch::Sender<bool>,
}

impl Live {
    pub fn new(db: DatabaseConnection) -> Self {
        Self {
            db,
            changes: broadcast::Sender::new(CAPACITY),
            closing: watch::Sender::new(false),
        }
    }

    pub(super) fn subscribe(&self) -> broadcast::Receiver<Change> {
        self.changes.subscribe()
    }

    /// Resolves when the process is about to stop: streams end then, so that nobody waits for them.
    pub(super) async fn closed(&self) {
        // An error means that the sender is gone, which comes to the same.
        let _ = self.closing.subscribe().wait_for(|closing| *closing).await;
    }

    pub fn close(&self) {
        self.closing.send_replace(true);
    }

    /// Tells of a change that is committed. A hint that is lost costs a browser some seconds, no more, so
    /// it fails no request.
    pub(super) async fn tell(&self, sessions: &[String], event: SessionEvent) {
        for ids in sessions.chunks(IDS_PER_NOTIFICATION) {
            let change = Change {
                sessions: ids.into(),
                event,
            };
            if let Err(error) = self.send(change).await {
                tracing::warn!(%error, "a change of a session was not told");
            }
        }
    }

    async fn send(&self, change: Change) -> Result<(), DbErr> {
        if self.db.get_database_backend() != DbBackend::Postgres {
            // No receiver is no error: nobody watches.
            let _ = self.changes.send(change);
            return Ok(());
        }
        let payload =
            serde_json::to_string(&change).map_err(|error| DbErr::Custom(error.to_string()))?;
        let notify = Statement::from_sql_and_values(
            DbBackend::Postgres,
            "SELECT pg_notify($1, $2)",
            [CHANNEL.into(), payload.into()],
        );
        self.db.execute_raw(notify).await.map(drop)
    }

    /// Passes PostgreSQL's notifications on, until the connections to it are closed for good.
    pub async fn listen(self) {
        if self.db.get_database_backend() != DbBackend::Postgres {
            return;
        }
        while !self.db.get_postgres_connection_pool().is_closed() {
            if let Err(error) = self.pass_on_notifications().await {
                tracing::warn!(%error, "no notifications from the database");
            }
            tokio::time::sleep(LISTEN_AGAIN).await;
        }
    }

    async fn pass_on_notifications(&self) -> Result<(), sea_orm::sqlx::Error> {
        let mut listener = PgListener::connect_with(self.db.get_postgres_connection_pool()).await?;
        listener.listen(CHANNEL).await?;
        loop {
            let notification = listener.recv().await?;
            match serde_json::from_str(notification.payload()) {
                Ok(change) => drop(self.changes.send(change)),
                Err(error) => tracing::warn!(%error, "a notification of another kind"),
            }
        }
    }
}

/// Milliseconds until the nearer of the session's two limits.
pub(super) fn until_deadline(row: &SessionRow) -> Duration {
    let deadline = row.idle_deadline.min(row.absolute_deadline);
    let left = deadline.saturating_sub(db::now()).max(0);
    Duration::from_millis(left.unsigned_abs())
}
