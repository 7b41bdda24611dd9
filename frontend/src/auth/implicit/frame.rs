//! The hidden frame of the silent question, and the one message that counts.

use super::{
    authorization_request::Sent, authorization_response::Response, own_traces::record, provider,
    settings::settings,
};
use js_sys::{Promise, Reflect};
use leptos::prelude::*;
use shared::trace::Step;
use std::time::Duration;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{HtmlIFrameElement, MessageEvent, Url};

/// What `data.type` says (OAuth 2.0 Web Message Response Mode, draft 00 §4).
const MESSAGE: &str = "authorization_response";

/// Opens `address` in a frame that nobody sees, and takes it away with its answer, or after ten seconds without one.
pub async fn ask(address: &str, sent: &mut Sent) -> Option<Response> {
    let origin = Url::new(&settings().issuer).ok()?.origin();
    let frame: HtmlIFrameElement = document().create_element("iframe").ok()?.dyn_into().ok()?;
    frame.set_hidden(true);
    frame.set_title("Asking who is signed in");
    frame.set_src(address);
    let answer = message_of(&frame, &origin, &sent.state);
    document().body()?.append_child(&frame).ok()?;
    let answer = JsFuture::from(answer).await.ok();
    frame.remove();
    let response = answer.and_then(|answer| Response::of_object(&answer));
    match &response {
        Some(response) => response.record(sent, Step::FrameMessage).await,
        None => record(&mut sent.trace, Step::FrameTimedOut, &[]).await,
    }
    response
}

/// Resolves with the answer's object, or with nothing when time is up.
fn message_of(frame: &HtmlIFrameElement, origin: &str, state: &str) -> Promise {
    Promise::new(&mut |resolve, _| {
        let (frame, origin, state) = (frame.clone(), origin.to_owned(), state.to_owned());
        let answer = resolve.clone();
        let listener = window_event_listener_untyped("message", move |event| {
            let event: Option<&MessageEvent> = event.dyn_ref();
            if let Some(response) =
                event.and_then(|event| response_in(event, &frame, &origin, &state))
            {
                // Fails for no function of a promise.
                let _ = answer.call1(&JsValue::UNDEFINED, &response);
            }
        });
        let give_up = move || {
            listener.remove();
            let _ = resolve.call0(&JsValue::UNDEFINED);
        };
        set_timeout(give_up, Duration::from_millis(provider::TIME_OUT.into()));
    })
}

/// Anybody may post a message to this window. One counts: from the identity provider's origin, out of this very frame,
/// with this question's `state` (HTML, `postMessage`).
fn response_in(
    event: &MessageEvent,
    frame: &HtmlIFrameElement,
    origin: &str,
    state: &str,
) -> Option<JsValue> {
    let source: JsValue = event.source()?.into();
    if event.origin() != origin || source != JsValue::from(frame.content_window()?) {
        return None;
    }
    let member = |of: &JsValue, name: &str| Reflect::get(of, &name.into()).ok();
    let data = event.data();
    if member(&data, "type")?.as_string().as_deref() != Some(MESSAGE) {
        return None;
    }
    let response = member(&data, "response")?;
    (member(&response, "state")?.as_string().as_deref() == Some(state)).then_some(response)
}
