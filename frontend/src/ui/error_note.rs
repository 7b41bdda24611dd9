use super::{Button, ButtonKind, focus_heading};
use crate::api::ApiError;
use leptos::prelude::*;

/// Says what went wrong, and offers to try again where that can help.
#[component]
pub fn ErrorNote(
    error: ApiError,
    #[prop(optional, into)] on_retry: Option<Callback<()>>,
) -> impl IntoView {
    view! {
        <div class="error-note" role="alert">
            <p class="error-note-title">{error.title().to_owned()}</p>
            <p>{error.detail().to_owned()}</p>
            {on_retry.map(|on_retry| view! { <RetryButton on_retry/> })}
        </div>
    }
}

/// It goes with the error that it stands in: whoever pressed it goes on at the page's heading.
#[component]
pub fn RetryButton(
    on_retry: Callback<()>,
    #[prop(default = "Try again")] label: &'static str,
) -> impl IntoView {
    let retry = move |_| {
        on_retry.run(());
        focus_heading();
    };
    view! { <Button kind=ButtonKind::Secondary on:click=retry>{label}</Button> }
}
