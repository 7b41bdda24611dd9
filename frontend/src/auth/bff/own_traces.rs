//! Traces that no session keeps: the logout that ended it, and what was asked silently without one. This browser
//! keeps them for the Session Explorer, in `localStorage`, since the Explorer may be open in another tab. They
//! hold times, addresses and masked values, and nothing of a person.

use crate::storage::Kept::InBrowser;
use shared::trace::{Trace, TraceKind};

const KEY: &str = "storezero.traces";
const NEWEST: usize = 5;

/// The newest first, and of the silent logins the newest alone: each new tab asks.
pub fn all() -> Vec<Trace> {
    let traces = InBrowser.get(KEY).and_then(|text| serde_json::from_str(&text).ok());
    traces.unwrap_or_default()
}

pub fn add(trace: Trace) {
    let mut traces = all();
    if trace.kind == TraceKind::SilentLogin {
        traces.retain(|kept| kept.kind != TraceKind::SilentLogin);
    }
    traces.insert(0, trace);
    traces.truncate(NEWEST);
    if let Ok(text) = serde_json::to_string(&traces) {
        InBrowser.set(KEY, &text);
    }
}

pub fn clear() {
    InBrowser.remove(KEY);
}
