use super::{SignInLink, use_visitor, visitor::Visitor, words};
use crate::{
    cart::use_cart,
    ui::{Button, ButtonKind},
};
use leptos::prelude::*;
use leptos_router::hooks::use_location;
use shared::{paths::page, session::EndReason};

/// What the notice says.
#[derive(Clone, Copy)]
struct Ended {
    reason: EndReason,
    /// Nobody asked for this end, so nothing that was typed is forgotten (see `private`).
    is_typed_kept: bool,
}

/// Says on any page, without taking it away, that the customer's session is over and why. A page behind a `Gate`
/// says it in its own place.
#[component]
pub fn EndedNotice() -> impl IntoView {
    let visitor = use_visitor();
    let path = use_location().pathname;
    let ended = RwSignal::new(None::<Ended>);
    Effect::new(move |was_customer: Option<bool>| {
        visitor.with(|visitor| match visitor {
            Visitor::Customer { .. } => {
                ended.set(None);
                true
            }
            Visitor::Anonymous {
                ended: Some(reason),
                ..
            } if *reason != EndReason::Rotated => {
                if was_customer == Some(true) {
                    ended.set(Some(Ended {
                        reason: *reason,
                        is_typed_kept: visitor.may_come_back(),
                    }));
                }
                false
            }
            // A moment without an answer is no end; and the tab that signed out may say so a moment later.
            _ => was_customer == Some(true),
        })
    });
    let cart = use_cart();
    let go_on = move |_| {
        ended.set(None);
        cart.look();
    };
    let is_told_by_the_page = move || {
        let path = path.get();
        path.starts_with(page::ACCOUNT) || path == page::SIGNED_OUT
    };
    let notice = move || {
        let Ended {
            reason,
            is_typed_kept,
        } = ended.get().filter(|_| !is_told_by_the_page())?;
        Some(view! {
            <div class="ended-notice">
                <p>
                    <strong>"You are signed out. "</strong>
                    {words::ended(reason)}
                    {is_typed_kept.then_some(" What you typed on this page is still here.")}
                </p>
                <div class="ended-notice-actions">
                    <SignInLink label="Sign in again"/>
                    <Button kind=ButtonKind::Quiet on:click=go_on>"Continue as a guest"</Button>
                </div>
            </div>
        })
    };
    view! { <div role="status">{notice}</div> }
}
