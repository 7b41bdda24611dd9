//! Sessions that this process read within the last second: a page asks for several things at once, and the database is
//! asked once for whose they are.
//!
//! The row is the truth. What is remembered of it is forgotten when the session changes (`Live::publish`), on whichever
//! replica it was changed, before the one who changed it has an answer. A second bounds what no message tells: a change
//! by hand in the database, or one on another replica while the connection that would tell of it is cut unnoticed.

use super::SessionRow;
use crate::customers::CustomerRow;
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

const MAX_AGE: Duration = Duration::from_secs(1);
/// Rows of about 700 bytes: as many sessions as may be busy within a second.
const CAPACITY: usize = 10_000;

/// A living session as it was read, and its customer.
#[derive(Clone, Debug)]
pub(super) struct Known {
    pub session: Arc<SessionRow>,
    pub customer: Option<Arc<CustomerRow>>,
}

#[derive(Debug, Default)]
pub(super) struct Memory(Mutex<Remembered>);

#[derive(Debug, Default)]
struct Remembered {
    by_key_hash: HashMap<String, (Instant, Known)>,
    /// Whether changes are heard of.
    is_told: bool,
    changes: u64,
}

/// A moment before a row is read: what changes after it makes the row too old to be remembered.
#[derive(Clone, Copy, Debug)]
pub(super) struct Moment(u64);

impl Memory {
    /// From now on every change is heard of; what was known before may have changed in silence.
    pub fn is_told(&self) {
        let mut memory = self.lock();
        memory.forget_all();
        memory.is_told = true;
    }

    /// Nothing is remembered any more.
    pub fn is_told_no_longer(&self) {
        let mut memory = self.lock();
        memory.forget_all();
        memory.is_told = false;
    }

    pub fn find(&self, key_hash: &str) -> Option<Known> {
        let memory = self.lock();
        let (read_at, known) = memory.by_key_hash.get(key_hash)?;
        (read_at.elapsed() < MAX_AGE).then(|| known.clone())
    }

    pub fn before_reading(&self) -> Moment {
        Moment(self.lock().changes)
    }

    pub fn remember(&self, key_hash: &str, known: &Known, before_reading: Moment) {
        let mut memory = self.lock();
        if !memory.is_told || memory.changes != before_reading.0 {
            return;
        }
        if memory.by_key_hash.len() >= CAPACITY {
            memory.by_key_hash.clear();
        }
        memory.by_key_hash.insert(key_hash.to_owned(), (Instant::now(), known.clone()));
    }

    pub fn forget(&self, session_ids: &[String]) {
        let mut memory = self.lock();
        memory.changes += 1;
        memory.by_key_hash.retain(|_, (_, known)| !session_ids.contains(&known.session.id));
    }

    pub fn forget_all(&self) {
        self.lock().forget_all();
    }

    fn lock(&self) -> MutexGuard<'_, Remembered> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Remembered {
    fn forget_all(&mut self) {
        self.changes += 1;
        self.by_key_hash.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::session::testing::endless;

    fn known(id: &str) -> Known {
        Known { session: Arc::new(endless(id)), customer: None }
    }

    fn told() -> Memory {
        let memory = Memory::default();
        memory.is_told();
        memory
    }

    fn remember(memory: &Memory, key_hash: &str, id: &str) {
        memory.remember(key_hash, &known(id), memory.before_reading());
    }

    #[test]
    fn a_changed_session_is_forgotten_by_each_of_its_keys_and_no_other_one_is() {
        let memory = told();
        for (key_hash, id) in [("one", "a"), ("two", "a"), ("three", "b")] {
            remember(&memory, key_hash, id);
        }
        memory.forget(&["a".to_owned()]);
        let is_known = ["one", "two", "three"].map(|key_hash| memory.find(key_hash).is_some());
        assert_eq!(is_known, [false, false, true]);
    }

    #[test]
    fn a_row_that_was_read_before_a_change_does_not_come_back_after_it() {
        let memory = told();
        let before = memory.before_reading();
        memory.forget(&["a".to_owned()]);
        memory.remember("one", &known("a"), before);
        assert!(memory.find("one").is_none());
    }

    #[test]
    fn nothing_is_remembered_while_changes_are_not_heard_of() {
        let memory = Memory::default();
        remember(&memory, "one", "a");
        assert!(memory.find("one").is_none());
        memory.is_told();
        remember(&memory, "one", "a");
        assert!(memory.find("one").is_some());
        memory.is_told_no_longer();
        assert!(memory.find("one").is_none());
    }

    #[test]
    fn a_row_is_remembered_for_a_second() {
        let memory = told();
        remember(&memory, "one", "a");
        memory.lock().by_key_hash.get_mut("one").unwrap().0 -= MAX_AGE;
        assert!(memory.find("one").is_none());
    }

    #[test]
    fn a_full_memory_begins_anew() {
        let memory = told();
        for number in 0..=CAPACITY {
            remember(&memory, &number.to_string(), "a");
        }
        assert_eq!(memory.lock().by_key_hash.len(), 1);
    }
}
