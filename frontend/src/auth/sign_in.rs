use super::{
    journey::{Place, login_url},
    sign_in_mark,
    visitor_context::here,
};
use leptos::prelude::*;
use leptos_router::hooks::use_url;

/// How many frames the router may take to show a page in the address bar.
const PATIENCE: u32 = 120;

/// Leaves for the IdP, to come back to `return_to`, the page that asks. It leaves no entry in the history, so that
/// Back leads from the IdP to where the visitor was before, and not into this login again.
pub fn sign_in(return_to: String) {
    sign_in_from(return_to, PATIENCE);
}

/// The router writes a page into the address bar after it was built. Until then the entry that would be replaced
/// is the one before; if it never does, the visitor has gone elsewhere.
fn sign_in_from(return_to: String, patience: u32) {
    if here().return_to() == return_to {
        sign_in_mark::set(&return_to);
        // Fails for no path of this origin.
        let _ = window().location().replace(&login_url(&return_to));
    } else if patience > 0 {
        request_animation_frame(move || sign_in_from(return_to, patience - 1));
    }
}

/// The page that the router shows: path, query and fragment.
pub(super) fn current_page() -> Signal<String> {
    let url = use_url();
    Signal::derive(move || {
        url.with(|url| Place::new(url.path(), url.search(), url.hash()).return_to())
    })
}

/// "Sign in" as the navigation that it is: it works in a new tab as well.
#[component]
pub fn SignInLink(
    #[prop(default = "Sign in".into(), into)] label: String,
    #[prop(default = "button button-primary")] class: &'static str,
    /// The current page, unless another one is meant.
    #[prop(optional, into)]
    return_to: Option<String>,
) -> impl IntoView {
    let page = return_to.map_or_else(current_page, Signal::stored);
    view! {
        <a
            class=class
            href=move || login_url(&page.get())
            rel="external"
            on:click=move |_| sign_in_mark::set(&page.get_untracked())
        >
            {label}
        </a>
    }
}
