//! Whether somebody has signed in with this browser before, and in which session last, by its fingerprint.
//!
//! Only who was here before is asked about silently: a visitor who is new, and only looks, is not announced to the
//! identity provider.

use leptos::prelude::window;
use web_sys::Storage;

const KEY: &str = "storezero.returning";

/// Answers whether no tab has noted this session yet.
pub fn note(fingerprint: &str) -> bool {
    let Some(storage) = storage() else {
        return false;
    };
    let is_new = storage.get_item(KEY).ok().flatten().as_deref() != Some(fingerprint);
    // Without the note nobody is offered to continue, which costs a click.
    is_new && storage.set_item(KEY, fingerprint).is_ok()
}

pub fn is_noted() -> bool {
    storage().is_some_and(|storage| storage.get_item(KEY).ok().flatten().is_some())
}

fn storage() -> Option<Storage> {
    window().local_storage().ok()?
}
