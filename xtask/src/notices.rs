//! Third-party notices: what the licences of the shipped crates and packages ask to be handed on with them. The site has
//! them as `third-party-notices.txt`, so they go wherever a site folder goes: with the program, the wasm and the image.
//! The image of the identity provider has its packages as they are, each with its licence.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use anyhow::{Context, Result, bail};
use fs_err as fs;
use serde_json::Value;

use crate::processes::run;
use crate::steps::Step;
use crate::tools;

pub const FILE: &str = "third-party-notices.txt";

/// What is shipped, and what it is compiled for; `None` is this machine.
const SHIPPED: [(&str, Option<&str>); 2] =
    [("backend", None), ("frontend", Some("wasm32-unknown-unknown"))];
/// Of npm's packages the pictures alone are shipped; the others are tools.
const PICTURES: &str = "frontend/node_modules/@lobehub/fluent-emoji-3d";
const PICTURES_BY: &str = "Microsoft Corporation (Fluent Emoji); LobeHub (the package)";
/// Those of `frontend/pictures`.
const PICTURES_CHANGED: &str = "pictures with a colour in their name were recoloured";
/// Beginnings of the names of files that a licence wants to be handed on.
const LICENCE_FILES: [&str; 6] =
    ["license", "licence", "copying", "copyright", "notice", "unlicense"];

const BEGINNING: &str = "\
storezero.io is licensed MIT OR Apache-2.0. It contains the software below, each part under its own licence. Where a
licence is offered as one of several, all of them are here.

The standard library of Rust, by the Rust project's contributors: MIT OR Apache-2.0
";

/// What somebody else wrote, and what they ask for.
#[derive(Debug)]
struct Part {
    /// Name, version, and the licence's SPDX expression.
    title: String,
    texts: Vec<String>,
}

pub fn write(site: &Path, step: &Step) -> Result<()> {
    let mut parts = BTreeMap::new();
    for (package, target) in SHIPPED {
        let target = match target {
            Some(target) => target.to_owned(),
            None => host(step)?,
        };
        let mut metadata = tools::cargo();
        metadata.args(["metadata", "--quiet", "--locked", "--format-version=1"]);
        let metadata = run(metadata.args(["--filter-platform", &target]), step)?;
        let metadata = metadata.lines().find(|line| line.starts_with('{'));
        let metadata = serde_json::from_str(metadata.context("cargo metadata is no JSON")?)?;
        for part in crates_of(&metadata, package)? {
            parts.insert(part.title.clone(), part);
        }
    }
    let mut parts: Vec<Part> = parts.into_values().collect();
    parts.push(pictures()?);
    Ok(fs::write(site.join(FILE), text(&parts))?)
}

fn host(step: &Step) -> Result<String> {
    let version = run(std::process::Command::new("rustc").arg("-vV"), step)?;
    let host = version.lines().find_map(|line| line.strip_prefix("host: "));
    Ok(host.context("rustc names no host")?.to_owned())
}

/// The crates that are linked into this one of the workspace's. Those that run while compiling are not shipped.
fn crates_of(metadata: &Value, package: &str) -> Result<Vec<Part>> {
    let packages: BTreeMap<&str, &Value> = by_id(&metadata["packages"])?;
    let nodes: BTreeMap<&str, &Value> = by_id(&metadata["resolve"]["nodes"])?;
    let is_root = |it: &&&Value| it["name"] == package && it["source"].is_null();
    let root = packages.values().find(is_root).and_then(|it| it["id"].as_str());
    let mut waiting = vec![root.with_context(|| format!("no package {package}"))?];
    let mut linked = BTreeSet::new();
    while let Some(id) = waiting.pop() {
        if is_macro(packages[id]) || !linked.insert(id) {
            continue;
        }
        let all = nodes[id]["deps"].as_array().into_iter().flatten();
        let is_linked = |it: &&Value| {
            it["dep_kinds"].as_array().into_iter().flatten().any(|kind| kind["kind"].is_null())
        };
        waiting.extend(all.filter(is_linked).filter_map(|it| it["pkg"].as_str()));
    }
    let foreign = linked.into_iter().map(|id| packages[id]).filter(|it| !it["source"].is_null());
    foreign.map(part_of_crate).collect()
}

fn by_id(list: &Value) -> Result<BTreeMap<&str, &Value>> {
    let list = list.as_array().context("a list of cargo metadata")?;
    Ok(list.iter().filter_map(|it| Some((it["id"].as_str()?, it))).collect())
}

fn is_macro(package: &Value) -> bool {
    let targets = package["targets"].as_array().into_iter().flatten();
    let mut kinds = targets.flat_map(|target| target["kind"].as_array().into_iter().flatten());
    kinds.any(|kind| kind == "proc-macro")
}

fn part_of_crate(package: &Value) -> Result<Part> {
    let text = |name: &str| package[name].as_str().unwrap_or_default();
    let folder = Path::new(text("manifest_path")).parent().context("a manifest has a folder")?;
    let title = format!("{} {}: {}", text("name"), text("version"), text("license"));
    let mut texts = licences_in(folder)?;
    if texts.is_empty() {
        let authors = package["authors"].as_array().into_iter().flatten();
        let authors: Vec<&str> = authors.filter_map(Value::as_str).collect();
        texts.push(standard_text(text("license"), &authors.join(", "), text("repository"))?);
    }
    Ok(Part { title, texts })
}

