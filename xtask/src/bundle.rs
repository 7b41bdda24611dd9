//! The bundler: from the frontend's sources to `target/site`, the folder that the backend sends, and to
//! `target/site-no-backend`, which any server of static files can send. `bundle` below is the pipeline; each of its lines is
//! a function further down, and what differs between the two sites is data (`Build`).
//!
//! wasm-bindgen and wasm-split are called as libraries, so that nothing has to be installed for them and their
//! versions agree with the frontend's through `Cargo.lock`.

mod record;
mod sizes;

use std::collections::{BTreeMap, BTreeSet};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, anyhow, bail};
use fs_err as fs;
use serde_json::Value;
use wasm_bindgen_cli_support::Bindgen;

use crate::files;
use crate::notices;
use crate::processes::run;
use crate::steps::{Step, Steps};
use crate::tools::{self, WasmToolchain};

const FRONTEND: &str = "frontend";
const CATALOG: &str = "backend/src/catalog/catalog.json";
/// The catalogue's pictures: emoji of one coherent look from an npm package, and some of them in further colours.
const PICTURES: [&str; 2] =
    ["frontend/node_modules/@lobehub/fluent-emoji-3d/assets", RECOLOURED_PICTURES];
const RECOLOURED_PICTURES: &str = "frontend/pictures";
/// Where the site is put together before it takes the place of the last one.
const WORKSHOP: &str = "target/bundle";

/// The module that fetches the chunks of lazy routes; wasm-split writes it, `frontend.js` imports it.
const CHUNK_LOADER: &str = "./__wasm_split.js";

/// From the name of a lazy route to the names of the files that it needs.
type LazyRoutes = BTreeMap<String, Vec<String>>;

/// One of the two sites that are made of the frontend's sources.
struct Build {
    /// Of its folder.
    name: &'static str,
    title: &'static str,
    /// What cargo is told for its wasm.
    features: &'static [&'static str],
    /// The first paint, in the frontend's folder; `{{body}}` stands for the shop's own.
    shell: &'static str,
    /// One after the other they become `boot.js`, which starts the program: a script of its own, since the content
    /// security policy allows no inline one.
    boot: &'static [&'static str],
}

const SHOP: Build = Build {
    name: "site",
    title: "frontend",
    features: &[],
    shell: "shell.html",
    boot: &["translated.js", "boot.js"],
};

const NO_BACKEND: Build = Build {
    name: "site-no-backend",
    title: "frontend without a backend",
    features: &["--no-default-features", "--features", "implicit"],
    shell: "no-backend.html",
    boot: &["translated.js", "no-backend.js", "boot.js"],
};

#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Quality {
    /// As a shopper gets it: every byte squeezed out.
    Dist,
    /// As it is for who tries it: the same files, larger, built in a third of the time.
    Quick,
    /// As quickly as possible: not optimised, not compressed, reloads itself.
    Dev,
}

impl Quality {
    fn profile(self) -> &'static str {
        match self {
            Self::Dist => "wasm-dist",
            Self::Quick => "wasm-quick",
            Self::Dev => "wasm-dev",
        }
    }

    fn site_folder(self, build: &Build) -> PathBuf {
        let above = match self {
            Self::Dist => "target",
            Self::Quick => "target/quick",
            Self::Dev => "target/dev",
        };
        Path::new(above).join(build.name)
    }
}

pub struct Sites {
    /// What the shop's backend sends.
    pub shop: Site,
    /// The shop as static files, which need no backend of their own.
    pub no_backend: Site,
}

/// A built site.
pub struct Site {
    pub folder: PathBuf,
    /// The files that each lazy route fetches when it is first entered.
    lazy_routes: LazyRoutes,
}

impl Site {
    /// A table of what was built, for a person.
    pub fn size_table(&self) -> Result<String> {
        sizes::table(&self.folder, &self.lazy_routes)
    }
}

/// Builds both sites, or finds them unchanged.
pub fn build(steps: &mut Steps, quality: Quality) -> Result<Sites> {
    let bundler = Bundler::find_or_install(steps, quality)?;
    Ok(Sites { shop: bundler.shop(steps)?, no_backend: bundler.no_backend(steps)? })
}

/// What builds a site.
pub struct Bundler {
    toolchain: WasmToolchain,
    quality: Quality,
}

impl Bundler {
    pub fn find_or_install(steps: &mut Steps, quality: Quality) -> Result<Self> {
        let toolchain = steps.run("Find a compiler for wasm", |step| {
            let toolchain = WasmToolchain::find_or_install(quality == Quality::Dist, step)?;
            step.note(toolchain.name());
            Ok(toolchain)
        })?;
        steps.run("Install the bundler's npm tools", |step| {
            tools::install_npm_packages(Path::new(FRONTEND), step)
        })?;
        Ok(Self { toolchain, quality })
    }

