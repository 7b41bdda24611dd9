use super::{
    after_logout::{Fate, Proof, after_logout},
    own_traces,
};
use crate::{
    api,
    auth::{FRIENDBOOK, IDENTITY_PROVIDER, SignInLink, Visitor, use_visitor},
    ui::{PageHeading, lazy_page, use_query_value},
};
use leptos::{prelude::*, task::spawn_local};
use shared::{
    identity_provider::IdentityProviderView,
    paths::{self, page},
    session::EndReason,
};

lazy_page!(SignedOutRoute, SignedOutPage);

/// What a logout ended and what it left alive. Opened without one, it says who is signed in.
#[component]
fn SignedOutPage() -> impl IntoView {
    let state = use_query_value("state");
    let visitor = use_visitor();
    let issuer = RwSignal::new(None::<String>);
    spawn_local(async move {
        let view: Option<IdentityProviderView> =
            api::get_in_background(paths::api::IDENTITY_PROVIDER).await.ok();
        // The page may have been left meanwhile.
        issuer.try_set(view.map(|view| view.issuer));
    });
    Effect::new(move || {
        // Its clock is known then.
        let is_known = !visitor.with(Visitor::is_undecided);
        if is_known && let Some(state) = state.get() {
            own_traces::note_return(&state, visitor.server_now());
        }
    });
    let after = Memo::new(move |_| after_logout(state.read().as_deref(), &own_traces::all()));
    let fates = move || {
        let fates = after.get()?.fates;
        Some(view! {
            <ul class="fates">
                {fates.into_iter().map(|fate| view! { <FateRow fate issuer/> }).collect_view()}
            </ul>
        })
    };
    // By the Back button, or after a new login in another tab.
    let again = move || {
        let name = visitor.customer()?.name;
        Some(view! { <p class="note">{format!("By now you are signed in again, as {name}.")}</p> })
    };
    let deleted = move || {
        (state.read().as_deref() == Some(EndReason::AccountDeleted.into_str())).then(|| {
            view! {
                <p class="note">
                    "Your account in this shop is deleted, and you are signed out on every device. Your account at \
                     PeakCommerce ID is not the shop’s: it stays."
                </p>
            }
        })
    };
    let next = move || after.get().map(|after| view! { <p>{after.next}</p> });
    view! {
        <div class="page page-narrow signed-out">
            <PageHeading title="Signed out"/>
            {again}
            {deleted}
            {fates}
            {next}
            <div class="door-actions">
                <a class="button button-primary" href=page::HOME>"Continue shopping"</a>
                <SignInLink label="Sign in again" class="button button-secondary" return_to=page::HOME/>
            </div>
            <p class="fine-print">"What you put into the cart as a guest from now on stays in this browser."</p>
        </div>
    }
}

#[component]
fn FateRow(
    fate: Fate,
    /// Where the identity provider's own pages begin, once known.
    #[prop(into)]
    issuer: Signal<Option<String>>,
) -> impl IntoView {
    let (class, state) =
        if fate.ended { ("fate fate-ended", "Ended") } else { ("fate fate-alive", "Lives on") };
    let proof = move || match fate.proof? {
        Proof::Sessions => Some(
            view! { <a href=page::SESSIONS>"See on Sessions how it ended, message by message"</a> }
                .into_any(),
        ),
        Proof::IdentityProvider => {
            let issuer = issuer.get()?;
            Some(
                view! { <a href=issuer rel="external">{format!("See it at {IDENTITY_PROVIDER}")}</a> }
                    .into_any(),
            )
        }
        Proof::LoginByFriendbook => Some(
            view! {
                <SignInLink
                    label="Try it: continue with Friendbook"
                    class=""
                    return_to=page::HOME
                    connection=FRIENDBOOK
                />
            }
            .into_any(),
        ),
    };
    view! {
        <li class=class>
            <p class="fate-whose">{fate.whose}<span class="fate-state">{state}</span></p>
            <p>{fate.what}</p>
            <p class="fate-proof">{proof}</p>
        </li>
    }
}
