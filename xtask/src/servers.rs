//! The shop, its identity provider and the shop without a backend, as demo, dev and the end-to-end tests start them.

use std::env;
use std::io::{Read, Write};
use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf, absolute};
use std::process::Command;
use std::time::Duration;

use anyhow::Result;
use fs_err as fs;
use fs_err::os::unix::fs::OpenOptionsExt;

use crate::files;
use crate::ports;
use crate::processes::{self, Process, run};
use crate::steps::Steps;
use crate::tools;

/// Enough for a slow machine's first start, which migrates and seeds; a server that fails ends earlier by itself.
const READY_WITHIN: Duration = Duration::from_mins(1);

#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Profile {
    Dev,
    /// For who waits for it.
    Quick,
    /// For a deployment.
    Dist,
}

/// Where the built servers are.
pub struct Programs {
    pub shop: PathBuf,
    /// Sends the shop without a backend.
    pub static_files: PathBuf,
}

impl Programs {
    pub fn of(profile: Profile) -> Self {
        let folder = Path::new(match profile {
            Profile::Dev => "target/debug",
            Profile::Quick => "target/quick",
            Profile::Dist => "target/dist",
        });
        Self { shop: folder.join("storezero"), static_files: folder.join("storezero-static") }
    }
}

pub fn build(steps: &mut Steps, profile: Profile) -> Result<Programs> {
    let mut cargo = tools::cargo();
    cargo.args(["build", "--bin", "storezero", "--bin", "storezero-static"]);
    cargo.args(["--target-dir", "target"]);
    let title = match profile {
        Profile::Dev => {
            // The whole workspace's features, as for tests, so that dependencies are compiled once for both.
            cargo.arg("--workspace");
            "Build the shop"
        }
        Profile::Quick => {
            cargo.args(["--package", "backend", "--profile", "quick"]);
            "Build the shop (quickly)"
        }
        Profile::Dist => {
            cargo.args(["--package", "backend", "--profile", "dist"]);
            "Build the shop (fully optimised)"
        }
    };
    steps.run(title, |step| run(&mut cargo, step))?;
    Ok(Programs::of(profile))
}

/// What `cargo xtask bench` measures, and with what.
#[derive(Clone)]
pub struct BenchPrograms {
    pub shop: PathBuf,
    /// Sends bytes from memory.
    pub bare: PathBuf,
    /// The load generator.
    pub load: PathBuf,
}

pub fn build_for_bench(steps: &mut Steps) -> Result<BenchPrograms> {
    let mut cargo = tools::cargo();
    // In one call, so that both packages get the same features of what they share.
    cargo.args(["build", "--profile", "dist", "--package", "backend", "--package", "bench"]);
    cargo.args(["--bin", "storezero", "--bin", "bench-bare", "--bin", "bench-load"]);
    cargo.args(["--target-dir", "target"]);
    steps.run("Build shop, yardstick and load generator (fully optimised)", |step| {
        run(&mut cargo, step)
    })?;
    let program = |name: &str| Path::new("target/dist").join(name);
    Ok(BenchPrograms {
        shop: program("storezero"),
        bare: program("bench-bare"),
        load: program("bench-load"),
    })
}

/// What the servers are called. To a browser, names decide what is one site: the last two labels of them, where
/// `localhost` is the last.
pub struct Hosts {
    shop: &'static str,
    no_backend: &'static str,
    idp: &'static str,
    friendbook: &'static str,
}

pub const ONE_HOST: Hosts =
    Hosts { shop: "localhost", no_backend: "localhost", idp: "localhost", friendbook: "localhost" };

/// To each shop the identity provider is a third party.
pub const SITES_APART: Hosts = Hosts {
    shop: "storezero.localhost",
    no_backend: "shop.static.localhost",
    idp: "id.peakcommerce.localhost",
    friendbook: "friendbook.localhost",
};

/// The identity provider has a name of the shops' own domain.
pub const CUSTOM_DOMAIN: Hosts = Hosts {
    shop: "storezero.localhost",
    no_backend: "www.storezero.localhost",
    idp: "id.storezero.localhost",
    friendbook: "friendbook.localhost",
};

