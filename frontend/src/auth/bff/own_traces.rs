//! Traces that no session keeps: the logout that ended it, and what was asked silently without one. This browser
//! keeps them for the Session Explorer, in `localStorage`, since the Explorer may be open in another tab. They
//! hold times, addresses and masked values, and nothing of a person.

use crate::{api::json, storage::Kept::InBrowser};
use serde::de::DeserializeOwned;
use serde_json::Value;
use shared::trace::Trace;

const KEY: &str = "storezero.traces";
const NEWEST: usize = 5;

/// The newest first, and of the silent logins the newest alone: each new tab asks.
pub fn all() -> Vec<Trace> {
    read().unwrap_or_default()
}

/// As it came from the shop: who reads the traces is the Explorer alone.
pub fn add(trace: Value) {
    let mut traces: Vec<Value> = read().unwrap_or_default();
    if is_silent_login(&trace) {
        traces.retain(|kept| !is_silent_login(kept));
    }
    traces.insert(0, trace);
    traces.truncate(NEWEST);
    if let Some(text) = json::write(&traces) {
        InBrowser.set(KEY, &text);
    }
}

fn read<T: DeserializeOwned>() -> Option<T> {
    json::read(&InBrowser.get(KEY)?)
}

/// `TraceKind::SilentLogin`
fn is_silent_login(trace: &Value) -> bool {
    trace["kind"] == "silent-login"
}

pub fn clear() {
    InBrowser.remove(KEY);
}

#[cfg(test)]
mod tests {
    use super::is_silent_login;
    use serde_json::json;
    use shared::trace::{Trace, TraceKind};

    #[test]
    fn a_silent_login_is_told_from_the_others() {
        let told = |kind| is_silent_login(&json!(Trace::begin(kind, 0)));
        assert!(told(TraceKind::SilentLogin));
        assert!(!told(TraceKind::Login));
        assert!(!told(TraceKind::Logout));
    }
}
