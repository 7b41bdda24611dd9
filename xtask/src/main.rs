//! `cargo xtask`: everything one does with this repository, from a fresh clone on.
//!
//! Each command finds or installs the tools it needs, so nobody has to prepare a machine. The commands live in
//! files of their own names; `bundle` turns the frontend into the site folder, `tools` gets hold of compilers,
//! Node, Chromium and PostgreSQL, `processes` starts things and makes sure that they end.

mod bundle;
mod compress;
mod demo;
mod dev;
mod files;
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
  test [NAME]     formatting, clippy, Rust tests, TypeScript check, end-to-end tests in Chromium;
                  with NAME only the tests whose name contains it
  build           target/release/storezero and target/site, nothing started
  dev             the demo for contributors: rebuilds, restarts and reloads on every change
  fmt             format the Rust code

Environment: STOREZERO_LISTEN (127.0.0.1:3000), IDP_PORT (4000) and IDP_FRIENDBOOK_PORT (4100) move the servers; every
other STOREZERO_ variable reaches the shop as it is, and with STOREZERO_OIDC_ISSUER your own identity provider is used.
CHROMIUM names the browser of the end-to-end tests.
";

#[derive(Debug, PartialEq, Eq)]
enum Command {
    Demo { open: bool },
    Test { name: Option<String> },
    Build,
    Dev,
    Fmt,
    Help,
}

fn main() -> ExitCode {
    let command = match parse(std::env::args().skip(1)) {
        Ok(command) => command,
        Err(error) => {
            eprintln!("{error}\n\n{HELP}");
            return ExitCode::from(2);
        }
    };
    match run(&command) {
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

fn parse(mut arguments: impl Iterator<Item = String>) -> Result<Command> {
    let command = match arguments.next().as_deref() {
        Some("demo") => Command::Demo {
            open: match arguments.next().as_deref() {
                None => false,
                Some("--open") => true,
                Some(other) => bail!("`cargo xtask demo` does not know `{other}`"),
            },
        },
        Some("test") => Command::Test {
            name: match arguments.next() {
                Some(name) if name.starts_with('-') => {
                    bail!("`cargo xtask test` takes a part of a test's name, not `{name}`")
                }
                name => name,
            },
        },
        Some("build") => Command::Build,
        Some("dev") => Command::Dev,
        Some("fmt") => Command::Fmt,
        None | Some("help" | "--help" | "-h") => Command::Help,
        Some(other) => bail!("`cargo xtask` has no command `{other}`"),
    };
    match arguments.next() {
        Some(extra) => bail!("one argument too many: `{extra}`"),
        None => Ok(command),
    }
}

fn run(command: &Command) -> Result<()> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .context("xtask lies in the workspace")?;
    std::env::set_current_dir(root)?;
    processes::end_everything_on_signal()?;

    let mut steps = Steps::new();
    match command {
        Command::Demo { open } => demo::run(&mut steps, *open),
        Command::Test { name } => test::run(&mut steps, name.as_deref()),
        Command::Build => build(&mut steps),
        Command::Dev => dev::run(&mut steps),
        Command::Fmt => steps.run("Format the Rust code", |step| {
            processes::run(tools::cargo().args(["fmt", "--all"]), step).map(drop)
        }),
        Command::Help => {
            print!("{HELP}");
            Ok(())
        }
    }
}

fn build(steps: &mut Steps) -> Result<()> {
    servers::build_shop(steps, servers::Profile::Release)?;
    let site = bundle::build(steps, Quality::Release)?;
    print!("\n{}", site.size_table()?);
    println!(
        "\ntarget/release/storezero serves {}.",
        site.folder.display()
    );
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(arguments: &[&str]) -> Result<Command> {
        parse(arguments.iter().map(ToString::to_string))
    }

    #[test]
    fn each_command_is_known_with_its_options() {
        assert_eq!(parsed(&["demo"]).unwrap(), Command::Demo { open: false });
        assert_eq!(
            parsed(&["demo", "--open"]).unwrap(),
            Command::Demo { open: true }
        );
        assert_eq!(parsed(&["test"]).unwrap(), Command::Test { name: None });
        assert_eq!(
            parsed(&["test", "S2"]).unwrap(),
            Command::Test {
                name: Some("S2".into())
            }
        );
        assert_eq!(parsed(&["build"]).unwrap(), Command::Build);
        assert_eq!(parsed(&[]).unwrap(), Command::Help);
    }

    #[test]
    fn what_is_not_known_is_refused_by_its_name() {
        for wrong in [
            &["dmeo"][..],
            &["demo", "--opne"],
            &["test", "--nocapture"],
            &["build", "backend"],
        ] {
            let refusal = parsed(wrong).unwrap_err().to_string();
            assert!(refusal.contains(wrong[wrong.len() - 1]), "{refusal}");
        }
    }
}
