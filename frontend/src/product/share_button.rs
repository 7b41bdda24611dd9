use crate::{activities::record_share, ui::use_toasts};
use js_sys::Reflect;
use leptos::{prelude::*, task::spawn_local};
use shared::ids::Slug;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Navigator, ShareData};

enum Outcome {
    /// By the device's own dialog, which has said so.
    Shared,
    Copied,
    /// The shopper thought better of it.
    Cancelled,
    Impossible,
}

/// Hands the product's address on: by the device's own dialog, or, where there is none, by the clipboard.
#[component]
pub fn ShareButton(slug: Slug, name: String) -> impl IntoView {
    let toasts = use_toasts();
    let share_product = move |_| {
        let (slug, name) = (slug.clone(), name.clone());
        spawn_local(async move {
            match share(&name).await {
                Outcome::Shared => {}
                Outcome::Copied => toasts.say(format!("The address of {name} is copied.")),
                Outcome::Cancelled => return,
                Outcome::Impossible => {
                    toasts
                        .say("This browser cannot copy it. Copy the address from its address bar.");
                    return;
                }
            }
            record_share(&slug).await;
        });
    };
    view! {
        <button type="button" class="button button-secondary share-button" on:click=share_product>"Share"</button>
    }
}

/// The address as it is: it names the variant that was chosen.
async fn share(name: &str) -> Outcome {
    let Ok(address) = window().location().href() else {
        return Outcome::Impossible;
    };
    let navigator = window().navigator();
    if has(&navigator, "share") {
        let data = ShareData::new();
        data.set_title(name);
        data.set_url(&address);
        match JsFuture::from(navigator.share_with_data(&data)).await {
            Ok(_) => return Outcome::Shared,
            Err(error) if is_abort(&error) => return Outcome::Cancelled,
            // Refused by a policy, say: the clipboard may do.
            Err(_) => {}
        }
    }
    // Only over https and on localhost.
    if !has(&navigator, "clipboard") {
        return Outcome::Impossible;
    }
    match JsFuture::from(navigator.clipboard().write_text(&address)).await {
        Ok(_) => Outcome::Copied,
        Err(_) => Outcome::Impossible,
    }
}

fn has(navigator: &Navigator, name: &str) -> bool {
    Reflect::get(navigator, &name.into()).is_ok_and(|value| !value.is_undefined())
}

fn is_abort(error: &JsValue) -> bool {
    let name = Reflect::get(error.unchecked_ref(), &"name".into()).ok();
    name.and_then(|name| name.as_string()).as_deref() == Some("AbortError")
}
