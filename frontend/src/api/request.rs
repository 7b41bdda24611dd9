//! One request, on the browser's own `fetch`.

#[cfg(feature = "implicit")]
use super::credentials::{self, AccessToken};
use leptos::prelude::window;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Headers, RequestInit, Response};

pub struct HttpAnswer {
    pub status: u16,
    pub text: String,
    /// What the request took along.
    #[cfg(feature = "implicit")]
    pub token: Option<AccessToken>,
}

/// `Err` where no answer arrived: no connection, or it broke off.
pub async fn request(
    method: &str,
    path: &str,
    headers: &[(&str, &str)],
    body: Option<&str>,
) -> Result<HttpAnswer, JsValue> {
    #[cfg(feature = "implicit")]
    credentials::settled(path).await;
    let all = Headers::new()?;
    all.set("Accept", "application/json, application/problem+json")?;
    for (name, value) in headers {
        all.set(name, value)?;
    }
    let init = RequestInit::new();
    init.set_method(method);
    init.set_headers(&all);
    if let Some(body) = body {
        all.set("Content-Type", "application/json")?;
        init.set_body(&JsValue::from_str(body));
    }
    #[cfg(feature = "implicit")]
    let token = credentials::add(&init, &all)?;
    let url = super::address_of(path);
    let response = JsFuture::from(window().fetch_with_str_and_init(&url, &init)).await?;
    let response: Response = response.dyn_into()?;
    #[cfg(feature = "implicit")]
    credentials::learn_from(&response, token.is_some());
    let text = JsFuture::from(response.text()?).await?;
    Ok(HttpAnswer {
        status: response.status(),
        text: text.as_string().unwrap_or_default(),
        #[cfg(feature = "implicit")]
        token,
    })
}
