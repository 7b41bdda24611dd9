//! The identity provider's published facts: where its endpoints are, and its keys.

use super::settings::settings;
use leptos::prelude::window;
use serde::{Deserialize, de::DeserializeOwned};
use std::cell::RefCell;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortSignal, RequestCredentials, RequestInit, Response};

/// How long it may take to answer, in milliseconds.
const TIME_OUT: u32 = 10_000;

/// OpenID Connect Discovery 1.0 §3, as far as this page needs it.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Provider {
    issuer: String,
    pub authorization_endpoint: String,
    pub token_endpoint: String,
    pub jwks_uri: String,
    pub end_session_endpoint: Option<String>,
    /// Ours says so: its logout can end the social provider's session too.
    #[serde(default)]
    pub federated_logout_supported: bool,
}

#[derive(Clone, Debug, Default, Deserialize)]
struct KeySet {
    keys: Vec<serde_json::Value>,
}

thread_local! {
    static PROVIDER: RefCell<Option<Provider>> = const { RefCell::new(None) };
    static KEYS: RefCell<KeySet> = const { RefCell::new(KeySet { keys: Vec::new() }) };
}

/// `None` where it does not answer, or answers for somebody else (Discovery §4.3).
pub async fn provider() -> Option<Provider> {
    if let Some(known) = PROVIDER.with_borrow(Clone::clone) {
        return Some(known);
    }
    let issuer = settings().issuer;
    let address = format!("{}/.well-known/openid-configuration", issuer.trim_end_matches('/'));
    let provider: Provider = get_json(&address).await.ok()?;
    if provider.issuer != issuer {
        return None;
    }
    PROVIDER.set(Some(provider.clone()));
    Some(provider)
}

/// The same, asked anew: whether it answers now.
pub async fn reachable() -> Option<Provider> {
    PROVIDER.set(None);
    provider().await
}

/// An endpoint may have a query already (RFC 6749 §3.1).
pub fn with_query(endpoint: &str, query: &str) -> String {
    let joint = if endpoint.contains('?') { '&' } else { '?' };
    format!("{endpoint}{joint}{query}")
}

/// All keys that could have signed with this type of key; fetched anew when none has the `kid`, since a provider
/// changes its keys. `None` where they cannot be had.
pub async fn keys(key_type: &str, kid: Option<&str>) -> Option<Vec<serde_json::Value>> {
    let known = matching(key_type, kid);
    if !known.is_empty() {
        return Some(known);
    }
    let fetched: KeySet = get_json(&provider().await?.jwks_uri).await.ok()?;
    KEYS.set(fetched);
    Some(matching(key_type, kid))
}

fn matching(key_type: &str, kid: Option<&str>) -> Vec<serde_json::Value> {
    let may_have_signed = |key: &&serde_json::Value| {
        key["kty"] == key_type
            && key["use"].as_str().is_none_or(|usage| usage == "sig")
            && kid.is_none_or(|kid| key["kid"] == kid)
    };
    KEYS.with_borrow(|set| set.keys.iter().filter(may_have_signed).cloned().collect())
}

pub async fn get_json<T: DeserializeOwned>(address: &str) -> Result<T, JsValue> {
    read_json(address, &RequestInit::new()).await
}

/// Without cookies, and for ten seconds at most. An answer that is an error counts as none.
pub async fn read_json<T: DeserializeOwned>(
    address: &str,
    request: &RequestInit,
) -> Result<T, JsValue> {
    request.set_credentials(RequestCredentials::Omit);
    request.set_signal(Some(&AbortSignal::timeout_with_u32(TIME_OUT)));
    let response = JsFuture::from(window().fetch_with_str_and_init(address, request)).await?;
    let response: Response = response.dyn_into()?;
    let text = JsFuture::from(response.text()?).await?.as_string().unwrap_or_default();
    if !response.ok() {
        return Err(JsValue::from_str("refused"));
    }
    serde_json::from_str(&text).map_err(|_| JsValue::from_str("unreadable"))
}
