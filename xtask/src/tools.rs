//! Getting hold of the tools: what is installed is used; what is missing is installed, or named with the command
//! that installs it. System packages are installed by root alone (containers, CI); nobody's `sudo` is used.

use std::env;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};
use fs_err as fs;

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
    /// The ordinary toolchain with rustup's `std` for wasm, or with its sources where that makes the smaller program.
    Rustup { std_from_source: bool },
    /// Debian's `rustc-web` with `std` built from its sources, where rustup cannot download: offline mirrors,
    /// restricted networks. It brings no linker for wasm; rustup's toolchain has one.
    Debian { linker: PathBuf },
}

impl WasmToolchain {
    /// `smallest` is for who has minutes for kilobytes.
    pub fn find_or_install(smallest: bool, step: &Step) -> Result<Self> {
        let rustup = || Self::Rustup { std_from_source: smallest && std_source_is_there(step) };
        if wasm_std_is_installed() {
            return Ok(rustup());
        }
        if debian_rust_is_installed() {
            return Self::debian();
        }
        let added = run(Command::new("rustup").args(["target", "add", WASM_TARGET]), step);
        let Err(refusal) = added else {
            return Ok(rustup());
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
        // As in `…/lib/rustlib/x86_64-unknown-linux-gnu/lib`, the host's libraries.
        let libraries = answer(Command::new("rustc").args(["--print", "target-libdir"]))
            .context("rustc does not say where its libraries are")?;
        let linker = Path::new(&libraries).with_file_name("bin/rust-lld");
        if !linker.exists() {
            let linker = linker.display();
            bail!("the Rust toolchain has no linker at {linker}; install one with rustup");
        }
        Ok(Self::Debian { linker })
    }

    pub fn name(&self) -> &'static str {
        match self {
            Self::Rustup { std_from_source: false } => "rustup's std",
            Self::Rustup { std_from_source: true } => "rustup's compiler, std from source",
            Self::Debian { .. } => "Debian's compiler, std from source",
        }
    }

    /// `cargo build` for wasm. In a target directory of its own: the two toolchains must not share one with the
    /// host's build scripts and macros, or each recompiles what the other left.
    pub fn cargo_build(&self) -> Command {
        let mut command = match self {
            Self::Rustup { .. } => cargo(),
            Self::Debian { linker } => {
                let mut command = Command::new("/usr/bin/cargo");
                command
                    .env("CARGO", "/usr/bin/cargo")
                    .env("RUSTC", "/usr/bin/rustc")
                    .env("PATH", format!("/usr/bin:{}", env::var("PATH").unwrap_or_default()))
                    .env_remove("RUSTUP_TOOLCHAIN")
                    // Cargo points it at rustup's libraries for the programs that it runs.
                    .env_remove("LD_LIBRARY_PATH")
                    .env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER", linker);
                command
            }
        };
        if self.compiles_std() {
            command.env("CARGO_UNSTABLE_BUILD_STD", "std,panic_abort");
        }
        // `build-std` and `size_flags` are unstable; this makes a stable compiler accept them.
        command.env("RUSTC_BOOTSTRAP", "1");
        command.args(["build", "--target", WASM_TARGET, "--target-dir", "target/wasm"]);
        command
    }

    /// `RUSTFLAGS` for `cargo_build`. Nobody reads what a page says when it panics, nor where it did: the places are a
    /// twentieth of what is sent, the texts and the code that makes them a tenth. But no release of Rust promises to know
    /// the flags that leave them out, so it is asked.
    pub fn size_flags(&self) -> String {
        const NO_PLACES: &[&str] = &["-Zlocation-detail=none"];
        // `std` must be compiled in the same way.
        const NO_TEXTS: &[&str] = &["-Zunstable-options", "-Cpanic=immediate-abort"];
        let wanted = if self.is_smallest() { &[NO_PLACES, NO_TEXTS][..] } else { &[NO_PLACES] };
        let known = |flags: &&&[&str]| succeeds(self.rustc().args(**flags).arg("--print=cfg"));
        wanted.iter().filter(known).copied().flatten().copied().collect::<Vec<_>>().join(" ")
    }

    fn compiles_std(&self) -> bool {
        !matches!(self, Self::Rustup { std_from_source: false })
    }

    fn is_smallest(&self) -> bool {
        matches!(self, Self::Rustup { std_from_source: true })
    }

    fn rustc(&self) -> Command {
        let mut command = match self {
            Self::Rustup { .. } => Command::new("rustc"),
            Self::Debian { .. } => {
                let mut command = Command::new("/usr/bin/rustc");
                command.env_remove("LD_LIBRARY_PATH");
                command
            }
        };
        command.env("RUSTC_BOOTSTRAP", "1");
        command
    }

    /// Where `cargo_build` puts its results.
    pub fn folder(profile: &str) -> PathBuf {
        Path::new("target/wasm").join(WASM_TARGET).join(profile)
    }
}

fn wasm_std_is_installed() -> bool {
    let mut rustc = Command::new("rustc");
    let folder = answer(rustc.args(["--print", "target-libdir", "--target", WASM_TARGET]));
    folder.is_some_and(|folder| Path::new(&folder).is_dir())
}

