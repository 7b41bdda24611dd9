//! The shop, started for one test: a real server on a free port with a database of its own, known to a real
//! identity provider or to a misbehaving one.

use super::{
    answer::Answer,
    browser::Browser,
    database::Database,
    people::{Customer, Guest},
    provider::Provider,
};
use actix_web::dev::ServerHandle;
use backend::{
    Config,
    app::{self, App},
};
use serde_json::{Value, json};
use std::{
    net::{SocketAddr, TcpListener},
    path::{Path, PathBuf},
    sync::{Arc, LazyLock},
    time::Duration,
};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    runtime::Runtime,
};
use url::Url;

/// Outlives every test: servers and databases must be ended by somebody who is still there.
pub fn servers() -> &'static Runtime {
    static SERVERS: LazyLock<Runtime> = LazyLock::new(|| {
        let runtime =
            tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
        runtime.expect("a runtime")
    });
    &SERVERS
}

/// The issuer of the run's identity provider, which lets every test register a client of its own.
pub fn test_idp() -> String {
    std::env::var("STOREZERO_TEST_IDP").unwrap_or_else(|_| {
        panic!(
            "STOREZERO_TEST_IDP names no identity provider. `cargo xtask test` starts one for the run; \
             to start it by hand: IDP_REGISTRATION=1 npm run idp (in e2e/), then STOREZERO_TEST_IDP=http://localhost:4000"
        )
    })
}

/// A shop with everything as it is by default.
pub async fn spawn_app() -> TestApp {
    Spawn::default().spawn().await
}

/// How a shop differs from the default.
#[derive(Default)]
#[must_use]
pub struct Spawn {
    public_url: Option<String>,
    provider: Option<(String, String)>,
    settings: Vec<(String, String)>,
}

impl Spawn {
    /// Reached by browsers at this address, as behind a proxy.
    pub fn at(mut self, public_url: &str) -> Self {
        self.public_url = Some(public_url.to_owned());
        self
    }

    pub fn with_provider(self, provider: &Provider) -> Self {
        self.with_issuer(&provider.issuer)
    }

    /// An identity provider that needs no registration, whether it exists or not.
    pub fn with_issuer(mut self, issuer: &str) -> Self {
        self.provider = Some((issuer.to_owned(), super::provider::CLIENT_SECRET.to_owned()));
        self
    }

    pub fn setting(mut self, name: &str, value: &str) -> Self {
        self.settings.push((name.to_owned(), value.to_owned()));
        self
    }

    pub async fn spawn(self) -> TestApp {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let address = listener.local_addr().expect("an address");
        let database = Database::create().await;
        let site = write_site(database.folder.path());
        let public_url =
            self.public_url.unwrap_or_else(|| format!("http://localhost:{}", address.port()));
        let (issuer, client_id, client_secret) = match self.provider {
            Some((issuer, secret)) => (issuer, super::provider::CLIENT_ID.to_owned(), secret),
            None => register(&test_idp(), &public_url, address).await,
        };
        let mut settings = vec![
            ("STOREZERO_LISTEN".to_owned(), address.to_string()),
            ("STOREZERO_PUBLIC_URL".to_owned(), public_url),
            ("STOREZERO_DATABASE_URL".to_owned(), database.url.clone()),
            ("STOREZERO_OIDC_ISSUER".to_owned(), issuer),
            ("STOREZERO_OIDC_CLIENT_ID".to_owned(), client_id),
            ("STOREZERO_OIDC_CLIENT_SECRET".to_owned(), client_secret),
            ("STOREZERO_SECRET_KEY".to_owned(), new_secret_key()),
            ("STOREZERO_SITE".to_owned(), site.display().to_string()),
            ("STOREZERO_SEED".to_owned(), "demo".to_owned()),
        ];
        settings.extend(self.settings);
        TestApp::start(&settings, address, listener, Arc::new(database)).await
    }
}
pub struct TestApp {
    pub app: App,
    pub address: SocketAddr,
    server: ServerHandle,
    settings: Vec<(String, String)>,
    database: Arc<Database>,
}

impl TestApp {
    async fn start(
        settings: &[(String, String)],
        address: SocketAddr,
        listener: TcpListener,
        database: Arc<Database>,
    ) -> Self {
        let pairs: Vec<(&str, &str)> =
            settings.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        let config = Config::from_settings(&pairs).unwrap_or_else(|error| panic!("{error}"));
        let (app, server) = servers()
            .spawn(async move {
                let app = app::start(config).await.expect("the shop starts");
                let server = app::server(&app, listener).expect("the server starts");
                let handle = server.handle();
                servers().spawn(server);
                (app, handle)
            })
            .await
            .expect("the shop starts");
        Self { app, address, server, settings: settings.to_vec(), database }
    }

