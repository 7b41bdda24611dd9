//! The silent question's answer by web message (OAuth 2.0 Web Message Response Mode, draft 00 §4).

use super::{
    authorization_request::Sent, authorization_response::Response, own_traces::record,
    settings::settings,
};
use crate::auth::hidden_frame::{self, member};
use shared::trace::Step;
use wasm_bindgen::JsValue;
use web_sys::Url;

/// What `data.type` says.
const MESSAGE: &str = "authorization_response";

/// In a frame that nobody sees; the answer has to have this question's `state`.
pub async fn ask(address: &str, sent: &mut Sent) -> Option<Response> {
    let origin = Url::new(&settings().issuer).ok()?.origin();
    let state = sent.state.clone();
    let answer = hidden_frame::ask(address, &origin, move |data| {
        let is = |value: JsValue, text: &str| value.as_string().as_deref() == Some(text);
        let response = member(data, "response")?;
        let is_answer =
            is(member(data, "type")?, MESSAGE) && is(member(&response, "state")?, &state);
        is_answer.then_some(response)
    });
    let response = answer.await.and_then(|answer| Response::of_object(&answer));
    match &response {
        Some(response) => response.record(sent, Step::FrameMessage).await,
        None => record(&mut sent.trace, Step::FrameTimedOut, &[]).await,
    }
    response
}