/// Where the servers listen and keep their data.
pub struct Surroundings {
    /// Database, secret key, the identity provider's data, and logs.
    pub folder: PathBuf,
    hosts: Hosts,
    shop: SocketAddr,
    no_backend: SocketAddr,
    idp_port: u16,
    friendbook_port: u16,
    /// Whether a person's environment goes first, which is how one tries another provider, database or lifetime.
    /// Tests must not depend on who runs them.
    of_a_person: bool,
}

impl Surroundings {
    /// Where a person expects them, or where the environment says; fails if another program is there already.
    pub fn for_a_person(folder: &str) -> Result<Self> {
        let idp_port = ports::idp_port()?;
        let here = Self {
            folder: absolute(folder)?,
            hosts: ONE_HOST,
            shop: ports::shop_address()?,
            no_backend: ports::no_backend_address()?,
            idp_port,
            friendbook_port: ports::friendbook_port(idp_port)?,
            of_a_person: true,
        };
        let ip = here.shop.ip();
        ports::must_be_free("the shop's", here.shop, &format!("STOREZERO_LISTEN={ip}:3010"))?;
        ports::must_be_free(
            "that of the shop without a backend",
            here.no_backend,
            &format!("STOREZERO_STATIC_LISTEN={}:3011", here.no_backend.ip()),
        )?;
        if here.has_own_idp() {
            for (whose, port, another) in [
                ("the identity provider's", here.idp_port, "IDP_PORT=4010"),
                ("Friendbook's", here.friendbook_port, "IDP_FRIENDBOOK_PORT=4110"),
            ] {
                ports::must_be_free(whose, (Ipv4Addr::LOCALHOST, port).into(), another)?;
            }
        }
        fs::create_dir_all(&here.folder)?;
        Ok(here)
    }

    /// On free ports, under these names, with fresh data, untouched by the environment.
    pub fn for_tests(folder: &str, hosts: Hosts) -> Result<Self> {
        let [shop, no_backend, idp_port, friendbook_port] = ports::several_free()?;
        let here = Self {
            folder: absolute(folder)?,
            hosts,
            shop: (Ipv4Addr::LOCALHOST, shop).into(),
            no_backend: (Ipv4Addr::LOCALHOST, no_backend).into(),
            idp_port,
            friendbook_port,
            of_a_person: false,
        };
        files::fresh_folder(&here.folder)?;
        Ok(here)
    }

    pub fn shop_url(&self) -> String {
        self.environment("STOREZERO_PUBLIC_URL")
            .unwrap_or_else(|| http(self.hosts.shop, self.shop.port()))
    }

    pub fn shop_port(&self) -> u16 {
        self.shop.port()
    }

    pub fn no_backend_url(&self) -> String {
        self.environment("IDP_SPA_URL")
            .unwrap_or_else(|| http(self.hosts.no_backend, self.no_backend.port()))
    }

    pub fn issuer(&self) -> String {
        self.environment("STOREZERO_OIDC_ISSUER")
            .unwrap_or_else(|| http(self.hosts.idp, self.idp_port))
    }

    /// Whether the identity provider is ours to start; not if the environment names another issuer.
    pub fn has_own_idp(&self) -> bool {
        self.environment("STOREZERO_OIDC_ISSUER").is_none()
    }

    /// Starts the identity provider and waits until it answers. Its `mode` is `IDP_DEMO`, which shows the demo
    /// accounts, or `IDP_REGISTRATION`, which lets every Rust test register a client of its own.
    pub fn start_idp(&self, mode: &str) -> Result<Process> {
        let mut npm = Command::new("npm");
        self.configure(
            npm.args(["run", "--silent", "idp"]),
            [
                ("IDP_PORT", self.idp_port.to_string()),
                ("IDP_ISSUER", self.issuer()),
                ("IDP_SHOP_URL", self.shop_url()),
                ("IDP_SPA_URL", self.no_backend_url()),
                ("IDP_DATA", self.data("idp")),
                (mode, "1".into()),
            ],
        );
        if !self.of_a_person {
            let friendbook = http(self.hosts.friendbook, self.friendbook_port);
            npm.env("IDP_FRIENDBOOK_PORT", self.friendbook_port.to_string())
                .env("IDP_FRIENDBOOK_ISSUER", friendbook)
                // The tests' passwords protect nobody, and each hash would cost 40 ms of a core.
                .env("IDP_HASH_MEMORY", "1024");
        }
        npm.current_dir("e2e");
        let log = self.folder.join("idp.log");
        let mut idp = Process::serve("The identity provider", &mut npm, Some(log))?;
        let is_ready = || processes::answers(self.idp_port, "/health");
        idp.wait_until("answer", READY_WITHIN, is_ready)?;
        Ok(idp)
    }

