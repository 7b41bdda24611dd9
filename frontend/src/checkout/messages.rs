use super::{
    checkout_context::{CheckoutContext, MESSAGE_ID},
    form_field::FormField,
    form_state::Faults,
    refusal::{Note, Refusal, change},
};
use crate::ui::{Button, ButtonKind, Dialog, focus};
use leptos::prelude::*;
use shared::checkout::{Card, Change};

/// After "Place order" with faults: how many, and a way to each. It empties as they are mended.
#[component]
pub fn FaultSummary(checkout: CheckoutContext) -> impl IntoView {
    let faults: Faults = expect_context();
    let shown = Memo::new(move |_| {
        if checkout.form.was_submitted() { faults.get() } else { std::collections::BTreeMap::new() }
    });
    let link = move |(field, message): (FormField, String)| {
        let jump = move |event: web_sys::MouseEvent| {
            event.prevent_default();
            focus(&field.id());
        };
        view! {
            <li>
                <a href=format!("#{}", field.id()) on:click=jump>{field.label()}</a>
                ": "
                {message}
            </li>
        }
    };
    let title = move || match shown.read().len() {
        1 => "One field needs your attention".to_owned(),
        many => format!("{many} fields need your attention"),
    };
    view! {
        <div class="fault-summary" role="alert">
            <Show when=move || shown.with(|shown| !shown.is_empty())>
                <p class="fault-summary-title">{title}</p>
                <ul>{move || shown.get().into_iter().map(link).collect_view()}</ul>
            </Show>
        </div>
    }
}

/// Why the order was not placed, right above the button. It takes the focus when it appears.
#[component]
pub fn RefusalMessage(checkout: CheckoutContext) -> impl IntoView {
    move || {
        checkout.refusal.get().and_then(|refusal| match refusal {
            Refusal::Changed { title, changes } => {
                Some(view! { <Differences checkout title changes/> }.into_any())
            }
            Refusal::Note(note) => Some(view! { <NoteMessage note/> }.into_any()),
            Refusal::Fields(errors) => {
                let elsewhere: Vec<String> = errors
                    .into_iter()
                    .filter(|error| FormField::at(&error.field).is_none())
                    .map(|error| error.message)
                    .collect();
                (!elsewhere.is_empty()).then(|| {
                    let note = Note::new("The shop did not accept the order", elsewhere.join(" "));
                    view! { <NoteMessage note/> }.into_any()
                })
            }
            Refusal::Confirm { .. } | Refusal::CartEmpty => None,
        })
    }
}

#[component]
fn NoteMessage(note: Note) -> impl IntoView {
    let to_card = move |_| focus(&FormField::CardNumber.id());
    view! {
        <div class="checkout-message" id=MESSAGE_ID role="alert" tabindex="-1">
            <p class="checkout-message-title">{note.title}</p>
            <p>{note.text}</p>
            {note.about_card.then(|| view! {
                <Button kind=ButtonKind::Secondary on:click=to_card>"Change the card"</Button>
            })}
        </div>
    }
}

/// What moved since the shopper saw the prices. Nothing is ordered until they agree.
#[component]
fn Differences(checkout: CheckoutContext, title: String, changes: Vec<Change>) -> impl IntoView {
    let rows: Vec<_> =
        changes.iter().map(|difference| view! { <li>{change(difference)}</li> }).collect();
    view! {
        <div class="checkout-message is-change" id=MESSAGE_ID role="alert" tabindex="-1">
            <p class="checkout-message-title">{title}</p>
            <ul>{rows}</ul>
            <p>"Nothing was ordered or charged. Accept this, look at the new total, and place the order again."</p>
            <div class="checkout-message-actions">
                <Button busy=checkout.placing on:click=move |_| checkout.accept_changes()>
                    "Accept and continue"
                </Button>
                <a class="button button-secondary" href=shared::paths::page::CART>"Go to the cart"</a>
            </div>
        </div>
    }
}

/// The bank's question to the cardholder, played by the sandbox (in real life 3-D Secure).
#[component]
pub fn ConfirmPayment(checkout: CheckoutContext, on_approve: Callback<String>) -> impl IntoView {
    let open = RwSignal::new(false);
    let question = Memo::new(move |_| {
        checkout.refusal.with(|refusal| match refusal {
            Some(Refusal::Confirm { challenge, detail }) => {
                Some((challenge.clone(), detail.clone()))
            }
            _ => None,
        })
    });
    Effect::new(move || open.set(question.get().is_some()));
    // Escape and a click beside it close the dialog: an answer that was not given is a no.
    Effect::new(move |was_open: Option<bool>| {
        let is_open = open.get();
        if was_open == Some(true) && !is_open && question.get_untracked().is_some() {
            checkout.reject_payment();
        }
        is_open
    });
    let approve = move |_| {
        if let Some((challenge, _)) = question.get_untracked() {
            on_approve.run(challenge);
        }
    };
    let last4 = move || {
        let number = checkout.value(FormField::CardNumber).get();
        Card { number, ..Card::default() }.last4()
    };
    view! {
        <Dialog id="confirm-payment" title="Confirm this payment" open>
            <p>{move || format!("Your bank wants to know whether it is you who pays with the card ending in {}.", last4())}</p>
            <p>{move || question.get().map(|(_, detail)| detail)}</p>
            <p class="fine-print">
                "Here your bank would ask in its app or by a code. This is the sandbox: choose what you would have answered."
            </p>
            <div class="dialog-actions">
                <Button on:click=approve>"Approve"</Button>
                <Button kind=ButtonKind::Secondary on:click=move |_| open.set(false)>"Reject"</Button>
            </div>
        </Dialog>
    }
}
