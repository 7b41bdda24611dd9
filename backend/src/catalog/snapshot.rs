//! The index, shared by all requests and read anew from the database once a second at most.

use super::{
    index::{Index, Named},
    queries,
};
use crate::Result;
use sea_orm::DatabaseConnection;
use shared::{catalog::ProductSummary, ids::Slug};
use std::{
    sync::Arc,
    time::{Duration, Instant},
};
use tokio::sync::RwLock;

/// How old a list may be. Prices and stock that bind anybody (cart, checkout) never come from here.
const MAX_AGE: Duration = Duration::from_secs(1);

#[derive(Debug)]
pub struct Catalog {
    db: DatabaseConnection,
    held: RwLock<Option<Held>>,
}

#[derive(Debug)]
struct Held {
    index: Arc<Index>,
    read_at: Instant,
}

impl Catalog {
    pub fn new(db: DatabaseConnection) -> Self {
        Self { db, held: RwLock::default() }
    }

    pub async fn named(&self, slug: &Slug) -> Result<Option<Named>> {
        Ok(self.current().await?.named(slug))
    }

    /// These products, in this order.
    pub async fn summaries(&self, ids: &[i64]) -> Result<Vec<ProductSummary>> {
        Ok(self.current().await?.summaries(ids))
    }

    pub(super) async fn current(&self) -> Result<Arc<Index>> {
        let now = Instant::now();
        if let Some(index) = fresh(self.held.read().await.as_ref(), now) {
            return Ok(index);
        }
        // Whoever waited here finds what the first one has read.
        let mut held = self.held.write().await;
        if let Some(index) = fresh(held.as_ref(), now) {
            return Ok(index);
        }
        let index = match (queries::index(&self.db).await, held.take()) {
            (Ok(index), _) => Arc::new(index),
            // Browsing goes on while the database does not; whoever waited here need not wait for it as well.
            (Err(error), Some(Held { index, .. })) => {
                tracing::warn!(%error, "the catalogue is shown as it was");
                index
            }
            (Err(error), None) => return Err(error),
        };
        *held = Some(Held { index: index.clone(), read_at: Instant::now() });
        Ok(index)
    }
}

fn fresh(held: Option<&Held>, now: Instant) -> Option<Arc<Index>> {
    let held = held?;
    (now.saturating_duration_since(held.read_at) < MAX_AGE).then(|| held.index.clone())
}
