//! What the tabs of one browser say to each other about who is signed in.

use crate::ui::listen;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{BroadcastChannel, MessageEvent};

pub const SIGNED_OUT: &str = "signed-out";
/// Something happened; each tab asks for itself what.
#[cfg(feature = "bff")]
pub const CHANGED: &str = "changed";

/// Without `BroadcastChannel` the other tabs find out when they are looked at.
#[derive(Clone, Copy)]
pub struct TabChannel(StoredValue<Option<BroadcastChannel>, LocalStorage>);

impl TabChannel {
    pub fn open(name: &str) -> Self {
        Self(StoredValue::new_local(BroadcastChannel::new(name).ok()))
    }

    /// To the other tabs.
    pub fn publish(self, message: &str) {
        if let Some(channel) = self.0.get_value() {
            // Fails only for a closed channel.
            let _ = channel.post_message(&message.into());
        }
    }

    /// Calls `react` with what another tab has published.
    pub fn subscribe(self, react: impl Fn(&str) + 'static) {
        if let Some(channel) = self.0.get_value() {
            listen(&channel, "message", move |event| {
                let message = event.unchecked_ref::<MessageEvent>().data();
                react(&message.as_string().unwrap_or_default());
            });
        }
    }
}
