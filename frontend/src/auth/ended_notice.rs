use super::{SignInLink, use_visitor, visitor::Visitor, words};
use crate::ui::{Button, ButtonKind};
use leptos::prelude::*;
use leptos_router::hooks::use_location;
use shared::{paths::page, session::EndReason};

/// Says on any page, without taking it away, that the customer's session is over and why. What was typed and the
/// guest's cart stay. A page behind a `Gate` says it in its own place.
#[component]
pub fn EndedNotice() -> impl IntoView {
    let visitor = use_visitor();
    let path = use_location().pathname;
    let ended = RwSignal::new(None::<EndReason>);
    Effect::new(move |was_customer: Option<bool>| {
        visitor.with(|visitor| match visitor {
            Visitor::Customer { .. } => {
                ended.set(None);
                true
            }
            Visitor::Anonymous { ended: reason, .. } => {
                if was_customer == Some(true) {
                    ended.set(reason.filter(|reason| *reason != EndReason::Rotated));
                }
                false
            }
            // A moment without an answer is no end.
            Visitor::Unknown | Visitor::Unreachable { .. } => was_customer == Some(true),
        })
    });
    let is_told_by_the_page = move || {
        let path = path.get();
        path.starts_with(page::ACCOUNT) || path == page::SIGNED_OUT
    };
    let notice = move || {
        let reason = ended.get().filter(|_| !is_told_by_the_page())?;
        Some(view! {
            <div class="ended-notice">
                <p>
                    <strong>"You are signed out. "</strong>
                    {words::ended(reason)}
                    " What you typed on this page is still here."
                </p>
                <div class="ended-notice-actions">
                    <SignInLink label="Sign in again"/>
                    <Button kind=ButtonKind::Quiet on:click=move |_| ended.set(None)>"Continue as a guest"</Button>
                </div>
            </div>
        })
    };
    view! { <div role="status">{notice}</div> }
}
