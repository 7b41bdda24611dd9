//! How this page's logins, silent questions and logouts went, for the Session Explorer: the secrets masked.

use super::web_crypto;
use crate::auth::{
    kept_flows, logout_return,
    visitor_context::{VisitorContext, device_now},
};
use leptos::prelude::*;
use shared::trace::{
    FlowId, LONGEST_VALUE, MASK_LENGTH, Message, Parameter, Step, Trace, is_secret,
};

/// Adds a step of this moment, by this device's clock.
pub async fn record(trace: &mut Trace, step: Step, parameters: &[(&str, String)]) {
    let mut shown = Vec::with_capacity(parameters.len());
    for (name, value) in parameters {
        let value = if is_secret(step, name) {
            masked(value).await
        } else {
            value.chars().take(LONGEST_VALUE).collect()
        };
        shown.push(Parameter { name: (*name).to_owned(), value });
    }
    trace.messages.push(Message { at: device_now(), step, parameters: shown });
}

/// A secret's stand-in, as the backend's own.
pub async fn masked(secret: &str) -> String {
    let hash = web_crypto::sha256(secret).await.unwrap_or_default();
    let digits = hash.iter().take(MASK_LENGTH / 2);
    digits.fold("‹".to_owned(), |mask, byte| format!("{mask}{byte:02x}")) + "›"
}

/// The newest first, as the tab keeps them. By the server's clock, as all that is shown.
#[derive(Clone, Copy)]
pub struct OwnTraces {
    traces: RwSignal<Vec<Trace>>,
    closed: RwSignal<Vec<FlowId>>,
    visitor: VisitorContext,
}

impl OwnTraces {
    pub fn new(visitor: VisitorContext) -> Self {
        Self {
            traces: RwSignal::new(kept_flows::all()),
            closed: RwSignal::new(kept_flows::closed()),
            visitor,
        }
    }

    pub fn get(self) -> Vec<Trace> {
        self.traces.get()
    }

    pub fn add(self, trace: Trace) {
        self.insert(0, trace);
    }

    /// What belongs to the newest, and is not what the visitor came to see.
    pub fn add_behind_newest(self, trace: Trace) {
        self.insert(1, trace);
    }

    /// Those that the visitor has not closed.
    pub fn open_flows(self) -> Vec<Trace> {
        self.closed.with(|closed| kept_flows::open(self.traces.get(), closed))
    }

    pub fn close(self, flow: FlowId) {
        self.closed.set(kept_flows::close(flow));
    }

    /// The browser has come back from the identity provider's logout, to the page that says so.
    pub(super) fn note_return(self, state: &str) {
        let mut traces = self.traces.get_untracked();
        if logout_return::note_return(&mut traces, state, self.visitor.server_now()) {
            self.traces.set(kept_flows::store(traces));
        }
    }

    fn insert(self, index: usize, mut trace: Trace) {
        // A login is noted before the server has told its time.
        let ahead = self.visitor.server_now() - device_now();
        trace.began_at += ahead;
        trace.messages.iter_mut().for_each(|message| message.at += ahead);
        let mut traces = self.traces.get_untracked();
        traces.insert(index.min(traces.len()), trace);
        self.traces.set(kept_flows::store(traces));
    }
}
