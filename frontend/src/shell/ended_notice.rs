#[cfg(feature = "bff")]
use crate::auth::use_silent_login;
use crate::{
    auth::{SignInLink, Visitor, messages, use_visitor},
    cart::use_cart,
    ui::{Button, ButtonKind, focus_heading, lazy_part},
};
use leptos::prelude::*;
use leptos_router::hooks::use_location;
use shared::{
    paths::{needs_customer, page},
    session::EndReason,
};

#[derive(Clone, Copy)]
pub struct Ended {
    reason: EndReason,
    /// Its customer is most likely still here, so nothing that was typed is forgotten (see `private_storage`).
    is_typed_kept: bool,
}

/// How the customer's session ended while this document watched.
#[derive(Clone, Copy)]
pub struct Ending {
    ended: RwSignal<Option<Ended>>,
    path: Memo<String>,
}

impl Ending {
    pub fn watch() -> Self {
        let visitor = use_visitor();
        let ended = RwSignal::new(None);
        Effect::new(move |was_customer: Option<bool>| {
            visitor.with(|visitor| match visitor {
                Visitor::Customer { .. } => {
                    ended.set(None);
                    true
                }
                Visitor::Anonymous { ended: Some(reason), .. } => {
                    if was_customer == Some(true) {
                        ended.set(Some(Ended {
                            reason: *reason,
                            is_typed_kept: visitor.is_still_here(),
                        }));
                    }
                    false
                }
                // A moment without an answer is no end; and the tab that signed out may say so a moment later.
                _ => was_customer == Some(true),
            })
        });
        let path = use_location().pathname;
        Self { ended, path }
    }

    /// What is to be said here: a page behind a `Gate` says it in its own place.
    pub fn get(self) -> Option<Ended> {
        let path = self.path.get();
        let page_says_it = needs_customer(&path) || path == page::SIGNED_OUT;
        self.ended.get().filter(|_| !page_says_it)
    }
}

/// What the notice is told, and whom the identity provider still knows.
#[derive(Clone, Copy)]
struct Told {
    ending: Ending,
    known: Memo<Option<String>>,
}

/// Says on any page, without taking it away, that the session is over and why. Nothing of it is here before there was a
/// session.
#[component]
pub fn EndedNotice(ending: Ending, known: Memo<Option<String>>) -> impl IntoView {
    provide_context(Told { ending, known });
    let visitor = use_visitor();
    let was_customer = Memo::new(move |was: Option<&bool>| {
        let is_customer = visitor.is_customer();
        is_customer || was.copied().unwrap_or_default()
    });
    move || was_customer.get().then(|| NoticePart::show(|| ().into_any()))
}

lazy_part!(NoticePart, Notice);

#[component]
fn Notice() -> impl IntoView {
    let Told { ending, known } = expect_context();
    let cart = use_cart();
    #[cfg(feature = "bff")]
    let silent = use_silent_login();
    let label = Signal::derive(move || {
        known.get().map_or_else(|| "Sign in again".to_owned(), |name| format!("Continue as {name}"))
    });
    let go_on = move |_| {
        ending.ended.set(None);
        #[cfg(feature = "bff")]
        silent.not_now();
        cart.refresh();
        focus_heading();
    };
    let notice = move || {
        let Ended { reason, is_typed_kept } = ending.get()?;
        Some(view! {
            <div class="ended-notice">
                <p>
                    <strong>"You are signed out. "</strong>
                    {messages::ended(reason)}
                    {is_typed_kept.then_some(" What you typed on this page is still here.")}
                </p>
                <div class="ended-notice-actions">
                    <SignInLink label=label/>
                    <Button kind=ButtonKind::Quiet on:click=go_on>"Continue as a guest"</Button>
                </div>
            </div>
        })
    };
    view! { <div role="status">{notice}</div> }
}