/// The package comes without a text of its licence, the one that the pictures' makers gave them.
fn pictures() -> Result<Part> {
    let package = crate::files::read_json(&Path::new(PICTURES).join("package.json"))?;
    let text = |name: &str| package[name].as_str().unwrap_or_default();
    let (name, version, license) = (text("name"), text("version"), text("license"));
    let title = format!("{name} {version}: {license} ({PICTURES_CHANGED})");
    let texts = vec![standard_text(license, PICTURES_BY, "")?];
    Ok(Part { title, texts })
}

fn licences_in(folder: &Path) -> Result<Vec<String>> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy().to_lowercase();
        let is_source = path.extension().is_some_and(|extension| extension == "rs");
        let is_licence = LICENCE_FILES.iter().any(|beginning| name.starts_with(beginning));
        if is_licence && !is_source && path.is_file() {
            files.push(path);
        }
    }
    files.sort();
    files.iter().map(|file| Ok(String::from_utf8_lossy(&fs::read(file)?).into_owned())).collect()
}

/// For a crate that comes without a text: the licence's own, and whom it is by.
fn standard_text(licence: &str, authors: &str, repository: &str) -> Result<String> {
    let by = if authors.is_empty() { repository } else { authors };
    let offers = |name: &str| licence.split(['/', ' ', '(', ')']).any(|part| part == name);
    let text = if offers("MIT") {
        let ours = include_str!("../../LICENSE-MIT");
        let permission = ours.find("Permission is hereby granted").context("the MIT licence")?;
        format!("MIT License\n\nCopyright (c) {by}\n\n{}", &ours[permission..])
    } else if offers("Apache-2.0") {
        format!("By {by}\n\n{}", include_str!("../../LICENSE-APACHE"))
    } else {
        bail!("a crate by {by} has no text of its licence {licence}");
    };
    Ok(text)
}

/// Each text once, after all that it is for.
fn text(parts: &[Part]) -> String {
    let mut for_what: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    for part in parts {
        for text in &part.texts {
            let lines: Vec<&str> = text.trim().lines().map(str::trim_end).collect();
            for_what.entry(lines.join("\n")).or_default().push(&part.title);
        }
    }
    let mut texts: Vec<(String, Vec<&str>)> = for_what.into_iter().collect();
    texts.sort_by(|(_, one), (_, other)| one.cmp(other));
    let line = "-".repeat(80);
    let mut notices = BEGINNING.to_owned();
    for (text, titles) in texts {
        let titles = titles.join("\n");
        notices.extend(["\n", &line, "\n", &titles, "\n", &line, "\n\n", &text, "\n"]);
    }
    notices
}

#[cfg(test)]
mod tests {
    use super::*;

    fn part(title: &str, texts: &[&str]) -> Part {
        Part { title: title.into(), texts: texts.iter().map(|&text| text.into()).collect() }
    }

    #[test]
    fn a_text_that_many_share_stands_there_once_with_all_their_names() {
        let parts = [
            part("a 1.0.0: MIT", &["By A\n"]),
            part("b 1.0.0: MIT OR Apache-2.0", &["By B", "Apache \n2"]),
            part("c 1.0.0: Apache-2.0", &["Apache\n2\n"]),
        ];
        let notices = text(&parts);
        assert_eq!(notices.matches("Apache\n2").count(), 1, "{notices}");
        assert!(notices.contains("b 1.0.0: MIT OR Apache-2.0\nc 1.0.0: Apache-2.0\n"), "{notices}");
    }

    #[test]
    fn a_crate_without_a_text_gets_the_one_of_its_licence() {
        let mit = standard_text("MIT/Apache-2.0", "Ada <ada@example.com>", "").unwrap();
        assert!(mit.contains("Copyright (c) Ada") && mit.contains("WITHOUT WARRANTY"), "{mit}");
        assert!(!mit.contains("storezero"), "{mit}");
        let apache = standard_text("Apache-2.0", "", "https://example.com/a").unwrap();
        assert!(apache.starts_with("By https://example.com/a"), "{apache}");
        assert!(standard_text("Zlib", "", "https://example.com/a").is_err());
    }

    #[test]
    fn what_is_compiled_in_is_named_and_what_runs_while_compiling_is_not() {
        let folder = env!("CARGO_MANIFEST_DIR");
        let package = |name: &str, kind: &str, source: Value| {
            serde_json::json!({
                "id": name, "name": name, "version": "1.0.0", "license": "MIT", "source": source,
                "authors": ["Ada"], "repository": null, "manifest_path": format!("{folder}/Cargo.toml"),
                "targets": [{ "kind": [kind] }],
            })
        };
        let dep = |name: &str, kind: Value| serde_json::json!({ "pkg": name, "dep_kinds": [{ "kind": kind }] });
        let metadata = serde_json::json!({
            "packages": [
                package("shop", "bin", Value::Null),
                package("linked", "lib", "registry".into()),
                package("derive", "proc-macro", "registry".into()),
                package("built", "lib", "registry".into()),
            ],
            "resolve": { "nodes": [
                { "id": "shop", "deps": [
                    dep("linked", Value::Null), dep("derive", Value::Null), dep("built", "build".into()),
                ] },
                { "id": "linked", "deps": [] },
                { "id": "derive", "deps": [] },
                { "id": "built", "deps": [] },
            ] },
        });
        let titles: Vec<String> =
            crates_of(&metadata, "shop").unwrap().into_iter().map(|it| it.title).collect();
        assert_eq!(titles, ["linked 1.0.0: MIT"]);
    }
}
