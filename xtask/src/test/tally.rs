//! How many tests passed and failed, read from the runners' own closing lines.

use std::fmt;
use std::ops::AddAssign;

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    pub passed: usize,
    pub failed: usize,
    /// Passed at the second try only: nothing to rely on, and named in the runner's own closing lines.
    pub flaky: usize,
    pub skipped: usize,
}

impl Tally {
    /// `test result: ok. 12 passed; 0 failed; 1 ignored; …`, a line for every test binary.
    pub fn of_cargo(output: &str) -> Self {
        Self::read(output, |line| line.trim_start().strip_prefix("test result: "))
    }

    /// `ℹ pass 12`, or `# pass 12` where the output is no terminal.
    pub fn of_node(output: &str) -> Self {
        Self::read(output, |line| line.strip_prefix(['ℹ', '#']))
    }

    /// `  12 passed (30.1s)` and the like, on lines of their own.
    pub fn of_playwright(output: &str) -> Self {
        Self::read(output, |line| line.strip_prefix("  "))
    }

    /// `counts` answers what counts of a line.
    fn read(output: &str, counts: fn(&str) -> Option<&str>) -> Self {
        let mut tally = Self::default();
        for part in output.lines().filter_map(counts).flat_map(|line| line.split(['.', ';'])) {
            if let [first, second, ..] = part.split_whitespace().collect::<Vec<_>>()[..] {
                match (first.parse(), second.parse()) {
                    (Ok(number), _) => tally.count(number, second),
                    (_, Ok(number)) => tally.count(number, first),
                    _ => {}
                }
            }
        }
        tally
    }

    fn count(&mut self, number: usize, what: &str) {
        match what {
            "passed" | "pass" => self.passed += number,
            "failed" | "fail" | "interrupted" | "cancelled" => self.failed += number,
            "flaky" => self.flaky += number,
            "ignored" | "skipped" | "todo" | "did" => self.skipped += number,
            _ => {}
        }
    }
}

impl AddAssign for Tally {
    fn add_assign(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
        self.flaky += other.flaky;
        self.skipped += other.skipped;
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, line: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(line, "{} passed, {} failed", self.passed, self.failed)?;
        if self.flaky > 0 {
            write!(line, ", {} passed at the second try only", self.flaky)?;
        }
        if self.skipped > 0 {
            write!(line, ", {} skipped", self.skipped)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tally(passed: usize, failed: usize, skipped: usize) -> Tally {
        Tally { passed, failed, skipped, ..Tally::default() }
    }

    #[test]
    fn cargo_s_binaries_are_summed() {
        let output = "\
running 2 tests
test result: ok. 2 passed; 0 failed; 0 ignored; 0 measured; 9 filtered out; finished in 0.01s

test result: FAILED. 7 passed; 1 failed; 3 ignored; 0 measured; 0 filtered out; finished in 1.50s
";
        assert_eq!(Tally::of_cargo(output), tally(9, 1, 3));
    }

    #[test]
    fn node_s_lines_are_read_in_both_its_forms() {
        assert_eq!(
            Tally::of_node("ℹ tests 4\nℹ pass 3\nℹ fail 1\nℹ cancelled 0\nℹ duration_ms 12.5\n"),
            tally(3, 1, 0)
        );
        assert_eq!(Tally::of_node("# tests 4\n# pass 3\n# fail 0\n# skipped 1\n"), tally(3, 0, 1));
    }

    #[test]
    fn playwright_s_flaky_tests_are_counted_apart() {
        let output = "  1) [phone] › S1.spec.ts\n\n  1 failed\n    [phone] › S1.spec.ts\n  2 flaky\n  1 skipped\n  4 did not run\n  12 passed (30.1s)\n";
        let counted = Tally::of_playwright(output);
        assert_eq!(counted, Tally { flaky: 2, ..tally(12, 1, 5) });
        assert_eq!(
            counted.to_string(),
            "12 passed, 1 failed, 2 passed at the second try only, 5 skipped"
        );
    }

    #[test]
    fn what_tests_print_is_not_counted() {
        assert_eq!(Tally::of_cargo("3 passed; 1 failed\n"), Tally::default());
        assert_eq!(Tally::of_playwright("12 passed\n"), Tally::default());
    }

    #[test]
    fn the_closing_line_is_plain() {
        assert_eq!(tally(12, 0, 0).to_string(), "12 passed, 0 failed");
        assert_eq!(tally(12, 1, 2).to_string(), "12 passed, 1 failed, 2 skipped");
    }
}
