//! What hangs on the database: starts, memory, many sessions, and tidying many of them up.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};

use super::Effort;
use super::figures::{Figures, Promise, Unit, median};
use super::load::{Requests, add_to_cart, get};
use super::rows::{self, BUSY_MEMORY, IDLE_MEMORY, STARTS, STORES, SWEEP_READ, SWEEP_WRITE};
use super::stand::{self, Stand, memory_of};
use crate::ports;
use crate::processes::Process;
use crate::steps::Steps;

const SESSIONS: [usize; 3] = [1_000, 100_000, 1_000_000];
/// Requests per second while the store is tidied up: enough to meet each moment, too few to be the load themselves.
const CHECKS_DURING_SWEEP: f64 = 500.0;
const CARTS_DURING_SWEEP: f64 = 50.0;
const MEBIBYTE: f64 = 1024.0 * 1024.0;

pub fn measure(
    steps: &mut Steps,
    stand: &Stand,
    effort: Effort,
    name: &str,
    figures: &mut Figures,
) -> Result<()> {
    let is_called = |row: &str| rows::is_called(row, name);
    if is_called(BUSY_MEMORY) {
        add_memory(figures, BUSY_MEMORY, &stand.shop, Promise::None)?;
    }
    if is_called(STARTS) || is_called(IDLE_MEMORY) {
        steps.run("Start the shop again and again", |_| start_often(stand, effort, figures))?;
    }
    let sweeps = is_called(SWEEP_READ) || is_called(SWEEP_WRITE);
    let compares = STORES.into_iter().any(is_called);
    if !sweeps && !compares {
        return Ok(());
    }
    let stores = if compares { &SESSIONS[..] } else { &SESSIONS[2..] };
    let files = steps.run("Fill databases with sessions", |step| {
        stores
            .iter()
            .map(|sessions| {
                step.note(format!("{sessions}"));
                fill(stand, *sessions)
            })
            .collect::<Result<Vec<_>>>()
    })?;
    if compares {
        steps.run("Ask shops with many sessions", |_| ask_many(stand, effort, &files, figures))?;
    }
    if sweeps {
        let file = files.last().context("a million sessions")?;
        steps.run("Ask a shop that tidies up", |step| {
            step.note(sweep(stand, effort, file, figures)?);
            Ok(())
        })?;
    }
    Ok(())
}

fn add_memory(figures: &mut Figures, name: &str, shop: &Process, promise: Promise) -> Result<()> {
    #[expect(clippy::cast_precision_loss, reason = "of a few megabytes")]
    let bytes = memory_of(shop)? as f64;
    figures.add_value(name, bytes / MEBIBYTE, Unit::Mebibytes, promise);
    Ok(())
}

fn start_often(stand: &Stand, effort: Effort, figures: &mut Figures) -> Result<()> {
    let copy = stand.surroundings.folder.join("started.sqlite");
    stand::rows(&["fill", &path(&stand.database()), &path(&copy), "0"])?;
    let mut times = Vec::new();
    let mut last = None;
    for _ in 0..effort.starts {
        drop(last.take());
        let (shop, took) = stand.time_start(&copy, ports::free()?)?;
        times.push(took.as_secs_f64() * 1000.0);
        last = Some(shop);
    }
    let time = median(times).context("a start")?;
    figures.add_value(STARTS, time, Unit::Milliseconds, Promise::AtMost(100.0));
    let shop = last.context("a shop")?;
    add_memory(figures, IDLE_MEMORY, &shop, Promise::AtMost(40.0))
}

/// A copy of the shop's database, with so many sessions in it beside those of the guests.
fn fill(stand: &Stand, sessions: usize) -> Result<PathBuf> {
    let file = stand.surroundings.folder.join(format!("sessions-{sessions}.sqlite"));
    stand::rows(&["fill", &path(&stand.database()), &path(&file), &sessions.to_string()])?;
    Ok(file)
}

fn ask_many(stand: &Stand, effort: Effort, files: &[PathBuf], figures: &mut Figures) -> Result<()> {
    let mut shops = Vec::new();
    for (file, name) in files.iter().zip(STORES) {
        let port = ports::free()?;
        shops.push((stand.start_shop_on(file, port)?, session_checks(stand, port), name));
    }
    for _ in 0..effort.rounds {
        for (_, requests, name) in &shops {
            figures.add(name, stand.load.measure(requests, effort.round, None)?);
        }
    }
    for name in &STORES[1..] {
        figures.hold_against(name, STORES[0], "", Promise::GrowsAtMost(1.2));
    }
    Ok(())
}

/// Answers how far the shop got meanwhile, for if it was done early the figures say little.
fn sweep(stand: &Stand, effort: Effort, file: &Path, figures: &mut Figures) -> Result<String> {
    stand::rows(&["expire", &path(file)])?;
    let port = ports::free()?;
    // It tidies up as soon as it is there.
    let _shop = stand.start_shop_on(file, port)?;
    let left = || -> Result<u64> { Ok(stand::rows(&["left", &path(file)])?.trim().parse()?) };
    let before = left()?;
    let carts = stand.guests.iter().map(|guest| add_to_cart(port, guest)).collect();
    let checks = session_checks(stand, port);
    let carts = Requests::of_a_reader(port, carts);
    for (name, requests, rate) in
        [(SWEEP_READ, checks, CHECKS_DURING_SWEEP), (SWEEP_WRITE, carts, CARTS_DURING_SWEEP)]
    {
        let time = effort.round * 2;
        for _ in 0..effort.rounds.min(2) {
            figures.add(name, stand.load.measure(&requests, time, Some(rate))?);
        }
        figures.hold_against(name, "", "", Promise::LongestWithin(50.0));
    }
    Ok(format!("{before} sessions left to sweep before, {} after", left()?))
}

fn session_checks(stand: &Stand, port: u16) -> Requests {
    let texts = stand.guests.iter().map(|guest| get(port, "/api/session", guest)).collect();
    Requests::of_a_reader(port, texts)
}

fn path(file: &Path) -> String {
    file.display().to_string()
}
