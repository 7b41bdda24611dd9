//! The database as a test sees and changes it: by its rows, on either engine.

use super::{browser::Browser, spawn::TestApp};
use backend::session::{SessionRow, cookie_name};
use futures_util::future::join_all;
use sea_orm::{ConnectionTrait as _, DbBackend, FromQueryResult as _, JsonValue, Statement};
use std::{collections::BTreeMap, time::Duration};

/// Every row of every table.
pub type Snapshot = BTreeMap<String, Vec<String>>;

impl TestApp {
    /// Behind the shop's back.
    pub async fn execute(&self, sql: &str) {
        self.app.db.execute_unprepared(sql).await.unwrap_or_else(|error| panic!("{sql}: {error}"));
        self.app.sessions.live.forget_all();
    }

    pub async fn rows(&self, sql: &str) -> Vec<JsonValue> {
        let statement = Statement::from_string(self.app.db.get_database_backend(), sql);
        let rows = JsonValue::find_by_statement(statement).all(self.app.db.get_ref()).await;
        rows.unwrap_or_else(|error| panic!("{sql}: {error}"))
    }

    pub async fn count(&self, table: &str) -> i64 {
        let sql = format!("select count(*) from {table}");
        let statement = Statement::from_string(self.app.db.get_database_backend(), sql);
        let row = self.app.db.query_one_raw(statement).await.expect("a count");
        row.expect("a row").try_get_by_index(0).expect("a number")
    }

    pub async fn snapshot(&self) -> Snapshot {
        // What is still on its way to the database would come as a surprise later.
        self.app.sessions.activities.flush().await;
        let tables = match self.app.db.get_database_backend() {
            DbBackend::Postgres => {
                "select table_name as name from information_schema.tables where table_schema = 'public'"
            }
            _ => "select name from sqlite_master where type = 'table' and name not like 'sqlite_%'",
        };
        let mut snapshot = Snapshot::new();
        for table in self.rows(tables).await {
            let name = table["name"].as_str().expect("a table's name").to_owned();
            let mut rows: Vec<String> = self
                .rows(&format!("select * from {name}"))
                .await
                .iter()
                .map(ToString::to_string)
                .collect();
            rows.sort_unstable();
            snapshot.insert(name, rows);
        }
        snapshot
    }

    /// The session that this browser's cookie opens, past its limits or not.
    pub async fn session_of(&self, browser: &Browser) -> Option<SessionRow> {
        let key = self.session_key_of(browser)?;
        let sql = format!(
            "select session.* from session join session_key on session_id = id where key_hash = '{}'",
            backend::crypto::fingerprint(&key)
        );
        let statement = Statement::from_string(self.app.db.get_database_backend(), sql);
        SessionRow::find_by_statement(statement)
            .one(self.app.db.get_ref())
            .await
            .expect("a session")
    }

    /// What the session's cookie carries, without its signature.
    pub fn session_key_of(&self, browser: &Browser) -> Option<String> {
        /// Characters of an HMAC-SHA256 in base64, which stands before the value.
        const SIGNATURE: usize = 44;
        let cookie = self.session_cookie_of(browser)?;
        let signed =
            percent_encoding::percent_decode_str(&cookie).decode_utf8().expect("a cookie's value");
        Some(signed[SIGNATURE..].to_owned())
    }

    pub fn session_cookie_of(&self, browser: &Browser) -> Option<String> {
        Some(browser.cookie(&cookie_name(&self.app.config))?.value)
    }

    /// Makes this browser's session older, as if so much time had passed since its last request.
    pub async fn let_session_age(&self, browser: &Browser, by: Duration) {
        let row = self.session_of(browser).await.expect("a session");
        let by = by.as_millis();
        self.execute(&format!(
            "update session set created_at = created_at - {by}, last_seen_at = last_seen_at - {by}, \
             idle_deadline = idle_deadline - {by}, absolute_deadline = absolute_deadline - {by} where id = '{}'",
            row.id
        ))
        .await;
    }

    /// Makes the logins in flight older.
    pub async fn let_logins_age(&self, by: Duration) {
        let by = by.as_millis();
        self.execute(&format!("update login_attempt set created_at = created_at - {by}, expires_at = expires_at - {by}"))
            .await;
    }

    /// As when PostgreSQL restarts. `SQLite` has no server that could.
    pub async fn cut_connections(&self) {
        if self.app.db.get_database_backend() == DbBackend::Postgres {
            let connections = join_all((0..16).map(|_| self.app.db.ping())).await;
            assert!(connections.iter().all(Result::is_ok));
            self.execute(
                "select pg_terminate_backend(pid) from pg_stat_activity \
                 where datname = current_database() and pid <> pg_backend_pid()",
            )
            .await;
        }
    }

    pub async fn set_stock(&self, sku: &str, stock: u32) {
        self.execute(&format!("update variant set stock = {stock} where sku = '{sku}'")).await;
    }

    pub async fn stock(&self, sku: &str) -> i64 {
        self.rows(&format!("select stock from variant where sku = '{sku}'")).await[0]["stock"]
            .as_i64()
            .expect("stock")
    }

    pub async fn set_price(&self, sku: &str, minor: i64) {
        self.execute(&format!("update variant set price = {minor} where sku = '{sku}'")).await;
    }
}
