//! A PostgreSQL of our own for the tests: a throw-away cluster on a free port, gone when the tests are.

use std::env;
use std::fs;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result};
use rustix::process::Signal;

use crate::ports;
use crate::processes::{Process, answer, run, succeeds};
use crate::steps::Step;
use crate::tools;

/// An installed PostgreSQL server.
pub struct Postgres {
    programs: PathBuf,
    user: Option<User>,
}

/// PostgreSQL refuses to run as root; then it runs as the user that its package made.
#[derive(Clone, Copy)]
struct User {
    uid: u32,
    gid: u32,
}

/// A running cluster. Dropping it ends the server and removes its data.
pub struct Cluster {
    pub port: u16,
    server: Option<Process>,
    folder: PathBuf,
}

impl Postgres {
    pub fn find_or_install(step: &Step) -> Result<Self> {
        if find_programs().is_none() {
            tools::install_debian_packages(&["postgresql"], step)?;
        }
        let programs =
            find_programs().context("PostgreSQL is installed, but its initdb is not found")?;
        let user = if rustix::process::geteuid().is_root() {
            Some(
                User::named("postgres")
                    .context("root cannot run PostgreSQL, and there is no user `postgres`")?,
            )
        } else {
            None
        };
        Ok(Self { programs, user })
    }

    /// Makes a cluster and starts it.
    pub fn start(&self, step: &Step) -> Result<Cluster> {
        // Not below target/: the user `postgres` may be unable to enter a clone in root's home.
        let folder = env::temp_dir().join(format!("storezero-postgres-{}", std::process::id()));
        fs::create_dir(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
        let mut cluster = Cluster {
            port: ports::free()?,
            server: None,
            folder,
        };
        if let Some(User { uid, gid }) = self.user {
            std::os::unix::fs::chown(&cluster.folder, Some(uid), Some(gid))?;
        }

        let data = cluster.folder.join("data");
        let mut initdb = self.command("initdb");
        // Reachable from this machine alone, for some minutes, with nothing but test data in it.
        initdb
            .args([
                "--auth=trust",
                "--username=postgres",
                "--encoding=UTF8",
                "--locale=C",
                "--no-sync",
                "-D",
            ])
            .arg(&data);
        run(&mut initdb, step)?;

        let mut server = self.command("postgres");
        server
            .arg("-D")
            .arg(&data)
            .args(["-p", &cluster.port.to_string()]);
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
        let log = cluster.folder.join("log");
        // SIGINT is its fast shutdown; SIGTERM would wait for clients to leave.
        let process = Process::serve("PostgreSQL", &mut server, Some(&log))?.end_with(Signal::INT);
        let server = cluster.server.insert(process);
        let mut ready = self.command("pg_isready");
        ready.args(["-q", "-h", "127.0.0.1", "-p", &cluster.port.to_string()]);
        let ready = std::cell::RefCell::new(ready);
        server.wait_until("accept connections", Duration::from_secs(30), || {
            succeeds(&mut ready.borrow_mut())
        })?;
        Ok(cluster)
    }

    fn command(&self, program: &str) -> Command {
        let mut command = Command::new(self.programs.join(program));
        // The folder we are in may be closed to the user `postgres`.
        command.current_dir(env::temp_dir());
        if let Some(User { uid, gid }) = self.user {
            command.uid(uid).gid(gid);
        }
        command
    }
}

impl Cluster {
    /// For the role that may create databases.
    pub fn admin_url(&self) -> String {
        format!("postgres://postgres@127.0.0.1:{}/postgres", self.port)
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        self.server = None;
        // What cannot be removed lies in the system's folder for such things.
        let _ = fs::remove_dir_all(&self.folder);
    }
}

impl User {
    fn named(name: &str) -> Option<Self> {
        let id = |which: &str| answer(Command::new("id").args([which, name]))?.parse().ok();
        Some(Self {
            uid: id("-u")?,
            gid: id("-g")?,
        })
    }
}

/// The newest version's folder of programs: Debian keeps them off the PATH.
fn find_programs() -> Option<PathBuf> {
    let mut folders: Vec<(u32, PathBuf)> = fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .filter_map(|entry| {
            let entry = entry.ok()?;
            Some((
                entry.file_name().to_str()?.parse().ok()?,
                entry.path().join("bin"),
            ))
        })
        .filter(|(_, folder)| folder.join("initdb").exists())
        .collect();
    folders.sort();
    let newest = folders.pop().map(|(_, folder)| folder);
    newest.or_else(|| tools::find_program("initdb")?.parent().map(Path::to_owned))
}
