//! `cargo xtask test`: everything that CI checks. A failing step does not keep the others from being tried unless they
//! need what it makes, and none is forgotten: the command fails if any of them did.

mod tally;

use std::process::Command;

use anyhow::{Result, bail};

use crate::bundle::{self, Quality, Sites};
use crate::postgres::{self, Cluster};
use crate::processes::{self, Process, run as run_quietly, succeeds};
use crate::servers::{
    CUSTOM_DOMAIN, Hosts, ONE_HOST, Profile, Programs, SITES_APART, Surroundings, without_settings,
};
use crate::steps::{Step, Steps};
use crate::tools;
use tally::Tally;

const DEPENDENCIES: &str = "Check the dependencies";
const ON_POSTGRES: &str = "Rust tests (PostgreSQL)";
/// The frontend's other half: its two features exclude each other. Of the whole workspace all the same: the frontend
/// alone would need its dependencies with fewer features, and they would be compiled anew.
const NO_BACKEND: [&str; 4] =
    ["--workspace", "--no-default-features", "--features", "frontend/implicit"];
const END_TO_END: &str = "End-to-end tests";
/// What the tests of Playwright's project `cross-site` talk to: where the data is, what the variables with the
/// addresses begin with, and what the servers are called.
const CROSS_SITE: [(&str, &str, Hosts); 2] = [
    ("target/test/cross-site", "SITES_APART_", SITES_APART),
    ("target/test/cross-site-custom-domain", "CUSTOM_DOMAIN_", CUSTOM_DOMAIN),
];

