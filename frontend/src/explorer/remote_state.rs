use super::{
    clock::When,
    fact::{Kind, KindMark},
    lane_state::Remote,
};
use leptos::prelude::*;

/// What can be said of a session that lives elsewhere, how that is known, and what follows from it.
#[component]
pub fn RemoteState(state: Remote) -> impl IntoView {
    let (class, headline, at) = match state {
        Remote::Alive { seen_at, .. } => ("is-alive", "Alive, as it said ", Some(seen_at)),
        Remote::WasAlive { seen_at, .. } => ("is-unknown", "Was alive ", Some(seen_at)),
        Remote::Ended { at } => ("is-ended", "Ended ", Some(at)),
        Remote::AskedToEnd { at } => ("is-ended", "Asked to end ", Some(at)),
        Remote::NamedNobody { asked_at } => {
            ("is-unknown", "It named nobody when asked ", Some(asked_at))
        }
        Remote::NeverSeen => ("is-unknown", "Nothing is known of it", None),
    };
    view! {
        <p class=format!("lane-state {class}")>
            {headline}
            {at.map(|at| view! { <When at/> })}
            {state.kind().map(|kind| view! { <KindMark kind/> })}
        </p>
        <p class="lane-why">{why(state)}</p>
    }
}

const fn why(state: Remote) -> &'static str {
    match state {
        Remote::Alive { by: Kind::Probed, .. } => {
            "Asked in a hidden frame, it vouched for you without showing a page."
        }
        Remote::Alive { .. } => "It sent an ID token, which was checked. Nothing else tells of it.",
        Remote::WasAlive { by: Kind::Inferred, .. } => {
            "A login came by way of it then. Nothing has been heard of it since, and nothing will be."
        }
        Remote::WasAlive { .. } => {
            "Nothing has been heard of it since. A silent check asks how it is now."
        }
        Remote::Ended { .. } => "It told the shop so, by a logout token over the back channel.",
        Remote::AskedToEnd { .. } => {
            "You signed out there too, as far as the shop can tell: it asked for it, and gets no receipt."
        }
        Remote::NamedNobody { .. } => {
            "Either there is no session, or your browser keeps that site’s cookies from frames (third-party cookies)."
        }
        Remote::NeverSeen => "It may or may not know you: its cookie belongs to its own address.",
    }
}
