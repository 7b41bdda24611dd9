//! What stands between the banner and every page about signing in: why a session ended, or the offer to continue;
//! one of them at most.

use super::{
    continue_as::ContinueAs,
    ended_notice::{EndedNotice, Ending},
};
use crate::auth::use_silent_login;
use leptos::prelude::*;

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
