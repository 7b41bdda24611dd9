//! The browser's two storages. A full or forbidden one keeps nothing and has nothing, and that fails nobody: whoever
//! keeps something says what its absence means.

use leptos::prelude::window;
use web_sys::Storage;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kept {
    /// `localStorage`: for all tabs of this browser, until it is removed.
    InBrowser,
    /// `sessionStorage`: for this tab, as long as it lives.
    InTab,
}

impl Kept {
    pub fn get(self, key: &str) -> Option<String> {
        self.storage()?.get_item(key).ok()?
    }

    /// Whether it is kept now.
    pub fn set(self, key: &str, value: &str) -> bool {
        self.storage().is_some_and(|storage| storage.set_item(key, value).is_ok())
    }

    pub fn remove(self, key: &str) {
        if let Some(storage) = self.storage() {
            // Fails for no key.
            let _ = storage.remove_item(key);
        }
    }

    pub fn keys(self) -> Vec<String> {
        let Some(storage) = self.storage() else {
            return Vec::new();
        };
        let count = storage.length().unwrap_or_default();
        (0..count).filter_map(|index| storage.key(index).ok()?).collect()
    }

    fn storage(self) -> Option<Storage> {
        match self {
            Self::InBrowser => window().local_storage().ok()?,
            Self::InTab => window().session_storage().ok()?,
        }
    }
}
