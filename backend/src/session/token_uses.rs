//! Whom the API answered by an access token lately: the shop's own word that a customer uses it without a session. Only the
//! page /sessions asks, and only for what happened a moment ago, so it is remembered in memory, by the process that
//! answered, and for an hour.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

/// Milliseconds.
const REMEMBERED: i64 = 60 * 60 * 1000;

#[derive(Clone, Debug, Default)]
pub struct TokenUses {
    /// By customer, the last time in milliseconds since the Unix epoch.
    last: Arc<Mutex<HashMap<i64, i64>>>,
}

impl TokenUses {
    pub fn note(&self, customer_id: i64, now: i64) {
        self.lock().insert(customer_id, now);
    }

    pub fn last(&self, customer_id: i64) -> Option<i64> {
        self.lock().get(&customer_id).copied()
    }

    pub(super) fn sweep(&self, now: i64) {
        self.lock().retain(|_, at| *at > now - REMEMBERED);
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<i64, i64>> {
        self.last.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_customers_last_use_is_known_for_an_hour() {
        let uses = TokenUses::default();
        uses.note(1, 10);
        uses.note(1, 20);
        uses.note(2, 30);
        assert_eq!((uses.last(1), uses.last(2), uses.last(3)), (Some(20), Some(30), None));
        uses.sweep(20 + REMEMBERED);
        assert_eq!((uses.last(1), uses.last(2)), (None, Some(30)));
    }
}
