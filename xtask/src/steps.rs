//! Progress: one line for every step, with the time it took.
//!
//! On a terminal the line of the step under way counts the seconds and shows what is being worked on; in a log file
//! each step is written once.

use std::io::{IsTerminal, Write as _};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::Result;

const OK: char = '✓';
const FAILED: char = '✗';
const LEFT_OUT: char = '–';

/// The steps of one command, in their order.
pub struct Steps {
    started: Instant,
    terminal: bool,
    done: Vec<Done>,
}

struct Done {
    mark: char,
    name: String,
    took: String,
}

/// The step under way. What is noted here stands behind its name until the next note; the last one stays.
#[derive(Default)]
pub struct Step {
    note: Mutex<String>,
}

impl Step {
    pub fn note(&self, note: impl Into<String>) {
        *self.note.lock().unwrap_or_else(PoisonError::into_inner) = note.into();
    }

    fn read_note(&self) -> String {
        let note = self.note.lock();
        note.unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Steps {
    pub fn new() -> Self {
        Self {
            started: Instant::now(),
            terminal: std::io::stdout().is_terminal(),
            done: Vec::new(),
        }
    }

    /// A step whose programs' output matters only when it fails.
    pub fn run<T>(&mut self, name: &str, work: impl FnOnce(&Step) -> Result<T>) -> Result<T> {
        let step = Step::default();
        let started = Instant::now();
        let result = if self.terminal {
            with_ticking_line(name, started, &step, || work(&step))
        } else {
            print!("{name} … ");
            flush();
            work(&step)
        };
        let note = match step.read_note() {
            note if result.is_ok() && !note.is_empty() => format!("  ({note})"),
            _ => String::new(),
        };
        let terminal = self.terminal;
        let Done { mark, name, took } = self.record(name, started, &result);
        if terminal {
            println!("\r\x1b[K{mark} {name}  {took}{note}");
        } else {
            println!("{mark} {took}{note}");
        }
        result
    }

    /// A step whose output is the point of it, as with tests: it is shown as it comes, between two lines.
    pub fn show<T>(&mut self, name: &str, work: impl FnOnce() -> Result<T>) -> Result<T> {
        println!("▸ {name}");
        let started = Instant::now();
        let result = work();
        let Done { mark, name, took } = self.record(name, started, &result);
        println!("{mark} {name}  {took}");
        result
    }

    /// Says that a step does not happen, and why, so that nobody takes it for done.
    pub fn leave_out(&mut self, name: &str, why: &str) {
        println!("{LEFT_OUT} {name}: left out, {why}");
        self.done.push(Done { mark: LEFT_OUT, name: name.into(), took: "left out".into() });
    }

    pub fn failed(&self) -> usize {
        self.done.iter().filter(|done| done.mark == FAILED).count()
    }

    /// All steps with their times.
    pub fn table(&self) -> String {
        let names = self.done.iter().map(|done| done.name.chars().count());
        let width = names.max().unwrap_or_default();
        let line = |mark, name: &str, took: &str| format!("{mark} {name:width$}  {took:>12}\n");
        let steps = self.done.iter();
        steps
            .map(|done| line(done.mark, &done.name, &done.took))
            .chain([line(' ', "in all", &seconds(self.elapsed()))])
            .collect()
    }

    pub fn elapsed(&self) -> Duration {
        self.started.elapsed()
    }

    fn record<T>(&mut self, name: &str, started: Instant, result: &Result<T>) -> &Done {
        self.done.push(Done {
            mark: if result.is_ok() { OK } else { FAILED },
            name: name.into(),
            took: seconds(started.elapsed()),
        });
        &self.done[self.done.len() - 1]
    }
}

fn with_ticking_line<T>(name: &str, started: Instant, step: &Step, work: impl FnOnce() -> T) -> T {
    let finished = AtomicBool::new(false);
    thread::scope(|scope| {
        let ticker = scope.spawn(|| {
            while !finished.load(Ordering::Relaxed) {
                let note: String = step.read_note().chars().take(60).collect();
                print!("\r\x1b[K▸ {name}  {} s  \x1b[2m{note}\x1b[0m", started.elapsed().as_secs());
                flush();
                thread::park_timeout(Duration::from_millis(250));
            }
        });
        let result = work();
        finished.store(true, Ordering::Relaxed);
        ticker.thread().unpark();
        result
    })
}

fn flush() {
    // A closed standard output is no reason to stop a build.
    let _ = std::io::stdout().flush();
}

/// "0.4 s", "12.3 s", "3 min 07 s".
pub fn seconds(time: Duration) -> String {
    let whole = time.as_secs();
    if whole < 60 {
        format!("{:.1} s", time.as_secs_f64())
    } else {
        format!("{} min {:02} s", whole / 60, whole % 60)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use anyhow::bail;

    #[test]
    fn times_read_as_a_person_says_them() {
        assert_eq!(seconds(Duration::from_millis(440)), "0.4 s");
        assert_eq!(seconds(Duration::from_millis(12_340)), "12.3 s");
        assert_eq!(seconds(Duration::from_secs(187)), "3 min 07 s");
    }

    #[test]
    fn a_failed_step_and_one_left_out_stay_visible_in_the_table() {
        let mut steps = Steps::new();
        steps.run("Good", |_| Ok(())).unwrap();
        let _ = steps.run("Bad", |_| -> Result<()> { bail!("no") });
        steps.leave_out("Absent", "no reason");
        let table = steps.table();
        assert!(
            table.contains("✓ Good") && table.contains("✗ Bad") && table.contains("– Absent"),
            "{table}"
        );
        assert_eq!(steps.failed(), 1);
    }
}
