use super::{
    keep_signed_in::use_keep_signed_in,
    return_location::{addressed_page, current_page},
    sign_in_mark,
};
use leptos::prelude::*;
use shared::session::LoginQuery;

/// How many frames the router may take to show a page in the address bar.
const PATIENCE: u32 = 120;

/// Leaves for the IdP, to come back to the page that asks. It leaves no entry in the history, so that
/// Back leads from the IdP to where the visitor was before, and not into this login again.
pub fn redirect_to_login(login: LoginQuery) {
    redirect_once_addressed(login, PATIENCE);
}

/// The router writes a page into the address bar after it was built. Until then the entry that would be replaced
/// is the one before; if it never does, the visitor has gone elsewhere.
fn redirect_once_addressed(login: LoginQuery, patience: u32) {
    if addressed_page() == login.return_to {
        sign_in_mark::set(&login.return_to);
        // Fails for no path of this origin.
        let _ = window().location().replace(&login.url());
    } else if patience > 0 {
        request_animation_frame(move || redirect_once_addressed(login, patience - 1));
    }
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
    let href = move || {
        let login = LoginQuery {
            return_to: page.get(),
            keep: keep.get(),
            connection: connection.map(str::to_owned),
            ..LoginQuery::default()
        };
        login.url()
    };
    let mark = move |_| sign_in_mark::set(&page.get_untracked());
    view! { <a class=class href=href rel="external" on:click=mark>{label}</a> }
}
