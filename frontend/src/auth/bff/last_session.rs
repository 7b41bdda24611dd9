//! In which session somebody was last signed in with this browser, by its fingerprint: the tab that is the first to
//! see a new one tells the others.

use crate::storage::Kept::InBrowser;

const KEY: &str = "storezero.last-session";

/// Answers whether no tab has noted this session yet.
pub fn note(fingerprint: &str) -> bool {
    // Without the note the other tabs ask when they are looked at.
    InBrowser.get(KEY).as_deref() != Some(fingerprint) && InBrowser.set(KEY, fingerprint)
}
