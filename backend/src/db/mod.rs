//! The store: SQLite or PostgreSQL, chosen by URL; migrated at start.

mod migrations;
mod private_file;
#[cfg(test)]
pub(crate) mod testing;

pub use migrations::migrate;

use crate::error::is_locked;
use anyhow::Context as _;
use sea_orm::{
    ActiveModelTrait, ConnectOptions, ConnectionTrait, Database, DatabaseConnection,
    DatabaseTransaction, DbBackend, DbErr, EntityTrait as _, SqliteTransactionMode,
    TransactionOptions, TransactionTrait,
    sea_query::OnConflict,
    sqlx::{
        Connection as _,
        sqlite::{SqliteJournalMode, SqliteSynchronous},
    },
};
use std::time::{Duration, Instant};

/// SQLite's pool: eight readers served best on two to eight cores; sea-orm's default of one serves a
/// quarter of it.
const SQLITE_CONNECTIONS: u32 = 8;
const POSTGRES_CONNECTIONS: u32 = 16;

/// For how long a request waits for a connection, or to be the one that writes, before it gives up.
const PATIENCE: Duration = Duration::from_secs(5);
/// For how long a connection waits for another one's write lock. Short, since whoever reads may be waiting for this
/// connection: `begin_write` gives it back in between and tries again.
const BUSY: Duration = Duration::from_millis(100);
const TRY_AGAIN: Duration = Duration::from_millis(20);

pub async fn connect(url: &str) -> anyhow::Result<DatabaseConnection> {
    let is_sqlite = url.starts_with("sqlite");
    if is_sqlite {
        private_file::ensure(url).context("cannot keep the file to ourselves")?;
    }
    let mut options = ConnectOptions::new(url);
    options
        .sqlx_logging(false)
        .acquire_timeout(PATIENCE)
        // A connection to PostgreSQL may be dead: the server restarted, or the worker whose runtime it was
        // opened on has stopped before the others, whose last requests would then fail.
        .test_before_acquire(!is_sqlite)
        .max_connections(if is_sqlite { SQLITE_CONNECTIONS } else { POSTGRES_CONNECTIONS })
        .map_sqlx_sqlite_opts(|options| {
            // Readers never wait for the writer, and a commit waits for the disk at checkpoints only.
            options
                .journal_mode(SqliteJournalMode::Wal)
                .synchronous(SqliteSynchronous::Normal)
                .busy_timeout(BUSY)
        })
        // On a full disk SQLite rolls back by itself, and sqlx then takes the connection to be in a transaction for good.
        .map_sqlx_sqlite_pool_opts(|options| {
            options.after_release(|connection, _| {
                let is_free = !connection.is_in_transaction();
                Box::pin(async move { Ok(is_free) })
            })
        })
        // By default PostgreSQL waits for a lock without an end, and whoever asks waits with it.
        .map_sqlx_postgres_opts(|options| {
            options.options([("lock_timeout", "5s"), ("statement_timeout", "30s")])
        });
    // Of programs that start together on a new SQLite file, each turns it to WAL, and that change alone is refused at
    // once where another holds the file: no busy timeout applies to it.
    Ok(unless_locked(|| Database::connect(options.clone())).await?)
}

/// A transaction that is going to write. On SQLite it takes the write lock at once: one that reads first
/// and then wants to write would fail with "database is locked" when another wrote in between.
pub async fn begin_write(db: &DatabaseConnection) -> Result<DatabaseTransaction, DbErr> {
    let begin = || {
        db.begin_with_options(TransactionOptions {
            isolation_level: None,
            // SQLite knows no access modes, and sea-orm warns of it each time; writing is PostgreSQL's default.
            access_mode: None,
            sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
        })
    };
    unless_locked(begin).await
}

/// Tries again while another one holds SQLite's lock, for as long as patience lasts: for a single statement that writes
/// too.
pub async fn unless_locked<T, F: Future<Output = Result<T, DbErr>>>(
    attempt: impl Fn() -> F,
) -> Result<T, DbErr> {
    let give_up = Instant::now() + PATIENCE;
    loop {
        match attempt().await {
            Err(error) if is_locked(&error) && Instant::now() < give_up => {
                tokio::time::sleep(TRY_AGAIN).await;
            }
            result => return result,
        }
    }
}

/// Until the transaction ends nobody else holds the lock of this name; on SQLite a transaction that writes is alone.
pub async fn lock(transaction: &DatabaseTransaction, name: i64) -> Result<(), DbErr> {
    advisory_lock(transaction, "pg_advisory_xact_lock", name).await
}

/// Until the transaction ends others may share the lock of this name, and nobody has it alone.
pub async fn share_lock(transaction: &DatabaseTransaction, name: i64) -> Result<(), DbErr> {
    advisory_lock(transaction, "pg_advisory_xact_lock_shared", name).await
}

async fn advisory_lock(
    transaction: &DatabaseTransaction,
    function: &str,
    name: i64,
) -> Result<(), DbErr> {
    if transaction.get_database_backend() == DbBackend::Postgres {
        transaction.execute_unprepared(&format!("select {function}({name})")).await?;
    }
    Ok(())
}

/// Writes a row unless one with the same key is there. `false` where one was, or is being written by a faster
/// transaction; on PostgreSQL that is known when the faster one has ended.
pub async fn insert_new<A>(db: &impl ConnectionTrait, row: A) -> Result<bool, DbErr>
where
    A: ActiveModelTrait,
{
    let inserted = A::Entity::insert(row)
        .on_conflict(OnConflict::new().do_nothing().to_owned())
        .exec_without_returning(db)
        .await?;
    Ok(inserted == 1)
}

/// Milliseconds since the Unix epoch: the one form of time in the database and on the wire.
pub fn now() -> i64 {
    let since =
        std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
}
