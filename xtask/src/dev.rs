//! `cargo xtask dev`: what a contributor keeps running. Every change is built; a new server is started, and pages
//! that are open reload themselves (`bundle/reload.js`).

use std::fs;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, SystemTime};

use anyhow::Result;

use crate::bundle::{self, Quality};
use crate::demo;
use crate::files;
use crate::processes::{self, Process};
use crate::servers::{self, Profile, Surroundings};
use crate::steps::Steps;
use crate::tools;

/// What is watched: folders with everything below them, and files.
const SOURCES: [&str; 14] = [
    "backend",
    "shared",
    "frontend/src",
    "frontend/styles",
    "frontend/public",
    "frontend/boot.js",
    "frontend/shell.html",
    "frontend/no-backend.js",
    "frontend/no-backend.html",
    "frontend/Cargo.toml",
    "frontend/package-lock.json",
    "Cargo.toml",
    "Cargo.lock",
    "storezero.toml",
];
/// How often the sources, the servers and Ctrl-C are looked at: some hundred files, read from the kernel's cache in
/// a few milliseconds.
const LOOK_AGAIN: Duration = Duration::from_millis(200);

pub fn run(steps: &mut Steps) -> Result<()> {
    let here = Surroundings::for_a_person("target/dev")?;
    steps.run("Install the identity provider's npm packages", |step| {
        tools::install_npm_packages("e2e".as_ref(), step)
    })?;
    let idp = if here.has_own_idp() {
        Some(steps.run("Start the identity provider", |_| here.start_idp("IDP_DEMO"))?)
    } else {
        None
    };
    let mut bench = Bench { here, idp, shop: None, no_backend: None };
    let mut built = sources();
    bench.build_and_serve(steps);
    if bench.shop.is_some() && bench.no_backend.is_some() {
        println!("\n{}", demo::welcome(&bench.here));
    }
    println!("Waiting for changes in backend, shared and frontend. Ctrl-C ends everything.");
    while !processes::interrupted() {
        bench.look_after_servers()?;
        thread::sleep(LOOK_AGAIN);
        let mut now = sources();
        if now == built {
            continue;
        }
        if let Some(changed) = first_difference(&built, &now) {
            println!("\n{} changed", changed.display());
        }
        // Editors write a file in several steps, and "save all" writes several files.
        while now != built {
            built = now;
            thread::sleep(LOOK_AGAIN);
            now = sources();
        }
        bench.build_and_serve(steps);
    }
    Ok(())
}

/// What runs, and what it was built from.
struct Bench {
    here: Surroundings,
    idp: Option<Process>,
    shop: Option<(Process, Versions)>,
    no_backend: Option<(Process, Versions)>,
}

/// When the files that a server is started with were made.
type Versions = [Option<SystemTime>; 2];

impl Bench {
    /// Builds what changed and starts the servers anew that changed or whose site did. A failure is shown; the last
    /// server keeps running, and the next change tries again.
    fn build_and_serve(&mut self, steps: &mut Steps) {
        if let Err(error) = self.try_build_and_serve(steps)
            && !processes::interrupted()
        {
            eprintln!("\n{error:#}\n\nWaiting for the next change.");
        }
    }

    fn try_build_and_serve(&mut self, steps: &mut Steps) -> Result<()> {
        let programs = servers::build(steps, Profile::Dev)?;
        let sites = bundle::build(steps, Quality::Dev)?;
        let Self { here, shop, no_backend, .. } = self;
        let folder = &sites.shop.folder;
        serve_anew(shop, versions(&programs.shop, folder), || {
            steps.run("Start the shop", |_| here.start_shop(&programs.shop, folder, None))
        })?;
        let folder = &sites.no_backend.folder;
        serve_anew(no_backend, versions(&programs.static_files, folder), || {
            steps.run("Start the shop without a backend", |_| {
                here.start_no_backend(&programs.static_files, folder, None)
            })
        })
    }

    fn look_after_servers(&mut self) -> Result<()> {
        for server in [&mut self.shop, &mut self.no_backend] {
            if let Some((process, _)) = server
                && let Err(error) = process.still_runs()
            {
                eprintln!("\n{error:#}\n\nThe next change starts it again.");
                *server = None;
            }
        }
        self.idp.as_mut().map_or(Ok(()), Process::still_runs)
    }
}

fn versions(program: &Path, site: &Path) -> Versions {
    [program, &site.join("index.html")].map(modified)
}

/// Leaves a server alone that runs with just these files.
fn serve_anew(
    server: &mut Option<(Process, Versions)>,
    versions: Versions,
    start: impl FnOnce() -> Result<Process>,
) -> Result<()> {
    if server.as_ref().is_some_and(|(_, running)| *running == versions) {
        return Ok(());
    }
    // The port must be free before the next one takes it.
    *server = None;
    *server = Some((start()?, versions));
    Ok(())
}

/// All files that can change what is built, and when they were last written.
type Sources = Vec<(PathBuf, Option<SystemTime>)>;

fn sources() -> Sources {
    let files = SOURCES.map(Path::new).into_iter().flat_map(|source| {
        if source.is_dir() {
            // A folder that goes while it is read is read again soon.
            files::below(source).unwrap_or_default()
        } else {
            vec![source.to_owned()]
        }
    });
    files
        .filter(|file| !is_an_editors_own(file))
        .map(|file| (file.clone(), modified(&file)))
        .collect()
}

/// `.main.rs.swp`, `main.rs~`, vim's test file `4913`.
fn is_an_editors_own(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    name.starts_with('.') || name.ends_with('~') || name == "4913"
}

fn first_difference<'a>(old: &'a Sources, new: &'a Sources) -> Option<&'a Path> {
    let differing =
        |one: &'a Sources, other: &'a Sources| one.iter().find(|it| !other.contains(it));
    let (path, _) = differing(new, old).or_else(|| differing(old, new))?;
    Some(path)
}

fn modified(file: &Path) -> Option<SystemTime> {
    fs::metadata(file).and_then(|about| about.modified()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::UNIX_EPOCH;

    #[test]
    fn what_editors_leave_does_not_matter() {
        for path in ["backend/src/.lib.rs.swp", "backend/src/lib.rs~", "shared/4913"] {
            assert!(is_an_editors_own(Path::new(path)), "{path}");
        }
        assert!(!is_an_editors_own(Path::new("backend/src/lib.rs")));
    }

    #[test]
    fn a_file_that_is_new_gone_or_written_again_is_a_change() {
        let at = |seconds| Some(UNIX_EPOCH + Duration::from_secs(seconds));
        let before = vec![("a.rs".into(), at(1)), ("b.rs".into(), at(1))];
        assert_eq!(first_difference(&before, &before), None);
        for (after, changed) in [
            (vec![("a.rs".into(), at(1)), ("b.rs".into(), at(2))], "b.rs"),
            (vec![("b.rs".into(), at(1))], "a.rs"),
            ([before.clone(), vec![("c.rs".into(), at(1))]].concat(), "c.rs"),
        ] {
            assert_eq!(first_difference(&before, &after), Some(Path::new(changed)));
        }
    }
}
