//! The flows that this tab keeps for the Session Explorer until the visitor closes them: no logout, no new session and
//! no Back button takes one away. In `sessionStorage`, since the page that a login led to may say what somebody
//! searched for; what is secret is masked.

use crate::{api::json, storage::Kept::InTab};
use serde::de::DeserializeOwned;
#[cfg(feature = "bff")]
use serde_json::Value;
use shared::trace::{FlowId, Trace};
#[cfg(feature = "bff")]
use std::cmp::Reverse;

const KEY: &str = "storezero.flows";
const CLOSED: &str = "storezero.flows.closed";
const MOST: usize = 24;
/// More than are kept: what was closed does not come back.
const MOST_CLOSED: usize = 50;

/// The newest first.
pub fn all() -> Vec<Trace> {
    read(KEY).unwrap_or_default()
}

/// Keeps these, and answers which they are.
pub fn store(flows: Vec<Trace>) -> Vec<Trace> {
    let flows = bounded(flows);
    if let Some(text) = json::write(&flows) {
        InTab.set(KEY, &text);
    }
    flows
}

/// The newest first. What they tell is known all the same: of a session elsewhere they may be the last word.
pub fn closed() -> Vec<FlowId> {
    read(CLOSED).unwrap_or_default()
}

/// The visitor has seen enough of it. Answers which were closed so far.
pub fn close(flow: FlowId) -> Vec<FlowId> {
    let mut closed = closed();
    closed.insert(0, flow);
    closed.truncate(MOST_CLOSED);
    if let Some(text) = json::write(&closed) {
        InTab.set(CLOSED, &text);
    }
    closed
}

/// Those that are still to be looked at.
pub fn open(mut flows: Vec<Trace>, closed: &[FlowId]) -> Vec<Trace> {
    flows.retain(|flow| !closed.contains(&flow.id()));
    flows
}

/// As they came from the shop, which keeps them no longer: who reads them is the Explorer alone.
#[cfg(feature = "bff")]
pub fn take_over(mut flows: Vec<Value>) {
    flows.extend(read::<Vec<Value>>(KEY).unwrap_or_default());
    if let Some(text) = json::write(&flows) {
        InTab.set(KEY, &text);
    }
}

#[cfg(feature = "bff")]
pub fn clear() {
    InTab.remove(KEY);
}

/// One list of what several know, the newest first. Of two that know the same flow, the one that knows more of it is
/// right: the page that a logout led to has added to it.
#[cfg(feature = "bff")]
pub fn joined(sources: impl IntoIterator<Item = Vec<Trace>>) -> Vec<Trace> {
    let mut flows: Vec<Trace> = Vec::new();
    for flow in sources.into_iter().flatten() {
        match flows.iter_mut().find(|known| known.id() == flow.id()) {
            Some(known) if known.messages.len() < flow.messages.len() => *known = flow,
            Some(_) => {}
            None => flows.push(flow),
        }
    }
    flows.sort_by_key(|flow| Reverse(flow.began_at));
    flows
}

/// What the page asked by itself is kept once, since it asks again and again.
fn bounded(mut flows: Vec<Trace>) -> Vec<Trace> {
    let newest = flows.iter().find(|flow| flow.automatic).map(Trace::id);
    flows.retain(|flow| !flow.automatic || Some(flow.id()) == newest);
    flows.truncate(MOST);
    flows
}

fn read<T: DeserializeOwned>(key: &str) -> Option<T> {
    json::read(&InTab.get(key)?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use shared::trace::TraceKind;

    fn flow(kind: TraceKind, at: i64) -> Trace {
        Trace::begin(kind, at)
    }

    fn automatic(at: i64) -> Trace {
        Trace { automatic: true, ..flow(TraceKind::SilentLogin, at) }
    }

    fn times(flows: &[Trace]) -> Vec<i64> {
        flows.iter().map(|flow| flow.began_at).collect()
    }

    #[test]
    fn the_newest_are_kept_and_of_the_pages_own_questions_one() {
        let flows = vec![automatic(9), flow(TraceKind::Login, 8), automatic(7)];
        assert_eq!(times(&bounded(flows)), [9, 8]);
        let many = (0..40).rev().map(|at| flow(TraceKind::Login, at)).collect();
        assert_eq!(bounded(many).len(), MOST);
    }

    #[test]
    fn what_was_closed_is_not_looked_at_and_nothing_else_goes_with_it() {
        let flows = vec![flow(TraceKind::Logout, 5), flow(TraceKind::Login, 5)];
        let left = open(flows, &[(TraceKind::Login, 5)]);
        assert_eq!(left, [flow(TraceKind::Logout, 5)]);
    }

    #[test]
    fn an_identity_of_a_flow_reads_as_it_was_written() {
        let id: FlowId = (TraceKind::BackchannelLogout, 1_764_000_000_000);
        let text = json::write(&vec![id]).unwrap();
        assert_eq!(json::read::<Vec<FlowId>>(&text), Some(vec![id]));
    }

    #[cfg(feature = "bff")]
    #[test]
    fn what_several_know_is_one_list_without_doubles() {
        use shared::trace::{Message, Step};
        let mut returned = flow(TraceKind::Logout, 20);
        let parameters = Vec::new();
        returned.messages.push(Message { at: 21, step: Step::LogoutReturned, parameters });
        let session = vec![flow(TraceKind::SilentLogin, 30), flow(TraceKind::Login, 10)];
        let own = vec![flow(TraceKind::SilentLogin, 30), returned.clone()];
        let kept = vec![flow(TraceKind::Logout, 20), flow(TraceKind::Login, 5)];
        let all = joined([session, own, kept]);
        assert_eq!(times(&all), [30, 20, 10, 5]);
        assert_eq!(all[1], returned);
    }
}
