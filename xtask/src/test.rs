//! `cargo xtask test`: everything that CI checks. A failing step does not keep the others from being tried, and none
//! is forgotten: the command fails if any of them did.

mod tally;

use std::path::PathBuf;
use std::process::Command;

use anyhow::{Result, bail};

use crate::bundle::{self, Quality, Site};
use crate::postgres::{Cluster, Postgres};
use crate::processes::{self, Process, run as run_quietly};
use crate::servers::{IdpMode, Logs, Surroundings, without_settings};
use crate::steps::{Step, Steps};
use crate::tools;
use tally::Tally;

const ON_SQLITE: &str = "Rust tests (SQLite)";
const ON_POSTGRES: &str = "Rust tests (PostgreSQL)";
const END_TO_END: &str = "End-to-end tests";

pub fn run(steps: &mut Steps, name: Option<&str>) -> Result<()> {
    let mut tests = Tests {
        steps,
        name,
        tally: Tally::default(),
    };
    tests.all();
    let Tests {
        steps, mut tally, ..
    } = tests;
    if processes::interrupted() {
        bail!("interrupted");
    }

    // A step that failed without a failing test (it did not compile, a server did not start) must not read as 0.
    tally.failed = tally.failed.max(steps.failed());
    println!("\n{}\n{tally}", steps.table());
    match (steps.failed(), name) {
        (0, Some(name)) if tally.passed == 0 => bail!("no test has `{name}` in its name"),
        (0, _) => Ok(()),
        (1, _) => bail!("one step failed"),
        (failed, _) => bail!("{failed} steps failed"),
    }
}

struct Tests<'a> {
    steps: &'a mut Steps,
    /// Only tests with this in their name.
    name: Option<&'a str>,
    tally: Tally,
}

impl Tests<'_> {
    fn all(&mut self) {
        if self.name.is_none() {
            self.quiet("Formatting", |step| {
                run_quietly(tools::cargo().args(["fmt", "--all", "--check"]), step)
            });
            self.quiet("Clippy", |step| {
                run_quietly(
                    cargo("clippy").args(["--workspace", "--all-targets", "--", "-D", "warnings"]),
                    step,
                )
            });
        }
        let packages = self
            .quiet("Install e2e's npm packages", |step| {
                tools::install_npm_packages("e2e".as_ref(), step)
            })
            .is_some();
        // Builds the shop's server as well, which the end-to-end tests start.
        let compiled = self
            .quiet("Compile the Rust tests", |step| {
                run_quietly(cargo("test").args(["--workspace", "--no-run"]), step)
            })
            .is_some();

        if packages && compiled {
            self.rust_tests();
        } else {
            self.steps
                .leave_out(ON_SQLITE, "for want of what failed above");
            self.steps
                .leave_out(ON_POSTGRES, "for want of what failed above");
        }
        if packages && self.name.is_none() {
            self.quiet("TypeScript check", |step| {
                run_quietly(
                    Command::new("npm")
                        .args(["run", "--silent", "typecheck"])
                        .current_dir("e2e"),
                    step,
                )
            });
            self.shown("Tests of the identity provider", Tally::of_node, {
                let mut npm = Command::new("npm");
                without_settings(&mut npm)
                    .args(["run", "--silent", "test:idp"])
                    .current_dir("e2e");
                npm
            });
        }
        if packages && compiled {
            self.end_to_end();
        } else {
            self.steps
                .leave_out(END_TO_END, "for want of what failed above");
        }
    }

    fn rust_tests(&mut self) {
        let Some((idp, here)) = self.quiet("Start the identity provider (test mode)", |_| {
            let here = Surroundings::for_tests("target/test/rust")?;
            Ok((here.start_idp(IdpMode::Registration, Logs::InFiles)?, here))
        }) else {
            self.steps
                .leave_out(ON_SQLITE, "for want of the identity provider");
            return self
                .steps
                .leave_out(ON_POSTGRES, "for want of the identity provider");
        };
        let issuer = here.issuer();

        let mut on_sqlite = cargo("test");
        on_sqlite
            .args(["--workspace", "--no-fail-fast"])
            .args(self.name);
        on_sqlite
            .env("STOREZERO_TEST_IDP", &issuer)
            .env("STOREZERO_TEST_DATABASE", "sqlite");
        self.shown(ON_SQLITE, Tally::of_cargo, on_sqlite);

        if let Some(cluster) = self.postgres() {
            let mut on_postgres = cargo("test");
            // All of them again: a choice would change which features are on, and compile everything anew.
            on_postgres
                .args(["--workspace", "--no-fail-fast"])
                .args(self.name);
            on_postgres
                .env("STOREZERO_TEST_IDP", &issuer)
                .env("STOREZERO_TEST_DATABASE", cluster.admin_url());
            self.shown(ON_POSTGRES, Tally::of_cargo, on_postgres);
        }
        drop(idp);
    }

    fn postgres(&mut self) -> Option<Cluster> {
        let found = self
            .steps
            .run("Find PostgreSQL", |step| {
                Ok(Postgres::find_or_install(step))
            })
            .ok()?;
        match found {
            Ok(postgres) => self.quiet("Start PostgreSQL", |step| postgres.start(step)),
            Err(missing) => {
                self.steps.leave_out(
                    ON_POSTGRES,
                    &format!("since there is no PostgreSQL here: {missing:#}"),
                );
                None
            }
        }
    }

    fn end_to_end(&mut self) {
        if let Some(name) = self.name {
            match self.quiet("Look for end-to-end tests of this name", |step| {
                count_end_to_end_tests(name, step)
            }) {
                None => return,
                Some(0) => return self.steps.leave_out(END_TO_END, "since none has this name"),
                Some(_) => {}
            }
        }
        let Ok(site) = self.report(|tests| bundle::build(tests.steps, Quality::Release)) else {
            return self.steps.leave_out(END_TO_END, "for want of the site");
        };
        let prepared = self.quiet(
            "Start shop, identity provider and Chromium's search",
            |step| start(&site, step),
        );
        let Some((servers, here, chromium)) = prepared else {
            return self
                .steps
                .leave_out(END_TO_END, "for want of what failed above");
        };
        let mut playwright = Command::new("npx");
        playwright.args(["playwright", "test", "--fail-on-flaky-tests"]);
        if let Some(name) = self.name {
            playwright.args(["--grep", &escaped(name)]);
        }
        playwright
            .current_dir("e2e")
            .env("BASE_URL", here.shop_url())
            .env("IDP_URL", here.issuer())
            .env("CHROMIUM", chromium);
        self.shown(END_TO_END, Tally::of_playwright, playwright);
        drop(servers);
    }

    fn quiet<T>(&mut self, title: &str, work: impl FnOnce(&Step) -> Result<T>) -> Option<T> {
        self.report(|tests| tests.steps.run(title, work)).ok()
    }

    /// A test run: its output is shown, its closing lines are counted.
    fn shown(&mut self, title: &str, count: fn(&str) -> Tally, mut command: Command) {
        let mut counted = Tally::default();
        let result = self.report(|tests| {
            tests.steps.show(title, || {
                let (status, output) = processes::show(&mut command)?;
                counted = count(&output);
                if !status.success() {
                    bail!("{title} failed ({status})");
                }
                Ok(())
            })
        });
        // Such a run counts as one failure at least.
        counted.failed = counted.failed.max(usize::from(result.is_err()));
        self.tally += counted;
    }

    /// Says at once what failed; the command's end comes back to it.
    fn report<T>(&mut self, work: impl FnOnce(&mut Self) -> Result<T>) -> Result<T> {
        if processes::interrupted() {
            bail!("interrupted");
        }
        let result = work(self);
        if let Err(error) = &result
            && !processes::interrupted()
        {
            println!("{error:#}\n");
        }
        result
    }
}

