//! A database for each test, copied from one that was migrated and seeded once for the whole run.

use super::spawn::{servers, test_idp};
use backend::Config;
use sea_orm::{
    ConnectionTrait as _, Database as Connector, DatabaseConnection, DbBackend, Statement,
};
use std::{
    path::Path,
    sync::atomic::{AtomicU32, Ordering},
};
use tempfile::TempDir;
use tokio::sync::OnceCell;
use url::Url;

/// `sqlite`, or a PostgreSQL server where a role may create databases.
const VARIABLE: &str = "STOREZERO_TEST_DATABASE";
/// One a server, made anew by each run.
const TEMPLATE_NAME: &str = "storezero_test_template";

static TEMPLATE: OnceCell<Template> = OnceCell::const_new();
static NEXT: AtomicU32 = AtomicU32::new(0);

enum Template {
    /// The file's contents.
    Sqlite(Vec<u8>),
    Postgres {
        admin: Url,
        /// How a copy is made, as `create database` wants it.
        strategy: &'static str,
    },
}

pub struct Database {
    pub url: String,
    /// SQLite's file, the site, and whatever else a shop needs on disk.
    pub folder: TempDir,
    postgres: Option<(Url, String)>,
}

impl Database {
    pub async fn create() -> Self {
        let folder = TempDir::new().expect("a temporary folder");
        match TEMPLATE.get_or_init(|| on_servers(template())).await {
            Template::Sqlite(bytes) => {
                let file = folder.path().join("shop.sqlite");
                std::fs::write(&file, bytes).expect("a database file");
                Self {
                    url: sqlite_url(&file),
                    folder,
                    postgres: None,
                }
            }
            Template::Postgres { admin, strategy } => {
                let name = format!(
                    "storezero_test_{}_{}",
                    std::process::id(),
                    NEXT.fetch_add(1, Ordering::Relaxed)
                );
                let (url, admin) = (database_url(admin, &name), admin.clone());
                let create = format!("create database {name} template {TEMPLATE_NAME}{strategy}");
                on_servers(run(admin.clone(), create)).await;
                Self {
                    url,
                    folder,
                    postgres: Some((admin, name)),
                }
            }
        }
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        let Some((admin, name)) = self.postgres.take() else {
            return;
        };
        let (done, wait) = std::sync::mpsc::channel();
        servers().spawn(async move {
            // By force: the shop's workers may hold their connections a moment longer.
            run(
                admin,
                format!("drop database if exists {name} with (force)"),
            )
            .await;
            let _ = done.send(());
        });
        let _ = wait.recv();
    }
}

/// Work that must not end with the test that happens to ask for it first.
async fn on_servers<T: Send + 'static>(work: impl Future<Output = T> + Send + 'static) -> T {
    servers().spawn(work).await.expect("the work ends")
}

async fn template() -> Template {
    match std::env::var(VARIABLE)
        .ok()
        .filter(|value| value != "sqlite")
    {
        None => {
            let folder = TempDir::new().expect("a temporary folder");
            let file = folder.path().join("template.sqlite");
            // The last connection that closes writes the log back: the file is then whole.
            fill(&sqlite_url(&file))
                .await
                .close()
                .await
                .expect("the template closes");
            Template::Sqlite(std::fs::read(file).expect("the template's file"))
        }
        Some(admin) => {
            let admin: Url = admin.parse().unwrap_or_else(|error| {
                panic!("{VARIABLE} is neither sqlite nor a URL like postgres://postgres@127.0.0.1/postgres: {error}")
            });
            run(
                admin.clone(),
                format!("drop database if exists {TEMPLATE_NAME} with (force)"),
            )
            .await;
            run(admin.clone(), format!("create database {TEMPLATE_NAME}")).await;
            fill(&database_url(&admin, TEMPLATE_NAME))
                .await
                .close()
                .await
                .expect("the template closes");
            // From version 15 on the default writes every page to the log, which takes three times as long.
            let strategy = if version(&admin).await >= 150_000 {
                " strategy file_copy"
            } else {
                ""
            };
            Template::Postgres { admin, strategy }
        }
    }
}

/// Migrates and seeds as the shop itself does.
async fn fill(url: &str) -> DatabaseConnection {
    let config = [
        ("STOREZERO_DATABASE_URL", url),
        ("STOREZERO_OIDC_ISSUER", &test_idp()),
        ("STOREZERO_OIDC_CLIENT_SECRET", "not needed"),
        ("STOREZERO_SEED", "demo"),
    ];
    let config = Config::from_settings(&config).unwrap_or_else(|error| panic!("{error}"));
    let app = backend::start(config)
        .await
        .expect("a migrated and seeded database");
    app.db.clone()
}

async fn run(admin: Url, sql: String) {
    let db = Connector::connect(admin.as_str())
        .await
        .expect("a connection to PostgreSQL");
    db.execute_unprepared(&sql)
        .await
        .unwrap_or_else(|error| panic!("{sql}: {error}"));
    db.close().await.expect("the connection closes");
}

/// Such as 150004 for 15.4.
async fn version(admin: &Url) -> i32 {
    let db = Connector::connect(admin.as_str())
        .await
        .expect("a connection to PostgreSQL");
    let ask = Statement::from_string(
        DbBackend::Postgres,
        "select current_setting('server_version_num')::int",
    );
    let row = db.query_one_raw(ask).await.expect("a version");
    db.close().await.expect("the connection closes");
    row.expect("a row")
        .try_get_by_index(0)
        .expect("a version's number")
}

fn sqlite_url(file: &Path) -> String {
    format!("sqlite://{}?mode=rwc", file.display())
}

fn database_url(admin: &Url, name: &str) -> String {
    let mut url = admin.clone();
    url.set_path(name);
    url.into()
}
