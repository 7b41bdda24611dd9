//! What a page keeps for this tab and nobody after this visitor may find: in `sessionStorage`, under a prefix
//! of its own, so that a logout forgets all of it without knowing each.
//!
//! The rule: an end that the person asked for (a logout, in whichever tab) forgets. An end that nobody asked for
//! (a limit, the IdP's word) does not, since its customer is most likely still here. So whoever keeps something that
//! a customer typed notes whose it is, as the checkout's draft does, and drops it when somebody else signs in.

use leptos::prelude::window;
use web_sys::Storage;

const PREFIX: &str = "storezero.private.";

/// A full or forbidden storage only means that nothing is kept.
pub fn keep(name: &str, value: &str) {
    if let Some(storage) = storage() {
        let _ = storage.set_item(&format!("{PREFIX}{name}"), value);
    }
}

pub fn kept(name: &str) -> Option<String> {
    storage()?.get_item(&format!("{PREFIX}{name}")).ok()?
}

pub fn drop(name: &str) {
    if let Some(storage) = storage() {
        let _ = storage.remove_item(&format!("{PREFIX}{name}"));
    }
}

/// At a logout.
pub fn forget() {
    let Some(storage) = storage() else { return };
    let count = storage.length().unwrap_or_default();
    let keys: Vec<String> = (0..count)
        .filter_map(|index| storage.key(index).ok()?)
        .filter(|key| key.starts_with(PREFIX))
        .collect();
    for key in keys {
        let _ = storage.remove_item(&key);
    }
}

fn storage() -> Option<Storage> {
    window().session_storage().ok()?
}
