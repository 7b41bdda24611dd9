use super::checkout_context::CheckoutContext;
use crate::ui::{Button, ButtonKind, focus_heading, use_toasts};
use leptos::prelude::*;

/// After a session's end: what of the form is still here, and a way to be rid of it.
#[component]
pub fn KeptNote(checkout: CheckoutContext) -> impl IntoView {
    let toasts = use_toasts();
    let left = Memo::new(move |_| checkout.left_behind());
    let forget = move |_| {
        checkout.forget();
        focus_heading();
        toasts.say("Forgotten: the form is empty.");
    };
    let note = move || {
        let (fields, is_customers) = left.get();
        (!fields.is_empty()).then(|| {
            let why = if is_customers {
                "Your session has ended. Still here, for you to go on with: "
            } else {
                "A session has ended in this browser. Still here is what was typed without being signed in: "
            };
            view! {
                <div class="note kept-note">
                    <p>{why} {fields.join(", ")} ". On a shared computer, forget it."</p>
                    <Button kind=ButtonKind::Secondary on:click=forget>"Forget what was typed"</Button>
                </div>
            }
        })
    };
    view! { <div class="kept" role="status">{note}</div> }
}
