//! Getting hold of the tools: what is installed is used; what is missing is installed, or named with the command
//! that installs it. System packages are installed by root alone (containers, CI); nobody's `sudo` is used.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::files;
use crate::processes::{answer, run, succeeds};
use crate::steps::Step;

const WASM_TARGET: &str = "wasm32-unknown-unknown";

/// The ordinary cargo, as it was called for xtask itself.
pub fn cargo() -> Command {
    let mut command = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    // What cargo tells xtask about xtask's own package is not meant for the builds that xtask starts.
    for (variable, _) in env::vars().filter(|(variable, _)| variable.starts_with("CARGO_PKG_")) {
        command.env_remove(variable);
    }
    command
}

/// A compiler for the frontend.
pub enum WasmToolchain {
    /// The ordinary toolchain with rustup's `std` for wasm.
    Rustup,
    /// Debian's `rustc-web` with `std` built from its sources, where rustup cannot download: offline mirrors,
    /// restricted networks. It brings no linker for wasm; rustup's toolchain has one.
    Debian { linker: PathBuf },
}

impl WasmToolchain {
    pub fn find_or_install(step: &Step) -> Result<Self> {
        if wasm_std_is_installed() {
            return Ok(Self::Rustup);
        }
        if debian_rust_is_installed() {
            return Self::debian();
        }
        let added = run(
            Command::new("rustup").args(["target", "add", WASM_TARGET]),
            step,
        );
        let Err(refusal) = added else {
            return Ok(Self::Rustup);
        };
        step.note("rustup cannot; trying Debian's compiler");
        install_debian_packages(&["rustc-web", "rust-web-src", "cargo-web"], step).with_context(
            || {
                format!(
                    "no Rust compiler for {WASM_TARGET}: {refusal:#}\nand the way around it failed"
                )
            },
        )?;
        Self::debian()
    }

    fn debian() -> Result<Self> {
        let host = answer(Command::new("rustc").args(["-vV"]))
            .and_then(|version| {
                version
                    .lines()
                    .find_map(|line| Some(line.strip_prefix("host: ")?.to_owned()))
            })
            .context("rustc does not say which machine it runs on")?;
        let sysroot = answer(Command::new("rustc").args(["--print", "sysroot"]))
            .context("rustc has no sysroot")?;
        let linker = Path::new(&sysroot)
            .join("lib/rustlib")
            .join(host)
            .join("bin/rust-lld");
        if !linker.exists() {
            bail!(
                "the Rust toolchain has no linker at {}; install one with rustup",
                linker.display()
            );
        }
        Ok(Self::Debian { linker })
    }

    pub fn name(&self) -> &'static str {
        match self {
            Self::Rustup => "rustup's std",
            Self::Debian { .. } => "Debian's compiler, std from source",
        }
    }

    /// `cargo build` for wasm. In a target directory of its own: the two toolchains must not share one with the
    /// host's build scripts and macros, or each recompiles what the other left.
    pub fn cargo_build(&self) -> Command {
        let mut command = match self {
            Self::Rustup => cargo(),
            Self::Debian { linker } => {
                let mut command = Command::new("/usr/bin/cargo");
                command
                    .env("CARGO", "/usr/bin/cargo")
                    .env("RUSTC", "/usr/bin/rustc")
                    .env("PATH", path_with_first("/usr/bin"))
                    .env_remove("RUSTUP_TOOLCHAIN")
                    // Cargo points it at rustup's libraries for the programs that it runs.
                    .env_remove("LD_LIBRARY_PATH")
                    // `build-std` is unstable; this makes a stable compiler accept it.
                    .env("RUSTC_BOOTSTRAP", "1")
                    .env("CARGO_UNSTABLE_BUILD_STD", "std,panic_abort")
                    .env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER", linker);
                command
            }
        };
        command.args([
            "build",
            "--target",
            WASM_TARGET,
            "--target-dir",
            "target/wasm",
        ]);
        command
    }

    /// Where `cargo_build` puts its results.
    pub fn folder(profile_folder: &str) -> PathBuf {
        ["target/wasm", WASM_TARGET, profile_folder]
            .iter()
            .collect()
    }
}

fn wasm_std_is_installed() -> bool {
    let folder =
        answer(Command::new("rustc").args(["--print", "target-libdir", "--target", WASM_TARGET]));
    folder.is_some_and(|folder| Path::new(&folder).is_dir())
}

fn debian_rust_is_installed() -> bool {
    [
        "/usr/bin/cargo",
        "/usr/bin/rustc",
        "/usr/lib/rustlib/src/rust/library/std",
    ]
    .iter()
    .all(|file| Path::new(file).exists())
}

fn path_with_first(folder: &str) -> String {
    format!("{folder}:{}", env::var("PATH").unwrap_or_default())
}

/// Installs Debian packages when this is Debian and we are root; otherwise says which command does it.
pub fn install_debian_packages(packages: &[&str], step: &Step) -> Result<()> {
    let wanted = packages.join(" ");
    if find_program("apt-get").is_none() {
        bail!("please install what Debian calls {wanted}");
    }
    if !rustix::process::geteuid().is_root() {
        bail!("please run: sudo apt-get install {wanted}");
    }
    let apt = |arguments: &[&str]| {
        run(
            Command::new("apt-get")
                .env("DEBIAN_FRONTEND", "noninteractive")
                .args(arguments),
            step,
        )
    };
    apt(&["update"])?;
    apt(&[&["install", "-y", "--no-install-recommends"], packages].concat())?;
    Ok(())
}

