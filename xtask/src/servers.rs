//! The shop and its identity provider, as demo, dev and the end-to-end tests start them.

use std::env;
use std::fmt::Write as _;
use std::fs;
use std::io::{Read, Write as _};
use std::net::{Ipv4Addr, SocketAddr};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf, absolute};
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result};

use crate::ports;
use crate::processes::{self, Process, run};
use crate::steps::Steps;
use crate::tools;

/// Enough for a slow machine's first start, which migrates and seeds; a server that fails ends earlier by itself.
const READY_WITHIN: Duration = Duration::from_mins(1);

#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Profile {
    Dev,
    Release,
}

/// Builds the shop's server and answers where it is.
pub fn build_shop(steps: &mut Steps, profile: Profile) -> Result<PathBuf> {
    let mut cargo = tools::cargo();
    cargo.args(["build", "--bin", "storezero", "--target-dir", "target"]);
    let (name, folder) = match profile {
        // The whole workspace's features, as for tests, so that dependencies are compiled once for both.
        Profile::Dev => (cargo.arg("--workspace"), "target/debug"),
        Profile::Release => (
            cargo.args(["--package", "backend", "--release"]),
            "target/release",
        ),
    };
    let title = if profile == Profile::Dev {
        "Build the shop"
    } else {
        "Build the shop (release)"
    };
    steps.run(title, |step| run(name, step))?;
    Ok(Path::new(folder).join("storezero"))
}

/// Where the servers listen and keep their data.
pub struct Surroundings {
    /// Database, secret key, the identity provider's data, and logs.
    pub folder: PathBuf,
    pub shop: SocketAddr,
    pub idp_port: u16,
    settings: Settings,
}

/// Where settings come from that are not given here.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Settings {
    /// A person's environment goes first: that is how one tries another provider, database or lifetime.
    Environment,
    /// Only what is given here: tests must not depend on who runs them.
    None,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Logs {
    InFiles,
    OnTerminal,
}

/// What the identity provider is started for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum IdpMode {
    /// Shows the demo accounts.
    Demo,
    /// Lets every Rust test register a client of its own.
    Registration,
}

impl Surroundings {
    /// Where a person expects them, or where the environment says; fails if another program is there already.
    pub fn for_a_person(folder: &str) -> Result<Self> {
        let shop = ports::shop_address()?;
        let idp_port = ports::idp_port()?;
        ports::must_be_free(
            "the shop's",
            shop,
            "STOREZERO_LISTEN",
            &format!("{}:3010", shop.ip()),
        )?;
        let here = Self {
            folder: folder.into(),
            shop,
            idp_port,
            settings: Settings::Environment,
        };
        if here.has_own_idp() {
            let local = |port| SocketAddr::from((Ipv4Addr::LOCALHOST, port));
            ports::must_be_free(
                "the identity provider's",
                local(idp_port),
                "IDP_PORT",
                "4010",
            )?;
            if let Some(port) = ports::friendbook_port(idp_port)? {
                ports::must_be_free("Friendbook's", local(port), "IDP_FRIENDBOOK_PORT", "4110")?;
            }
        }
        fs::create_dir_all(&here.folder)?;
        Ok(here)
    }

    /// On free ports, with fresh data, untouched by the environment.
    pub fn for_tests(folder: &str) -> Result<Self> {
        let shop = SocketAddr::from((Ipv4Addr::LOCALHOST, ports::free()?));
        let here = Self {
            folder: folder.into(),
            shop,
            idp_port: ports::free()?,
            settings: Settings::None,
        };
        crate::files::fresh_folder(&here.folder)?;
        Ok(here)
    }

    pub fn shop_url(&self) -> String {
        self.environment("STOREZERO_PUBLIC_URL")
            .unwrap_or_else(|| format!("http://localhost:{}", self.shop.port()))
    }

    pub fn issuer(&self) -> String {
        self.environment("STOREZERO_OIDC_ISSUER")
            .unwrap_or_else(|| format!("http://localhost:{}", self.idp_port))
    }

    /// Whether the identity provider is ours to start; not if the environment names another issuer.
    pub fn has_own_idp(&self) -> bool {
        self.environment("STOREZERO_OIDC_ISSUER").is_none()
    }

