use crate::storage::Kept::InBrowser;
use leptos::prelude::*;

/// The system's choice, unless the visitor made one here.
const KEY: &str = "theme";

/// Switches between light and dark, and keeps the choice in this browser.
#[component]
pub fn ThemeToggle() -> impl IntoView {
    let dark = RwSignal::new(is_dark());
    let toggle = move |_| {
        dark.update(|dark| *dark = !*dark);
        let theme = if dark.get_untracked() { "dark" } else { "light" };
        if let Some(root) = document().document_element() {
            // An attribute without a space in its name is always accepted.
            let _ = root.set_attribute("data-theme", theme);
        }
        // Where it is not kept, the choice holds as long as the document.
        InBrowser.set(KEY, theme);
    };
    view! {
        <button
            type="button"
            class="theme-toggle"
            aria-pressed=move || dark.get().to_string()
            on:click=toggle
        >
            "Dark colours"
        </button>
    }
}

fn is_dark() -> bool {
    let chosen = document().document_element().and_then(|root| root.get_attribute("data-theme"));
    match chosen.as_deref() {
        Some(theme) => theme == "dark",
        None => window()
            .match_media("(prefers-color-scheme: dark)")
            .ok()
            .flatten()
            .is_some_and(|it| it.matches()),
    }
}
