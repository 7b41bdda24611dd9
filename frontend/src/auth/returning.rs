//! Whether somebody has signed in with this browser before. Only then is the identity provider asked silently
//! whom it knows: a visitor who is new here, and only looks, is not announced to it.

use leptos::prelude::window;

const KEY: &str = "storezero.returning";

pub fn note() {
    if let Ok(Some(storage)) = window().local_storage() {
        // Without the note nobody is offered to continue, which costs a click.
        let _ = storage.set_item(KEY, "1");
    }
}

pub fn is_noted() -> bool {
    let storage = window().local_storage().ok().flatten();
    storage.is_some_and(|storage| storage.get_item(KEY).ok().flatten().is_some())
}