pub fn run(steps: &mut Steps, name: Option<&str>) -> Result<()> {
    let mut tests = Tests { steps, name, tally: Tally::default() };
    if name.is_none() {
        tests.static_checks();
    }
    let ran = tests.test_runs();
    if processes::interrupted() {
        bail!("interrupted");
    }
    let Tests { steps, mut tally, .. } = tests;
    if ran.is_none() {
        steps.leave_out("All that comes after", "for want of what failed above");
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
    fn static_checks(&mut self) {
        self.quiet("Formatting", |step| {
            run_quietly(tools::cargo().args(["fmt", "--all", "--check"]), step)
        });
        self.quiet("Clippy", |step| {
            let mut clippy = cargo("clippy");
            run_quietly(clippy.args(["--workspace", "--all-targets", "--", "-D", "warnings"]), step)
        });
        self.quiet("Clippy (frontend without a backend)", |step| {
            let mut clippy = cargo("clippy");
            clippy.args(NO_BACKEND).args(["--all-targets", "--", "-D", "warnings"]);
            run_quietly(&mut clippy, step)
        });
        if succeeds(tools::cargo().args(["deny", "--version"])) {
            self.quiet(DEPENDENCIES, check_dependencies);
        } else {
            let why =
                "since there is no cargo-deny here (`cargo install --locked cargo-deny` gets it)";
            self.steps.leave_out(DEPENDENCIES, why);
        }
    }

    /// The runners of tests, in their order; none if one cannot be prepared that the next ones need.
    fn test_runs(&mut self) -> Option<()> {
        self.quiet("Install e2e's npm packages", |step| {
            tools::install_npm_packages("e2e".as_ref(), step)
        })?;
        if self.name.is_none() {
            self.quiet("TypeScript check", |step| run_quietly(&mut npm("typecheck"), step));
            let title = "Tests of the identity provider";
            self.shown(title, Tally::of_node, without_settings(&mut npm("test:idp")));
        }
        // Builds the shop's server as well, which the end-to-end tests start.
        self.quiet("Compile the Rust tests", |step| {
            run_quietly(cargo("test").args(["--workspace", "--no-run"]), step)
        })?;
        let title = "Rust unit tests (frontend without a backend)";
        let mut no_backend = cargo("test");
        no_backend.args(NO_BACKEND).args(["--lib", "--no-fail-fast"]).args(self.name);
        self.shown(title, Tally::of_cargo, &mut no_backend);
        self.rust_tests()?;
        self.end_to_end()
    }

    fn rust_tests(&mut self) -> Option<()> {
        let (idp, here) = self.quiet("Start the identity provider (test mode)", |_| {
            let here = Surroundings::for_tests("target/test/rust", ONE_HOST)?;
            Ok((here.start_idp("IDP_REGISTRATION")?, here))
        })?;
        // All of them for each database: a choice would change which features are on, and compile everything anew.
        let name = self.name;
        let cargo_test = |database: &str| {
            let mut cargo = cargo("test");
            cargo
                .args(["--workspace", "--no-fail-fast"])
                .args(name)
                .env("STOREZERO_TEST_IDP", here.issuer())
                .env("STOREZERO_TEST_DATABASE", database);
            cargo
        };
        self.shown("Rust tests (SQLite)", Tally::of_cargo, &mut cargo_test("sqlite"));
        if let Some(cluster) = self.postgres() {
            self.shown(ON_POSTGRES, Tally::of_cargo, &mut cargo_test(&cluster.admin_url()));
        }
        drop(idp);
        Some(())
    }

    fn postgres(&mut self) -> Option<Cluster> {
        // That there is none is no failure.
        let find = |step: &Step| Ok(postgres::find_or_install(step));
        match self.quiet("Find PostgreSQL", find)? {
            Ok(programs) => self.quiet("Start PostgreSQL", |step| Cluster::start(&programs, step)),
            Err(missing) => {
                let why = format!("since there is no PostgreSQL here: {missing:#}");
                self.steps.leave_out(ON_POSTGRES, &why);
                None
            }
        }
    }

    fn end_to_end(&mut self) -> Option<()> {
        let grep = self.name.map(|name| format!("--grep={}", escaped(name)));
        let playwright = || {
            let mut playwright = Command::new("npx");
            playwright.args(["playwright", "test"]).args(&grep).current_dir("e2e");
            playwright
        };
        let mut crosses_sites = true;
        if self.name.is_some() {
            let listed = self.quiet("Look for end-to-end tests of this name", |step| {
                run_quietly(playwright().args(["--list", "--pass-with-no-tests"]), step)
            })?;
            if listed.contains("Total: 0 tests") {
                self.steps.leave_out(END_TO_END, "since none has this name");
                return Some(());
            }
            crosses_sites = listed.contains("[cross-site]");
        }
        let sites = self.report(|tests| bundle::build(tests.steps, Quality::Quick))?;
        let find = |step: &Step| {
            let chromium = tools::chromium("e2e".as_ref(), step)?;
            Ok((chromium, tools::headless_shell(step)))
        };
        let (chromium, headless_shell) = self.quiet("Find Chromium", find)?;
        let mut playwright = playwright();
        playwright
            .envs(chromium.map(|program| ("CHROMIUM", program)))
            .envs(headless_shell.map(|program| ("CHROMIUM_HEADLESS_SHELL", program)));
        let mut stages = vec![("target/test/e2e", "", ONE_HOST)];
        if crosses_sites {
            stages.extend(CROSS_SITE);
        }
        let servers = self.quiet("Start identity provider and shops", |_| {
            let mut servers = Vec::new();
            for (folder, prefix, hosts) in stages {
                let here = Surroundings::for_tests(folder, hosts)?;
                servers.extend(start(&here, &sites)?);
                playwright
                    .env(format!("{prefix}BASE_URL"), here.shop_url())
                    .env(format!("{prefix}NO_BACKEND_URL"), here.no_backend_url())
                    .env(format!("{prefix}IDP_URL"), here.issuer());
            }
            Ok(servers)
        })?;
        self.shown(END_TO_END, Tally::of_playwright, &mut playwright);
        drop(servers);
        Some(())
    }

    fn quiet<T>(&mut self, title: &str, work: impl FnOnce(&Step) -> Result<T>) -> Option<T> {
        self.report(|tests| tests.steps.run(title, work))
    }

    /// A test run: its output is shown, its closing lines are counted.
    fn shown(&mut self, title: &str, count: fn(&str) -> Tally, command: &mut Command) {
        let mut counted = Tally::default();
        let result = self.report(|tests| {
            tests.steps.show(title, || {
                let (status, output) = processes::show(command)?;
                counted = count(&output);
                if !status.success() {
                    bail!("{title} failed ({status})");
                }
                Ok(())
            })
        });
        // Such a run counts as one failure at least.
        counted.failed = counted.failed.max(usize::from(result.is_none()));
        self.tally += counted;
    }

    /// Says at once what failed; the command's end comes back to it.
    fn report<T>(&mut self, work: impl FnOnce(&mut Self) -> Result<T>) -> Option<T> {
        if processes::interrupted() {
            return None;
        }
        let result = work(self);
        if let Err(error) = &result
            && !processes::interrupted()
        {
            println!("{error:#}\n");
        }
        result.ok()
    }
}

/// Cargo for the tests: nothing of what a person has set for a shop of their own reaches them.
fn cargo(subcommand: &str) -> Command {
    let mut cargo = tools::cargo();
    without_settings(cargo.arg(subcommand)).args(["--target-dir", "target"]);
    cargo
}

fn npm(script: &str) -> Command {
    let mut npm = Command::new("npm");
    npm.args(["run", "--silent", script]).current_dir("e2e");
    npm
}

/// What `deny.toml` asks of the dependencies. Where the database of advisories cannot be fetched, everything else is
/// checked all the same.
fn check_dependencies(step: &Step) -> Result<()> {
    let deny = |arguments: &[&str]| {
        let mut cargo = tools::cargo();
        run_quietly(cargo.args(["deny", "--locked"]).args(arguments), step)
    };
    let without_network = ["check", "bans", "licenses", "sources"];
    if deny(&["fetch", "db"]).is_ok() {
        deny(&[&without_network[..], &["advisories"]].concat())?;
        step.note("advisories, licences, sources, bans");
    } else {
        deny(&without_network)?;
        step.note("licences, sources, bans; not the advisories, whose database cannot be fetched");
    }
    Ok(())
}

/// Starts what end-to-end tests talk to. A demo may go on beside it.
fn start(here: &Surroundings, sites: &Sites) -> Result<[Process; 3]> {
    let programs = Programs::of(Profile::Dev);
    let idp = here.start_idp("IDP_DEMO")?;
    let shop = here.start_shop(&programs.shop, &sites.shop.folder, Some("shop.log"))?;
    let site = &sites.no_backend.folder;
    let no_backend = here.start_no_backend(&programs.static_files, site, Some("no-backend.log"))?;
    Ok([idp, shop, no_backend])
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