/// Cargo for the tests: nothing of what a person has set for a shop of their own reaches them.
fn cargo(subcommand: &str) -> Command {
    let mut cargo = tools::cargo();
    without_settings(cargo.arg(subcommand)).args(["--target-dir", "target"]);
    cargo
}

/// Starts what the end-to-end tests talk to, on free ports, so that a demo may go on beside them.
fn start(site: &Site, step: &Step) -> Result<([Process; 2], Surroundings, PathBuf)> {
    let chromium = tools::chromium("e2e".as_ref(), step)?;
    let here = Surroundings::for_tests("target/test/e2e")?;
    let idp = here.start_idp(IdpMode::Demo, Logs::InFiles)?;
    let shop = here.start_shop(
        "target/debug/storezero".as_ref(),
        &site.folder,
        Logs::InFiles,
    )?;
    Ok(([idp, shop], here, chromium))
}

fn count_end_to_end_tests(name: &str, step: &Step) -> Result<usize> {
    let mut playwright = Command::new("npx");
    playwright.args([
        "playwright",
        "test",
        "--list",
        "--pass-with-no-tests",
        "--grep",
        &escaped(name),
    ]);
    Ok(tally::listed_by_playwright(&run_quietly(
        playwright.current_dir("e2e"),
        step,
    )?))
}

/// Playwright's `--grep` takes a regular expression; a name is meant as it is written.
fn escaped(name: &str) -> String {
    let mut pattern = String::new();
    for character in name.chars() {
        if r"\^$.|?*+()[]{}/".contains(character) {
            pattern.push('\\');
        }
        pattern.push(character);
    }
    pattern
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_no_pattern() {
        assert_eq!(escaped("S1 anonymous checkout"), "S1 anonymous checkout");
        assert_eq!(escaped("price (1.50 €)?"), r"price \(1\.50 €\)\?");
    }
}
