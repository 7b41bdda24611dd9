use crate::{
    auth::{SignInLink, use_silent_login},
    ui::{Button, ButtonKind, focus_heading},
};
use leptos::prelude::*;

/// "Continue as …": the identity provider still knows a visitor whom the shop does not know any more. An offer,
/// never a login by itself.
#[component]
pub fn ContinueAs(name: String) -> impl IntoView {
    let silent = use_silent_login();
    let decline = move |_| {
        silent.not_now();
        focus_heading();
    };
    view! {
        <aside class="continue-as" aria-label="Continue where you were signed in">
            <p>{format!("PeakCommerce ID still knows you, {name}.")}</p>
            <div class="continue-as-actions">
                <SignInLink label=format!("Continue as {name}")/>
                <Button kind=ButtonKind::Quiet on:click=decline>"Not now"</Button>
            </div>
        </aside>
    }
}
