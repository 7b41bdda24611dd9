//! The one writer of activities. Requests put them into a queue and go on; what has come meanwhile is written
//! in one transaction, so that a busy shop writes seldom and much.

use super::{queries, rules};
use crate::{db, error};
use sea_orm::{DatabaseConnection, DbErr};
use shared::activities::{Activity, ActivityName};
use std::{collections::BTreeMap, time::Duration};
use tokio::sync::{mpsc, oneshot};

/// Activities that may wait. More come only while the database does not answer.
const QUEUE: usize = 1024;
const BATCH: usize = 256;
/// How long somebody waits for what was recorded before.
const PATIENCE: Duration = Duration::from_secs(2);
/// Where the database cannot be used now, what waits is kept for it, as much as the queue holds.
const TRY_AGAIN: Duration = Duration::from_secs(1);

#[derive(Clone, Debug)]
pub struct Activities {
    queue: mpsc::Sender<Message>,
}

#[derive(Debug)]
enum Message {
    Record {
        session_id: String,
        activity: Activity,
    },
    /// Answered when everything before it is written.
    Flush(oneshot::Sender<()>),
}

impl Activities {
    /// The writer ends when the last `Activities` is gone.
    pub fn start(db: DatabaseConnection) -> Self {
        let (queue, messages) = mpsc::channel(QUEUE);
        tokio::spawn(write_all(db, messages));
        Self { queue }
    }

    /// Neither waits nor fails: an activity is worth no request.
    pub fn record(&self, session_id: &str, name: ActivityName, details: &str) {
        let message = Message::Record {
            session_id: session_id.to_owned(),
            activity: Activity::new(db::now(), name, details),
        };
        if self.queue.try_send(message).is_err() {
            tracing::debug!(name = name.into_str(), "too many activities wait: one less");
        }
    }

    /// Returns when everything that was recorded before is written, or after `PATIENCE`.
    pub async fn flush(&self) {
        let (written, is_written) = oneshot::channel();
        let flushed = async {
            if self.queue.send(Message::Flush(written)).await.is_ok() {
                // The sender is dropped unanswered only when the writer is gone, and with it the process.
                let _ = is_written.await;
            }
        };
        if tokio::time::timeout(PATIENCE, flushed).await.is_err() {
            tracing::warn!("activities take long to be written");
        }
    }
}

async fn write_all(db: DatabaseConnection, mut messages: mpsc::Receiver<Message>) {
    let mut batch = Vec::with_capacity(BATCH);
    while messages.recv_many(&mut batch, BATCH).await > 0 {
        let mut by_session: BTreeMap<String, Vec<Activity>> = BTreeMap::new();
        let mut waiting = Vec::new();
        for message in batch.drain(..) {
            match message {
                Message::Record { session_id, activity } => {
                    by_session.entry(session_id).or_default().push(activity);
                }
                Message::Flush(written) => waiting.push(written),
            }
        }
        while let Err(error) = write(&db, &by_session).await {
            tracing::warn!(%error, "activities were not written");
            if !error::is_passing(&error.into()) {
                break;
            }
            tokio::time::sleep(TRY_AGAIN).await;
        }
        for written in waiting {
            // Whoever lost patience is gone.
            let _ = written.send(());
        }
    }
}

/// Writes what belongs to sessions that still live: one that ended meanwhile takes nobody else's along.
async fn write(
    db: &DatabaseConnection,
    by_session: &BTreeMap<String, Vec<Activity>>,
) -> Result<(), DbErr> {
    if by_session.is_empty() {
        return Ok(());
    }
    let transaction = db::begin_write(db).await?;
    for session_id in queries::living(&transaction, by_session.keys()).await? {
        let activities = by_session.get(&session_id).map(Vec::as_slice).unwrap_or_default();
        let earlier = if activities.iter().any(rules::may_repeat) {
            queries::newest_first(&transaction, &session_id).await?
        } else {
            Vec::new()
        };
        let new = rules::without_repetitions(&earlier, activities);
        queries::insert(&transaction, &session_id, new).await?;
        queries::trim(&transaction, &session_id).await?;
    }
    transaction.commit().await
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{db::testing, session::testing::anonymous};
    use shared::activities::{ActivityKind, MAX_ACTIVITIES};

    #[actix_web::test]
    async fn a_session_that_ended_meanwhile_takes_nobody_elses_activities_along() {
        let db = testing::empty().await;
        anonymous(&db, "living").await;
        anonymous(&db, "other").await;
        let activities = Activities::start(db.clone());
        for session_id in ["living", "ended", "other"] {
            activities.record(session_id, ActivityName::Searched, "tea");
        }
        activities.flush().await;
        for (session_id, count) in [("living", 1), ("other", 1), ("ended", 0)] {
            let written = queries::newest_first(&*db, session_id).await.unwrap();
            assert_eq!(written.len(), count, "{session_id}");
        }
    }

    #[actix_web::test]
    async fn the_newest_of_a_session_are_kept() {
        let db = testing::empty().await;
        anonymous(&db, "busy").await;
        anonymous(&db, "quiet").await;
        let activities = Activities::start(db.clone());
        activities.record("quiet", ActivityName::Searched, "tea");
        for turn in 0..MAX_ACTIVITIES + 50 {
            activities.record("busy", ActivityName::Searched, &turn.to_string());
            if turn % 60 == 0 {
                activities.flush().await;
            }
        }
        activities.flush().await;
        let kept = queries::newest_first(&*db, "busy").await.unwrap();
        let details: Vec<String> = kept.into_iter().map(|kept| kept.details).collect();
        let newest: Vec<String> =
            (50..MAX_ACTIVITIES + 50).rev().map(|turn| turn.to_string()).collect();
        assert_eq!(details, newest);
        assert_eq!(queries::newest_first(&*db, "quiet").await.unwrap().len(), 1);
    }

    #[actix_web::test]
    async fn a_checkout_starts_once_for_one_cart_whatever_batch_its_quotes_are_in() {
        let db = testing::empty().await;
        anonymous(&db, "shopper").await;
        let activities = Activities::start(db.clone());
        for name in [
            ActivityName::LineItemAdded,
            ActivityName::CheckoutStarted,
            ActivityName::PageViewed,
            ActivityName::CheckoutStarted,
            ActivityName::QuantityChanged,
            ActivityName::CheckoutStarted,
        ] {
            activities.record("shopper", name, "");
            activities.flush().await;
        }
        let written = queries::newest_first(&*db, "shopper").await.unwrap();
        let names: Vec<ActivityName> = written.iter().map(|activity| activity.name).collect();
        assert_eq!(
            names,
            [
                ActivityName::CheckoutStarted,
                ActivityName::QuantityChanged,
                ActivityName::PageViewed,
                ActivityName::CheckoutStarted,
                ActivityName::LineItemAdded,
            ]
        );
        assert_eq!(written[2].kind, ActivityKind::PageView);
    }

    #[actix_web::test]
    async fn a_full_queue_drops_and_never_waits() {
        let (queue, messages) = mpsc::channel(1);
        let activities = Activities { queue };
        for _ in 0..3 {
            activities.record("session", ActivityName::Searched, "tea");
        }
        assert_eq!(messages.len(), 1);
    }
}
