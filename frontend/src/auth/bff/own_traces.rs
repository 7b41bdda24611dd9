//! Traces that no session keeps: the logout that ended it, and what was asked silently without one. This browser
//! keeps them for the Session Explorer, in `localStorage`, since the Explorer may be open in another tab. They
//! hold times, addresses and masked values, and nothing of a person.

use crate::{api::json, auth::logout_return, storage::Kept::InBrowser};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;
use shared::trace::Trace;

const KEY: &str = "storezero.traces";
const NEWEST: usize = 5;

/// The newest first, and of what pages asked by themselves the newest alone: each new tab asks.
pub fn all() -> Vec<Trace> {
    read().unwrap_or_default()
}

/// As it came from the shop: who reads the traces is the Explorer alone.
pub fn add(trace: Value) {
    let mut traces: Vec<Value> = read().unwrap_or_default();
    if is_automatic(&trace) {
        traces.retain(|kept| !is_automatic(kept));
    }
    traces.insert(0, trace);
    traces.truncate(NEWEST);
    write(&traces);
}

/// The browser has come back from the identity provider's logout, to the page that says so.
pub fn note_return(state: &str, now: i64) {
    let mut traces = all();
    if logout_return::note_return(&mut traces, state, now) {
        write(&traces);
    }
}

pub fn clear() {
    InBrowser.remove(KEY);
}

fn read<T: DeserializeOwned>() -> Option<T> {
    json::read(&InBrowser.get(KEY)?)
}

fn write(traces: &impl Serialize) {
    if let Some(text) = json::write(traces) {
        InBrowser.set(KEY, &text);
    }
}

/// `Trace::automatic`
fn is_automatic(trace: &Value) -> bool {
    trace["automatic"] == true
}

#[cfg(test)]
mod tests {
    use super::is_automatic;
    use serde_json::json;
    use shared::trace::{Trace, TraceKind};

    #[test]
    fn what_a_page_asked_by_itself_is_told_from_what_a_visitor_wanted() {
        let asked = Trace::begin(TraceKind::SilentLogin, 0);
        assert!(!is_automatic(&json!(asked)));
        assert!(is_automatic(&json!(Trace { automatic: true, ..asked })));
    }
}
