//! What is measured, all of it running beside each other.

use std::path::{Path, PathBuf, absolute};
use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};
use fs_err as fs;
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use serde_json::{Value, json};

use super::browser::{self, Browser};
use super::load::Load;
use super::{FOLDER, PACKAGE};
use crate::processes::{self, Process};
use crate::servers::{BenchPrograms, ONE_HOST, Surroundings};
use crate::steps::Step;
use crate::{ports, tools};

const READY_WITHIN: Duration = Duration::from_mins(1);
/// A thousand event streams, and what is open otherwise.
const OPEN_FILES: u64 = 8192;

/// One sender is all the shoppers here.
const LIMITS: [(&str, &str); 4] = [
    ("STOREZERO_LIMIT_FIRST_CARTS", "100000000/1m"),
    ("STOREZERO_LIMIT_CHECKOUTS", "100000000/1m"),
    // Counted until a card is found to be good.
    ("STOREZERO_LIMIT_DECLINED", "100000000/1m"),
    ("STOREZERO_LIMIT_SIGN_INS", "100000/1m"),
];
pub const RAISED_LIMITS: &str = "The shop's limits per sender were raised (STOREZERO_LIMIT_FIRST_CARTS, _CHECKOUTS, \
     _DECLINED, _SIGN_INS), since\none sender was all the shoppers; every other setting was the demo's.";

/// How many guests take turns, so that no figure is that of one row in a warm cache.
pub const GUESTS: usize = 1000;

const DATABASE: &str = "storezero.sqlite";

pub struct Stand {
    pub surroundings: Surroundings,
    programs: BenchPrograms,
    site: PathBuf,
    pub load: Load,
    pub shop: Process,
    pub bare_port: u16,
    pub peer_port: u16,
    /// Of Ada, who has ordered before, in the shop and at the peer.
    pub customer: String,
    pub peer_customer: String,
    /// Of guests with something in the cart.
    pub guests: Vec<String>,
    /// What each of them would order, a `CheckoutRequest`.
    pub order: String,
    /// They end with this.
    _others: Vec<Process>,
}

/// A session for each event stream is a connection for each.
pub fn allow_many_connections() -> Result<()> {
    let now = getrlimit(Resource::Nofile);
    let enough = now.maximum.map_or(OPEN_FILES, |most| most.min(OPEN_FILES));
    if now.current.is_some_and(|current| current < enough) {
        setrlimit(Resource::Nofile, Rlimit { current: Some(enough), maximum: now.maximum })?;
    }
    Ok(())
}

impl Stand {
    pub fn start(programs: &BenchPrograms, site: &Path, step: &Step) -> Result<Self> {
        let surroundings = Surroundings::for_tests(&format!("{FOLDER}/servers"), ONE_HOST)?;
        step.note("the identity provider");
        // In test mode a client can register itself, as the peer has to.
        let idp = surroundings.start_idp("IDP_REGISTRATION")?;
        step.note("the shop");
        let shop = start_shop(&surroundings, programs, site, None)?;
        let mut browser = Browser::default();
        browser.sign_in(&format!("{}/auth/login?return_to=/", surroundings.shop_url()))?;
        let orders = browser.get(&format!("{}/api/orders", surroundings.shop_url()))?;
        let session = browser.get(&format!("{}/api/session", surroundings.shop_url()))?;
        let customer = browser.cookies("storezero");

        let [bare_port, peer_port] = ports::several_free()?;
        step.note("the yardstick");
        let memory = surroundings.folder.join("memory");
        fs::create_dir_all(&memory)?;
        let orders_file = memory.join("orders");
        fs::write(&orders_file, &orders)?;
        fs::write(memory.join("session"), session)?;
        let mut bare = Command::new(absolute(&programs.bare)?);
        bare.arg(format!("127.0.0.1:{bare_port}")).arg(memory);
        let log = surroundings.folder.join("bare.log");
        let mut bare = Process::serve("The bare server", &mut bare, Some(log))?;
        bare.wait_until("answer", READY_WITHIN, || processes::answers(bare_port, "/session"))?;

        step.note("the peer");
        let peer = start_peer(&surroundings, peer_port, &orders_file)?;
        let mut browser = Browser::default();
        browser.sign_in(&format!("http://localhost:{peer_port}/login"))?;
        browser.get(&format!("http://localhost:{peer_port}/orders"))?;
        let peer_customer = browser.cookies("appSession");

        step.note("the guests");
        let load = Load::new(&programs.load, &surroundings.folder)?;
        rows(&["stock", &surroundings.folder.join(DATABASE).display().to_string()])?;
        let guests = load.open_guests(surroundings.shop_port(), GUESTS)?;
        let order = order(&surroundings, guests.first().context("a guest")?)?;
        step.note("");
        Ok(Self {
            programs: programs.clone(),
            site: site.into(),
            load,
            shop,
            bare_port,
            peer_port,
            customer,
            peer_customer,
            guests,
            order,
            surroundings,
            _others: vec![idp, bare, peer],
        })
    }

    /// Another shop, on another database and port.
    pub fn start_shop_on(&self, database: &Path, port: u16) -> Result<Process> {
        start_shop(&self.surroundings, &self.programs, &self.site, Some((database, port)))
    }

