//! Whether sign-ins from this browser outlive it: a wish of whoever uses the device. It is asked before anybody
//! is known, so it is no part of an account, and stays in `localStorage` when somebody signs out.

use crate::storage::Kept::InBrowser;
use leptos::prelude::*;

const KEY: &str = "storezero.keep-signed-in";

#[derive(Clone, Copy)]
pub struct KeepSignedIn {
    wished: RwSignal<bool>,
}

pub(super) fn provide_keep_signed_in() {
    let keep = KeepSignedIn { wished: RwSignal::new(is_stored()) };
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
        if wished {
            InBrowser.set(KEY, "1");
        } else {
            InBrowser.remove(KEY);
        }
    }
}

fn is_stored() -> bool {
    InBrowser.get(KEY).is_some()
}
