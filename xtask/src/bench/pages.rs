//! `cargo xtask bench pages`: Lighthouse on the pages that shoppers see, as a phone and as a desktop.

use std::path::{Path, absolute};
use std::process::Command;
use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use serde_json::{Value, json};

use super::figures::{self, align, median};
use super::{FOLDER, PACKAGE, stand};
use crate::bundle::{self, Quality};
use crate::processes::{self, Process};
use crate::servers::{self, ONE_HOST, Profile, Surroundings};
use crate::steps::{Step, Steps};
use crate::{files, ports, tools};

const PAGES: [(&str, &str); 5] = [
    ("home", "/"),
    ("category", "/c/electronics"),
    ("product", "/p/retro-camera"),
    ("checkout", "/checkout"),
    ("Explorer", "/sessions"),
];
const FORMS: [&str; 2] = ["mobile", "desktop"];
const TIMES: usize = 3;
const SCORES: [&str; 4] = ["performance", "accessibility", "best-practices", "seo"];
const AUDITS: [&str; 4] = [
    "largest-contentful-paint",
    "cumulative-layout-shift",
    "total-blocking-time",
    "total-byte-weight",
];

/// Only the pages whose name contains `name`.
pub fn run(steps: &mut Steps, name: &str) -> Result<()> {
    let wanted: Vec<_> = PAGES.into_iter().filter(|(page, _)| page.contains(name)).collect();
    if wanted.is_empty() {
        let all = PAGES.map(|(page, _)| page).join(", ");
        bail!("no page's name contains \"{name}\"; there are {all}");
    }
    let programs = servers::build(steps, Profile::Dist)?;
    let sites = bundle::build(steps, Quality::Dist)?;
    for folder in ["e2e", PACKAGE] {
        steps.run(&format!("Install the npm packages of {folder}"), |step| {
            tools::install_npm_packages(folder.as_ref(), step)
        })?;
    }
    let chromium =
        steps.run("Find Chromium", |step| tools::chromium("e2e".as_ref(), step))?.context(
            "Lighthouse does not find Playwright's own Chromium; name a browser with CHROMIUM",
        )?;
    let here = Surroundings::for_tests(&format!("{FOLDER}/pages"), ONE_HOST)?;
    let devtools = ports::free()?;
    let _running = steps.run("Start the shop, its identity provider and Chromium", |_| {
        let idp = here.start_idp("IDP_DEMO")?;
        let shop = here.start_shop(&programs.shop, &sites.shop.folder, Some("shop.log"))?;
        Ok([idp, shop, start_chromium(&chromium, devtools, &here.folder)?])
    })?;

    let mut lines = vec![
        ["page", "", "perf", "a11y", "best", "seo", "LCP s", "CLS", "TBT ms", "KiB"]
            .map(str::to_owned),
    ];
    let mut pages = Vec::new();
    for (page, path) in wanted {
        for form in FORMS {
            let url = format!("{}{path}", here.shop_url());
            let reports: Vec<_> = steps.run(&format!("Lighthouse: {page}, {form}"), |step| {
                let report = here.folder.join(format!("{page}-{form}.json"));
                (0..TIMES).map(|_| lighthouse(devtools, &url, form, &report, step)).collect()
            })?;
            let figures = Page::of(&reports);
            lines.push(figures.line(page, form));
            pages.push(figures.json(page, form));
        }
    }
    println!("\n{}", align(&lines));
    let json = json!({ "machine": figures::machine(), "times": TIMES, "pages": pages });
    let file = figures::write(FOLDER.as_ref(), "-pages", &json)?;
    println!("Medians of {TIMES}. Written to {}", file.display());
    Ok(())
}

