//! A PostgreSQL server of a test's own, which it may restart, and which speaks TLS if the test wants it. Its certificate
//! is for `localhost` and signed by `ca.crt`; both end in a hundred years.

use std::{
    io::Write as _,
    net::TcpListener,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};
use tempfile::TempDir;

/// Enough for a busy machine.
const PATIENCE: Duration = Duration::from_secs(60);

pub struct Cluster {
    programs: PathBuf,
    folder: TempDir,
    port: u16,
    speaks_tls: bool,
    server: Option<Child>,
}

/// Certificates of an authority: the one that signed the server's, and another one.
pub fn authority(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/http/support/cluster").join(name)
}

impl Cluster {
    /// `None` where this run is not about PostgreSQL, or its programs are not on this machine.
    pub async fn start(speaks_tls: bool) -> Option<Self> {
        std::env::var("STOREZERO_TEST_DATABASE").ok().filter(|it| it != "sqlite")?;
        let Some(programs) = find_programs() else {
            println!("no initdb here: not tested");
            return None;
        };
        let folder = TempDir::new().expect("a temporary folder");
        let port = TcpListener::bind("127.0.0.1:0").and_then(|free| free.local_addr());
        let port = port.expect("a free port").port();
        let mut cluster = Self { programs, folder, port, speaks_tls, server: None };
        if is_root() {
            expect(Command::new("chown").arg("postgres").arg(cluster.folder.path()));
        }
        expect(cluster.command("initdb").args([
            "--auth=trust",
            "--username=postgres",
            "--encoding=UTF8",
            "--locale=C",
            "--no-sync",
        ]));
        if speaks_tls {
            cluster.write("server.crt", include_bytes!("server.crt"));
            cluster.write("server.key", include_bytes!("server.key"));
        }
        cluster.begin().await;
        Some(cluster)
    }

    pub fn url(&self) -> String {
        format!("postgres://postgres@localhost:{}/postgres", self.port)
    }

    /// As `pg_ctl stop` does by default: every connection is ended.
    pub fn stop(&mut self) {
        if let Some(mut server) = self.server.take() {
            expect(Command::new("kill").args(["-s", "INT", &server.id().to_string()]));
            server.wait().expect("the server ends");
        }
    }

    pub async fn begin(&mut self) {
        let mut server = self.command("postgres");
        for setting in [
            "listen_addresses=localhost",
            "unix_socket_directories=",
            "fsync=off",
            if self.speaks_tls { "ssl=on" } else { "ssl=off" },
        ] {
            server.args(["-c", setting]);
        }
        server.args(["-p", &self.port.to_string()]).stdout(Stdio::null()).stderr(Stdio::null());
        self.server = Some(server.spawn().expect("PostgreSQL starts"));
        let give_up = Instant::now() + PATIENCE;
        let port = self.port.to_string();
        while !succeeds(self.command("pg_isready").args(["-q", "-h", "localhost", "-p", &port])) {
            assert!(Instant::now() < give_up, "PostgreSQL is not ready in time");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    /// A file that the server's own user alone can read.
    fn write(&self, name: &str, content: &[u8]) {
        let script = format!("umask 077 && cat > '{}'", self.data().join(name).display());
        let mut shell = self.as_postgres("sh".as_ref());
        let mut shell =
            shell.args(["-c", &script]).stdin(Stdio::piped()).spawn().expect("a shell starts");
        shell.stdin.take().expect("its input").write_all(content).expect("it is written");
        assert!(shell.wait().expect("a status").success(), "{name} is written");
    }

    fn command(&self, program: &str) -> Command {
        let mut command = self.as_postgres(&self.programs.join(program));
        command.env("PGDATA", self.data());
        command
    }

    /// PostgreSQL refuses to run as root; then it runs as the user that its package made.
    fn as_postgres(&self, program: &Path) -> Command {
        let mut command = if is_root() {
            let mut setpriv = Command::new("setpriv");
            setpriv.args(["--reuid=postgres", "--regid=postgres", "--init-groups"]).arg(program);
            setpriv
        } else {
            Command::new(program)
        };
        command.current_dir(self.folder.path());
        command
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        self.stop();
    }
}

/// The newest version's: Debian keeps them off the PATH.
fn find_programs() -> Option<PathBuf> {
    let of_debian = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let on_path = std::env::var_os("PATH").unwrap_or_default();
    let on_path: Vec<PathBuf> = std::env::split_paths(&on_path).collect();
    let version = |folder: &PathBuf| folder.parent()?.file_name()?.to_str()?.parse::<u32>().ok();
    of_debian
        .map(|version| version.path().join("bin"))
        .chain(on_path)
        .filter(|folder| folder.join("initdb").exists())
        .max_by_key(version)
}

fn is_root() -> bool {
    let id = Command::new("id").arg("-u").output();
    id.is_ok_and(|id| id.stdout.starts_with(b"0"))
}

fn succeeds(command: &mut Command) -> bool {
    command.output().is_ok_and(|output| output.status.success())
}

fn expect(command: &mut Command) {
    let output = command.output().unwrap_or_else(|error| panic!("{command:?}: {error}"));
    let told = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{command:?}: {told}");
}
