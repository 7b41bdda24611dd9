//! What a page keeps for this tab and nobody after this visitor may find: in `sessionStorage`, under a prefix
//! of its own, so that a logout forgets all of it without knowing each.
//!
//! The rule: an end that the person asked for (a logout, in whichever tab) forgets. An end that nobody asked for
//! does not while its customer is most likely still here (`Visitor::is_still_here`). So whoever keeps something that
//! a customer typed notes whose it is, as the checkout's draft does, and drops it when somebody else signs in, or
//! when nobody was here as the session ended: then what was typed as a guest is all that stays.

use crate::storage::Kept::InTab;

const PREFIX: &str = "storezero.private.";

pub fn set(name: &str, value: &str) {
    InTab.set(&format!("{PREFIX}{name}"), value);
}

pub fn get(name: &str) -> Option<String> {
    InTab.get(&format!("{PREFIX}{name}"))
}

pub fn remove(name: &str) {
    InTab.remove(&format!("{PREFIX}{name}"));
}

/// At a logout.
pub fn clear() {
    for key in InTab.keys() {
        if key.starts_with(PREFIX) {
            InTab.remove(&key);
        }
    }
}
