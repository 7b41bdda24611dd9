//! Whether sign-ins from this browser outlive it: a wish of whoever uses the device. It is asked before anybody
//! is known, so it is no part of an account, and stays in `localStorage` when somebody signs out.

use leptos::prelude::*;
use web_sys::Storage;

const KEY: &str = "storezero.keep-signed-in";

#[derive(Clone, Copy)]
pub struct KeepSignedIn {
    wished: RwSignal<bool>,
}

pub fn provide_keep_signed_in() {
    let keep = KeepSignedIn {
        wished: RwSignal::new(is_stored()),
    };
    provide_context(keep);
    // Changed in another tab. The app lives as long as its document: the listener is never removed.
    let _ = window_event_listener_untyped("storage", move |_| keep.wished.set(is_stored()));
}

pub fn use_keep_signed_in() -> KeepSignedIn {
    expect_context()
}

impl KeepSignedIn {
    pub fn get(self) -> bool {
        self.wished.get()
    }

    pub fn get_untracked(self) -> bool {
        self.wished.get_untracked()
    }

    /// Where the storage is full or forbidden, the wish holds for this document.
    pub fn set(self, wished: bool) {
        self.wished.set(wished);
        if let Some(storage) = storage() {
            let _ = if wished {
                storage.set_item(KEY, "1")
            } else {
                storage.remove_item(KEY)
            };
        }
    }
}

fn is_stored() -> bool {
    storage().is_some_and(|storage| storage.get_item(KEY).ok().flatten().is_some())
}

fn storage() -> Option<Storage> {
    window().local_storage().ok()?
}
