use super::page_tokens::use_page_tokens;
use crate::{
    auth::{IDENTITY_PROVIDER, SignInLink, Visitor, use_visitor},
    ui::{PageHeading, lazy_page, use_query_value},
};
use leptos::prelude::*;
use shared::{
    paths::page,
    session::{EndReason, LogoutScope},
};

lazy_page!(SignedOutRoute, SignedOutPage);

/// What a logout ended: there was less to end than in the shop with a backend.
#[component]
fn SignedOutPage() -> impl IntoView {
    let state = use_query_value("state");
    let visitor = use_visitor();
    let was = move |what: &str| state.read().as_deref() == Some(what);
    Effect::new(move || {
        // Its clock is known then.
        let is_known = !visitor.with(Visitor::is_undecided);
        if is_known && let Some(state) = state.get() {
            use_page_tokens().traces.note_return(&state);
        }
    });
    let ended = move || {
        if was(EndReason::AccountDeleted.into_str()) {
            return view! {
                <p class="note">
                    {format!(
                        "Your account in this shop is deleted. Your account at {IDENTITY_PROVIDER} is not the \
                         shop’s: it stays. You were signed out there too, or this page would have found you known and \
                         begun anew."
                    )}
                </p>
            }
            .into_any();
        }
        let is_social = was(LogoutScope::Federated.into_str());
        if !is_social && !was(LogoutScope::Idp.into_str()) {
            return ().into_any();
        }
        view! {
            <ul class="fates">
                <li class="fate fate-ended">
                    <p class="fate-whose">"This page"<span class="fate-state">"Forgot"</span></p>
                    <p>"The tokens were in its memory, and are gone. The shop had no session to end."</p>
                </li>
                <li class="fate fate-ended">
                    <p class="fate-whose">{IDENTITY_PROVIDER}<span class="fate-state">"Asked to end"</span></p>
                    <p>"You came back from its logout. Whoever signs in again is asked there."</p>
                </li>
                {is_social.then(|| view! {
                    <li class="fate fate-ended">
                        <p class="fate-whose">"Friendbook"<span class="fate-state">"Asked to end"</span></p>
                        <p>{format!("{IDENTITY_PROVIDER} was asked to sign you out there as well.")}</p>
                    </li>
                })}
            </ul>
        }
        .into_any()
    };
    let again = move || {
        let name = visitor.customer()?.name;
        Some(view! { <p class="note">{format!("You are signed in, as {name}.")}</p> })
    };
    view! {
        <div class="page page-narrow signed-out">
            <PageHeading title="Signed out"/>
            {again}
            {ended}
            <div class="door-actions">
                <a class="button button-primary" href=page::HOME>"Continue shopping"</a>
                <SignInLink label="Sign in again" class="button button-secondary" return_to=page::HOME/>
            </div>
        </div>
    }
}