/// Not by Lighthouse, which puts it into a process group of its own: it would outlive whoever ends this command.
fn start_chromium(chromium: &Path, devtools: u16, folder: &Path) -> Result<Process> {
    let mut command = Command::new(chromium);
    command
        // Chromium's own sandbox does not work for root, as in containers.
        .args(["--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run"])
        .args(["--disable-background-networking", "--disable-component-update", "--disable-sync"])
        .arg(format!("--remote-debugging-port={devtools}"))
        .arg(format!("--user-data-dir={}", absolute(folder)?.join("chromium").display()))
        .arg("about:blank");
    let log = folder.join("chromium.log");
    let mut chromium = Process::serve("Chromium", &mut command, Some(log))?;
    let ready = || processes::answers(devtools, "/json/version");
    chromium.wait_until("answer", Duration::from_secs(30), ready)?;
    Ok(chromium)
}

/// With the network and the processor really slowed down: from a run at full speed, Lighthouse would only guess what a
/// phone takes, and the page that the server sends is gone there before it was seen, since the app is on this machine.
///
/// The last report of each page stays in its file: what was painted last, what moved, what took the time.
fn lighthouse(devtools: u16, url: &str, form: &str, report: &Path, step: &Step) -> Result<Value> {
    let mut node: Command = stand::node("node_modules/lighthouse/cli/index.js")?;
    node.arg(url)
        .args(["--quiet", "--output=json", "--throttling-method=devtools"])
        .args(["--only-categories", &SCORES.join(",")])
        .arg(format!("--output-path={}", report.display()))
        .arg(format!("--port={devtools}"));
    if form == "desktop" {
        node.arg("--preset=desktop");
    }
    processes::run(&mut node, step)?;
    files::read_json(report)
}

/// Medians of a page's reports, where Lighthouse had a value.
struct Page {
    scores: [Option<f64>; 4],
    audits: [Option<f64>; 4],
}

impl Page {
    fn of(reports: &[Value]) -> Self {
        let middle = |read: &dyn Fn(&Value) -> Option<f64>| {
            median(reports.iter().filter_map(read).collect())
        };
        Self {
            scores: SCORES
                .map(|name| middle(&|report| report["categories"][name]["score"].as_f64())),
            audits: AUDITS
                .map(|name| middle(&|report| report["audits"][name]["numericValue"].as_f64())),
        }
    }

    fn line(&self, page: &str, form: &str) -> [String; 10] {
        let write = |value: Option<f64>, times: f64, digits: usize| {
            value.map_or("–".into(), |value| format!("{:.digits$}", value * times))
        };
        let [performance, accessibility, practices, seo] =
            self.scores.map(|score| write(score, 100.0, 0));
        let [paint, shift, blocked, bytes] = self.audits;
        [
            page.into(),
            form.into(),
            performance,
            accessibility,
            practices,
            seo,
            write(paint, 0.001, 2),
            write(shift, 1.0, 3),
            write(blocked, 1.0, 0),
            write(bytes, 1.0 / 1024.0, 0),
        ]
    }

    fn json(&self, page: &str, form: &str) -> Value {
        let named = |names: [&'static str; 4], values: [Option<f64>; 4]| {
            names.into_iter().zip(values).map(move |(name, value)| (name.to_owned(), json!(value)))
        };
        let figures = named(SCORES, self.scores).chain(named(AUDITS, self.audits));
        json!({ "page": page, "form": form, "figures": Value::Object(figures.collect()) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_s_figures_are_medians_and_a_missing_one_stays_visible() {
        let report = |score: f64, paint: f64| {
            json!({
                "categories": { "performance": { "score": score }, "seo": { "score": 1 } },
                "audits": { "largest-contentful-paint": { "numericValue": paint } },
            })
        };
        let page = Page::of(&[report(0.9, 1800.0), report(0.2, 9000.0), report(0.95, 1500.0)]);
        let line = page.line("home", "mobile");
        assert_eq!(line[2..7], ["90", "–", "–", "100", "1.80"].map(str::to_owned));
        assert_eq!(page.json("home", "mobile")["figures"]["performance"], json!(0.9));
    }
}
