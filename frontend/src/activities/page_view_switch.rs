use super::page_views;
use crate::{api, auth::use_visitor, ui::use_toasts};
use leptos::{prelude::*, task::spawn_local};
use shared::paths::api as path;

/// "Record page views". Turning it off deletes those that this session holds.
#[component]
pub fn PageViewSwitch(
    /// Called when the session's activities are others now.
    on_change: Callback<()>,
) -> impl IntoView {
    let (visitor, toasts) = (use_visitor(), use_toasts());
    let on = RwSignal::new(page_views::are_on());
    let turn = move |event| {
        let wanted = event_target_checked(&event);
        page_views::choose(wanted);
        on.set(wanted);
        if wanted || !untrack(|| visitor.has_session()) {
            return;
        }
        spawn_local(async move {
            match api::delete::<()>(path::SESSION_PAGE_VIEWS).await {
                Ok(()) => toasts.say("Page views are off, and those recorded so far are deleted."),
                Err(error) => toasts.say(format!(
                    "No more page views are recorded, but the earlier ones are still there. {} Then turn this on and off again.",
                    error.detail()
                )),
            }
            on_change.run(());
        });
    };
    let hint = if page_views::asks_for_privacy() {
        "Your browser asks sites not to track you, so this is off until you turn it on."
    } else {
        "Turning it off deletes those recorded in this session."
    };
    view! {
        <div class="page-view-switch">
            <label class="switch">
                <input
                    type="checkbox"
                    role="switch"
                    aria-describedby="page-view-hint"
                    prop:checked=on
                    on:change=turn
                />
                "Record page views"
            </label>
            <p class="fine-print" id="page-view-hint">{hint}</p>
        </div>
    }
}
