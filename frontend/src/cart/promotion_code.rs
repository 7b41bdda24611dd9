use super::use_cart;
use crate::{
    api::ApiError,
    ui::{Button, ButtonKind, Field, focus, spawn_busy, use_toasts},
};
use leptos::prelude::*;
use shared::promotions::{AppliedPromotion, MAX_CODE};

/// What takes the focus when a code was given or taken away.
const PLACE: &str = "promotion";

/// The code that the cart has, or a place to give one.
#[component]
pub fn PromotionCode() -> impl IntoView {
    let cart = use_cart();
    let applied = Memo::new(move |_| cart.get().and_then(|cart| cart.promotion));
    view! {
        <div class="promotion" id=PLACE tabindex="-1">
            {move || match applied.get() {
                Some(applied) => view! { <Applied applied/> }.into_any(),
                None => view! { <GiveCode/> }.into_any(),
            }}
        </div>
    }
}

#[component]
fn Applied(applied: AppliedPromotion) -> impl IntoView {
    let (cart, toasts) = (use_cart(), use_toasts());
    let busy = RwSignal::new(false);
    let AppliedPromotion { code, label, refused, .. } = applied;
    let take = move |_| {
        spawn_busy(busy, async move {
            let answer = cart.take_code().await;
            toasts.say_result(&answer, "The code is taken away.");
            focus(PLACE);
        });
    };
    view! {
        <p class="promotion-code">
            <span>"Code " <strong>{code}</strong> ": " {label}</span>
            <Button kind=ButtonKind::Quiet busy on:click=take>"Remove code"</Button>
        </p>
        {refused.map(|why| view! { <p class="note note-warn">{why}</p> })}
    }
}

#[component]
fn GiveCode() -> impl IntoView {
    let (cart, toasts) = (use_cart(), use_toasts());
    let code = RwSignal::new(String::new());
    let refusal = RwSignal::new(None::<String>);
    let busy = RwSignal::new(false);
    let give = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        refusal.set(None);
        let given = code.get_untracked();
        if given.trim().is_empty() {
            refusal.set(Some("Enter the code.".to_owned()));
            return focus("code");
        }
        spawn_busy(busy, async move {
            match cart.give_code(given).await {
                Ok(()) => {
                    toasts.say("The code counts.");
                    focus(PLACE);
                }
                // The cart may be gone by now, in another tab or by a login.
                Err(_) if refusal.is_disposed() => {}
                Err(error) => {
                    refusal.set(Some(why(&error)));
                    focus("code");
                }
            }
        });
    };
    view! {
        <details class="promotion-give">
            <summary>"Promotion code"</summary>
            <form novalidate on:submit=give>
                <Field
                    name="code"
                    label="Code"
                    value=code
                    error=Signal::derive(move || refusal.get())
                    autocomplete="off"
                    maxlength=u32::try_from(MAX_CODE).unwrap_or_default()
                />
                <Button submit=true busy kind=ButtonKind::Secondary>"Use code"</Button>
            </form>
        </details>
    }
}

/// What the field's own fault says, or else the whole.
fn why(error: &ApiError) -> String {
    let fault = match error {
        ApiError::Problem(problem) => problem.errors.first(),
        ApiError::Offline => None,
    };
    fault.map_or_else(|| error.detail().to_owned(), |fault| fault.message.clone())
}
