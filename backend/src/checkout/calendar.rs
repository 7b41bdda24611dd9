//! The month that a card's expiry is compared with; all that this shop needs of a calendar.

/// Year and month (UTC) of a time in milliseconds since the Unix epoch, in the Gregorian calendar.
pub fn year_and_month(at: i64) -> (i32, u32) {
    // Days in eras of 400 years (146,097 days) that begin on the first of March, so that a leap day is the
    // last day of its year.
    let days = at.div_euclid(24 * 60 * 60 * 1000) + 719_468;
    let (era, day_of_era) = (days.div_euclid(146_097), days.rem_euclid(146_097));
    let year_of_era =
        (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let months_since_march = (5 * day_of_year + 2) / 153;
    let month = if months_since_march < 10 {
        months_since_march + 3
    } else {
        months_since_march - 9
    };
    let year = era * 400 + year_of_era + i64::from(month <= 2);
    (
        i32::try_from(year).unwrap_or(i32::MAX),
        u32::try_from(month).unwrap_or(12),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_has_its_year_and_month() {
        assert_eq!(year_and_month(0), (1970, 1));
        assert_eq!(year_and_month(951_782_400_000), (2000, 2)); // 2000-02-29
        assert_eq!(year_and_month(951_868_800_000), (2000, 3)); // 2000-03-01
        assert_eq!(year_and_month(1_798_761_599_999), (2026, 12)); // 2026-12-31T23:59:59.999
        assert_eq!(year_and_month(1_798_761_600_000), (2027, 1));
    }
}