/// Installs a folder's npm packages exactly as its lock file says, unless they are there.
pub fn install_npm_packages(folder: &Path, step: &Step) -> Result<()> {
    check_node()?;
    let lock = files::read_json(&folder.join("package-lock.json"))?;
    let installed =
        files::read_json(&folder.join("node_modules/.package-lock.json")).unwrap_or_default();
    if is_installed(&lock, &installed) {
        step.note("unchanged");
        return Ok(());
    }
    run(
        Command::new("npm")
            .args(["ci", "--no-audit", "--no-fund"])
            .current_dir(folder),
        step,
    )?;
    Ok(())
}

/// Compares the lock file with npm's record of what it installed. Optional packages are those of other systems.
fn is_installed(lock: &Value, installed: &Value) -> bool {
    let Some(wanted) = lock["packages"].as_object() else {
        return false;
    };
    wanted
        .iter()
        .filter(|(path, package)| !path.is_empty() && package["optional"] != true)
        .all(|(path, package)| installed["packages"][path]["version"] == package["version"])
}

fn check_node() -> Result<()> {
    let version = answer(Command::new("node").arg("--version")).context(
        "Node is missing: please install Node 20 or newer, with npm (https://nodejs.org)",
    )?;
    let major: u32 = version
        .trim_start_matches('v')
        .split('.')
        .next()
        .unwrap_or_default()
        .parse()?;
    if major < 20 {
        bail!("Node {version} is too old: please install Node 20 or newer (https://nodejs.org)");
    }
    Ok(())
}

/// The browser for the end-to-end tests: the one that `CHROMIUM` names, an installed one, Playwright's own, Debian's.
pub fn chromium(e2e: &Path, step: &Step) -> Result<PathBuf> {
    if let Some(named) = env::var_os("CHROMIUM").map(PathBuf::from) {
        if !named.exists() {
            bail!("CHROMIUM names {}, which does not exist", named.display());
        }
        return Ok(named);
    }
    if let Some(found) = installed_chromium() {
        return Ok(found);
    }
    let playwrights = || {
        let script = "process.stdout.write(require('@playwright/test').chromium.executablePath())";
        let path = PathBuf::from(answer(
            Command::new("node").args(["-e", script]).current_dir(e2e),
        )?);
        path.exists().then_some(path)
    };
    if let Some(found) = playwrights() {
        return Ok(found);
    }
    let download = run(
        Command::new("npx")
            .args(["playwright", "install", "chromium"])
            .current_dir(e2e),
        step,
    );
    let Err(refusal) = download else {
        return playwrights()
            .context("Playwright downloaded Chromium, but does not know where it is");
    };
    step.note("Playwright cannot; trying Debian's");
    install_debian_packages(&["chromium"], step).with_context(|| {
        format!(
            "no Chromium: Playwright's download failed ({refusal:#})\nand so did the way around it"
        )
    })?;
    installed_chromium().context("Debian's chromium is installed, but not found")
}

fn installed_chromium() -> Option<PathBuf> {
    [
        "chromium",
        "chromium-browser",
        "google-chrome-stable",
        "google-chrome",
    ]
    .into_iter()
    .find_map(find_program)
    .or_else(|| {
        [
            "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
            "/Applications/Chromium.app/Contents/MacOS/Chromium",
        ]
        .map(PathBuf::from)
        .into_iter()
        .find(|program| program.exists())
    })
    // Debian's wrapper script alone proves nothing.
    .filter(|program| succeeds(Command::new(program).arg("--version")))
}

/// A program on the PATH.
pub fn find_program(name: &str) -> Option<PathBuf> {
    env::split_paths(&env::var_os("PATH")?)
        .map(|folder| folder.join(name))
        .find(|program| program.is_file())
}

/// A program that npm installed in a folder, as a path that holds from any working directory.
pub fn npm_program(folder: &str, name: &str) -> Result<PathBuf> {
    fs::canonicalize(Path::new(folder).join("node_modules/.bin").join(name))
        .with_context(|| format!("{folder} has no npm program {name}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn npm_packages_are_installed_when_every_locked_version_is_there() {
        let lock = json!({"packages": {
            "": {"name": "root"},
            "node_modules/a": {"version": "1.0.0"},
            "node_modules/other-system": {"version": "1.0.0", "optional": true},
        }});
        assert!(is_installed(
            &lock,
            &json!({"packages": {"node_modules/a": {"version": "1.0.0"}}})
        ));
        assert!(!is_installed(
            &lock,
            &json!({"packages": {"node_modules/a": {"version": "1.0.1"}}})
        ));
        assert!(!is_installed(&lock, &json!({"packages": {}})));
        assert!(
            !is_installed(&lock, &Value::Null),
            "nothing was ever installed"
        );
    }

    #[test]
    fn debian_s_compiler_is_called_with_nothing_of_rustup_s() {
        let command = WasmToolchain::Debian {
            linker: "/rust-lld".into(),
        }
        .cargo_build();
        assert_eq!(command.get_program(), "/usr/bin/cargo");
        let variable = |name: &str| {
            command
                .get_envs()
                .find(|(key, _)| *key == name)
                .and_then(|(_, value)| value)
        };
        assert_eq!(variable("RUSTC").unwrap(), "/usr/bin/rustc");
        assert_eq!(
            variable("CARGO_UNSTABLE_BUILD_STD").unwrap(),
            "std,panic_abort"
        );
        assert!(
            command
                .get_envs()
                .any(|(key, value)| key == "RUSTUP_TOOLCHAIN" && value.is_none())
        );
    }
}
