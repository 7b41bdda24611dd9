use super::lane_state::Remote;
use crate::ui::Moment;
use leptos::prelude::*;

/// What can be said of a session that lives elsewhere.
#[component]
pub fn RemoteState(state: Remote) -> impl IntoView {
    match state {
        Remote::Alive { seen_at } => view! {
            <p class="lane-state is-alive">"Alive, as it said " <Moment at=seen_at with_time=true/></p>
        }
        .into_any(),
        Remote::Ended { at, why } => view! {
            <p class="lane-state is-ended">"Ended " <Moment at with_time=true/> {format!(": {why}")}</p>
        }
        .into_any(),
        Remote::NotObservable { last_seen_at } => view! {
            <p class="lane-state is-unknown">
                "Not observable from here; last seen " <Moment at=last_seen_at with_time=true/>
            </p>
        }
        .into_any(),
        Remote::Unknown { asked_at } => view! {
            <p class="lane-state is-unknown">
                "It named nobody when asked " <Moment at=asked_at with_time=true/>
            </p>
            <p>
                "Either there is no session, or your browser keeps that site’s cookies from frames \
                 (third-party cookies)."
            </p>
        }
        .into_any(),
        Remote::NeverSeen => view! {
            <p class="lane-state is-unknown">"Not observable from here"</p>
            <p>"It may or may not know you: its cookie belongs to its own address."</p>
        }
        .into_any(),
    }
}
