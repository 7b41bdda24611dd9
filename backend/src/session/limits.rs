//! How long a session lives: plain rules that take `now`. Times are milliseconds since the Unix epoch.

use super::entity::session::Model as Session;
use crate::config::Limits;
use shared::session::EndReason;
use std::time::Duration;

/// Sliding is written at most once a minute, or ten times in a shorter limit: a busy visitor costs one write, not
/// one a request.
const SLIDE_EVERY: i64 = 60_000;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Deadlines {
    pub idle: i64,
    pub absolute: i64,
}

impl Deadlines {
    /// Neither limit lies past `latest`.
    pub fn capped(self, latest: Option<i64>) -> Self {
        let latest = latest.unwrap_or(i64::MAX);
        Self { idle: self.idle.min(latest), absolute: self.absolute.min(latest) }
    }
}

/// The limits of a session that begins, or is signed in to, at `now`.
pub fn deadlines(limits: &Limits, persistent: bool, now: i64) -> Deadlines {
    let (idle, absolute) = if persistent {
        (limits.persistent_idle, limits.persistent_absolute)
    } else {
        (limits.idle, limits.absolute)
    };
    let absolute = now.saturating_add(milliseconds(absolute));
    Deadlines { idle: now.saturating_add(milliseconds(idle)).min(absolute), absolute }
}

/// Which limit a session has passed. At the deadline itself it is over.
pub fn expired(session: &Session, now: i64) -> Option<EndReason> {
    if now >= session.absolute_deadline {
        Some(EndReason::Absolute)
    } else if now >= session.idle_deadline {
        Some(EndReason::Idle)
    } else {
        None
    }
}

/// The idle deadline that activity at `now` moves the session to; `None` when it was moved lately.
pub fn slide(session: &Session, limits: &Limits, now: i64) -> Option<i64> {
    let from_now = deadlines(limits, session.persistent, now);
    let every = SLIDE_EVERY.min((from_now.idle - now) / 10);
    if now - session.last_seen_at < every {
        return None;
    }
    Some(from_now.idle.min(session.absolute_deadline))
}

/// Until the nearer of the session's two limits.
pub fn until_deadline(session: &Session, now: i64) -> Duration {
    let deadline = session.idle_deadline.min(session.absolute_deadline);
    Duration::from_millis(deadline.saturating_sub(now).max(0).unsigned_abs())
}

fn milliseconds(duration: Duration) -> i64 {
    i64::try_from(duration.as_millis()).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::session::testing::endless;

    const MINUTE: i64 = 60_000;
    const HOUR: i64 = 60 * MINUTE;

    fn limits() -> Limits {
        Limits {
            idle: Duration::from_mins(30),
            absolute: Duration::from_hours(12),
            persistent_idle: Duration::from_hours(72),
            persistent_absolute: Duration::from_hours(168),
        }
    }

    fn session(persistent: bool, now: i64) -> Session {
        let Deadlines { idle, absolute } = deadlines(&limits(), persistent, now);
        Session {
            created_at: now,
            last_seen_at: now,
            idle_deadline: idle,
            absolute_deadline: absolute,
            persistent,
            ..endless("s")
        }
    }

    #[test]
    fn a_session_ends_half_an_hour_after_the_last_activity() {
        let session = session(false, 0);
        assert_eq!(expired(&session, 30 * MINUTE - 1), None);
        assert_eq!(expired(&session, 30 * MINUTE), Some(EndReason::Idle));
    }

    #[test]
    fn activity_never_moves_a_session_past_its_absolute_limit() {
        let mut session = session(false, 0);
        session.last_seen_at = 12 * HOUR - 5 * MINUTE;
        let moved = slide(&session, &limits(), 12 * HOUR - MINUTE);
        assert_eq!(moved, Some(12 * HOUR));
        session.idle_deadline = 12 * HOUR;
        assert_eq!(expired(&session, 12 * HOUR), Some(EndReason::Absolute));
    }

    #[test]
    fn sliding_is_written_at_most_once_a_minute() {
        let session = session(false, 0);
        assert_eq!(slide(&session, &limits(), MINUTE - 1), None);
        assert_eq!(slide(&session, &limits(), MINUTE), Some(31 * MINUTE));
    }

    #[test]
    fn a_short_limit_slides_ten_times_within_it() {
        let limits = Limits { idle: Duration::from_mins(1), ..limits() };
        let session = session(false, 0);
        assert_eq!(slide(&session, &limits, 5_999), None);
        assert_eq!(slide(&session, &limits, 6_000), Some(MINUTE + 6_000));
    }

    #[test]
    fn the_identity_provider_may_want_a_session_over_sooner() {
        let ours = deadlines(&limits(), false, 0);
        assert_eq!(ours.capped(None), ours);
        let both = 10 * MINUTE;
        let sooner = Deadlines { idle: both, absolute: both };
        assert_eq!(ours.capped(Some(both)), sooner);
        let later = ours.capped(Some(HOUR));
        assert_eq!((later.idle, later.absolute), (30 * MINUTE, HOUR));
    }

    #[test]
    fn a_kept_session_lives_longer() {
        let session = session(true, 0);
        assert_eq!(expired(&session, 71 * HOUR), None);
        assert_eq!(expired(&session, 72 * HOUR), Some(EndReason::Idle));
        assert_eq!(slide(&session, &limits(), 100 * HOUR), Some(168 * HOUR));
    }

    #[test]
    fn an_idle_limit_longer_than_what_is_left_is_cut() {
        let limits = Limits { idle: Duration::from_hours(12), ..limits() };
        assert_eq!(
            deadlines(&limits, false, 0),
            Deadlines { idle: 12 * HOUR, absolute: 12 * HOUR }
        );
    }
}