    pub fn shop(&self, steps: &mut Steps) -> Result<Site> {
        self.build(&SHOP, steps)
    }

    pub fn no_backend(&self, steps: &mut Steps) -> Result<Site> {
        self.build(&NO_BACKEND, steps)
    }

    fn build(&self, build: &Build, steps: &mut Steps) -> Result<Site> {
        let Self { toolchain, quality } = self;
        let title = format!("Compile the {} to wasm", build.title);
        let wasm = steps.run(&title, |step| compile(toolchain, build, *quality, step))?;
        let title = format!("Bundle the {}", build.title);
        steps.run(&title, |step| bundle(build, &wasm, *quality, step))
    }
}

fn bundle(build: &Build, wasm: &Path, quality: Quality, step: &Step) -> Result<Site> {
    let _alone = wait_for_other_bundlers()?;
    let folder = quality.site_folder(build);
    let fingerprint = fingerprint_of_inputs(build, wasm, quality)?;
    if let Some(lazy_routes) = record::unchanged(&folder, &fingerprint) {
        step.note("unchanged");
        return Ok(Site { folder, lazy_routes });
    }

    let new_site = Path::new(WORKSHOP).join("site");
    let code = Path::new(WORKSHOP).join("code");
    files::fresh_folder(&new_site)?;
    files::fresh_folder(&code)?;

    split_off_lazy_routes(wasm, &code)?;
    generate_bindings(&code)?;
    add_boot_script(build, &code, quality)?;
    let lazy_routes = finish(&code, quality, step)?;
    let pkg = place_under_content_hash(&code, &new_site)?;
    write_lazy_routes(&lazy_routes, &new_site, &pkg)?;
    write_shell(build, &new_site, &pkg)?;
    files::copy_all(&Path::new(FRONTEND).join("public"), &new_site)?;
    copy_pictures(&new_site)?;
    notices::write(&new_site, step)?;
    if quality != Quality::Dev {
        step.note("compress");
        run(node("compress.mjs").arg(&new_site).arg(quality.profile()), step)?;
    }
    record::forget(&folder)?;
    replace(&folder, &new_site)?;
    record::write(&folder, &fingerprint, &lazy_routes)?;
    step.note("");
    Ok(Site { folder, lazy_routes })
}

/// A demo, a test run and `dev` may build at the same time; they share the workshop.
fn wait_for_other_bundlers() -> Result<fs::File> {
    let workshop = Path::new(WORKSHOP);
    fs::create_dir_all(workshop)?;
    let lock = fs::File::create(workshop.join("lock"))?;
    lock.lock()?;
    Ok(lock)
}

/// Both builds leave their result under the same name, so each is copied away before the other one comes.
fn compile(
    toolchain: &WasmToolchain,
    build: &Build,
    quality: Quality,
    step: &Step,
) -> Result<PathBuf> {
    let _alone = wait_for_other_bundlers()?;
    let mut cargo = toolchain.cargo_build();
    cargo
        .args(["--package", "frontend", "--lib", "--profile", quality.profile()])
        .args(build.features)
        // wasm-split moves functions between modules, for which it needs to know every reference to them.
        .env("RUSTFLAGS", format!("-Clink-args=--emit-relocs {}", toolchain.size_flags()))
        .env_remove("CARGO_ENCODED_RUSTFLAGS")
        // Without it a cdylib is `frontend.wasm` whatever its features, and each build makes cargo do the other one
        // anew. Rust's own build has cargo put the hash into the name with it.
        .env("__CARGO_DEFAULT_LIB_METADATA", "storezero");
    run(&mut cargo, step)?;
    let wasm = Path::new(WORKSHOP).join(format!("{}-{}.wasm", build.name, quality.profile()));
    fs::copy(WasmToolchain::folder(quality.profile()).join("frontend.wasm"), &wasm)?;
    Ok(wasm)
}

/// Everything that the site depends on; the bundler itself included.
fn fingerprint_of_inputs(build: &Build, wasm: &Path, quality: Quality) -> Result<String> {
    let mut inputs = vec![wasm.to_owned(), CATALOG.into()];
    // The lock files stand for the versions of the bundler's parts.
    let parts = [SHOP.shell, build.shell, "package-lock.json", "../Cargo.lock"];
    inputs.extend(parts.iter().chain(build.boot).map(|file| Path::new(FRONTEND).join(file)));
    for folder in ["frontend/styles", "frontend/public", RECOLOURED_PICTURES, "xtask/src"] {
        inputs.extend(files::below(folder.as_ref())?);
    }
    Ok(format!("{} {}", quality.profile(), hash_of(&inputs)?))
}

