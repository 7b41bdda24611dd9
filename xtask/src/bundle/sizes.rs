//! What the site weighs, as a table: each file as it is and as brotli sends it, the first visit in all, and what each
//! lazy route adds when it is entered first.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result};

use super::{LazyRoutes, MAIN_WASM};
use crate::compress::with_suffix;
use crate::files;

#[derive(Clone)]
struct Row {
    name: String,
    raw: u64,
    /// What is sent: as it is, where compression makes nothing smaller.
    brotli: u64,
}

pub fn table(site: &Path, lazy_routes: &LazyRoutes) -> Result<String> {
    let rows = weigh(site)?;
    let chosen = |wanted: &dyn Fn(&str) -> bool| -> Vec<Row> {
        rows.iter()
            .filter(|row| wanted(&row.name))
            .cloned()
            .collect()
    };
    let is_chunk = |name: &str| name.strip_suffix(".wasm").is_some() && !is_first_load(name);
    let is_picture = |name: &str| name.starts_with("pictures/");

    let first_load = chosen(&is_first_load);
    let mut text = line("file", "raw", "brotli");
    write_rows(&mut text, &first_load);
    write_rows(&mut text, &[sum("first visit", &first_load)]);

    text.push_str("\nwhen a route is first entered, at most\n");
    for (view, stems) in lazy_routes {
        let files =
            chosen(&|name| is_chunk(name) && stems.iter().any(|stem| *stem == stem_of(name)));
        write_rows(
            &mut text,
            &[sum(
                &format!("{}, {} files", route_name(view), stems.len()),
                &files,
            )],
        );
    }

    text.push('\n');
    let chunks = chosen(&is_chunk);
    write_rows(
        &mut text,
        &[sum(
            &format!("{} chunks of lazy routes", chunks.len()),
            &chunks,
        )],
    );
    let pictures = chosen(&is_picture);
    write_rows(
        &mut text,
        &[sum(&format!("{} pictures", pictures.len()), &pictures)],
    );
    write_rows(
        &mut text,
        &chosen(&|name| !is_first_load(name) && !is_chunk(name) && !is_picture(name)),
    );
    Ok(text)
}

/// All files of the site but the compressed forms.
fn weigh(site: &Path) -> Result<Vec<Row>> {
    let mut rows = Vec::new();
    for file in files::below(site)? {
        if file
            .extension()
            .is_some_and(|extension| extension == "br" || extension == "gz")
        {
            continue;
        }
        let path = site.join(&file);
        let raw = fs::metadata(&path)
            .with_context(|| format!("cannot weigh {}", path.display()))?
            .len();
        let brotli = fs::metadata(with_suffix(&path, "br")).map_or(raw, |about| about.len());
        rows.push(Row {
            name: file.display().to_string(),
            raw,
            brotli,
        });
    }
    Ok(rows)
}

/// Everything that the first page loads before it can be used: the shell, all scripts, the styles and the main wasm.
/// The other wasm files are chunks of lazy routes.
fn is_first_load(name: &str) -> bool {
    let file = name.rsplit('/').next().unwrap_or(name);
    let extension = file.rsplit('.').next().unwrap_or_default();
    match name.strip_prefix("pkg/") {
        Some(_) => file == MAIN_WASM || ["js", "css"].contains(&extension),
        None => file == "index.html",
    }
}

fn stem_of(name: &str) -> &str {
    let file = name.rsplit('/').next().unwrap_or(name);
    file.strip_suffix(".wasm").unwrap_or(file)
}

/// `__orders_route_view_7761914641930565638` → `orders route`
fn route_name(view: &str) -> String {
    let name = view
        .trim_matches('_')
        .trim_end_matches(|last: char| last.is_ascii_digit() || last == '_');
    name.strip_suffix("_view").unwrap_or(name).replace('_', " ")
}

fn sum(name: &str, rows: &[Row]) -> Row {
    Row {
        name: name.into(),
        raw: rows.iter().map(|row| row.raw).sum(),
        brotli: rows.iter().map(|row| row.brotli).sum(),
    }
}

fn write_rows(text: &mut String, rows: &[Row]) {
    for Row { name, raw, brotli } in rows {
        text.push_str(&line(name, &kilobytes(*raw), &kilobytes(*brotli)));
    }
}

fn line(name: &str, raw: &str, brotli: &str) -> String {
    let mut line = String::new();
    let _ = writeln!(line, "{name:44} {raw:>10} {brotli:>10}");
    line
}

/// Kilobytes of 1000 bytes, as browsers' network panels count.
fn kilobytes(bytes: u64) -> String {
    format!("{}.{} kB", bytes / 1000, bytes % 1000 / 100)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_visit_is_the_shell_the_scripts_the_styles_and_the_main_wasm() {
        for name in [
            "index.html",
            "pkg/0f/boot.js",
            "pkg/0f/frontend_bg.wasm",
            "pkg/0f/styles.css",
        ] {
            assert!(is_first_load(name), "{name}");
        }
        for name in ["pkg/0f/split_checkout.wasm", "robots.txt", "favicon.svg"] {
            assert!(!is_first_load(name), "{name}");
        }
    }

    #[test]
    fn a_route_is_called_as_in_the_sources() {
        assert_eq!(
            route_name("__orders_route_view_7761914641930565638"),
            "orders route"
        );
        assert_eq!(stem_of("pkg/0f/chunk_12.wasm"), "chunk_12");
    }

    #[test]
    fn the_table_sums_what_is_sent() {
        let site = std::env::temp_dir().join(format!("storezero-sizes-{}", std::process::id()));
        files::fresh_folder(&site).unwrap();
        for (name, bytes) in [
            ("index.html", 1000),
            ("index.html.br", 300),
            ("pkg/0/frontend_bg.wasm", 5000),
            ("pkg/0/frontend_bg.wasm.br", 2000),
            ("pkg/0/chunk_1.wasm", 700),
            ("pkg/0/chunk_1.wasm.br", 400),
        ] {
            files::write(&site.join(name), vec![b'x'; bytes]).unwrap();
        }
        let routes = LazyRoutes::from([("__orders_route_view_1".into(), vec!["chunk_1".into()])]);
        let table = table(&site, &routes).unwrap();
        fs::remove_dir_all(site).unwrap();
        let words = |start: &str| {
            let line = table
                .lines()
                .find(|line| line.starts_with(start))
                .unwrap_or_default();
            line.split_whitespace()
                .map(str::to_owned)
                .collect::<Vec<_>>()
                .join(" ")
        };
        assert_eq!(words("first visit"), "first visit 6.0 kB 2.3 kB");
        assert_eq!(words("orders route"), "orders route, 1 files 0.7 kB 0.4 kB");
    }
}
