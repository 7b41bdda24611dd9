use super::{Button, ButtonKind, focus_heading};
use crate::api::ApiError;
use leptos::{either::Either, prelude::*};
use std::time::Duration;

/// Long enough to read a sentence and reach what it offers; it waits for whoever is there (WCAG 2.2.1 is met by what it
/// says being on the page as well).
const SHOWN_FOR: Duration = Duration::from_secs(7);

#[derive(Clone)]
struct Toast {
    id: u32,
    text: String,
    offer: Option<Offer>,
}

#[derive(Clone)]
enum Offer {
    Button(&'static str, Callback<()>),
    /// With the page that it leads to.
    Link(&'static str, &'static str),
}

/// Short messages about what was just done, read out politely.
#[derive(Clone, Copy)]
pub struct Toasts {
    /// One at a time: an older message about something else only hides the page.
    shown: RwSignal<Option<Toast>>,
    next_id: StoredValue<u32>,
}

pub fn provide_toasts() {
    provide_context(Toasts { shown: RwSignal::new(None), next_id: StoredValue::new(0) });
}

pub fn use_toasts() -> Toasts {
    expect_context()
}

impl Toasts {
    pub fn say(self, text: impl Into<String>) {
        self.show(text.into(), None);
    }

    /// Why something was not done, if it was not.
    pub fn say_error<T>(self, answer: &Result<T, ApiError>) {
        if let Err(error) = answer {
            self.say(error.detail());
        }
    }

    /// `done`, or why it was not done.
    pub fn say_result<T>(self, answer: &Result<T, ApiError>, done: impl Into<String>) {
        match answer {
            Ok(_) => self.say(done),
            Err(_) => self.say_error(answer),
        }
    }

    /// With a button, such as "Undo".
    pub fn offer(self, text: impl Into<String>, label: &'static str, action: Callback<()>) {
        self.show(text.into(), Some(Offer::Button(label, action)));
    }

    /// With a link, such as "View wishlist".
    pub fn offer_page(self, text: impl Into<String>, label: &'static str, page: &'static str) {
        self.show(text.into(), Some(Offer::Link(label, page)));
    }

    fn show(self, text: String, offer: Option<Offer>) {
        let id = self.next_id.get_value();
        self.next_id.set_value(id.wrapping_add(1));
        self.shown.set(Some(Toast { id, text, offer }));
        self.dismiss_later(id);
    }

    fn dismiss_later(self, id: u32) {
        let dismiss = move || if is_in_use() { self.dismiss_later(id) } else { self.dismiss(id) };
        set_timeout(dismiss, SHOWN_FOR);
    }

    fn dismiss(self, id: u32) {
        if self.shown.with_untracked(|shown| shown.as_ref().is_some_and(|toast| toast.id == id)) {
            self.shown.set(None);
        }
    }
}

/// Whether the pointer or the focus is on a message.
fn is_in_use() -> bool {
    document().query_selector(".toast:is(:hover, :focus-within)").is_ok_and(|found| found.is_some())
}

/// The live region: in the page from the start, since a region that appears with its text is not read.
#[component]
pub fn ToastRegion() -> impl IntoView {
    let toasts = use_toasts();
    let toast = move |Toast { id, text, offer }: Toast| {
        view! {
            <div class="toast">
                <p>{text}</p>
                {offer.map(|offer| match offer {
                    Offer::Button(label, action) => Either::Left(view! {
                        <Button
                            kind=ButtonKind::Quiet
                            on:click=move |_| {
                                action.run(());
                                toasts.dismiss(id);
                                focus_heading();
                            }
                        >
                            {label}
                        </Button>
                    }),
                    Offer::Link(label, page) => Either::Right(view! {
                        <a class="button button-quiet" href=page on:click=move |_| toasts.dismiss(id)>{label}</a>
                    }),
                })}
            </div>
        }
    };
    view! {
        <div class="toasts" role="status" aria-live="polite">
            {move || toasts.shown.get().map(toast)}
        </div>
    }
}
