//! `cargo xtask`: everything one does with this repository, from a fresh clone on.
//!
//! Each command finds or installs the tools it needs, so nobody has to prepare a machine. The commands live in
//! files of their own names; `bundle` turns the frontend into the site folder, `tools` gets hold of compilers,
//! Node and Chromium, `processes` starts things and makes sure that they end.

mod bench;
mod bundle;
mod demo;
mod dev;
mod files;
mod notices;
mod ports;
mod postgres;
mod processes;
mod servers;
mod steps;
mod test;
mod tools;

use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context, Result, bail};

use crate::bundle::Quality;
use crate::steps::Steps;

const HELP: &str = "\
cargo xtask <command>

  demo [--open]   build everything, start the shop and its identity provider, say what to try;
                  --open also opens the browser. Ctrl-C ends all of it
  test [NAME]     formatting, clippy, dependencies, TypeScript check, tests of the identity provider, Rust tests,
                  end-to-end tests in Chromium; with NAME only the tests whose name contains it
  dist            what a deployment runs, fully optimised: target/dist/storezero and target/site, storezero-static and
                  target/site-no-backend, which is the shop as static files; nothing started
  bench [--quick] [NAME]
                  how fast it is, fully optimised, beside a bare server and Express; with NAME only the rows whose name
                  contains it (docs/performance.md)
  bench pages [NAME]
                  Lighthouse on the shop's pages, as a phone and as a desktop
  dev             the demo for contributors: rebuilds, restarts and reloads on every change
  fmt             format the Rust code

Environment: STOREZERO_LISTEN (127.0.0.1:3000), STOREZERO_STATIC_LISTEN (127.0.0.1:3001, the shop without a backend),
IDP_PORT (4000) and IDP_FRIENDBOOK_PORT (4100) move the servers; every other STOREZERO_ variable reaches the shop as it
is. With STOREZERO_OIDC_ISSUER your own identity provider is used, and STOREZERO_STATIC_CLIENT_ID (storezero-spa) is the
name that the shop without a backend has there.
CHROMIUM names the browser of the end-to-end tests.
";

fn main() -> ExitCode {
    let arguments: Vec<_> = std::env::args().skip(1).collect();
    let words: Vec<_> = arguments.iter().map(String::as_str).collect();
    match prepare().and_then(|()| run(&words)) {
        // 128 + SIGINT, as shells report it.
        Err(_) if processes::interrupted() => {
            eprintln!("\nInterrupted; everything that was started has ended.");
            ExitCode::from(130)
        }
        Err(error) => {
            eprintln!("\nerror: {error:#}");
            ExitCode::FAILURE
        }
        Ok(()) => ExitCode::SUCCESS,
    }
}

fn prepare() -> Result<()> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent();
    std::env::set_current_dir(root.context("xtask lies in the workspace")?)?;
    processes::end_everything_on_signal()
}

fn run(words: &[&str]) -> Result<()> {
    let steps = &mut Steps::new();
    match words {
        ["demo"] => demo::run(steps, false),
        ["demo", "--open"] => demo::run(steps, true),
        ["test"] => test::run(steps, None),
        ["test", name] if !name.starts_with('-') => test::run(steps, Some(name)),
        ["dist"] => dist(steps),
        ["bench", "pages"] => bench::pages::run(steps, ""),
        ["bench", "pages", name] if !name.starts_with('-') => bench::pages::run(steps, name),
        ["bench", words @ ..] => bench::run(steps, words),
        ["dev"] => dev::run(steps),
        ["fmt"] => steps.run("Format the Rust code", |step| {
            processes::run(tools::cargo().args(["fmt", "--all"]), step).map(drop)
        }),
        [] | ["help" | "--help" | "-h"] => {
            print!("{HELP}");
            Ok(())
        }
        unknown => bail!("`cargo xtask {}` is no command\n\n{HELP}", unknown.join(" ")),
    }
}

fn dist(steps: &mut Steps) -> Result<()> {
    let programs = servers::build(steps, servers::Profile::Dist)?;
    let sites = bundle::build(steps, Quality::Dist)?;
    for (program, site) in [(programs.shop, sites.shop), (programs.static_files, sites.no_backend)]
    {
        let (program, folder) = (program.display(), site.folder.display());
        println!("\n{program} serves {folder}:\n\n{}", site.size_table()?);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_known_is_refused_with_the_help() {
        for wrong in [
            &["dmeo"][..],
            &["demo", "--opne"],
            &["demo", "--open", "now"],
            &["test", "--nocapture"],
            &["dist", "backend"],
            &["bench", "--slow"],
            &["bench", "a", "b"],
        ] {
            let refusal = run(wrong).unwrap_err().to_string();
            assert!(refusal.contains(&wrong.join(" ")), "{refusal}");
            assert!(refusal.contains("test [NAME]"), "{refusal}");
        }
    }
}
