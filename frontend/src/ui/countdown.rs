//! How long something lasts, and how long it is until a deadline, in words. No I/O.

/// `length` in milliseconds, in the largest unit that tells it whole; parts of a second are not told.
pub fn duration(length: i64) -> String {
    let seconds = length / 1_000;
    let units = [(86_400, "day"), (3_600, "hour"), (60, "minute")];
    let (size, unit) = units
        .into_iter()
        .find(|(size, _)| seconds > 0 && seconds % size == 0)
        .unwrap_or((1, "second"));
    match seconds / size {
        1 => format!("1 {unit}"),
        count => format!("{count} {unit}s"),
    }
}

/// `left` is in milliseconds; what has passed is "over".
pub fn countdown(left: i64) -> String {
    let seconds = left / 1_000;
    let (days, hours, minutes) = (seconds / 86_400, seconds / 3_600 % 24, seconds / 60 % 60);
    match (days, hours, minutes, seconds % 60) {
        _ if left <= 0 => "over".to_owned(),
        (0, 0, 0, seconds) => format!("{seconds} s"),
        (0, 0, minutes, seconds) => format!("{minutes} min {seconds:02} s"),
        (0, hours, minutes, seconds) => format!("{hours} h {minutes:02} min {seconds:02} s"),
        (days, hours, minutes, _) => format!("{days} d {hours} h {minutes:02} min"),
    }
}

/// How long ago something was, in its two largest units.
pub fn ago(length: i64) -> String {
    let seconds = length.max(0) / 1_000;
    let (days, hours, minutes) = (seconds / 86_400, seconds / 3_600 % 24, seconds / 60 % 60);
    match (days, hours, minutes, seconds % 60) {
        (0, 0, 0, seconds) => format!("{seconds} s ago"),
        (0, 0, minutes, seconds) => format!("{minutes} min {seconds:02} s ago"),
        (0, hours, minutes, _) => format!("{hours} h {minutes:02} min ago"),
        (days, hours, ..) => format!("{days} d {hours} h ago"),
    }
}

/// How much of the time from `from` to `until` is left at `now`: 0 to 100.
pub fn percent_left(from: i64, until: i64, now: i64) -> i64 {
    let whole = (until - from).max(1);
    ((until - now) * 100 / whole).clamp(0, 100)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn time_left_is_written_in_its_largest_units() {
        assert_eq!(countdown(0), "over");
        assert_eq!(countdown(-5), "over");
        assert_eq!(countdown(9_999), "9 s");
        assert_eq!(countdown(105_000), "1 min 45 s");
        assert_eq!(countdown(29 * 60_000 + 5_000), "29 min 05 s");
        assert_eq!(countdown(12 * 3_600_000), "12 h 00 min 00 s");
        assert_eq!(countdown(7 * 86_400_000 + 60_000), "7 d 0 h 01 min");
    }

    #[test]
    fn time_since_is_written_in_its_two_largest_units() {
        assert_eq!(ago(-5), "0 s ago", "a clock may be a little ahead");
        assert_eq!(ago(12_999), "12 s ago");
        assert_eq!(ago(3 * 60_000 + 5_000), "3 min 05 s ago");
        assert_eq!(ago(3 * 3_600_000 + 5_000), "3 h 00 min ago");
        assert_eq!(ago(50 * 3_600_000), "2 d 2 h ago");
    }

    #[test]
    fn a_duration_is_told_whole_in_its_largest_unit() {
        assert_eq!(duration(7 * 86_400_000), "7 days");
        assert_eq!(duration(86_400_000), "1 day");
        assert_eq!(duration(36 * 3_600_000), "36 hours");
        assert_eq!(duration(90 * 60_000), "90 minutes");
        assert_eq!(duration(60_000 + 999), "1 minute");
        assert_eq!(duration(90_000), "90 seconds");
        assert_eq!(duration(0), "0 seconds");
    }

    #[test]
    fn what_is_left_is_a_share_of_the_whole() {
        assert_eq!(percent_left(0, 200, 50), 75);
        assert_eq!(percent_left(0, 200, 500), 0);
        assert_eq!(percent_left(100, 200, 0), 100);
        assert_eq!(percent_left(5, 5, 5), 0);
    }
}
