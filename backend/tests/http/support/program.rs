//! The binary as its own process, on a free port and with an empty database.

use super::{answer::Answer, browser::Browser, database::Database, provider, spawn};
use std::{
    collections::BTreeMap,
    io::{BufRead as _, BufReader, Read},
    net::{SocketAddr, TcpListener},
    process::{Child, Command, ExitStatus, Stdio},
    sync::Arc,
    time::Duration,
};
use tokio::sync::watch;

/// Enough for a machine that is busy with other tests.
const PATIENCE: Duration = Duration::from_secs(60);
/// Nothing listens there.
const NOBODY: &str = "http://localhost:1";

pub struct Program {
    settings: BTreeMap<String, String>,
    address: SocketAddr,
    child: Child,
    output: watch::Receiver<String>,
    database: Arc<Database>,
}

#[derive(Debug)]
pub struct End {
    pub status: ExitStatus,
    /// Both standard output and standard error.
    pub output: String,
}

impl Program {
    /// Starts it and waits until it is ready.
    pub async fn start(settings: &[(&str, &str)]) -> Self {
        let program = Self::begin(settings, Arc::new(Database::empty().await));
        program.ready().await
    }

    /// Ends it and starts it again with the same settings and database.
    pub async fn restart(self) -> Self {
        let (settings, database) = (self.settings.clone(), Arc::clone(&self.database));
        self.stop().await;
        Self::run(settings, database).ready().await
    }

    /// Ends it as a power cut would, and starts it again when `meanwhile` is over.
    pub async fn kill_and_restart(self, meanwhile: impl Future<Output = ()>) -> Self {
        let (settings, database) = (self.settings.clone(), Arc::clone(&self.database));
        self.tell("KILL");
        self.end().await;
        meanwhile.await;
        Self::run(settings, database).ready().await
    }

    pub async fn fails_to_start(settings: &[(&str, &str)]) -> End {
        Self::begin(settings, Arc::new(Database::empty().await)).end().await
    }

    pub fn says(arguments: &[&str]) -> End {
        let output = Command::new(env!("CARGO_BIN_EXE_storezero")).args(arguments).output();
        let output = output.expect("the program runs");
        let both = [output.stdout, output.stderr].concat();
        End { status: output.status, output: String::from_utf8_lossy(&both).into_owned() }
    }

    fn begin(settings: &[(&str, &str)], database: Arc<Database>) -> Self {
        // Free now; another program would have to be quick to take it before this one listens.
        let free = TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr());
        let address = free.expect("a free port");
        let mut all = BTreeMap::from(
            [
                ("STOREZERO_LISTEN", address.to_string()),
                ("STOREZERO_DATABASE_URL", database.url.clone()),
                ("STOREZERO_OIDC_ISSUER", NOBODY.to_owned()),
                ("STOREZERO_OIDC_CLIENT_ID", provider::CLIENT_ID.to_owned()),
                ("STOREZERO_OIDC_CLIENT_SECRET", provider::CLIENT_SECRET.to_owned()),
                ("STOREZERO_SECRET_KEY", spawn::new_secret_key()),
                ("STOREZERO_SITE", spawn::write_site(database.folder.path()).display().to_string()),
            ]
            .map(|(name, value)| (name.to_owned(), value)),
        );
        all.extend(settings.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
        Self::run(all, database)
    }

    fn run(settings: BTreeMap<String, String>, database: Arc<Database>) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_storezero"));
        for (name, _) in std::env::vars() {
            if name.starts_with("STOREZERO_") || name == "RUST_LOG" {
                command.env_remove(name);
            }
        }
        // Away from a storezero.toml that a person may have.
        command
            .current_dir(database.folder.path())
            .envs(&settings)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let mut child = command.spawn().expect("the program starts");
        let (sender, output) = watch::channel(String::new());
        let sender = Arc::new(sender);
        read(child.stdout.take().expect("its output"), Arc::clone(&sender));
        read(child.stderr.take().expect("its errors"), sender);
        let address = settings["STOREZERO_LISTEN"].parse();
        let address = address.unwrap_or_else(|_| SocketAddr::from(([127, 0, 0, 1], 1)));
        Self { settings, address, child, output, database }
    }

    async fn ready(self) -> Self {
        let http = reqwest::Client::new();
        let url = format!("http://{}/health/ready", self.address);
        let ready = async {
            while !http.get(&url).send().await.is_ok_and(|answer| answer.status().is_success()) {
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        };
        let in_time = tokio::time::timeout(PATIENCE, ready).await;
        assert!(in_time.is_ok(), "it is not ready in time: {}", *self.output.borrow());
        self
    }

    pub fn browser(&self) -> Browser {
        let shop = format!("http://localhost:{}", self.address.port());
        let idp = &self.settings["STOREZERO_OIDC_ISSUER"];
        Browser::new(shop.parse().expect("a URL"), self.address, idp.parse().expect("an issuer"))
    }

    pub async fn logout_token_arrives(&self, token: &str) -> Answer {
        self.browser().send_logout_token(token).await
    }

    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Returns when nobody is at the door any more.
    pub async fn refuses_connections(&self) {
        let refused = async {
            while tokio::net::TcpStream::connect(self.address).await.is_ok() {
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        };
        let in_time = tokio::time::timeout(Duration::from_secs(5), refused).await;
        assert!(in_time.is_ok(), "new connections are still taken");
    }

    pub fn database_url(&self) -> String {
        self.database.url.clone()
    }

    /// Sends a signal by its name.
    pub fn tell(&self, signal: &str) {
        let id = self.child.id().to_string();
        let kill = std::process::Command::new("kill").args(["-s", signal, &id]).status();
        assert!(kill.is_ok_and(|status| status.success()), "kill -s {signal} {id}");
    }

    /// Returns when it has said this.
    pub async fn logs(&self, text: &str) {
        let mut output = self.output.clone();
        let said = tokio::time::timeout(PATIENCE, output.wait_for(|all| all.contains(text))).await;
        let is_said = said.is_ok_and(|said| said.is_ok());
        assert!(is_said, "it never said {text:?}: {}", *self.output.borrow());
    }

    /// Ends it as an operator would.
    pub async fn stop(self) -> End {
        self.tell("TERM");
        self.end().await
    }

    /// Waits for its end: then it says nothing more.
    pub async fn end(mut self) -> End {
        let mut output = self.output.clone();
        let silence = output.wait_for(|_| false);
        let in_time = tokio::time::timeout(PATIENCE, silence).await;
        assert!(in_time.is_ok(), "it does not end: {}", *self.output.borrow());
        let status = self.child.wait().expect("a status");
        let output = self.output.borrow().clone();
        End { status, output }
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        // Where it has ended by itself there is nothing left to do.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn read(stream: impl Read + Send + 'static, output: Arc<watch::Sender<String>>) {
    std::thread::spawn(move || {
        for line in BufReader::new(stream).lines().map_while(Result::ok) {
            output.send_modify(|output| {
                output.push_str(&line);
                output.push('\n');
            });
        }
    });
}
