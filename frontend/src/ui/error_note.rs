use super::{Button, ButtonKind};
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
            {on_retry.map(|retry| view! {
                <Button kind=ButtonKind::Secondary on:click=move |_| retry.run(())>"Try again"</Button>
            })}
        </div>
    }
}
