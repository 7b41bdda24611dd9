//! Which session this browser last had, and whose it was, by their fingerprints: the tab that is the first to see a new
//! one, or a login in it, tells the others.

use crate::storage::Kept::InBrowser;
use shared::session::{CustomerView, SessionFacts};

const KEY: &str = "storezero.last-session";

/// Answers whether no tab has noted this yet.
pub fn note(session: &SessionFacts, customer: Option<&CustomerView>) -> bool {
    let whose = customer.map_or("guest", |customer| &customer.fingerprint);
    let note = format!("{} {whose}", session.fingerprint);
    // Without the note the other tabs ask when they are looked at.
    InBrowser.get(KEY).as_ref() != Some(&note) && InBrowser.set(KEY, &note)
}
