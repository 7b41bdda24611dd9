use super::{
    journey::{Place, login_url},
    sign_in_mark,
    visitor_context::here,
};
use leptos::prelude::*;
use leptos_router::hooks::use_url;

/// Leaves for the IdP, to come back to `return_to`. The page that asked leaves no entry in the history, so that
/// Back leads from the IdP to where the visitor was before.
pub fn sign_in(return_to: &str) {
    sign_in_mark::set(return_to);
    let location = window().location();
    let url = login_url(return_to);
    // The router writes a new page into the address bar only after it was built. Until then the entry is that
    // of the page before, which must stay.
    let result = if here().return_to() == return_to {
        location.replace(&url)
    } else {
        location.assign(&url)
    };
    // Fails for no path of this origin.
    let _ = result;
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
    #[prop(default = "Sign in")] label: &'static str,
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
