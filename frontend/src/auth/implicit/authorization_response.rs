//! The authorization response (OIDC Core §3.2.2.5): in the address that this document was opened with, or in a frame's
//! message.

use super::{
    authorization_request::{Sent, problem_page},
    own_traces::record,
    settings::settings,
};
use crate::ui::replace_address;
use js_sys::{Array, Object, Reflect, global};
use serde::Deserialize;
use shared::{session::SignInProblem, trace::Step};
use std::cell::RefCell;
use wasm_bindgen::{JsCast, JsValue};

/// Where the boot script has put it, when it took it out of the address bar.
const TAKEN: &str = "authorizationResponse";

#[derive(Clone, Default, Deserialize)]
#[serde(default)]
pub struct Response {
    pub state: Option<String>,
    pub iss: Option<String>,
    pub code: Option<String>,
    pub id_token: Option<String>,
    pub access_token: Option<String>,
    pub token_type: Option<String>,
    /// Seconds.
    pub expires_in: Option<String>,
    pub scope: Option<String>,
    pub error: Option<String>,
    pub error_description: Option<String>,
}

/// An answer to a request of this tab's.
pub struct PendingLogin {
    pub sent: Sent,
    pub response: Response,
}

impl PendingLogin {
    /// What `take` has done.
    pub async fn record(&mut self) {
        self.response.record(&mut self.sent, Step::PageAuthorizationResponse).await;
        let to = [("to", self.sent.return_to.clone())];
        record(&mut self.sent.trace, Step::PageReturned, &to).await;
    }
}

thread_local! {
    static PENDING: RefCell<Option<PendingLogin>> = const { RefCell::new(None) };
}

/// Puts the page that the login was for into the address bar, in place of the address that brought the answer. An
/// answer to no request of this tab's, or to one that was answered before, is somebody else's.
pub fn take() {
    let Some(response) = taken() else {
        return;
    };
    let sent = response.state.as_deref().and_then(Sent::take);
    let Some(sent) = sent else {
        return replace_address(&problem_page(SignInProblem::UnknownAttempt, "/"));
    };
    replace_address(&sent.return_to);
    PENDING.set(Some(PendingLogin { sent, response }));
}

pub fn pending() -> Option<PendingLogin> {
    PENDING.take()
}

fn taken() -> Option<Response> {
    let global = global();
    let value = Reflect::get(&global, &TAKEN.into()).ok().filter(JsValue::is_object)?;
    // Fails for no property of the window.
    let _ = Reflect::delete_property(global.unchecked_ref::<Object>(), &TAKEN.into());
    let part = |name: &str| Reflect::get(&value, &name.into()).ok()?.as_string();
    // The implicit flow answers in the fragment, the code flow in the query.
    let (fragment, query) = (part("hash").unwrap_or_default(), part("search").unwrap_or_default());
    let fragment = fragment.trim_start_matches('#');
    let text = if fragment.is_empty() { query.trim_start_matches('?') } else { fragment };
    Some(serde_urlencoded::from_str(text).unwrap_or_default())
}

impl Response {
    /// Of the object in a message, whose members are text or numbers.
    pub fn of_object(object: &JsValue) -> Option<Self> {
        let object: &Object = object.dyn_ref()?;
        let text = |value: JsValue| match value.as_f64() {
            Some(number) => Some(number.to_string()),
            None => value.as_string(),
        };
        let pairs: Vec<(String, String)> = Object::entries(object)
            .iter()
            .filter_map(|entry| {
                let entry: Array = entry.dyn_into().ok()?;
                Some((text(entry.get(0))?, text(entry.get(1))?))
            })
            .collect();
        serde_urlencoded::from_str(&serde_urlencoded::to_string(pairs).ok()?).ok()
    }

    /// With its secrets masked, for the Session Explorer.
    pub async fn record(&self, sent: &mut Sent, step: Step) {
        let parameters = [
            ("state", &self.state),
            ("iss", &self.iss),
            ("code", &self.code),
            ("id_token", &self.id_token),
            ("access_token", &self.access_token),
            ("token_type", &self.token_type),
            ("expires_in", &self.expires_in),
            ("scope", &self.scope),
            ("error", &self.error),
            ("error_description", &self.error_description),
        ];
        let parameters: Vec<(&str, String)> = parameters
            .into_iter()
            .filter_map(|(name, value)| Some((name, value.clone()?)))
            .collect();
        record(&mut sent.trace, step, &parameters).await;
    }

    /// RFC 9207: an answer that names its issuer names ours.
    pub fn is_of_issuer(&self) -> bool {
        self.iss.as_ref().is_none_or(|iss| *iss == settings().issuer)
    }
}
