use super::lanes::NARROW;
use crate::ui::media;
use leptos::prelude::*;

/// The facts of a lane that a narrow screen folds away.
#[component]
pub fn LaneDetails(children: Children) -> impl IntoView {
    // As it is when the page is opened: from then on it is the visitor's.
    let is_open = !media(NARROW).get_untracked();
    view! {
        <details class="lane-details" open=is_open>
            <summary>"All that is known of it"</summary>
            {children()}
        </details>
    }
}
