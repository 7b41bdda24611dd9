use super::{
    journey::{Login, Place, login_url},
    keep_signed_in::use_keep_signed_in,
    sign_in_mark,
    visitor_context::here,
};
use leptos::prelude::*;
use leptos_router::hooks::use_url;

/// How many frames the router may take to show a page in the address bar.
const PATIENCE: u32 = 120;

/// Leaves for the IdP, to come back to the page that asks. It leaves no entry in the history, so that
/// Back leads from the IdP to where the visitor was before, and not into this login again.
pub fn sign_in(login: Login) {
    sign_in_from(login, PATIENCE);
}

/// The router writes a page into the address bar after it was built. Until then the entry that would be replaced
/// is the one before; if it never does, the visitor has gone elsewhere.
fn sign_in_from(login: Login, patience: u32) {
    if here().return_to() == login.return_to {
        sign_in_mark::set(&login.return_to);
        // Fails for no path of this origin.
        let _ = window().location().replace(&login_url(&login));
    } else if patience > 0 {
        request_animation_frame(move || sign_in_from(login, patience - 1));
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
    #[prop(default = Signal::stored("Sign in".to_owned()), into)] label: Signal<String>,
    #[prop(default = "button button-primary")] class: &'static str,
    /// The current page, unless another one is meant.
    #[prop(optional, into)]
    return_to: Option<String>,
    /// A social provider that the IdP passes the visitor on to.
    #[prop(optional)]
    connection: Option<&'static str>,
) -> impl IntoView {
    let keep = use_keep_signed_in();
    let page = return_to.map_or_else(current_page, Signal::stored);
    view! {
        <a
            class=class
            href=move || login_url(&Login {
                return_to: page.get(),
                keep: keep.get(),
                connection,
                ..Login::default()
            })
            rel="external"
            on:click=move |_| sign_in_mark::set(&page.get_untracked())
        >
            {label}
        </a>
    }
}