    /// From the start of the program until it says that it is ready.
    pub fn time_start(&self, database: &Path, port: u16) -> Result<(Process, Duration)> {
        let start = Instant::now();
        let shop = self.start_shop_on(database, port)?;
        Ok((shop, start.elapsed()))
    }

    pub fn database(&self) -> PathBuf {
        self.surroundings.folder.join(DATABASE)
    }
}

fn start_shop(
    surroundings: &Surroundings,
    programs: &BenchPrograms,
    site: &Path,
    elsewhere: Option<(&Path, u16)>,
) -> Result<Process> {
    let mut shop = surroundings.shop_command(&programs.shop, site)?;
    shop.envs(LIMITS);
    let mut port = surroundings.shop_port();
    if let Some((database, own_port)) = elsewhere {
        port = own_port;
        let database = database.display();
        shop.env("STOREZERO_LISTEN", format!("127.0.0.1:{port}"))
            .env("STOREZERO_DATABASE_URL", format!("sqlite://{database}"));
    }
    let log = surroundings.folder.join(format!("shop-{port}.log"));
    let mut shop = Process::serve("The shop", &mut shop, Some(log))?;
    let deadline = Instant::now() + READY_WITHIN;
    // Often, since it is measured.
    while !processes::answers(port, "/health/ready") {
        shop.still_runs()?;
        if Instant::now() > deadline {
            anyhow::bail!("the shop was not ready within {} s", READY_WITHIN.as_secs());
        }
        std::thread::sleep(Duration::from_millis(1));
    }
    Ok(shop)
}

/// An order of what is in a guest's cart, at the prices that the shop says.
fn order(surroundings: &Surroundings, guest: &str) -> Result<String> {
    let url = format!("{}/api/checkout/quote", surroundings.shop_url());
    let wanted = json!({ "delivery": "standard", "country": "DE" });
    let answer = browser::post_json(&url, guest, &wanted.to_string())?;
    let quote: Value = serde_json::from_str(&answer.body)
        .with_context(|| format!("the shop answers: {}", answer.body))?;
    let items = quote["items"].as_array().context("no items in a quote")?;
    let seen = items.iter().map(|item| {
        let of = |name: &str| item[name].clone();
        json!({ "sku": of("sku"), "quantity": of("quantity"), "unit_price": of("unit_price") })
    });
    let order = json!({
        "email": "guest@example.com",
        "address": {
            "full_name": "Guest of the Bench",
            "street": "Chausseestraße 1",
            "postcode": "10115",
            "city": "Berlin",
            "country": "DE",
        },
        "delivery": "standard",
        "card": { "number": "4242424242424242", "expiry": "12/49", "security_code": "123" },
        "seen": { "items": seen.collect::<Vec<_>>(), "total": quote["totals"]["total"] },
    });
    Ok(order.to_string())
}

fn start_peer(surroundings: &Surroundings, port: u16, orders: &Path) -> Result<Process> {
    let url = format!("http://localhost:{port}");
    let registration = json!({
        "client_name": "the bench's peer",
        "redirect_uris": [format!("{url}/callback")],
        "scope": "openid profile email",
    });
    let registered = browser::post_json(
        &format!("{}/reg", surroundings.issuer()),
        "",
        &registration.to_string(),
    )?;
    let client: Value = serde_json::from_str(&registered.body)
        .with_context(|| format!("the identity provider answers: {}", registered.body))?;
    let text = |name: &str| {
        client[name].as_str().with_context(|| format!("no {name} in {}", registered.body))
    };
    let mut peer = node("peer.mjs")?;
    peer.env("PEER_PORT", port.to_string())
        .env("PEER_URL", &url)
        .env("PEER_ISSUER", surroundings.issuer())
        .env("PEER_CLIENT_ID", text("client_id")?)
        .env("PEER_CLIENT_SECRET", text("client_secret")?)
        .env("PEER_ORDERS", orders)
        .env("PEER_DATABASE", surroundings.folder.join("peer.sqlite"))
        .env("NODE_ENV", "production");
    let log = surroundings.folder.join("peer.log");
    let mut peer = Process::serve("The peer", &mut peer, Some(log))?;
    peer.wait_until("answer", READY_WITHIN, || processes::answers(port, "/hello"))?;
    Ok(peer)
}

/// A program of the bench's package, run by the Node that runs the identity provider.
pub fn node(script: &str) -> Result<Command> {
    let own = absolute("e2e/node_modules/.bin/node")?;
    let node =
        if own.exists() { own } else { tools::find_program("node").context("Node is missing")? };
    let mut command = Command::new(node);
    command.arg("--disable-warning=ExperimentalWarning").arg(absolute(PACKAGE)?.join(script));
    Ok(command)
}

/// Changes or counts rows of a shop's database (rows.mjs).
pub fn rows(words: &[&str]) -> Result<String> {
    let mut node = node("rows.mjs")?;
    processes::answer(node.args(words)).with_context(|| format!("rows.mjs {}", words.join(" ")))
}

/// Memory that a program holds, in bytes.
pub fn memory_of(process: &Process) -> Result<u64> {
    let id = process.id().to_string();
    let kibibytes = processes::answer(Command::new("ps").args(["-o", "rss=", "-p", &id]));
    Ok(kibibytes.context("`ps` does not say a program's memory")?.parse::<u64>()? * 1024)
}