    /// Starts the identity provider and waits until it answers.
    pub fn start_idp(&self, mode: IdpMode, logs: Logs) -> Result<Process> {
        let mode = match mode {
            IdpMode::Demo => "IDP_DEMO",
            IdpMode::Registration => "IDP_REGISTRATION",
        };
        let mut npm = Command::new("npm");
        npm.args(["run", "--silent", "idp"]);
        self.configure(
            &mut npm,
            [
                ("IDP_PORT", self.idp_port.to_string()),
                ("IDP_ISSUER", self.issuer()),
                ("IDP_SHOP_URL", self.shop_url()),
                ("IDP_DATA", path_from_anywhere(&self.folder.join("idp"))?),
                (mode, "1".into()),
            ],
        );
        if self.settings == Settings::None {
            // The tests' passwords protect nobody, and each hash would cost half a second of both cores.
            npm.env("IDP_SCRYPT_LOG_N", "12");
        }
        npm.current_dir("e2e");
        let log = self.log("idp.log", logs);
        let mut idp = Process::serve("The identity provider", &mut npm, log.as_deref())?;
        idp.wait_until("answer", READY_WITHIN, || {
            processes::answers(self.idp_port, "/health")
        })?;
        Ok(idp)
    }

    /// Starts the shop and waits until it is ready to sell.
    pub fn start_shop(&self, program: &Path, site: &Path, logs: Logs) -> Result<Process> {
        let database = path_from_anywhere(&self.folder.join("storezero.sqlite"))?;
        let mut shop = Command::new(absolute(program)?);
        self.configure(
            &mut shop,
            [
                ("STOREZERO_LISTEN", self.shop.to_string()),
                ("STOREZERO_PUBLIC_URL", self.shop_url()),
                (
                    "STOREZERO_DATABASE_URL",
                    format!("sqlite://{database}?mode=rwc"),
                ),
                ("STOREZERO_OIDC_ISSUER", self.issuer()),
                ("STOREZERO_SECRET_KEY", self.secret_key()?),
                ("STOREZERO_SITE", path_from_anywhere(site)?),
                ("STOREZERO_DEMO", "true".to_owned()),
            ],
        );
        let log = self.log("shop.log", logs);
        let port = self.shop.port();
        let mut shop = Process::serve("The shop", &mut shop, log.as_deref())?;
        shop.wait_until("get ready", READY_WITHIN, || {
            processes::answers(port, "/health/ready")
        })?;
        Ok(shop)
    }

    fn configure<const N: usize>(&self, command: &mut Command, settings: [(&str, String); N]) {
        if self.settings == Settings::None {
            // An optional storezero.toml is the person's, too; it lies where the shop is usually started.
            without_settings(command).current_dir(&self.folder);
        }
        for (name, value) in settings {
            if self.environment(name).is_none() {
                command.env(name, value);
            }
        }
    }

    fn environment(&self, name: &str) -> Option<String> {
        match self.settings {
            Settings::Environment => env::var(name).ok(),
            Settings::None => None,
        }
    }

    fn log(&self, name: &str, logs: Logs) -> Option<PathBuf> {
        (logs == Logs::InFiles).then(|| self.folder.join(name))
    }

    /// Made once, so that a login survives a restart.
    fn secret_key(&self) -> Result<String> {
        let file = self.folder.join("secret-key");
        if let Ok(key) = fs::read_to_string(&file) {
            return Ok(key);
        }
        let mut bytes = [0; 32];
        fs::File::open("/dev/urandom")?.read_exact(&mut bytes)?;
        let mut key = String::with_capacity(64);
        for byte in bytes {
            let _ = write!(key, "{byte:02x}");
        }
        fs::OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(&file)
            .and_then(|mut open| open.write_all(key.as_bytes()))
            .with_context(|| format!("cannot write {}", file.display()))?;
        Ok(key)
    }
}

/// Takes a person's settings for shop and identity provider away from a program.
pub fn without_settings(command: &mut Command) -> &mut Command {
    for (name, _) in env::vars() {
        if name.starts_with("STOREZERO_") || name.starts_with("IDP_") {
            command.env_remove(name);
        }
    }
    command
}

fn path_from_anywhere(path: &Path) -> Result<String> {
    Ok(absolute(path)?.display().to_string())
}
