//! Flows that no session keeps: the logout that ended it, and what was asked silently without one. This browser
//! keeps them for the Session Explorer, in `localStorage`, since the Explorer may be open in another tab. They
//! hold times, addresses and masked values, and nothing of a person.

use leptos::prelude::window;
use shared::flow::Flow;
use web_sys::Storage;

const KEY: &str = "storezero.flows";
const NEWEST: usize = 5;

/// The newest first. A forbidden or full storage only means that none is kept.
pub fn kept() -> Vec<Flow> {
    let text = storage().and_then(|storage| storage.get_item(KEY).ok()?);
    let flows = text.and_then(|text| serde_json::from_str(&text).ok());
    flows.unwrap_or_default()
}

pub fn keep(flow: Flow) {
    let mut flows = kept();
    flows.insert(0, flow);
    flows.truncate(NEWEST);
    if let (Some(storage), Ok(text)) = (storage(), serde_json::to_string(&flows)) {
        let _ = storage.set_item(KEY, &text);
    }
}

pub fn forget() {
    if let Some(storage) = storage() {
        let _ = storage.remove_item(KEY);
    }
}

fn storage() -> Option<Storage> {
    window().local_storage().ok()?
}
