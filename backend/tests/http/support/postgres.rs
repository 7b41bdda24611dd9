//! Databases of a PostgreSQL server, lent to one test at a time.
//!
//! Creating and dropping one costs a few hundred files, half a second of a busy machine. So a database that was
//! given back is filled again with the rows of the beginning, which lie beside it in a schema of their own,
//! and serves another test. What a run leaves behind, the next one removes: one run at a time, on one server.

use super::spawn::servers;
use sea_orm::{
    ConnectionTrait as _, Database as Connector, DatabaseConnection, DbBackend, Statement,
};
use std::{
    sync::{
        Arc, Mutex,
        atomic::{AtomicU32, Ordering},
    },
    time::{Duration, Instant},
};
use url::Url;

const PREFIX: &str = "storezero_test_";
const TEMPLATE: &str = "storezero_test_template";
/// Enough for a busy machine.
const PATIENCE: Duration = Duration::from_secs(30);

pub struct Server {
    admin: Url,
    /// Statements that bring a database back to its beginning.
    reset: String,
    free: Mutex<Vec<String>>,
    next: AtomicU32,
}

/// A database for as long as this exists.
pub struct Lease {
    server: Arc<Server>,
    name: String,
    is_pooled: bool,
}

impl Server {
    /// Makes the database that all others are copies of.
    pub async fn prepare(
        admin: Url,
        fill: impl AsyncFn(String) -> DatabaseConnection,
    ) -> Arc<Self> {
        let db = connect(&admin).await;
        for name in texts(
            &db,
            &format!("select datname::text from pg_database where datname like '{PREFIX}%'"),
        )
        .await
        {
            run(&db, &format!("drop database if exists {name} with (force)")).await;
        }
        run(&db, &format!("create database {TEMPLATE}")).await;
        db.close().await.expect("the connection closes");

        let db = fill(named(&admin, TEMPLATE).into()).await;
        let tables = parents_first(&db).await;
        run(&db, "create schema pristine").await;
        for table in &tables {
            run(&db, &format!("create table pristine.{table} as select * from public.{table}"))
                .await;
        }
        db.close().await.expect("the template closes");

        let delete = tables.iter().rev().map(|table| format!("delete from public.{table};"));
        let insert = tables.iter().map(|table| {
            format!(
                "insert into public.{table} overriding system value select * from pristine.{table};"
            )
        });
        Arc::new(Self {
            admin,
            reset: delete.chain(insert).collect(),
            free: Mutex::default(),
            next: AtomicU32::new(0),
        })
    }

    pub async fn lend(self: Arc<Self>) -> Lease {
        let free = self.free.lock().expect("the free ones").pop();
        let name = match free {
            Some(name) => name,
            None => self.create(&format!(" template {TEMPLATE}")).await,
        };
        Lease { server: self, name, is_pooled: true }
    }

    pub async fn lend_empty(self: Arc<Self>) -> Lease {
        let name = self.create("").await;
        Lease { server: self, name, is_pooled: false }
    }

    async fn create(&self, how: &str) -> String {
        let name = format!("{PREFIX}{}", self.next.fetch_add(1, Ordering::Relaxed));
        let db = connect(&self.admin).await;
        run(&db, &format!("create database {name}{how}")).await;
        db.close().await.expect("the connection closes");
        name
    }

    async fn take_back(&self, name: String, is_pooled: bool) {
        if !is_pooled {
            let db = connect(&self.admin).await;
            run(&db, &format!("drop database if exists {name} with (force)")).await;
            return db.close().await.expect("the connection closes");
        }
        let db = connect(&named(&self.admin, &name)).await;
        end_other_connections(&db).await;
        run(&db, &self.reset).await;
        db.close().await.expect("the connection closes");
        self.free.lock().expect("the free ones").push(name);
    }
}

impl Lease {
    pub fn url(&self) -> String {
        named(&self.server.admin, &self.name).into()
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        let (server, name, is_pooled) =
            (Arc::clone(&self.server), self.name.clone(), self.is_pooled);
        servers().spawn(async move { server.take_back(name, is_pooled).await });
    }
}

/// A server that was told to stop may still be at a statement; nothing of it may reach the next test.
async fn end_other_connections(db: &DatabaseConnection) {
    let end = "select pg_terminate_backend(pid)::text from pg_stat_activity \
               where datname = current_database() and pid <> pg_backend_pid()";
    let deadline = Instant::now() + PATIENCE;
    while !texts(db, end).await.is_empty() {
        assert!(Instant::now() < deadline, "a connection does not end");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

/// The tables, each after those that its foreign keys name.
async fn parents_first(db: &DatabaseConnection) -> Vec<String> {
    let mut waiting =
        texts(db, "select tablename::text from pg_tables where schemaname = 'public'").await;
    let keys = texts(
        db,
        "select conrelid::regclass::text || ' ' || confrelid::regclass::text from pg_constraint where contype = 'f'",
    )
    .await;
    let keys: Vec<(&str, &str)> = keys.iter().filter_map(|key| key.split_once(' ')).collect();
    let mut ordered = Vec::new();
    while !waiting.is_empty() {
        let is_free = |table: &String| {
            !keys.iter().any(|(child, parent)| {
                child == table && parent != table && waiting.iter().any(|other| other == parent)
            })
        };
        let (free, rest): (Vec<String>, Vec<String>) = waiting.iter().cloned().partition(is_free);
        assert!(!free.is_empty(), "foreign keys in a circle: {rest:?}");
        ordered.extend(free);
        waiting = rest;
    }
    ordered
}

async fn connect(url: &Url) -> DatabaseConnection {
    let mut options = sea_orm::ConnectOptions::new(url.as_str());
    options
        .max_connections(1)
        .sqlx_logging(false)
        .connect_timeout(PATIENCE)
        .acquire_timeout(PATIENCE);
    Connector::connect(options)
        .await
        .unwrap_or_else(|error| panic!("no connection to PostgreSQL: {error}"))
}

async fn run(db: &DatabaseConnection, sql: &str) {
    db.execute_unprepared(sql).await.unwrap_or_else(|error| panic!("{sql}: {error}"));
}

/// The first column of every row.
async fn texts(db: &DatabaseConnection, sql: &str) -> Vec<String> {
    let rows = db.query_all_raw(Statement::from_string(DbBackend::Postgres, sql)).await;
    let rows = rows.unwrap_or_else(|error| panic!("{sql}: {error}"));
    rows.iter().map(|row| row.try_get_by_index(0).expect("a text")).collect()
}

fn named(admin: &Url, name: &str) -> Url {
    let mut url = admin.clone();
    url.set_path(name);
    url
}
