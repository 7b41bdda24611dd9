//! Back and forward lead to where the page was left. The browser tries that at once, when the page's data
//! has not arrived; this waits until the page is tall enough again.

use super::listen;
use leptos::{ev, prelude::*};
use std::collections::HashMap;
use web_sys::ScrollRestoration;

/// After this many frames (about two seconds) the page is as tall as it gets.
const PATIENCE: u32 = 120;

#[derive(Clone, Copy)]
struct Scroll {
    left_at: StoredValue<HashMap<String, f64>>,
    /// Set while a position is being restored: what the page does meanwhile is not the visitor's scrolling.
    restoring: StoredValue<Option<f64>>,
}

pub fn restore_scroll() {
    if let Ok(history) = window().history() {
        // Without it the browser's own attempt comes first, and ours corrects it.
        let _ = history.set_scroll_restoration(ScrollRestoration::Manual);
    }
    let scroll =
        Scroll { left_at: StoredValue::new(HashMap::new()), restoring: StoredValue::new(None) };
    listen(&window(), "scroll", move |_| scroll.note());
    // At once, not in an effect: it must hear of it before the router does, whose next page scrolls.
    let _ = window_event_listener(ev::popstate, move |_| scroll.begin());
    let stop = move || scroll.restoring.set_value(None);
    listen(&window(), "wheel", move |_| stop());
    listen(&window(), "touchstart", move |_| stop());
}

impl Scroll {
    fn note(self) {
        if self.restoring.get_value().is_none() {
            let position = window().scroll_y().unwrap_or_default();
            self.left_at.update_value(|left_at| {
                left_at.insert(address(), position);
            });
        }
    }

    fn begin(self) {
        let position =
            self.left_at.with_value(|left_at| left_at.get(&address()).copied()).unwrap_or_default();
        self.restoring.set_value(Some(position));
        self.attempt(PATIENCE);
    }

    fn attempt(self, frames_left: u32) {
        request_animation_frame(move || {
            let Some(position) = self.restoring.get_value() else {
                return;
            };
            window().scroll_to_with_x_and_y(0.0, position);
            let reached = window().scroll_y().is_ok_and(|now| (now - position).abs() < 2.0);
            if reached || frames_left == 0 {
                self.restoring.set_value(None);
            } else {
                self.attempt(frames_left - 1);
            }
        });
    }
}

fn address() -> String {
    window().location().href().unwrap_or_default()
}
