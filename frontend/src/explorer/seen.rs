//! What this visitor has been shown. It stays in this browser when the session that proved it has ended, for all tabs, until
//! the visitor starts over.

use crate::{api::json, auth::on_restored, storage::Kept::InBrowser, ui::listen};
use leptos::prelude::*;
use serde::{Serialize, de::DeserializeOwned};

const KEY: &str = "storezero.demonstrated";

pub struct Seen<T> {
    held: RwSignal<T>,
}

impl<T> Copy for Seen<T> {}

impl<T> Clone for Seen<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Seen<T>
where
    T: Clone + Default + PartialEq + Serialize + DeserializeOwned + Send + Sync + 'static,
{
    /// As it was kept, and as other tabs change it.
    pub fn kept() -> Self {
        let seen = Self { held: RwSignal::new(read().unwrap_or_default()) };
        let read_again = move || seen.hold(read().unwrap_or_default());
        listen(&window(), "storage", move |_| read_again());
        on_restored(read_again);
        seen
    }

    pub fn with<R>(self, look: impl FnOnce(&T) -> R) -> R {
        self.held.with(look)
    }

    /// What another tab has kept meanwhile counts. A forbidden storage only means that it goes with this page.
    pub fn change(self, change: impl FnOnce(T) -> T) {
        let before = read().unwrap_or_else(|| self.held.get_untracked());
        let after = change(before.clone());
        if after != before {
            keep(&after);
        }
        self.hold(after);
    }

    fn hold(self, seen: T) {
        if self.held.with_untracked(|held| *held != seen) {
            self.held.set(seen);
        }
    }
}

fn read<T: DeserializeOwned>() -> Option<T> {
    json::read(&InBrowser.get(KEY)?)
}

fn keep(seen: &impl Serialize) {
    if let Some(text) = json::write(seen) {
        InBrowser.set(KEY, &text);
    }
}
