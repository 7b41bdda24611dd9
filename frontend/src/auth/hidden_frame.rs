//! A question in a frame that nobody sees, and the one message that answers it.

use js_sys::{Promise, Reflect};
use leptos::prelude::*;
use std::time::Duration;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{HtmlIFrameElement, MessageEvent};

const TIME_OUT: Duration = Duration::from_secs(10);

/// Opens `address` in a frame, and takes the frame away with its answer, or after ten seconds without one.
///
/// Anybody may post a message to this window. Only what this very frame says counts, out of a page of `origin` (HTML,
/// `postMessage`: origin and source); `answer_in` finds the answer in its data, if it is one.
pub async fn ask(
    address: &str,
    origin: &str,
    answer_in: impl Fn(&JsValue) -> Option<JsValue> + 'static,
) -> Option<JsValue> {
    let frame: HtmlIFrameElement = document().create_element("iframe").ok()?.dyn_into().ok()?;
    frame.set_hidden(true);
    frame.set_title("Asking who is signed in");
    frame.set_src(address);
    let (asked, origin) = (frame.clone(), origin.to_owned());
    let message = first_message(move |event| {
        let source: JsValue = event.source()?.into();
        let is_of_frame = source == JsValue::from(asked.content_window()?);
        (is_of_frame && event.origin() == origin).then(|| answer_in(&event.data())).flatten()
    });
    document().body()?.append_child(&frame).ok()?;
    let answer = JsFuture::from(message).await.ok();
    frame.remove();
    answer.filter(|answer| !answer.is_undefined())
}

pub fn member(of: &JsValue, name: &str) -> Option<JsValue> {
    Reflect::get(of, &name.into()).ok()
}

/// Resolves with what `read` finds first, or with nothing when time is up.
fn first_message(read: impl Fn(&MessageEvent) -> Option<JsValue> + 'static) -> Promise {
    let mut read = Some(read);
    Promise::new(&mut |resolve, _| {
        let Some(read) = read.take() else {
            return;
        };
        let answer = resolve.clone();
        let listener = window_event_listener_untyped("message", move |event| {
            if let Some(found) = event.dyn_ref().and_then(&read) {
                // Fails for no function of a promise.
                let _ = answer.call1(&JsValue::UNDEFINED, &found);
            }
        });
        let give_up = move || {
            listener.remove();
            let _ = resolve.call0(&JsValue::UNDEFINED);
        };
        set_timeout(give_up, TIME_OUT);
    })
}
