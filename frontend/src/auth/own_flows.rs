//! Flows that no session keeps: the logout that ended it, and what was asked silently without one. This browser
//! keeps them for the Session Explorer, in `localStorage`, since the Explorer may be open in another tab. They
//! hold times, addresses and masked values, and nothing of a person.

use crate::storage::Kept::InBrowser;
use shared::flow::{Flow, FlowKind};

const KEY: &str = "storezero.flows";
const NEWEST: usize = 5;

/// The newest first, and of the silent logins the newest alone: each new tab asks.
pub fn kept() -> Vec<Flow> {
    let flows = InBrowser
        .get(KEY)
        .and_then(|text| serde_json::from_str(&text).ok());
    flows.unwrap_or_default()
}

pub fn keep(flow: Flow) {
    let mut flows = kept();
    if flow.kind == FlowKind::SilentLogin {
        flows.retain(|kept| kept.kind != FlowKind::SilentLogin);
    }
    flows.insert(0, flow);
    flows.truncate(NEWEST);
    if let Ok(text) = serde_json::to_string(&flows) {
        InBrowser.set(KEY, &text);
    }
}

pub fn forget() {
    InBrowser.remove(KEY);
}
