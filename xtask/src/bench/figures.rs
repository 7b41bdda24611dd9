//! What was measured, as a table and as JSON.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::Result;
use fs_err as fs;
use serde_json::{Value, json};

use super::load::Measured;
use crate::processes;

#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Promise {
    None,
    /// Requests per second, as a share of the bare server's.
    ShareOfBare(f64),
    /// Requests per second, as a multiple of the peer's.
    TimesThePeer(f64),
    /// Milliseconds.
    P99Within(f64),
    /// Milliseconds, of the longest answer.
    LongestWithin(f64),
    /// Of the median time, as a multiple of what it is held against.
    GrowsAtMost(f64),
    /// In the figure's own unit.
    AtMost(f64),
}

#[derive(Clone, Copy, PartialEq)]
pub enum Unit {
    PerSecond,
    Milliseconds,
    Mebibytes,
    Kibibytes,
}

struct Figure {
    name: String,
    unit: Unit,
    rounds: Vec<Measured>,
    bare: String,
    peer: String,
    promise: Promise,
}

pub struct Figures {
    rounds: usize,
    all: Vec<Figure>,
}

impl Figures {
    pub fn new(rounds: usize) -> Self {
        Self { rounds, all: Vec::new() }
    }

    /// One round of a row that answers requests.
    pub fn add(&mut self, name: &str, measured: Measured) {
        match self.all.iter_mut().find(|figure| figure.name == name) {
            Some(figure) => figure.rounds.push(measured),
            None => self.all.push(Figure {
                name: name.into(),
                unit: Unit::PerSecond,
                rounds: vec![measured],
                bare: String::new(),
                peer: String::new(),
                promise: Promise::None,
            }),
        }
    }

    /// What a row's median is held against, by the names of other rows.
    pub fn hold_against(&mut self, name: &str, bare: &str, peer: &str, promise: Promise) {
        if let Some(figure) = self.all.iter_mut().find(|figure| figure.name == name) {
            (figure.bare, figure.peer, figure.promise) = (bare.into(), peer.into(), promise);
        }
    }

    /// A figure that is no rate: a time, a size.
    pub fn add_value(&mut self, name: &str, value: f64, unit: Unit, promise: Promise) {
        let rounds = vec![Measured { per_second: value, p50: 0.0, p99: 0.0, longest: 0.0 }];
        let (bare, peer) = (String::new(), String::new());
        self.all.push(Figure { name: name.into(), unit, rounds, bare, peer, promise });
    }

    /// Of a row's rounds, the median of what `read` reads.
    fn median(&self, name: &str, read: fn(&Measured) -> f64) -> Option<f64> {
        let figure = self.all.iter().find(|figure| figure.name == name)?;
        median(figure.rounds.iter().map(read).collect())
    }

    fn times(&self, figure: &Figure, other: &str) -> Option<f64> {
        let rate = |measured: &Measured| measured.per_second;
        Some(self.median(&figure.name, rate)? / self.median(other, rate)?)
    }

    fn is_met(&self, figure: &Figure) -> Option<bool> {
        let value = |read| self.median(&figure.name, read);
        Some(match figure.promise {
            Promise::None => return None,
            Promise::ShareOfBare(least) => self.times(figure, &figure.bare)? >= least,
            Promise::TimesThePeer(least) => self.times(figure, &figure.peer)? >= least,
            Promise::P99Within(most) => value(|measured| measured.p99)? <= most,
            Promise::LongestWithin(most) => value(|measured| measured.longest)? <= most,
            Promise::GrowsAtMost(most) => 1.0 / self.times(figure, &figure.bare)? <= most,
            Promise::AtMost(most) => value(|measured| measured.per_second)? <= most,
        })
    }

    pub fn table(&self) -> String {
        let mut lines = vec![
            ["figure", "median", "p50 ms", "p99 ms", "longest", "× bare", "× peer", "promise", ""]
                .map(str::to_owned),
        ];
        for figure in &self.all {
            let median = |read| self.median(&figure.name, read).unwrap_or_default();
            let is_rate = figure.unit == Unit::PerSecond;
            let ms = |value: f64| if is_rate { format!("{value:.2}") } else { String::new() };
            let times = |other: &str| {
                self.times(figure, other).map(|times| format!("{times:.2}")).unwrap_or_default()
            };
            let met = match self.is_met(figure) {
                None => "",
                Some(true) => "met",
                Some(false) => "not met",
            };
            lines.push([
                figure.name.clone(),
                figure.unit.write(median(|measured| measured.per_second)),
                ms(median(|measured| measured.p50)),
                ms(median(|measured| measured.p99)),
                ms(median(|measured| measured.longest)),
                times(&figure.bare),
                times(&figure.peer),
                figure.promise.words(figure.unit),
                met.to_owned(),
            ]);
        }
        align(&lines)
    }

    fn json(&self) -> Value {
        let figures = self.all.iter().map(|figure| {
            let each =
                |read: fn(&Measured) -> f64| figure.rounds.iter().map(read).collect::<Vec<_>>();
            let value = each(|measured| measured.per_second);
            let mut entry = json!({
                "name": figure.name,
                "unit": figure.unit.name(),
                "median": median(value.clone()),
                "rounds": value,
                "promise": figure.promise.words(figure.unit),
                "met": self.is_met(figure),
            });
            if figure.unit == Unit::PerSecond {
                entry["milliseconds"] = json!({
                    "p50": each(|measured| measured.p50),
                    "p99": each(|measured| measured.p99),
                    "longest": each(|measured| measured.longest),
                });
                entry["times_bare"] = json!(self.times(figure, &figure.bare));
                entry["times_peer"] = json!(self.times(figure, &figure.peer));
            }
            entry
        });
        json!({ "machine": machine(), "rounds": self.rounds, "figures": figures.collect::<Vec<_>>() })
    }

