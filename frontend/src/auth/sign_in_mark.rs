//! The note that this tab has left for the IdP, to be found by the document that ends the login.

use super::private_storage;
use crate::storage::Kept::InTab;

const KEY: &str = "storezero.sign-in";
const ENDED_AT: &str = "sign-in-ended-at";

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

/// For whoever goes back over the identity provider's pages, which are over and lead to another login.
pub fn note_end(page: &str) {
    private_storage::set(ENDED_AT, page);
}

/// Where this tab's last login ended; nowhere after a logout.
pub fn last_end() -> Option<String> {
    private_storage::get(ENDED_AT)
}
