//! Whether page views may be recorded: this browser's choice, made on the page "Sessions" and kept in its
//! `localStorage`. Who has chosen nothing, but lets the browser ask all sites not to track, is taken at its word.

use crate::storage::Kept::InBrowser;
use leptos::prelude::window;
use std::cell::Cell;
use wasm_bindgen::JsValue;

const KEY: &str = "page-views";
const ON: &str = "on";
const OFF: &str = "off";

thread_local! {
    /// The choice of this document, for a storage that is full or forbidden.
    static CHOSEN: Cell<Option<bool>> = const { Cell::new(None) };
}

pub fn are_on() -> bool {
    let chosen = InBrowser.get(KEY).as_deref().and_then(read).or(CHOSEN.get());
    decide(chosen, asks_for_privacy())
}

#[cfg(feature = "bff")]
pub fn choose(on: bool) {
    CHOSEN.set(Some(on));
    InBrowser.set(KEY, if on { ON } else { OFF });
}

/// Global Privacy Control, or its forerunner Do Not Track.
pub fn asks_for_privacy() -> bool {
    let navigator = window().navigator();
    let says = |name: &str| js_sys::Reflect::get(&navigator, &name.into());
    says("globalPrivacyControl").is_ok_and(|value| value == JsValue::TRUE)
        || says("doNotTrack").is_ok_and(|value| value.as_string().as_deref() == Some("1"))
}

fn decide(chosen: Option<bool>, asks_for_privacy: bool) -> bool {
    chosen.unwrap_or(!asks_for_privacy)
}

fn read(kept: &str) -> Option<bool> {
    match kept {
        ON => Some(true),
        OFF => Some(false),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_choice_counts_more_than_what_the_browser_tells_every_site() {
        assert!(decide(None, false));
        assert!(!decide(None, true));
        assert!(decide(read(ON), true));
        assert!(!decide(read(OFF), false));
        assert_eq!(read("perhaps"), None);
    }
}