/// Installed when it is not. Without it there is still the `std` that rustup compiled.
fn std_source_is_there(step: &Step) -> bool {
    let there = || {
        let sysroot = answer(Command::new("rustc").args(["--print", "sysroot"]));
        let std = "lib/rustlib/src/rust/library/std";
        sysroot.is_some_and(|sysroot| Path::new(&sysroot).join(std).is_dir())
    };
    let add = || run(Command::new("rustup").args(["component", "add", "rust-src"]), step).is_ok();
    there() || (add() && there())
}

fn debian_rust_is_installed() -> bool {
    let std = "/usr/lib/rustlib/src/rust/library/std";
    ["/usr/bin/cargo", "/usr/bin/rustc", std].iter().all(|file| Path::new(file).exists())
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
    let apt = || {
        let mut command = Command::new("apt-get");
        command.env("DEBIAN_FRONTEND", "noninteractive");
        command
    };
    run(apt().arg("update"), step)?;
    run(apt().args(["install", "-y", "--no-install-recommends"]).args(packages), step)?;
    Ok(())
}

/// Installs a folder's npm packages exactly as its lock file says, unless that was done already.
pub fn install_npm_packages(folder: &Path, step: &Step) -> Result<()> {
    check_node()?;
    let lock = fs::read(folder.join("package-lock.json"))?;
    let record = folder.join("node_modules/.installed-by-xtask.json");
    if fs::read(&record).is_ok_and(|installed| installed == lock) {
        step.note("unchanged");
        return Ok(());
    }
    // An installation that fails leaves none.
    let _ = fs::remove_file(&record);
    let mut npm = Command::new("npm");
    run(npm.args(["ci", "--no-audit", "--no-fund"]).current_dir(folder), step)?;
    Ok(fs::write(record, lock)?)
}

fn check_node() -> Result<()> {
    let version = answer(Command::new("node").arg("--version")).context(
        "Node is missing: please install Node 20 or newer, with npm (https://nodejs.org)",
    )?;
    let (major, _) = version.trim_start_matches('v').split_once('.').unwrap_or_default();
    if major.parse::<u32>()? < 20 {
        bail!("Node {version} is too old: please install Node 20 or newer (https://nodejs.org)");
    }
    Ok(())
}

/// The browser for the end-to-end tests: the one that `CHROMIUM` names or an installed one; none if Playwright has its
/// own, which it finds by itself.
pub fn chromium(e2e: &Path, step: &Step) -> Result<Option<PathBuf>> {
    if let Some(named) = env::var_os("CHROMIUM").map(PathBuf::from) {
        if !named.exists() {
            bail!("CHROMIUM names {}, which does not exist", named.display());
        }
        return Ok(Some(named));
    }
    if let Some(found) = installed_chromium() {
        return Ok(Some(found));
    }
    let mut playwright = Command::new("npx");
    playwright.args(["playwright", "install", "chromium"]);
    // Returns at once if it is there.
    let Err(refusal) = run(playwright.current_dir(e2e), step) else {
        return Ok(None);
    };
    step.note("Playwright cannot; trying Debian's");
    install_debian_packages(&["chromium"], step).with_context(|| {
        format!(
            "no Chromium: Playwright's download failed ({refusal:#})\nand so did the way around it"
        )
    })?;
    let found = installed_chromium().context("Debian's chromium is installed, but not found")?;
    Ok(Some(found))
}

/// Chromium without its windows, in which the same tests take three quarters of the time; none where it cannot be had.
/// Who names a browser by `CHROMIUM` means all tests.
pub fn headless_shell(step: &Step) -> Option<PathBuf> {
    const NAME: &str = "chromium-headless-shell";
    if env::var_os("CHROMIUM").is_some() {
        return None;
    }
    find_program(NAME).or_else(|| {
        // Its version is that of the package beside it.
        find_program("chromium").filter(|_| install_debian_packages(&[NAME], step).is_ok())?;
        find_program(NAME)
    })
}

fn installed_chromium() -> Option<PathBuf> {
    let on_path = ["chromium", "chromium-browser", "google-chrome-stable", "google-chrome"];
    let on_a_mac = [
        "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
        "/Applications/Chromium.app/Contents/MacOS/Chromium",
    ];
    let named = on_path.into_iter().filter_map(find_program);
    named
        .chain(on_a_mac.map(PathBuf::from))
        // Debian's wrapper script alone proves nothing.
        .find(|program| succeeds(Command::new(program).arg("--version")))
}

/// A program on the PATH.
pub fn find_program(name: &str) -> Option<PathBuf> {
    env::split_paths(&env::var_os("PATH")?)
        .map(|folder| folder.join(name))
        .find(|program| program.is_file())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debian_s_compiler_is_called_with_nothing_of_rustup_s() {
        let command = WasmToolchain::Debian { linker: "/rust-lld".into() }.cargo_build();
        assert_eq!(command.get_program(), "/usr/bin/cargo");
        let variable = |name: &str| {
            command.get_envs().find(|(key, _)| *key == name).and_then(|(_, value)| value)
        };
        assert_eq!(variable("RUSTC").unwrap(), "/usr/bin/rustc");
        assert_eq!(variable("CARGO_UNSTABLE_BUILD_STD").unwrap(), "std,panic_abort");
        assert!(
            command.get_envs().any(|(key, value)| key == "RUSTUP_TOOLCHAIN" && value.is_none())
        );
    }
}