    pub fn write(&self, folder: &Path) -> Result<PathBuf> {
        write(folder, "", &self.json())
    }
}

/// As `<folder>/<seconds since 1970><suffix>.json`.
pub fn write(folder: &Path, suffix: &str, json: &Value) -> Result<PathBuf> {
    let now = SystemTime::now().duration_since(UNIX_EPOCH)?.as_secs();
    fs::create_dir_all(folder)?;
    let file = folder.join(format!("{now}{suffix}.json"));
    fs::write(&file, serde_json::to_string_pretty(json)?)?;
    Ok(file)
}

pub fn machine() -> Value {
    let cpu = fs::read_to_string("/proc/cpuinfo").ok().and_then(|text| {
        let model = text.lines().find(|line| line.starts_with("model name"))?;
        Some(model.split_once(':')?.1.trim().to_owned())
    });
    let mac = || processes::answer(Command::new("sysctl").args(["-n", "machdep.cpu.brand_string"]));
    json!({
        "cores": std::thread::available_parallelism().map_or(0, usize::from),
        "cpu": cpu.or_else(mac),
        "system": processes::answer(Command::new("uname").arg("-sr")),
        "commit": processes::answer(Command::new("git").args(["rev-parse", "--short", "HEAD"])),
    })
}

pub fn median(mut values: Vec<f64>) -> Option<f64> {
    values.sort_by(f64::total_cmp);
    let middle = values.len() / 2;
    let upper = *values.get(middle)?;
    Some(if values.len() % 2 == 1 { upper } else { f64::midpoint(values[middle - 1], upper) })
}

/// Columns as wide as their widest cell; the first stands left, the others right.
pub fn align<const N: usize>(lines: &[[String; N]]) -> String {
    let width = |column: usize| {
        lines.iter().map(|line| line[column].chars().count()).max().unwrap_or_default()
    };
    let widths: [usize; N] = std::array::from_fn(width);
    let mut table = String::new();
    for line in lines {
        let mut text = format!("{:1$}", line[0], widths[0]);
        for (cell, width) in line.iter().zip(widths).skip(1) {
            let _ = write!(text, "  {cell:>width$}");
        }
        table += text.trim_end();
        table.push('\n');
    }
    table
}

impl Promise {
    fn words(self, unit: Unit) -> String {
        match self {
            Self::None => String::new(),
            Self::ShareOfBare(least) => format!("≥ {:.0} % of bare", least * 100.0),
            Self::TimesThePeer(least) => format!("≥ {least:.0} × peer"),
            Self::P99Within(most) => format!("p99 ≤ {most:.0} ms"),
            Self::LongestWithin(most) => format!("longest ≤ {most:.0} ms"),
            Self::GrowsAtMost(most) => format!("≤ {most:.1} × slower"),
            Self::AtMost(most) => format!("≤ {}", unit.write(most)),
        }
    }
}

impl Unit {
    fn write(self, value: f64) -> String {
        match self {
            Self::PerSecond => format!("{value:.0} /s"),
            Self::Milliseconds => format!("{value:.0} ms"),
            Self::Mebibytes => format!("{value:.1} MiB"),
            Self::Kibibytes => format!("{value:.1} KiB"),
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::PerSecond => "requests per second",
            Self::Milliseconds => "ms",
            Self::Mebibytes => "MiB",
            Self::Kibibytes => "KiB",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rate(per_second: f64) -> Measured {
        Measured { per_second, p50: 1.0, p99: 12.0, longest: 40.0 }
    }

    #[test]
    fn one_bad_round_does_not_move_a_median() {
        assert_eq!(median(vec![9.0, 1.0, 10.0]), Some(9.0));
        assert_eq!(median(vec![4.0, 2.0]), Some(3.0));
        assert_eq!(median(vec![]), None);
    }

    #[test]
    fn a_promise_is_held_against_the_medians_of_both_rows() {
        let mut figures = Figures::new(1);
        figures.add("shop", rate(600.0));
        figures.add("bare", rate(1000.0));
        figures.add("peer", rate(61.0));
        figures.hold_against("shop", "bare", "peer", Promise::ShareOfBare(0.6));
        assert_eq!(figures.is_met(&figures.all[0]), Some(true));
        figures.hold_against("shop", "bare", "peer", Promise::TimesThePeer(10.0));
        assert_eq!(figures.is_met(&figures.all[0]), Some(false));
        figures.hold_against("shop", "bare", "peer", Promise::P99Within(10.0));
        assert_eq!(figures.is_met(&figures.all[0]), Some(false));
        figures.hold_against("shop", "bare", "peer", Promise::GrowsAtMost(1.7));
        assert_eq!(figures.is_met(&figures.all[0]), Some(true));
        let table = figures.table();
        assert!(table.contains("600 /s") && table.contains("9.84"), "{table}");
    }

    #[test]
    fn a_row_without_a_promise_is_neither_met_nor_not() {
        let mut figures = Figures::new(1);
        figures.add_value("memory", 41.0, Unit::Mebibytes, Promise::None);
        assert_eq!(figures.is_met(&figures.all[0]), None);
        figures.all[0].promise = Promise::AtMost(40.0);
        assert_eq!(figures.is_met(&figures.all[0]), Some(false));
    }
}
