//! What happens around a page, heard as long as whoever listens is there.

use leptos::{html, prelude::*};
use std::time::Duration;
use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::{Event, EventTarget, MediaQueryList, VisibilityState};

struct Listener {
    target: EventTarget,
    event: &'static str,
    react: Closure<dyn FnMut(Event)>,
}

impl Drop for Listener {
    fn drop(&mut self) {
        let react = self.react.as_ref().unchecked_ref();
        // Fails for no function.
        let _ = self.target.remove_event_listener_with_callback(self.event, react);
    }
}

/// Calls `react` on each such event until the owner of the calling code is gone.
pub fn listen(target: &EventTarget, event: &'static str, react: impl FnMut(Event) + 'static) {
    attach(target.clone(), event, Closure::new(react));
}

/// Compiled once for all kinds of closures.
fn attach(target: EventTarget, event: &'static str, react: Closure<dyn FnMut(Event)>) {
    // Fails for no function.
    let _ = target.add_event_listener_with_callback(event, react.as_ref().unchecked_ref());
    // The owner drops it with all that it holds.
    StoredValue::new_local(Listener { target, event, react });
}

/// Calls `react` on each click outside `element` that began outside too: a selection of text may end there.
pub fn on_click_outside(element: NodeRef<html::Div>, react: impl Fn() + 'static) {
    let is_outside = move |event: &Event| {
        let element = element.get_untracked();
        element.is_some_and(|element| !event.composed_path().includes(&element, 0))
    };
    let began_outside = StoredValue::new(true);
    listen(&window(), "pointerdown", move |event| began_outside.set_value(is_outside(&event)));
    listen(&window(), "click", move |event| {
        if began_outside.get_value() && is_outside(&event) {
            react();
        }
    });
}

/// Calls `act` each time that a `period` is over, until the owner of the calling code is gone.
pub fn every(period: Duration, act: impl Fn() + 'static) {
    // Fails for no function.
    if let Ok(handle) = set_interval_with_handle(act, period) {
        on_cleanup(move || handle.clear());
    }
}

/// Whether the page can be seen, and is not in a tab behind another one.
pub fn visibility() -> ReadSignal<bool> {
    let is_visible = || document().visibility_state() == VisibilityState::Visible;
    let (visible, set_visible) = signal(is_visible());
    listen(&document(), "visibilitychange", move |_| set_visible.set(is_visible()));
    visible
}

/// Whether the screen is as the media query says.
pub fn media(query: &str) -> ReadSignal<bool> {
    let list = window().match_media(query).ok().flatten();
    let (matches, set_matches) = signal(list.as_ref().is_some_and(MediaQueryList::matches));
    if let Some(list) = list {
        let known = list.clone();
        listen(&list, "change", move |_| set_matches.set(known.matches()));
    }
    matches
}
