//! `cargo xtask dev`: what a contributor keeps running. Every change is built; a new server is started, and pages
//! that are open reload themselves (`bundle/reload.js`).

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, SystemTime};

use anyhow::{Context, Result};
use notify::{Event, EventKind, RecursiveMode, Watcher};

use crate::bundle::{self, Quality};
use crate::demo;
use crate::processes::{self, Process};
use crate::servers::{self, IdpMode, Logs, Profile, Surroundings};
use crate::steps::Steps;
use crate::tools;

/// Folders with everything below them, and folders whose own files alone count (below them lie
/// `node_modules` and `target`).
const WATCHED: [(&str, RecursiveMode); 7] = [
    ("backend", RecursiveMode::Recursive),
    ("shared", RecursiveMode::Recursive),
    ("frontend/src", RecursiveMode::Recursive),
    ("frontend/styles", RecursiveMode::Recursive),
    ("frontend/public", RecursiveMode::Recursive),
    ("frontend", RecursiveMode::NonRecursive),
    (".", RecursiveMode::NonRecursive),
];

/// Editors write a file in several steps, and "save all" writes several files.
const QUIET: Duration = Duration::from_millis(150);
/// How often a stopped identity provider or Ctrl-C is noticed while nothing changes.
const LOOK_AGAIN: Duration = Duration::from_millis(100);

pub fn run(steps: &mut Steps) -> Result<()> {
    let here = Surroundings::for_a_person("target/dev")?;
    steps.run("Install the identity provider's npm packages", |step| {
        tools::install_npm_packages("e2e".as_ref(), step)
    })?;
    let idp = if here.has_own_idp() {
        Some(steps.run("Start the identity provider", |_| {
            here.start_idp(IdpMode::Demo, Logs::InFiles)
        })?)
    } else {
        None
    };

    let (changes, _watcher) = watch()?;
    let mut bench = Bench {
        here,
        idp,
        shop: None,
    };
    bench.build_and_serve(steps);
    if bench.shop.is_some() {
        println!("\n{}", demo::welcome(&bench.here));
    }
    println!("Waiting for changes in backend, shared and frontend. Ctrl-C ends everything.");
    while bench.wait_for_change(&changes)? {
        bench.build_and_serve(steps);
    }
    Ok(())
}

/// What runs, and what it was built from.
struct Bench {
    here: Surroundings,
    idp: Option<Process>,
    shop: Option<(Process, Versions)>,
}

/// When the files that a server is started with were made.
type Versions = [Option<SystemTime>; 2];

impl Bench {
    /// Builds what changed and starts the server anew if it or its site did. A failure is shown; the last server
    /// keeps running, and the next change tries again.
    fn build_and_serve(&mut self, steps: &mut Steps) {
        if let Err(error) = self.try_build_and_serve(steps)
            && !processes::interrupted()
        {
            eprintln!("\n{error:#}\n\nWaiting for the next change.");
        }
    }

    fn try_build_and_serve(&mut self, steps: &mut Steps) -> Result<()> {
        let program = servers::build_shop(steps, Profile::Dev)?;
        let site = bundle::build(steps, Quality::Dev)?;
        let versions = [&program, &site.folder.join("index.html")].map(|file| modified(file));
        if self
            .shop
            .as_ref()
            .is_some_and(|(_, running)| *running == versions)
        {
            return Ok(());
        }
        // The port must be free before the next one takes it.
        self.shop = None;
        let shop = steps.run("Start the shop", |_| {
            self.here
                .start_shop(&program, &site.folder, Logs::OnTerminal)
        })?;
        self.shop = Some((shop, versions));
        Ok(())
    }

    /// Whether something changed; no means that the person interrupted.
    fn wait_for_change(&mut self, changes: &Receiver<PathBuf>) -> Result<bool> {
        loop {
            if processes::interrupted() {
                return Ok(false);
            }
            if let Some(idp) = &mut self.idp {
                idp.still_runs()?;
            }
            if let Some((shop, _)) = &mut self.shop
                && let Err(error) = shop.still_runs()
            {
                eprintln!("\n{error:#}\n\nThe next change starts it again.");
                self.shop = None;
            }
            match changes.recv_timeout(LOOK_AGAIN) {
                Ok(path) => {
                    println!("\n{} changed", path.display());
                    while changes.recv_timeout(QUIET).is_ok() {}
                    return Ok(true);
                }
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => anyhow::bail!("the file watcher ended"),
            }
        }
    }
}

fn watch() -> Result<(Receiver<PathBuf>, impl Watcher)> {
    let (sender, changes) = channel();
    let root = std::env::current_dir()?;
    let mut watcher = notify::recommended_watcher(move |event: notify::Result<Event>| {
        let Ok(event) = event else { return };
        if matches!(event.kind, EventKind::Access(_)) {
            return;
        }
        for path in event.paths {
            let path = path
                .strip_prefix(&root)
                .map_or(path.clone(), Path::to_owned);
            if matters(&path) {
                // Nobody listens any more when the command is about to end.
                let _ = sender.send(path);
            }
        }
    })?;
    for (folder, mode) in WATCHED {
        if Path::new(folder).is_dir() {
            watcher
                .watch(&std::env::current_dir()?.join(folder), mode)
                .with_context(|| format!("cannot watch {folder}"))?;
        }
    }
    Ok((changes, watcher))
}

/// Whether a changed file (by its path from the repository's root) can change what is built.
fn matters(path: &Path) -> bool {
    let Some(name) = path.file_name().and_then(|name| name.to_str()) else {
        return false;
    };
    // Editors' own files: .main.rs.swp, main.rs~, vim's test file 4913.
    if name.starts_with('.') || name.ends_with('~') || name == "4913" {
        return false;
    }
    let in_root = path.components().count() == 1;
    if in_root {
        ["Cargo.toml", "Cargo.lock", "storezero.toml"].contains(&name)
    } else {
        path != Path::new("frontend/node_modules")
    }
}

fn modified(file: &Path) -> Option<SystemTime> {
    fs::metadata(file).and_then(|about| about.modified()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sources_matter_and_what_editors_and_builds_leave_does_not() {
        for path in [
            "backend/src/lib.rs",
            "frontend/styles/index.css",
            "frontend/shell.html",
            "Cargo.toml",
        ] {
            assert!(matters(Path::new(path)), "{path}");
        }
        for path in [
            "target",
            ".git",
            "README.md",
            "backend/src/.lib.rs.swp",
            "backend/src/lib.rs~",
            "frontend/node_modules",
        ] {
            assert!(!matters(Path::new(path)), "{path}");
        }
    }
}
