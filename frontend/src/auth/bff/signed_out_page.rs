use super::{
    after_logout::{AfterLogout, Fate, Proof, after_logout},
    own_traces,
};
use crate::{
    api,
    auth::{
        FRIENDBOOK, IDENTITY_PROVIDER, SignInLink, Visitor, VisitorContext, logout_return,
        sign_out_mark, use_visitor,
    },
    ui::{Moment, PageHeading, lazy_page},
};
use leptos::{prelude::*, task::spawn_local};
use shared::{
    identity_provider::IdentityProviderView,
    paths::{self, page},
    session::EndReason,
};

lazy_page!(SignedOutRoute, SignedOutPage);

/// What a logout ended and what it left alive, as far as this browser knows. Opened without one, it says who is here.
#[component]
fn SignedOutPage() -> impl IntoView {
    let visitor = use_visitor();
    let issuer = RwSignal::new(None::<String>);
    spawn_local(async move {
        let view: Option<IdentityProviderView> =
            api::get_in_background(paths::api::IDENTITY_PROVIDER).await.ok();
        // The page may have been left meanwhile.
        issuer.try_set(view.map(|view| view.issuer));
    });
    logout_return::on_return(move |state| own_traces::note_return(state, visitor.server_now()));
    let is_deleted = sign_out_mark::get().as_deref() == Some(EndReason::AccountDeleted.into_str());
    let after = if is_deleted { None } else { after_logout(&own_traces::all()) };
    let title =
        if is_deleted || after.is_some() { "Signed out" } else { "No sign-out is known here" };
    let signed_out_at = after.as_ref().map(|after| after.at);
    let since = move || since(visitor, signed_out_at);
    // Whoever signs in afterwards has an account again.
    let deleted = move || {
        (is_deleted && !visitor.is_customer()).then(|| {
        view! {
            <p class="note">
                "Your account in this shop is deleted, and you are signed out on every device. Your account at \
                 PeakCommerce ID is not the shop’s: it stays."
            </p>
        }
    })
    };
    let fates = after.map(|AfterLogout { at, fates, next }| {
        view! {
            <p>"You signed out " <Moment at with_time=true/> "."</p>
            <ul class="fates">
                {fates.into_iter().map(|fate| view! { <FateRow fate issuer/> }).collect_view()}
            </ul>
            <p>{next}</p>
        }
    });
    view! {
        <div class="page page-narrow signed-out">
            <PageHeading title/>
            {move || since().map(|since| view! { <p class="note">{since}</p> })}
            {deleted}
            {fates}
            <div class="door-actions">
                <a class="button button-primary" href=page::HOME>"Continue shopping"</a>
                <SignInLink label="Sign in again" class="button button-secondary" return_to=page::HOME/>
            </div>
            <p class="fine-print">"What you put into the cart as a guest from now on stays in this browser."</p>
        </div>
    }
}

/// Who is here by now: a sign-out is not the last thing that happens in a browser, and the Back button leads here, too.
fn since(visitor: VisitorContext, signed_out_at: Option<i64>) -> Option<String> {
    visitor.with(|visitor| match (visitor, signed_out_at) {
        (Visitor::Customer { customer, .. }, Some(_)) => {
            Some(format!("By now you are signed in again, as {}.", customer.name))
        }
        (Visitor::Customer { customer, .. }, None) => {
            Some(format!("You are signed in, as {}.", customer.name))
        }
        (Visitor::Anonymous { session: Some(_), .. }, Some(_)) => {
            Some("Since then another session has begun here, without a login. It lives.".to_owned())
        }
        (Visitor::Anonymous { session: Some(_), .. }, None) => {
            Some("Nobody is signed in. The session that you have as a guest lives.".to_owned())
        }
        (Visitor::Anonymous { session: None, .. }, None) => {
            Some("Nobody is signed in here.".to_owned())
        }
        _ => None,
    })
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
