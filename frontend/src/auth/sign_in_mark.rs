//! The note that this tab has left for the IdP, to be found by the document that ends the login.

use leptos::prelude::window;

const KEY: &str = "storezero.sign-in";

pub fn set(return_to: &str) {
    if let Ok(Some(storage)) = window().session_storage() {
        // Without the note a login that does not work is begun anew instead of explained.
        let _ = storage.set_item(KEY, return_to);
    }
}

/// Where the login was to end. Taking it uses it up.
pub fn take() -> Option<String> {
    let storage = window().session_storage().ok()??;
    let mark = storage.get_item(KEY).ok()??;
    let _ = storage.remove_item(KEY);
    Some(mark)
}
