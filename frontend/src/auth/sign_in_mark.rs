//! The note that this tab has left for the IdP, to be found by the document that ends the login.

use crate::storage::Kept::InTab;

const KEY: &str = "storezero.sign-in";

pub fn set(return_to: &str) {
    // Without the note a login that does not work is begun anew instead of explained.
    InTab.set(KEY, return_to);
}

/// Where the login was to end. Taking it uses it up.
pub fn take() -> Option<String> {
    let mark = InTab.get(KEY)?;
    InTab.remove(KEY);
    Some(mark)
}
