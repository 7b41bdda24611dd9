//! The last few answers of the catalogue: what a pointer over a link fetched ahead, and the page that the
//! back button leads to, appear at once.

use super::{ApiError, BACKGROUND, get_text, parse, send};
use serde::de::DeserializeOwned;
use std::cell::RefCell;
#[cfg(feature = "bff")]
use {leptos::prelude::document, wasm_bindgen::JsCast as _, wasm_bindgen_futures::spawn_local};

/// In milliseconds: short enough for the stock that it shows to be true.
const FRESH: f64 = 20_000.0;
const MOST: usize = 24;

struct CachedAnswer {
    path: String,
    at: f64,
    text: String,
}

thread_local! {
    static ANSWERS: RefCell<Vec<CachedAnswer>> = const { RefCell::new(Vec::new()) };
}

/// Takes the answers that came with the page (`pages` in the backend): as fresh as if they were asked for now. One
/// that the visitor's activities tell of is asked for all the same, which nobody waits for.
#[cfg(feature = "bff")]
pub fn take_first_answers() {
    let Ok(elements) = document().query_selector_all("script[data-api]") else { return };
    for element in (0..elements.length()).filter_map(|index| elements.get(index)) {
        let element: web_sys::Element = element.unchecked_into();
        let path = element.get_attribute("data-api").unwrap_or_default();
        store(&path, element.text_content().unwrap_or_default());
        if element.has_attribute("data-activity") {
            // Before Leptos has started.
            spawn_local(async move {
                let _ = get_text(&path).await;
            });
        }
        element.remove();
    }
}

/// Only for what is the same for everybody.
pub async fn get_cached<T: DeserializeOwned>(path: &str) -> Result<T, ApiError> {
    if let Some(text) = look_up(path) {
        return parse(&text);
    }
    let text = get_text(path).await?;
    let value = parse(&text);
    store(path, text);
    value
}

/// Nobody waits for it, and it does not slide the session.
pub async fn prefetch(path: &str) {
    if look_up(path).is_none()
        && let Ok(text) = send("GET", path, &[BACKGROUND], None).await
    {
        store(path, text);
    }
}

fn look_up(path: &str) -> Option<String> {
    let now = js_sys::Date::now();
    ANSWERS.with_borrow(|answers| {
        let answer =
            answers.iter().find(|answer| answer.path == path && now - answer.at < FRESH)?;
        Some(answer.text.clone())
    })
}

fn store(path: &str, text: String) {
    let answer = CachedAnswer { path: path.to_owned(), at: js_sys::Date::now(), text };
    ANSWERS.with_borrow_mut(|answers| {
        answers.retain(|other| other.path != answer.path);
        if answers.len() == MOST {
            answers.remove(0);
        }
        answers.push(answer);
    });
}
