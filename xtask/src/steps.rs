//! Progress: one line for every step, with the time it took.
//!
//! On a terminal the line of the step under way counts the seconds and shows what is being worked on; in a log file
//! each step is written once.

use std::fmt::Write as _;
use std::io::{IsTerminal, Write as _};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::Result;

/// The steps of one command, in their order.
pub struct Steps {
    started: Instant,
    terminal: bool,
    done: Vec<Done>,
}

struct Done {
    name: String,
    took: Duration,
    outcome: Outcome,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Outcome {
    Ok,
    Failed,
    LeftOut,
}

/// The step under way. What is noted here stands behind its name until the next note; the last one stays.
#[derive(Clone, Default)]
pub struct Step {
    note: Arc<Mutex<String>>,
}

impl Step {
    pub fn note(&self, note: impl Into<String>) {
        *self.note.lock().unwrap_or_else(PoisonError::into_inner) = note.into();
    }

    fn read_note(&self) -> String {
        self.note
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
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
        let took = started.elapsed();
        let mark = if result.is_ok() { "✓" } else { "✗" };
        let note = step.read_note();
        let note = if result.is_ok() && !note.is_empty() {
            format!("  ({note})")
        } else {
            String::new()
        };
        if self.terminal {
            println!("\r\x1b[K{mark} {name}  {}{note}", seconds(took));
        } else {
            println!("{mark} {}{note}", seconds(took));
        }
        self.record(name, took, &result);
        result
    }

    /// A step whose output is the point of it, as with tests: it is shown as it comes, between two lines.
    pub fn show<T>(&mut self, name: &str, work: impl FnOnce() -> Result<T>) -> Result<T> {
        println!("▸ {name}");
        let started = Instant::now();
        let result = work();
        let took = started.elapsed();
        println!(
            "{} {name}  {}",
            if result.is_ok() { "✓" } else { "✗" },
            seconds(took)
        );
        self.record(name, took, &result);
        result
    }

    /// Says that a step does not happen, and why, so that nobody takes it for done.
    pub fn leave_out(&mut self, name: &str, why: &str) {
        println!("– {name}: left out, {why}");
        self.done.push(Done {
            name: name.into(),
            took: Duration::ZERO,
            outcome: Outcome::LeftOut,
        });
    }

    pub fn failed(&self) -> usize {
        self.done
            .iter()
            .filter(|done| done.outcome == Outcome::Failed)
            .count()
    }

    /// All steps with their times.
    pub fn table(&self) -> String {
        let width = self
            .done
            .iter()
            .map(|done| done.name.chars().count())
            .max()
            .unwrap_or_default();
        let mut table = String::new();
        for Done {
            name,
            took,
            outcome,
        } in &self.done
        {
            let (mark, took) = match outcome {
                Outcome::Ok => ("✓", seconds(*took)),
                Outcome::Failed => ("✗", seconds(*took)),
                Outcome::LeftOut => ("–", "left out".into()),
            };
            let _ = writeln!(table, "{mark} {name:width$}  {took:>12}");
        }
        let _ = writeln!(
            table,
            "  {:width$}  {:>12}",
            "in all",
            seconds(self.elapsed())
        );
        table
    }

    pub fn elapsed(&self) -> Duration {
        self.started.elapsed()
    }

    fn record<T>(&mut self, name: &str, took: Duration, result: &Result<T>) {
        let outcome = if result.is_ok() {
            Outcome::Ok
        } else {
            Outcome::Failed
        };
        self.done.push(Done {
            name: name.into(),
            took,
            outcome,
        });
    }
}

fn with_ticking_line<T>(name: &str, started: Instant, step: &Step, work: impl FnOnce() -> T) -> T {
    let finished = AtomicBool::new(false);
    thread::scope(|scope| {
        let ticker = scope.spawn(|| {
            while !finished.load(Ordering::Relaxed) {
                let note: String = step.read_note().chars().take(60).collect();
                print!(
                    "\r\x1b[K▸ {name}  {} s  \x1b[2m{note}\x1b[0m",
                    started.elapsed().as_secs()
                );
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