/// Writes the lazy routes' chunks and their loader to `code`, and what remains beside it for wasm-bindgen.
fn split_off_lazy_routes(wasm: &Path, code: &Path) -> Result<()> {
    let wasm = fs::read(wasm)?;
    let mut options = wasm_split_cli_support::Options::new(&wasm);
    options.output_dir = code;
    let main_module = main_module(code);
    options.main_out_path = &main_module;
    options.main_module = "./frontend.js";
    options.link_name = CHUNK_LOADER;
    wasm_split_cli_support::transform(options).map_err(|error| anyhow!("wasm-split: {error:?}"))?;
    Ok(())
}

/// Answers which files each lazy route needs.
fn finish(code: &Path, quality: Quality, step: &Step) -> Result<LazyRoutes> {
    let lazy_routes = code.with_file_name("lazy-routes.json");
    let profile = quality.profile().as_ref();
    run(node("finish.mjs").args([FRONTEND.as_ref(), code, profile, &lazy_routes]), step)?;
    Ok(serde_json::from_str(&fs::read_to_string(lazy_routes)?)?)
}

fn generate_bindings(code: &Path) -> Result<()> {
    Bindgen::new()
        .input_path(main_module(code))
        .out_name("frontend")
        .web(true)?
        .typescript(false)
        // The chunks import the linker's exports, by their mangled names.
        .keep_lld_exports(true)
        .demangle(false)
        .generate(code)
        .context("wasm-bindgen")
}

fn main_module(code: &Path) -> PathBuf {
    code.with_file_name("main.wasm")
}

fn add_boot_script(build: &Build, code: &Path, quality: Quality) -> Result<()> {
    let mut boot = String::new();
    for script in build.boot {
        boot.push_str(&fs::read_to_string(Path::new(FRONTEND).join(script))?);
    }
    if quality == Quality::Dev {
        boot.push_str(include_str!("bundle/reload.js"));
    }
    fs::write(code.join("boot.js"), boot)?;
    Ok(())
}

/// A script of ours, for what npm's packages do.
fn node(script: &str) -> Command {
    let mut command = Command::new("node");
    command.arg(Path::new("xtask/src/bundle").join(script));
    command
}

/// The files refer to each other by relative names, so the folder is what carries the hash. Answers its address.
fn place_under_content_hash(code: &Path, new_site: &Path) -> Result<String> {
    let hash = hash_of(&files::below(code)?)?;
    let packages = new_site.join("pkg");
    fs::create_dir_all(&packages)?;
    fs::rename(code, packages.join(&hash))?;
    Ok(format!("/pkg/{hash}"))
}

/// For whoever sends a page: what it can have the browser fetch at once.
fn write_lazy_routes(lazy_routes: &LazyRoutes, new_site: &Path, pkg: &str) -> Result<()> {
    let address = |file: &String| format!("{pkg}/{file}");
    let routes: BTreeMap<&str, Vec<String>> = lazy_routes
        .iter()
        .map(|(route, files)| (route.as_str(), files.iter().map(address).collect()))
        .collect();
    Ok(fs::write(new_site.join("lazy-routes.json"), serde_json::to_vec(&routes)?)?)
}

fn write_shell(build: &Build, new_site: &Path, pkg: &str) -> Result<()> {
    let page = fill_shell(&shell(FRONTEND.as_ref(), build)?, pkg)
        .with_context(|| build.shell.to_owned())?;
    Ok(fs::write(new_site.join("index.html"), page)?)
}

/// Both sites begin with the same picture: the body of the shop's shell.
fn shell(frontend: &Path, build: &Build) -> Result<String> {
    let read = |name| fs::read_to_string(frontend.join(name));
    let picture = read(SHOP.shell)?;
    let body = picture.find("<body>").zip(picture.find("</html>"));
    let (start, end) = body.with_context(|| format!("{} has no body", SHOP.shell))?;
    Ok(read(build.shell)?.replace("{{body}}", picture[start..end].trim_end()))
}

fn fill_shell(shell: &str, pkg: &str) -> Result<String> {
    const PLACE: &str = "{{pkg}}";
    if !shell.contains(PLACE) {
        bail!("there is no {PLACE} in it: it would load nothing");
    }
    let page = shell.replace(PLACE, pkg);
    match page.find("{{") {
        Some(start) => bail!(
            "there is an unknown placeholder in it: {}",
            page[start..].lines().next().unwrap_or("")
        ),
        None => Ok(page),
    }
}

