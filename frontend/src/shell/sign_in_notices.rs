//! What stands between the banner and every page about signing in: why a session ended, or the offer to continue;
//! one of them at most.

use super::ended_notice::{EndedNotice, Ending};
use leptos::prelude::*;
#[cfg(feature = "bff")]
use {super::continue_as::ContinueAs, crate::auth::use_silent_login};

#[cfg(feature = "bff")]
#[component]
pub fn SignInNotices() -> impl IntoView {
    let silent = use_silent_login();
    silent.ask_on_arrival();
    let known = silent.known();
    let ending = Ending::watch();
    let offered = Memo::new(move |_| known.get().filter(|_| ending.get().is_none()));
    view! {
        <EndedNotice ending known/>
        {move || offered.get().map(|name| view! { <ContinueAs name/> })}
    }
}

/// Whom the identity provider knows is signed in here: there is nothing to offer.
#[cfg(feature = "implicit")]
#[component]
pub fn SignInNotices() -> impl IntoView {
    view! { <EndedNotice ending=Ending::watch() known=Memo::new(|_| None)/> }
}
