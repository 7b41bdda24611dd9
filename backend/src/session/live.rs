//! Tells the browsers of a session at once that it changed, on whichever replica they hang.
//!
//! A change is a hint and nothing more: the row is the truth, and whoever hears of a change reads it. On
//! PostgreSQL the hint travels by `NOTIFY` to every replica, this one included; on SQLite, where there is
//! one process, by a channel of its own. What this process remembers of the session is forgotten first.

use super::memory::Memory;
use sea_orm::{
    ConnectionTrait as _, DatabaseConnection, DbBackend, DbErr, Statement,
    sqlx::postgres::PgListener,
};
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

/// The ids of sessions that changed, in one way or another.
type Change = Arc<[String]>;

/// The way to tell of changes in the database of sessions.
#[derive(Clone)]
pub struct Live {
    db: DatabaseConnection,
    changes: broadcast::Sender<Change>,
    closing: watch::Sender<bool>,
    pub(super) memory: Arc<Memory>,
}

impl Live {
    pub fn new(db: DatabaseConnection) -> Self {
        let memory = Arc::new(Memory::default());
        if db.get_database_backend() != DbBackend::Postgres {
            memory.is_told();
        }
        let (changes, closing) = (broadcast::Sender::new(CAPACITY), watch::Sender::new(false));
        Self { db, changes, closing, memory }
    }

    pub fn subscribe(&self) -> broadcast::Receiver<Change> {
        self.changes.subscribe()
    }

    /// Resolves when the process is about to stop: streams end then, so that nobody waits for them.
    pub async fn closed(&self) {
        // An error means that the sender is gone, which comes to the same.
        let _ = self.closing.subscribe().wait_for(|closing| *closing).await;
    }

    pub fn close(&self) {
        self.closing.send_replace(true);
    }

    /// Tells of a change that is committed. A hint that is lost costs a browser some seconds, no more, so
    /// it fails no request.
    pub async fn publish(&self, sessions: &[String]) {
        self.memory.forget(sessions);
        for ids in sessions.chunks(IDS_PER_NOTIFICATION) {
            if let Err(error) = self.send(ids.into()).await {
                tracing::warn!(%error, "a change of a session was not published");
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
            serde_json::to_string(&*change).map_err(|error| DbErr::Custom(error.to_string()))?;
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
            self.memory.is_told_no_longer();
            tokio::time::sleep(LISTEN_AGAIN).await;
        }
    }

    async fn pass_on_notifications(&self) -> Result<(), sea_orm::sqlx::Error> {
        let mut listener = PgListener::connect_with(self.db.get_postgres_connection_pool()).await?;
        listener.listen(CHANNEL).await?;
        self.memory.is_told();
        // `None` where the connection was cut: what was told meanwhile is lost.
        while let Some(notification) = listener.try_recv().await? {
            match serde_json::from_str::<Vec<String>>(notification.payload()) {
                Ok(ids) => {
                    self.memory.forget(&ids);
                    // No receiver is no error: nobody watches.
                    let _ = self.changes.send(ids.into());
                }
                Err(error) => tracing::warn!(%error, "a notification of another kind"),
            }
        }
        Ok(())
    }

    /// For whoever changes sessions behind the shop's back: they are read anew.
    pub fn forget_all(&self) {
        self.memory.forget_all();
    }
}
