//! A PostgreSQL of our own for the tests: a throw-away cluster on a free port, gone when the tests are.

use std::env;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result};
use fs_err as fs;
use rustix::process::Signal;

use crate::files;
use crate::ports;
use crate::processes::{Process, run, succeeds};
use crate::steps::Step;
use crate::tools;

/// A running cluster. Dropping it ends the server and removes its data.
pub struct Cluster {
    port: u16,
    server: Option<Process>,
    folder: PathBuf,
}

impl Cluster {
    /// Makes a cluster of the PostgreSQL in that folder and starts it.
    pub fn start(programs: &Path, step: &Step) -> Result<Self> {
        // Not below target/: the user `postgres` may be unable to enter a clone in root's home.
        let name = format!("storezero-postgres-{}", std::process::id());
        let mut cluster =
            Self { port: ports::free()?, server: None, folder: env::temp_dir().join(name) };
        // Reachable from this machine alone, for some minutes, with nothing but test data in it.
        run(
            command(programs, "initdb")
                .args(["--auth=trust", "--username=postgres", "--encoding=UTF8"])
                .args(["--locale=C", "--no-sync", "-D"])
                .arg(&cluster.folder),
            step,
        )?;

        let port = cluster.port.to_string();
        let mut server = command(programs, "postgres");
        server.args(["-p", &port, "-D"]).arg(&cluster.folder);
        for setting in [
            "listen_addresses=127.0.0.1",
            "unix_socket_directories=",
            "max_connections=300",
            // Data that nobody keeps need not survive a power cut.
            "fsync=off",
            "synchronous_commit=off",
            "full_page_writes=off",
        ] {
            server.args(["-c", setting]);
        }
        fs::create_dir_all("target/test")?;
        let log = Path::new("target/test/postgres.log").into();
        // SIGINT is its fast shutdown; SIGTERM would wait for clients to leave.
        let server = Process::serve("PostgreSQL", &mut server, Some(log))?.end_with(Signal::INT);
        let server = cluster.server.insert(server);
        let is_ready = || {
            succeeds(command(programs, "pg_isready").args(["-q", "-h", "127.0.0.1", "-p", &port]))
        };
        server.wait_until("accept connections", Duration::from_secs(30), is_ready)?;
        Ok(cluster)
    }

    /// For the role that may create databases.
    pub fn admin_url(&self) -> String {
        format!("postgres://postgres@127.0.0.1:{}/postgres", self.port)
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        self.server = None;
        // What cannot be removed lies in the system's folder for such things.
        let _ = files::remove_folder(&self.folder);
    }
}

/// PostgreSQL refuses to run as root; then it runs as the user that its package made.
fn command(programs: &Path, program: &str) -> Command {
    let program = programs.join(program);
    let mut command = if rustix::process::geteuid().is_root() {
        let mut setpriv = Command::new("setpriv");
        setpriv.args(["--reuid=postgres", "--regid=postgres", "--init-groups"]);
        setpriv.arg(program);
        setpriv
    } else {
        Command::new(program)
    };
    // The folder we are in may be closed to the user `postgres`.
    command.current_dir(env::temp_dir());
    command
}

/// The folder of PostgreSQL's programs.
pub fn find_or_install(step: &Step) -> Result<PathBuf> {
    if let Some(programs) = find_programs() {
        return Ok(programs);
    }
    tools::install_debian_packages(&["postgresql"], step)?;
    find_programs().context("PostgreSQL is installed, but its initdb is not found")
}

/// The newest version's: Debian keeps them off the PATH.
fn find_programs() -> Option<PathBuf> {
    let folders = fs::read_dir("/usr/lib/postgresql").into_iter().flatten();
    let of_debian = folders.filter_map(|entry| {
        let entry = entry.ok()?;
        let version: u32 = entry.file_name().to_str()?.parse().ok()?;
        let programs = entry.path().join("bin");
        programs.join("initdb").exists().then_some((version, programs))
    });
    match of_debian.max() {
        Some((_, programs)) => Some(programs),
        None => Some(tools::find_program("initdb")?.parent()?.to_owned()),
    }
}
