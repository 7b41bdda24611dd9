use super::{
    lane_state::{self, Remote},
    remote_state::RemoteState,
};
use leptos::prelude::*;
use shared::trace::Trace;

/// What can be said of the social provider's session.
pub fn social_state(traces: Signal<Vec<Trace>>) -> Memo<Remote> {
    Memo::new(move |_| traces.with(|traces| lane_state::social_provider(traces)))
}

/// The social provider's session: the shop never speaks with it.
#[component]
pub fn SocialLane(#[prop(into)] traces: Signal<Vec<Trace>>) -> impl IntoView {
    let state = social_state(traces);
    view! {
        <section class="lane card" aria-labelledby="lane-social">
            <h2 id="lane-social">"Friendbook’s session"</h2>
            {move || view! { <RemoteState state=state.get()/> }}
            <p>
                "It exists once you signed in there, for whichever app. The shop never speaks with Friendbook: it \
                 hears from PeakCommerce ID that you came through it."
            </p>
            <h3>"What the shop cannot know"</h3>
            <ul class="bullets">
                <li>"Whether it is still alive, and how long it will be."</li>
                <li>"Whether Friendbook asked for your password or knew you already."</li>
            </ul>
        </section>
    }
}
