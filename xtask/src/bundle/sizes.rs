//! What the site weighs, as a table: each file as it is and as brotli sends it, the first visit in all, and what each
//! lazy route adds when it is entered first.

use std::iter::once;
use std::path::Path;

use anyhow::Result;
use fs_err as fs;

use super::LazyRoutes;
use crate::files;

struct File {
    /// Its path on the site.
    name: String,
    raw: u64,
    /// What is sent: as it is, where compression makes nothing smaller.
    brotli: u64,
}

pub fn table(site: &Path, lazy_routes: &LazyRoutes) -> Result<String> {
    let files = weigh(site)?;
    let split = |files: Vec<_>, belongs: fn(&str) -> bool| -> (Vec<&File>, Vec<&File>) {
        files.into_iter().partition(|file: &&File| belongs(&file.name))
    };
    let (first_visit, others) = split(files.iter().collect(), is_first_visit);
    let (lazy, others) = split(others, is_lazy);
    let (pictures, others) = split(others, |name| name.starts_with("pictures/"));

    let routes = lazy_routes.iter().map(|(route, files)| {
        let is_needed = |file: &&File| {
            file.name.rsplit('/').next().is_some_and(|name| files.iter().any(|it| it == name))
        };
        let needed: Vec<_> = lazy.iter().copied().filter(is_needed).collect();
        sum(&format!("{}, {} files", route, files.len()), &needed)
    });
    Ok(once(line("file", "raw", "brotli"))
        .chain(each(&first_visit))
        .chain(once(sum("first visit", &first_visit)))
        .chain(once("\nwhen a route is first entered, at most\n".into()))
        .chain(routes)
        .chain(once("\n".into()))
        .chain(once(sum(&format!("{} files of lazy routes", lazy.len()), &lazy)))
        .chain(once(sum(&format!("{} pictures", pictures.len()), &pictures)))
        .chain(each(&others))
        .collect())
}

/// All files of the site but the compressed forms.
fn weigh(site: &Path) -> Result<Vec<File>> {
    let mut found = Vec::new();
    for path in files::below(site)? {
        if path.extension().is_some_and(|it| it == "br" || it == "gz") {
            continue;
        }
        let raw = fs::metadata(&path)?.len();
        let compressed = fs::metadata(format!("{}.br", path.display()));
        found.push(File {
            name: path.strip_prefix(site)?.display().to_string(),
            raw,
            brotli: compressed.map_or(raw, |about| about.len()),
        });
    }
    Ok(found)
}

/// Everything that the first page loads before it can be used: the shell, all scripts, its styles and the main wasm.
/// The other wasm files and the groups are of lazy routes, and `pages.css` has their styles.
fn is_first_visit(name: &str) -> bool {
    let is_code = |ending: &&str| name.starts_with("pkg/") && name.ends_with(*ending);
    name == "index.html" || ["/frontend_bg.wasm", ".js", "/styles.css"].iter().any(is_code)
}

fn is_lazy(name: &str) -> bool {
    name.starts_with("pkg/") && [".bin", ".wasm"].iter().any(|ending| name.ends_with(ending))
}

fn each(files: &[&File]) -> Vec<String> {
    files.iter().map(|file| sum(&file.name, &[file])).collect()
}

fn sum(name: &str, files: &[&File]) -> String {
    let raw = files.iter().map(|file| file.raw).sum();
    let brotli = files.iter().map(|file| file.brotli).sum();
    line(name, &kilobytes(raw), &kilobytes(brotli))
}

fn line(name: &str, raw: &str, brotli: &str) -> String {
    format!("{name:44} {raw:>10} {brotli:>10}\n")
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
        for name in ["index.html", "pkg/0f/boot.js", "pkg/0f/frontend_bg.wasm", "pkg/0f/styles.css"]
        {
            assert!(is_first_visit(name), "{name}");
        }
        for name in ["pkg/0f/split_checkout.wasm", "pkg/0f/pages.css", "robots.txt"] {
            assert!(!is_first_visit(name), "{name}");
        }
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
            ("pkg/0/group_1.bin", 700),
            ("pkg/0/group_1.bin.br", 400),
        ] {
            fs::create_dir_all(site.join(name).parent().unwrap()).unwrap();
            fs::write(site.join(name), vec![b'x'; bytes]).unwrap();
        }
        let routes = LazyRoutes::from([("OrdersRoute".into(), vec!["group_1.bin".into()])]);
        let table = table(&site, &routes).unwrap();
        fs::remove_dir_all(site).unwrap();
        let words = |start: &str| {
            let line = table.lines().find(|line| line.starts_with(start)).unwrap_or_default();
            line.split_whitespace().map(str::to_owned).collect::<Vec<_>>().join(" ")
        };
        assert_eq!(words("first visit"), "first visit 6.0 kB 2.3 kB");
        assert_eq!(words("OrdersRoute"), "OrdersRoute, 1 files 0.7 kB 0.4 kB");
    }
}
