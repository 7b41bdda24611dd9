use crate::ui::focus;
use leptos::prelude::*;

/// The first thing the keyboard meets. The router would only scroll, hence the focus by hand.
#[component]
pub fn SkipLink() -> impl IntoView {
    let skip = |event: web_sys::MouseEvent| {
        event.prevent_default();
        focus("main");
    };
    view! {
        <a class="skip-link" href="#main" on:click=skip>
            "Skip to content"
        </a>
    }
}
