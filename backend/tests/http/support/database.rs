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
const SQLITE_FILE: &str = "shop.sqlite";

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
    /// Migrated and seeded.
    pub async fn create() -> Self {
        let folder = TempDir::new().expect("a temporary folder");
        match TEMPLATE.get_or_init(|| on_servers(template())).await {
            Template::Sqlite(bytes) => {
                std::fs::write(folder.path().join(SQLITE_FILE), bytes).expect("a database file");
                Self::in_file(folder)
            }
            Template::Postgres { admin, strategy } => {
                let copy = format!(" template {TEMPLATE_NAME}{strategy}");
                Self::on_server(folder, admin.clone(), &copy).await
            }
        }
    }

    /// With nothing in it.
    pub async fn empty() -> Self {
        let folder = TempDir::new().expect("a temporary folder");
        match postgres_server() {
            None => Self::in_file(folder),
            Some(admin) => Self::on_server(folder, admin, "").await,
        }
    }

    fn in_file(folder: TempDir) -> Self {
        let url = sqlite_url(&folder.path().join(SQLITE_FILE));
        Self {
            url,
            folder,
            postgres: None,
        }
    }

    async fn on_server(folder: TempDir, admin: Url, how: &str) -> Self {
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let name = format!("storezero_test_{}_{number}", std::process::id());
        let url = database_url(&admin, &name);
        let create = format!("create database {name}{how}");
        on_servers(run(admin.clone(), create)).await;
        Self {
            url,
            folder,
            postgres: Some((admin, name)),
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

/// `None` for SQLite.
fn postgres_server() -> Option<Url> {
    let value = std::env::var(VARIABLE)
        .ok()
        .filter(|value| value != "sqlite")?;
    Some(value.parse().unwrap_or_else(|error| {
        panic!("{VARIABLE} is neither sqlite nor a URL like postgres://postgres@127.0.0.1/postgres: {error}")
    }))
}

async fn template() -> Template {
    match postgres_server() {
        None => {
            let folder = TempDir::new().expect("a temporary folder");
            let file = folder.path().join(SQLITE_FILE);
            let db = fill(&sqlite_url(&file)).await;
            // The last connection that closes writes the log back: the file is then whole.
            db.close().await.expect("the template closes");
            Template::Sqlite(std::fs::read(file).expect("the template's file"))
        }
        Some(admin) => {
            let again = format!("drop database if exists {TEMPLATE_NAME} with (force)");
            run(admin.clone(), again).await;
            run(admin.clone(), format!("create database {TEMPLATE_NAME}")).await;
            let db = fill(&database_url(&admin, TEMPLATE_NAME)).await;
            db.close().await.expect("the template closes");
            // From version 15 on the default writes every page to the log, which takes three times as long.
            let is_new = version(&admin).await >= 150_000;
            let strategy = if is_new { " strategy file_copy" } else { "" };
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
