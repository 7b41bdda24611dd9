use leptos::prelude::*;
use wasm_bindgen::JsCast;

/// Moves the focus to an element, once the page shows what it is about to show.
pub fn focus(id: &str) {
    let id = id.to_owned();
    request_animation_frame(move || {
        let element = document().get_element_by_id(&id);
        if let Some(element) = element.and_then(|e| e.dyn_into::<web_sys::HtmlElement>().ok()) {
            // Fails for no element that is mounted.
            let _ = element.focus();
        }
    });
}
