use super::page_tokens::use_page_tokens;
use crate::{
    auth::{IDENTITY_PROVIDER, SignInLink, logout_return, sign_out_mark, use_visitor},
    ui::{PageHeading, lazy_page},
};
use leptos::prelude::*;
use shared::{
    paths::page,
    session::{EndReason, LogoutScope},
};

lazy_page!(SignedOutRoute, SignedOutPage);

/// What a logout ended: there was less to end than in the shop with a backend. Of none that this tab knows of nothing is
/// told, whatever the address says.
#[component]
fn SignedOutPage() -> impl IntoView {
    let visitor = use_visitor();
    logout_return::on_return(|state| use_page_tokens().traces.note_return(state));
    let known = sign_out_mark::get();
    let title = if known.is_some() { "Signed out" } else { "No sign-out is known here" };
    let ended = {
        let was = |what: &str| known.as_deref() == Some(what);
        if was(EndReason::AccountDeleted.into_str()) {
            // Whoever signs in afterwards has an account again.
            (move || (!visitor.is_customer()).then(|| view! { <AccountDeleted/> })).into_any()
        } else if was(LogoutScope::Federated.into_str()) {
            view! { <Fates is_social=true/> }.into_any()
        } else if was(LogoutScope::Idp.into_str()) {
            view! { <Fates is_social=false/> }.into_any()
        } else {
            view! { <p>"Nobody has signed out in this tab since it was opened."</p> }.into_any()
        }
    };
    let again = move || {
        let name = visitor.customer()?.name;
        Some(view! { <p class="note">{format!("You are signed in, as {name}.")}</p> })
    };
    view! {
        <div class="page page-narrow signed-out">
            <PageHeading title/>
            {again}
            {ended}
            <div class="door-actions">
                <a class="button button-primary" href=page::HOME>"Continue shopping"</a>
                <SignInLink label="Sign in again" class="button button-secondary" return_to=page::HOME/>
            </div>
        </div>
    }
}

#[component]
fn AccountDeleted() -> impl IntoView {
    view! {
        <p class="note">
            {format!(
                "Your account in this shop is deleted. Your account at {IDENTITY_PROVIDER} is not the shop’s: it stays. It \
                 was asked to sign you out, or this page would have found you known and begun anew."
            )}
        </p>
    }
}

#[component]
fn Fates(is_social: bool) -> impl IntoView {
    view! {
        <ul class="fates">
            <li class="fate fate-ended">
                <p class="fate-whose">"This page"<span class="fate-state">"Forgot"</span></p>
                <p>"The tokens were in its memory, and are gone. The shop had no session to end."</p>
            </li>
            <li class="fate fate-ended">
                <p class="fate-whose">{IDENTITY_PROVIDER}<span class="fate-state">"Asked to end"</span></p>
                <p>"You were sent to its logout. Whoever signs in again is asked there."</p>
            </li>
            {is_social.then(|| view! {
                <li class="fate fate-ended">
                    <p class="fate-whose">"Friendbook"<span class="fate-state">"Asked to end"</span></p>
                    <p>{format!("{IDENTITY_PROVIDER} was asked to sign you out there as well.")}</p>
                </li>
            })}
        </ul>
    }
}
