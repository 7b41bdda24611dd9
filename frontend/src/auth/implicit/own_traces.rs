//! How this page's logins and silent questions went, for the Session Explorer: in memory, the secrets masked.

use super::{authorization_request::own_time, web_crypto};
use leptos::prelude::*;
use shared::trace::{Message, Parameter, Step, Trace, TraceKind};

const MASKED: [&str; 10] = [
    "access_token",
    "at_hash",
    "code",
    "code_challenge",
    "code_verifier",
    "id_token",
    "nonce",
    "sid",
    "state",
    "sub",
];
/// Bytes of a secret's SHA-256 that stand for it: enough to see that two are the same one.
const MASK_LENGTH: usize = 3;
/// Some values are anybody's text: they are cut to so many characters.
const LONGEST: usize = 200;
const NEWEST: usize = 5;

/// Adds a step of this moment.
pub async fn record(trace: &mut Trace, step: Step, parameters: &[(&str, String)]) {
    let mut shown = Vec::with_capacity(parameters.len());
    for (name, value) in parameters {
        let value = if MASKED.contains(name) {
            masked(value).await
        } else {
            value.chars().take(LONGEST).collect()
        };
        shown.push(Parameter { name: (*name).to_owned(), value });
    }
    trace.messages.push(Message { at: own_time(), step, parameters: shown });
}

/// A secret's stand-in, as the backend's own.
pub async fn masked(secret: &str) -> String {
    let hash = web_crypto::sha256(secret).await.unwrap_or_default();
    let digits = hash.iter().take(MASK_LENGTH);
    digits.fold("‹".to_owned(), |mask, byte| format!("{mask}{byte:02x}")) + "›"
}

/// The newest first, of the silent questions the newest alone.
#[derive(Clone, Copy)]
pub struct OwnTraces(RwSignal<Vec<Trace>>);

impl OwnTraces {
    pub fn new() -> Self {
        Self(RwSignal::new(Vec::new()))
    }

    pub fn get(self) -> Vec<Trace> {
        self.0.get()
    }

    pub fn add(self, trace: Trace) {
        self.insert(0, trace);
    }

    /// What belongs to the newest, and is not what the visitor came to see.
    pub fn add_behind_newest(self, trace: Trace) {
        self.insert(1, trace);
    }

    fn insert(self, index: usize, trace: Trace) {
        self.0.update(|traces| {
            if trace.kind == TraceKind::SilentRenewal {
                traces.retain(|kept| kept.kind != TraceKind::SilentRenewal);
            }
            traces.insert(index.min(traces.len()), trace);
            traces.truncate(NEWEST);
        });
    }
}
