use super::{sign_in::SignInLink, use_visitor, words};
use crate::ui::PageHeading;
use leptos::prelude::*;
use leptos_router::{LazyRoute, hooks::use_query_map, lazy_route};
use shared::paths::page;

pub struct SignedOutRoute;

#[lazy_route]
impl LazyRoute for SignedOutRoute {
    fn data() -> Self {
        Self
    }

    fn view(_this: Self) -> AnyView {
        view! { <SignedOutPage/> }.into_any()
    }
}

/// What a logout ended and what it left alive. Opened without one, it says who is signed in.
#[component]
fn SignedOutPage() -> impl IntoView {
    let query = use_query_map();
    let visitor = use_visitor();
    // `state` comes back through the IdP (OpenID Connect RP-Initiated Logout 1.0 §3), so it says what was asked for.
    let fates = move || {
        let fates = words::fates(query.read().get_str("state"))?;
        let row = |fate: words::Fate| {
            let (class, state) = if fate.ended {
                ("fate fate-ended", "Ended")
            } else {
                ("fate fate-alive", "May still be alive")
            };
            view! {
                <li class=class>
                    <p class="fate-whose">{fate.whose}<span class="fate-state">{state}</span></p>
                    <p>{fate.what}</p>
                </li>
            }
        };
        Some(view! { <ul class="fates">{fates.into_iter().map(row).collect_view()}</ul> })
    };
    // By the Back button, or after a new login in another tab.
    let again = move || {
        let name =
            visitor.with(|visitor| visitor.customer().map(|customer| customer.name.clone()))?;
        Some(view! { <p class="note">{format!("By now you are signed in again, as {name}.")}</p> })
    };
    view! {
        <div class="page page-narrow signed-out">
            <PageHeading title="Signed out"/>
            {again}
            {fates}
            <p>"What you put into the cart as a guest from now on stays in this browser."</p>
            <div class="door-actions">
                <a class="button button-primary" href=page::HOME>"Continue shopping"</a>
                <SignInLink label="Sign in again" class="button button-secondary" return_to=page::HOME/>
            </div>
        </div>
    }
}