    /// Another server of the same shop: the same database and the same address for browsers.
    pub async fn replica(&self) -> Self {
        self.replica_with(&[]).await
    }

    pub async fn replica_with(&self, settings: &[(&str, &str)]) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let address = listener.local_addr().expect("an address");
        let mut all = self.settings.clone();
        all.extend(settings.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
        Self::start(&all, address, listener, Arc::clone(&self.database)).await
    }

    /// A browser that was never here.
    pub fn browser(&self) -> Browser {
        let idp = self.app.config.oidc.issuer.parse().expect("an issuer");
        Browser::new(self.app.config.public_url.clone(), self.address, idp)
    }

    pub fn guest(&self) -> Guest {
        Guest(self.browser())
    }

    /// Bytes as they are, and what comes back until the server closes or has nothing more to say.
    pub async fn raw(&self, request: &[u8]) -> String {
        let mut stream = tokio::net::TcpStream::connect(self.address).await.expect("a connection");
        // A server that has seen enough closes early; what it said before is what counts.
        let _ = stream.write_all(request).await;
        let _ = stream.shutdown().await;
        let mut answer = Vec::new();
        let _ =
            tokio::time::timeout(Duration::from_secs(10), stream.read_to_end(&mut answer)).await;
        String::from_utf8_lossy(&answer).into_owned()
    }

    pub async fn logout_token_arrives(&self, token: &str) -> Answer {
        self.browser().send_logout_token(token).await
    }

    /// Somebody who has just signed in, through the identity provider's own pages.
    pub async fn customer(&self, email: &str) -> Customer {
        self.guest().signed_in_as(email).await
    }
}

impl Drop for TestApp {
    fn drop(&mut self) {
        let stopped = self.server.stop(false);
        if self.database.is_lent() {
            // Now, as the process may end before the rest; the site is in memory.
            let _ = std::fs::remove_dir_all(self.database.folder.path());
            let (db, database) = (self.app.db.clone(), Arc::clone(&self.database));
            servers().spawn(async move {
                stopped.await;
                // A worker that was stopped in the middle may never give its connection back.
                let _ = tokio::time::timeout(Duration::from_secs(5), db.close_by_ref()).await;
                drop(database);
            });
        }
    }
}

/// `OpenID` Connect Dynamic Client Registration 1.0 §3.1. Answers issuer, client id and secret.
async fn register(issuer: &str, public_url: &str, address: SocketAddr) -> (String, String, String) {
    let metadata = json!({
        "client_name": "storezero.io (test)",
        "redirect_uris": [
            format!("{public_url}/auth/callback"),
            format!("{public_url}/auth/silent"),
        ],
        "post_logout_redirect_uris": [format!("{public_url}/signed-out")],
        // Where the server really listens: the identity provider knows no proxy in front of it.
        "backchannel_logout_uri": format!("http://{address}/auth/backchannel-logout"),
        "backchannel_logout_session_required": true,
    });
    let url: Url = format!("{issuer}/reg").parse().expect("a registration endpoint");
    let answer = reqwest::Client::new().post(url).json(&metadata).send().await;
    let answer = answer.unwrap_or_else(|error| {
        panic!("the identity provider that STOREZERO_TEST_IDP names ({issuer}) does not answer: {error}")
    });
    assert_eq!(answer.status(), 201, "{issuer} registers no clients: it needs IDP_REGISTRATION=1");
    let client: Value = answer.json().await.expect("a registered client");
    let text = |name: &str| client[name].as_str().expect("a registered client").to_owned();
    (issuer.to_owned(), text("client_id"), text("client_secret"))
}

/// A `STOREZERO_SECRET_KEY`.
pub fn new_secret_key() -> String {
    hex::encode(backend::crypto::random::<32>())
}

/// A built frontend in miniature. The compressed forms are told apart by their content.
pub fn write_site(folder: &Path) -> PathBuf {
    let site = folder.join("site");
    let shell = include_str!("../../../../frontend/shell.html");
    let shell = shell.replace("{{pkg}}", "/pkg/0123456789abcdef");
    for (name, content) in [
        ("index.html", shell.as_str()),
        ("index.html.br", "index.html in brotli"),
        ("index.html.gz", "index.html in gzip"),
        ("robots.txt", "User-agent: *"),
        ("pkg/0123456789abcdef/frontend.js", "export default 1"),
        ("pkg/0123456789abcdef/frontend.js.br", "frontend.js in brotli"),
        ("pkg/0123456789abcdef/frontend.js.gz", "frontend.js in gzip"),
        ("pkg/0123456789abcdef/frontend_bg.wasm", "\0asm"),
        ("pictures/1f375.webp", "RIFF"),
    ] {
        let file = site.join(name);
        std::fs::create_dir_all(file.parent().expect("a folder")).expect("the site's folder");
        std::fs::write(file, content).expect("a file of the site");
    }
    site
}