    /// The shop, not started yet.
    pub fn shop_command(&self, program: &Path, site: &Path) -> Result<Command> {
        let database = self.data("storezero.sqlite");
        let mut shop = Command::new(absolute(program)?);
        self.configure(
            &mut shop,
            [
                ("STOREZERO_LISTEN", self.shop.to_string()),
                ("STOREZERO_PUBLIC_URL", self.shop_url()),
                ("STOREZERO_DATABASE_URL", format!("sqlite://{database}?mode=rwc")),
                ("STOREZERO_OIDC_ISSUER", self.issuer()),
                ("STOREZERO_CORS_ORIGINS", self.no_backend_url()),
                ("STOREZERO_SECRET_KEY", self.secret_key()?),
                ("STOREZERO_SITE", absolute(site)?.display().to_string()),
                ("STOREZERO_DEMO", "true".into()),
            ],
        );
        if !self.of_a_person {
            // Hundreds of tests sign the same customer in and leave it at that.
            shop.env("STOREZERO_SESSIONS_PER_CUSTOMER", "10000");
            // And all of them buy from this machine.
            shop.env("STOREZERO_LIMIT_HOLDS", "10000/1m");
            shop.env("STOREZERO_LIMIT_DECLINED", "10000/1m");
            shop.env("STOREZERO_LIMIT_ORDER_LOOKUPS", "10000/1m");
            shop.env("STOREZERO_LIMIT_PROMOTION_CODES", "10000/1m");
        }
        Ok(shop)
    }

    /// Starts the shop and waits until it is ready to sell. Its log is a file of that name, or else the terminal.
    pub fn start_shop(&self, program: &Path, site: &Path, log: Option<&str>) -> Result<Process> {
        let mut shop = self.shop_command(program, site)?;
        let log = log.map(|name| self.folder.join(name));
        let mut shop = Process::serve("The shop", &mut shop, log)?;
        let is_ready = || processes::answers(self.shop.port(), "/health/ready");
        shop.wait_until("get ready", READY_WITHIN, is_ready)?;
        Ok(shop)
    }

    /// Starts the server of the shop without a backend. It logs to a file of that name, or else to the terminal.
    pub fn start_no_backend(
        &self,
        program: &Path,
        site: &Path,
        log: Option<&str>,
    ) -> Result<Process> {
        let mut server = Command::new(absolute(program)?);
        server
            .args(["--listen", &self.no_backend.to_string()])
            .arg("--site")
            .arg(absolute(site)?)
            .args(["--api", &self.shop_url()])
            .args(["--issuer", &self.issuer()]);
        for (option, variable) in [
            ("--client-id", "STOREZERO_STATIC_CLIENT_ID"),
            ("--audience", "STOREZERO_API_AUDIENCE"),
        ] {
            if let Some(value) = self.environment(variable) {
                server.args([option, &value]);
            }
        }
        let log = log.map(|name| self.folder.join(name));
        let mut server = Process::serve("The shop without a backend", &mut server, log)?;
        let is_ready = || processes::answers(self.no_backend.port(), "/config.json");
        server.wait_until("answer", READY_WITHIN, is_ready)?;
        Ok(server)
    }

    fn configure<const N: usize>(&self, command: &mut Command, settings: [(&str, String); N]) {
        if !self.of_a_person {
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
        self.of_a_person.then(|| env::var(name).ok())?
    }

    fn data(&self, name: &str) -> String {
        self.folder.join(name).display().to_string()
    }

    /// Made once, so that a login survives a restart.
    fn secret_key(&self) -> Result<String> {
        let file = self.folder.join("secret-key");
        if !file.exists() {
            let mut random = [[0; 16]; 2];
            fs::File::open("/dev/urandom")?.read_exact(random.as_flattened_mut())?;
            let [left, right] = random.map(u128::from_ne_bytes);
            let mut options = fs::OpenOptions::new();
            let mut open = options.write(true).create_new(true).mode(0o600).open(&file)?;
            write!(open, "{left:032x}{right:032x}")?;
        }
        Ok(fs::read_to_string(file)?)
    }
}

fn http(host: &str, port: u16) -> String {
    format!("http://{host}:{port}")
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
