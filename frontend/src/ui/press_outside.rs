use leptos::{ev, html, prelude::*};
use wasm_bindgen::JsCast;
use web_sys::Node;

/// Calls `react` when something outside `root` is pressed, for as long as the component lives.
pub fn on_press_outside(root: NodeRef<html::Div>, react: impl Fn() + 'static) {
    let listener = window_event_listener(ev::pointerdown, move |event| {
        let target = event
            .target()
            .and_then(|target| target.dyn_into::<Node>().ok());
        let is_inside = root
            .get_untracked()
            .is_some_and(|root| root.contains(target.as_ref()));
        if !is_inside {
            react();
        }
    });
    on_cleanup(move || listener.remove());
}
