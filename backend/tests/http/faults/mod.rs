//! What happens to the shop when what it stands on fails: its database, its disk, its identity provider, its own process,
//! and those who send it anything at all.

pub mod every_route;
mod locked_database;
mod postgres;
mod provider;
mod sigterm;
mod storage;

use crate::support::*;
use sea_orm::{DatabaseConnection, TransactionTrait as _};
use shared::problem::{Problem, kinds};

/// Put off, in words and with a time to try again.
#[track_caller]
fn expect_put_off(answer: &Answer) -> Problem {
    let problem = answer.expect_problem(503, kinds::UNAVAILABLE);
    let seconds = answer.header("retry-after").and_then(|text| text.parse::<u32>().ok());
    assert!(seconds.is_some_and(|seconds| (1..=60).contains(&seconds)), "{seconds:?}");
    assert!(problem.detail.contains("Try again"), "{}", problem.detail);
    problem
}

fn is_sqlite(shop: &TestApp) -> bool {
    shop.app.config.database_url.starts_with("sqlite")
}

/// On each of the pool's connections, since a pragma is of one alone.
async fn on_each_connection(db: &DatabaseConnection, pragma: &str) {
    use sea_orm::ConnectionTrait as _;
    let pool = db.get_sqlite_connection_pool();
    let mut transactions = Vec::new();
    for _ in 0..pool.options().get_max_connections() {
        transactions.push(db.begin().await.expect("a connection"));
    }
    for transaction in transactions {
        transaction.execute_unprepared(pragma).await.expect(pragma);
        transaction.rollback().await.expect("nothing to keep");
    }
}
