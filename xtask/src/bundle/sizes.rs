//! What the site weighs, as a table: each file as it is and as brotli sends it, and the first visit in all.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use anyhow::Result;

use crate::compress::with_suffix;
use crate::files;

struct Row {
    name: String,
    raw: u64,
    brotli: Option<u64>,
}

pub fn table(site: &Path) -> Result<String> {
    let mut first_load = Vec::new();
    let mut later = Vec::new();
    let mut pictures = Row {
        name: String::new(),
        raw: 0,
        brotli: None,
    };
    let mut picture_count = 0;
    for file in files::below(site)? {
        let extension = file
            .extension()
            .and_then(|extension| extension.to_str())
            .unwrap_or_default();
        let path = site.join(&file);
        let name = file.display().to_string();
        if ["br", "gz"].contains(&extension) {
            continue;
        }
        let raw = fs::metadata(&path)?.len();
        if name.starts_with("pictures/") {
            picture_count += 1;
            pictures.raw += raw;
            continue;
        }
        let brotli = fs::metadata(with_suffix(&path, "br"))
            .ok()
            .map(|about| about.len());
        let row = Row { name, raw, brotli };
        if is_first_load(&row.name) {
            first_load.push(row);
        } else {
            later.push(row);
        }
    }
    pictures.name = format!("{picture_count} pictures");

    let mut text = format!("{:58} {:>10} {:>10}\n", "file", "raw", "brotli");
    write_rows(&mut text, &first_load);
    write_rows(&mut text, &[sum("first visit", &first_load)]);
    text.push('\n');
    write_rows(&mut text, &later);
    write_rows(&mut text, &[pictures]);
    Ok(text)
}

/// Everything that the first page loads before it can be used: the shell, all scripts, the styles and the main wasm.
/// The other wasm files are chunks of lazy routes.
fn is_first_load(name: &str) -> bool {
    let file = name.rsplit('/').next().unwrap_or(name);
    let extension = file.rsplit('.').next().unwrap_or_default();
    match name.strip_prefix("pkg/") {
        Some(_) => file == "frontend_bg.wasm" || ["js", "css"].contains(&extension),
        None => file == "index.html",
    }
}

fn sum(name: &str, rows: &[Row]) -> Row {
    // What stays uncompressed is sent as it is.
    let sent = rows.iter().map(|row| row.brotli.unwrap_or(row.raw)).sum();
    Row {
        name: name.into(),
        raw: rows.iter().map(|row| row.raw).sum(),
        brotli: Some(sent),
    }
}

fn write_rows(text: &mut String, rows: &[Row]) {
    for Row { name, raw, brotli } in rows {
        let brotli = brotli.map_or_else(|| "–".into(), kilobytes);
        let _ = writeln!(text, "{name:58} {:>10} {brotli:>10}", kilobytes(*raw));
    }
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
    fn the_sum_counts_what_is_sent() {
        let row = |raw, brotli| Row {
            name: String::new(),
            raw,
            brotli,
        };
        let sum = sum("first visit", &[row(1000, Some(300)), row(50, None)]);
        assert_eq!((sum.raw, sum.brotli), (1050, Some(350)));
        assert_eq!(kilobytes(1050), "1.0 kB");
    }
}
