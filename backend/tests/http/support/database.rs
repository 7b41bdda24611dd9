//! A database for each test, as it is right after migrations and seed.

use super::{
    postgres::{Lease, Server},
    spawn::{servers, test_idp},
};
use backend::Config;
use sea_orm::DatabaseConnection;
use std::{path::Path, sync::Arc};
use tempfile::TempDir;
use tokio::sync::OnceCell;
use url::Url;

/// `sqlite`, or the URL of a PostgreSQL server where a role may create databases.
const VARIABLE: &str = "STOREZERO_TEST_DATABASE";
const SQLITE_FILE: &str = "shop.sqlite";

/// Made once a run.
static TEMPLATE: OnceCell<Template> = OnceCell::const_new();

enum Template {
    /// The file's contents.
    Sqlite(Vec<u8>),
    Postgres(Arc<Server>),
}

pub struct Database {
    pub url: String,
    /// SQLite's file, the site, and whatever else a shop needs on disk.
    pub folder: TempDir,
    lease: Option<Lease>,
}

impl Database {
    /// Migrated and seeded.
    pub async fn create() -> Self {
        let folder = TempDir::new().expect("a temporary folder");
        match TEMPLATE.get_or_init(|| on_servers(template())).await {
            Template::Sqlite(bytes) => {
                let file = folder.path().join(SQLITE_FILE);
                std::fs::write(&file, bytes).expect("a database file");
                Self { url: sqlite_url(&file), folder, lease: None }
            }
            Template::Postgres(server) => {
                let lease = on_servers(Arc::clone(server).lend()).await;
                Self { url: lease.url(), folder, lease: Some(lease) }
            }
        }
    }

    /// With nothing in it.
    pub async fn empty() -> Self {
        let folder = TempDir::new().expect("a temporary folder");
        match TEMPLATE.get_or_init(|| on_servers(template())).await {
            Template::Sqlite(_) => {
                let url = sqlite_url(&folder.path().join(SQLITE_FILE));
                Self { url, folder, lease: None }
            }
            Template::Postgres(server) => {
                let lease = on_servers(Arc::clone(server).lend_empty()).await;
                Self { url: lease.url(), folder, lease: Some(lease) }
            }
        }
    }

    /// Whether it goes on without its folder, and is given back rather than removed.
    pub fn is_lent(&self) -> bool {
        self.lease.is_some()
    }
}

/// Work that must not end with the test that happens to ask for it first.
async fn on_servers<T: Send + 'static>(work: impl Future<Output = T> + Send + 'static) -> T {
    servers().spawn(work).await.expect("the work ends")
}

async fn template() -> Template {
    let value = std::env::var(VARIABLE).ok();
    let Some(admin) = value.filter(|value| value != "sqlite") else {
        let folder = TempDir::new().expect("a temporary folder");
        let file = folder.path().join(SQLITE_FILE);
        let db = fill(&sqlite_url(&file)).await;
        // The last connection that closes writes the log back: the file is then whole.
        db.close().await.expect("the template closes");
        return Template::Sqlite(std::fs::read(file).expect("the template's file"));
    };
    let admin: Url = admin.parse().unwrap_or_else(|error| {
        panic!("{VARIABLE} is neither sqlite nor a URL like postgres://postgres@127.0.0.1/postgres: {error}")
    });
    Template::Postgres(Server::prepare(admin, async |url| fill(&url).await).await)
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
    let app = backend::app::start(config).await.expect("a migrated and seeded database");
    app.db.get_ref().clone()
}

fn sqlite_url(file: &Path) -> String {
    format!("sqlite://{}?mode=rwc", file.display())
}
