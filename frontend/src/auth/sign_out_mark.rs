//! The note in this tab that somebody signed out here or deleted the account. The page afterwards tells what this browser
//! knows: its address may have been written by anybody.

use super::private_storage;

const NAME: &str = "signed-out";

/// `what` is a `LogoutScope` or an `EndReason`. After all else that is private was forgotten.
pub fn set(what: &str) {
    private_storage::set(NAME, what);
}

pub fn get() -> Option<String> {
    private_storage::get(NAME)
}
