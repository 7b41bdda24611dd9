//! `cargo xtask bench`: how fast the shop is, beside a server that does nothing and a peer that does the same.
//!
//! docs/performance.md says what each row means. Servers and load share the machine, so figures of two machines, or of
//! two hours, say little beside each other; the ratios of one run do.

mod browser;
mod figures;
mod load;
pub mod pages;
mod rows;
mod stand;
mod store;
mod streams;

use std::time::Duration;

use anyhow::{Result, bail};

use crate::HELP;
use crate::bundle::{self, Quality};
use crate::servers;
use crate::steps::Steps;
use crate::tools;
use figures::Figures;
use stand::Stand;

pub const FOLDER: &str = "target/bench";
/// Of the peer, of Lighthouse, and of what writes rows.
pub const PACKAGE: &str = "e2e/bench";

/// How long and how often is measured.
#[derive(Clone, Copy)]
pub struct Effort {
    pub rounds: usize,
    pub round: Duration,
    pub starts: usize,
}

const FULL: Effort = Effort { rounds: 5, round: Duration::from_secs(2), starts: 10 };
const QUICK: Effort = Effort { rounds: 2, round: Duration::from_secs(1), starts: 3 };

pub fn run(steps: &mut Steps, words: &[&str]) -> Result<()> {
    let (effort, name) = match words {
        [] => (FULL, ""),
        ["--quick"] => (QUICK, ""),
        ["--quick", name] | [name, "--quick"] if !name.starts_with('-') => (QUICK, *name),
        [name] if !name.starts_with('-') => (FULL, *name),
        unknown => bail!("`cargo xtask bench {}` is no command\n\n{HELP}", unknown.join(" ")),
    };
    if !rows::any_is_called(name) {
        bail!("no row's name contains \"{name}\"; there are:\n{}", rows::names().join("\n"));
    }
    stand::allow_many_connections()?;

    let programs = servers::build_for_bench(steps)?;
    let sites = bundle::build(steps, Quality::Dist)?;
    for folder in ["e2e", PACKAGE] {
        steps.run(&format!("Install the npm packages of {folder}"), |step| {
            tools::install_npm_packages(folder.as_ref(), step)
        })?;
    }
    let stand = steps.run("Start shop, identity provider, yardstick and peer", |step| {
        Stand::start(&programs, &sites.shop.folder, step)
    })?;

    let mut figures = Figures::new(effort.rounds);
    rows::measure(steps, &stand, effort, name, &mut figures)?;
    if rows::is_called(rows::STREAMS, name) {
        steps.run("Open event streams", |_| streams::measure(&stand, &mut figures))?;
    }
    store::measure(steps, &stand, effort, name, &mut figures)?;
    drop(stand);

    println!("\n{}", figures.table());
    println!("{}", stand::RAISED_LIMITS);
    println!("Written to {}", figures.write(FOLDER.as_ref())?.display());
    Ok(())
}
