//! What an operator of the static files says in `/config.json`, which the boot script has read.

use js_sys::{JSON, Reflect, global};
use serde::Deserialize;
use std::cell::OnceCell;

/// Origins are without a slash at the end.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
pub struct Settings {
    /// The origin of the shop's API.
    pub api: String,
    /// What an access token for it names as its audience (RFC 8707 `resource`).
    pub audience: String,
    /// The identity provider, as it names itself in tokens.
    pub issuer: String,
    pub client_id: String,
}

thread_local! {
    static SETTINGS: OnceCell<Settings> = const { OnceCell::new() };
}

pub fn settings() -> Settings {
    SETTINGS.with(|settings| settings.get_or_init(|| read().unwrap_or_default()).clone())
}

fn read() -> Option<Settings> {
    let value = Reflect::get(&global(), &"storezeroConfig".into()).ok()?;
    let text = JSON::stringify(&value).ok()?.as_string()?;
    serde_json::from_str(&text).ok()
}
