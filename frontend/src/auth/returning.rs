//! Whether somebody has signed in with this browser before, and in which session last, by its fingerprint.
//!
//! Only who was here before is asked about silently: a visitor who is new, and only looks, is not announced to the
//! identity provider.

use crate::storage::Kept::InBrowser;

const KEY: &str = "storezero.returning";

/// Answers whether no tab has noted this session yet.
pub fn note(fingerprint: &str) -> bool {
    // Without the note nobody is offered to continue, which costs a click.
    InBrowser.get(KEY).as_deref() != Some(fingerprint) && InBrowser.set(KEY, fingerprint)
}

pub fn is_noted() -> bool {
    InBrowser.get(KEY).is_some()
}
