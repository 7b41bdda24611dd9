//! The index, shared by all requests and read anew from the database once a second at most, with the answers that were
//! made of it.

use super::{
    index::{Index, Named},
    queries, rules, unknown_product,
};
use crate::{Result, http::representation::Representation};
use sea_orm::DatabaseConnection;
use shared::{
    catalog::{Category, Product, ProductPage, ProductQuery, ProductSummary},
    ids::{Sku, Slug},
    paths::{api, with},
};
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
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
    snapshot: Arc<Snapshot>,
    read_at: Instant,
}

/// Bytes of answers that a snapshot remembers at most: some hundred of them. Whoever asks for more makes it forget.
const MOST_REMEMBERED: usize = 8 << 20;

/// The catalogue of a moment, and what was sent of it. As long as nothing that can be seen has changed, it stays the same.
#[derive(Debug)]
pub struct Snapshot {
    index: Index,
    remembered: Mutex<Remembered>,
}

#[derive(Debug, Default)]
struct Remembered {
    answers: HashMap<String, Arc<Representation>>,
    size: usize,
}

/// An answer of the API, and its address with its query.
#[derive(Clone, Debug)]
pub struct Answer {
    pub path: String,
    pub body: Arc<Representation>,
    /// Whether asking for it is something that a visitor did.
    pub is_activity: bool,
}

impl Snapshot {
    fn new(index: Index) -> Self {
        Self { index, remembered: Mutex::default() }
    }

    pub fn categories(&self) -> &[Category] {
        self.index.categories()
    }

    pub fn category(&self, slug: &Slug) -> Option<&Category> {
        self.categories().iter().find(|category| category.slug == *slug)
    }

    /// Whether the category that the query names, if any, is one of ours.
    pub fn has_category_of(&self, query: &ProductQuery) -> bool {
        query.category.as_ref().is_none_or(|slug| self.category(slug).is_some())
    }

    pub fn has_product(&self, slug: &Slug) -> bool {
        self.index.slugs().any(|known| known == slug)
    }

    pub fn has_variant(&self, slug: &Slug, sku: &Sku) -> bool {
        self.index.has_variant(slug, sku)
    }

    pub fn product(&self, slug: &Slug) -> Option<Product> {
        self.index.product(slug)
    }

    pub fn summary(&self, slug: &Slug) -> Option<ProductSummary> {
        self.index.summary(slug)
    }

    pub fn slugs(&self) -> impl Iterator<Item = &Slug> {
        self.index.slugs()
    }

    /// One page of what the query asks for.
    pub fn products(&self, query: &ProductQuery) -> ProductPage {
        self.index.page(query)
    }

    /// The answer to `GET /api/categories`.
    pub fn categories_answer(&self) -> Result<Answer> {
        self.answer(api::CATEGORIES.to_owned(), false, || {
            Representation::json(&self.index.categories())
        })
    }

    /// The answer to `GET /api/products` with a query that has no faults, in a category that exists.
    pub fn products_answer(&self, query: &ProductQuery) -> Result<Answer> {
        let is_activity = rules::activity(query).is_some();
        self.answer(query.api_path(), is_activity, || Representation::json(&self.products(query)))
    }

    /// The answer to `GET /api/products/{slug}`.
    pub fn product_answer(&self, slug: &Slug) -> Result<Option<Answer>> {
        if !self.has_product(slug) {
            return Ok(None);
        }
        let make = || Representation::json(&self.index.product(slug));
        self.answer(with(api::PRODUCT, slug.as_str()), false, make).map(Some)
    }

    fn answer(
        &self,
        path: String,
        is_activity: bool,
        make: impl FnOnce() -> anyhow::Result<Representation>,
    ) -> Result<Answer> {
        let body = self.remember(&path, make)?;
        Ok(Answer { path, body, is_activity })
    }

    /// What `make` makes of this snapshot under this name, made once.
    pub fn remember(
        &self,
        name: &str,
        make: impl FnOnce() -> anyhow::Result<Representation>,
    ) -> Result<Arc<Representation>> {
        if let Some(answer) = self.lock().answers.get(name) {
            return Ok(answer.clone());
        }
        let answer = Arc::new(make()?);
        let mut remembered = self.lock();
        if remembered.size + answer.size() > MOST_REMEMBERED {
            *remembered = Remembered::default();
        }
        remembered.size += answer.size();
        remembered.answers.insert(name.to_owned(), answer.clone());
        Ok(answer)
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Remembered> {
        self.remembered.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Catalog {
    pub fn new(db: DatabaseConnection) -> Self {
        Self { db, held: RwLock::default() }
    }

    pub async fn named(&self, slug: &Slug) -> Result<Option<Named>> {
        Ok(self.current().await?.index.named(slug))
    }

    /// The product that an address names.
    ///
    /// # Errors
    /// 404 where there is none of this name.
    pub async fn at(&self, slug: &str) -> Result<Named> {
        let slug: Slug = slug.parse().map_err(|_| unknown_product())?;
        self.named(&slug).await?.ok_or_else(unknown_product)
    }

    /// These products, in this order.
    pub async fn summaries(&self, ids: &[i64]) -> Result<Vec<ProductSummary>> {
        Ok(self.current().await?.index.summaries(ids))
    }

    pub async fn current(&self) -> Result<Arc<Snapshot>> {
        let now = Instant::now();
        if let Some(snapshot) = fresh(self.held.read().await.as_ref(), now) {
            return Ok(snapshot);
        }
        // Whoever waited here finds what the first one has read.
        let mut held = self.held.write().await;
        if let Some(snapshot) = fresh(held.as_ref(), now) {
            return Ok(snapshot);
        }
        let snapshot = match (queries::index(&self.db).await, held.take()) {
            (Ok(index), Some(Held { snapshot, .. })) if snapshot.index == index => snapshot,
            (Ok(index), _) => Arc::new(Snapshot::new(index)),
            // Browsing goes on while the database does not; whoever waited here need not wait for it as well.
            (Err(error), Some(Held { snapshot, .. })) => {
                tracing::warn!(%error, "the catalogue is shown as it was");
                snapshot
            }
            (Err(error), None) => return Err(error),
        };
        *held = Some(Held { snapshot: snapshot.clone(), read_at: Instant::now() });
        Ok(snapshot)
    }
}

fn fresh(held: Option<&Held>, now: Instant) -> Option<Arc<Snapshot>> {
    let held = held?;
    (now.saturating_duration_since(held.read_at) < MAX_AGE).then(|| held.snapshot.clone())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::testing;

    #[tokio::test]
    async fn answers_are_made_once_and_forgotten_before_they_fill_the_memory() {
        let db = testing::shop().await;
        let snapshot = Catalog::new(db.clone()).current().await.unwrap();
        let first = snapshot.categories_answer().unwrap().body;
        assert!(Arc::ptr_eq(&first, &snapshot.categories_answer().unwrap().body));
        for number in 0..20_u8 {
            let large = || Ok(Representation::compressed("text/plain", vec![number; 1 << 20]));
            snapshot.remember(&number.to_string(), large).unwrap();
            assert!(snapshot.lock().size <= MOST_REMEMBERED);
        }
        assert!(!Arc::ptr_eq(&first, &snapshot.categories_answer().unwrap().body));
    }
}