/// Copies every picture that the catalogue names to `<site>/pictures/`.
fn copy_pictures(new_site: &Path) -> Result<()> {
    let pictures = new_site.join("pictures");
    fs::create_dir_all(&pictures)?;
    for name in pictures_in(&files::read_json(CATALOG.as_ref())?) {
        let file = format!("{name}.webp");
        let found = PICTURES.map(|folder| Path::new(folder).join(&file));
        let found = found.iter().find(|path| path.exists());
        let found = found.with_context(|| format!("{CATALOG} names the picture `{name}`"))?;
        fs::copy(found, pictures.join(&file))?;
    }
    Ok(())
}

/// The values of all fields named `picture`, wherever they stand.
fn pictures_in(json: &Value) -> BTreeSet<&str> {
    let inner: Vec<&Value> = match json {
        Value::Array(values) => values.iter().collect(),
        Value::Object(fields) => fields.values().collect(),
        _ => Vec::new(),
    };
    let own = json["picture"].as_str();
    inner.into_iter().flat_map(pictures_in).chain(own).collect()
}

/// A server that still reads the last site finds it complete until the new one stands in its place.
fn replace(site: &Path, new_site: &Path) -> Result<()> {
    let last = Path::new(WORKSHOP).join("last");
    files::remove_folder(&last)?;
    if let Some(above) = site.parent() {
        fs::create_dir_all(above)?;
    }
    if site.exists() {
        fs::rename(site, &last)?;
    }
    fs::rename(new_site, site)?;
    files::remove_folder(&last)
}

/// A hash of the files' names and contents. Told from what it was last time, never from what an attacker made, so
/// 64 bits of the standard library's hash are enough.
fn hash_of(files: &[PathBuf]) -> Result<String> {
    let mut hasher = DefaultHasher::new();
    for file in files {
        // Both with their lengths, so that moving a byte from one file to the next is a change.
        (file, fs::read(file)?).hash(&mut hasher);
    }
    Ok(format!("{:016x}", hasher.finish()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn the_shell_names_the_package_everywhere() {
        let shell = r#"<link href="{{pkg}}/styles.css"><script type="module" src="{{pkg}}/boot.js"></script>"#;
        let page = fill_shell(shell, "/pkg/0123").unwrap();
        assert_eq!(
            page,
            r#"<link href="/pkg/0123/styles.css"><script type="module" src="/pkg/0123/boot.js"></script>"#
        );
    }

    #[test]
    fn a_shell_that_would_load_nothing_is_refused() {
        assert!(fill_shell("<p>no package</p>", "/pkg/0123").is_err());
        let error = fill_shell("{{pkg}} {{title}}", "/pkg/0123").unwrap_err().to_string();
        assert!(error.contains("{{title}}"), "{error}");
    }

    #[test]
    fn both_sites_begin_with_the_same_picture() {
        let body = |build: &Build| {
            let frontend = Path::new(env!("CARGO_MANIFEST_DIR")).join("../frontend");
            let shell = shell(&frontend, build).unwrap();
            shell[shell.find("<body>").unwrap()..].to_owned()
        };
        assert_eq!(body(&SHOP), body(&NO_BACKEND));
    }

    #[test]
    fn the_hash_tells_names_contents_and_borders_apart() {
        let folder = std::env::temp_dir().join(format!("storezero-hash-{}", std::process::id()));
        let hash = |contents: &[(&str, &str)]| {
            files::fresh_folder(&folder).unwrap();
            for (name, content) in contents {
                fs::write(folder.join(name), content).unwrap();
            }
            hash_of(&files::below(&folder).unwrap()).unwrap()
        };
        let first = hash(&[("a.js", "12"), ("b.js", "3")]);
        assert_eq!(first, hash(&[("b.js", "3"), ("a.js", "12")]));
        assert_ne!(first, hash(&[("a.js", "1"), ("b.js", "23")]));
        assert_ne!(first, hash(&[("a.js", "12"), ("c.js", "3")]));
        fs::remove_dir_all(folder).unwrap();
    }

    #[test]
    fn pictures_are_found_at_any_depth_and_once() {
        let catalog = json!({
            "categories": [{"picture": "1f375"}],
            "products": [{"picture": "1f4f7", "variants": [{"picture": "1f375"}, {"picture": null}]}],
        });
        assert_eq!(pictures_in(&catalog), BTreeSet::from(["1f375", "1f4f7"]));
    }

    #[test]
    fn every_recoloured_picture_is_one_of_the_catalogue() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        let catalog = files::read_json(&root.join(CATALOG)).unwrap();
        let named = pictures_in(&catalog);
        for file in files::below(&root.join(RECOLOURED_PICTURES)).unwrap() {
            let name = file.file_stem().unwrap().to_string_lossy();
            assert!(named.contains(&*name), "{}", file.display());
        }
    }
}
