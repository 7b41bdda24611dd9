use super::{activity_feed::ActivityFeed, activity_messages as messages, clock::At};
use crate::{
    activities::PageViewSwitch,
    ui::{Empty, ErrorNote, RadioChoice, RadioGroup, Skeleton},
};
use leptos::prelude::*;
use shared::activities::{Activity, ActivityKind, MAX_ACTIVITIES};

const ALL: &str = "all";

/// What the session holds of its visitor's activities, the newest first.
#[component]
pub fn ActivityTimeline() -> impl IntoView {
    let feed = ActivityFeed::new();
    let chosen = RwSignal::new(ALL.to_owned());
    let retry = Callback::new(move |()| feed.refresh());
    let has_answer = Memo::new(move |_| feed.has_answer());
    view! {
        <section class="activities card" aria-labelledby="activities">
            <h2 id="activities">"What you did in this session"</h2>
            <p>
                {format!(
                    "The session stores it while it lives, at most {MAX_ACTIVITIES} activities, and takes it along when \
                     it ends. Guests get no session for browsing."
                )}
            </p>
            <PageViewSwitch on_change=retry/>
            {move || if has_answer.get() {
                view! {
                    <KindFilter feed chosen/>
                    <Shown feed chosen retry/>
                }
                .into_any()
            } else {
                view! { <Skeleton lines=4 label="Fetching the activities…"/> }.into_any()
            }}
        </section>
    }
}

#[component]
fn KindFilter(feed: ActivityFeed, chosen: RwSignal<String>) -> impl IntoView {
    let choice = |kind: Option<ActivityKind>| {
        let count = Signal::derive(move || feed.of(kind).len().to_string());
        let (value, label) = match kind {
            None => (ALL, "All"),
            Some(kind) => (kind.into_str(), messages::kinds(kind)),
        };
        RadioChoice::new(value, label).detail(count)
    };
    let kinds = ActivityKind::ALL.iter().map(|kind| choice(Some(*kind)));
    let choices: Vec<RadioChoice> = std::iter::once(choice(None)).chain(kinds).collect();
    view! {
        <RadioGroup
            name="activity-kind"
            legend="Show"
            choices
            value=chosen
            on_choose=move |value| chosen.set(value)
            pills=true
        />
    }
}

#[component]
fn Shown(feed: ActivityFeed, chosen: RwSignal<String>, retry: Callback<()>) -> impl IntoView {
    let kind = Memo::new(move |_| {
        let is_chosen = |kind: &ActivityKind| kind.into_str() == *chosen.read();
        ActivityKind::ALL.iter().copied().find(is_chosen)
    });
    let shown = Memo::new(move |_| feed.of(kind.get()));
    let failure = Memo::new(move |_| feed.failure());
    move || match failure.get() {
        Some(error) => view! { <ErrorNote error on_retry=retry/> }.into_any(),
        None if shown.read().is_empty() => view! { <NoActivities kind=kind.get()/> }.into_any(),
        None => {
            let line = |activity: Activity| {
                let kind = activity.kind;
                view! {
                    <li class="activity">
                        <span class=format!("activity-kind is-{}", kind.into_str())>{messages::kind(kind)}</span>
                        <span class="activity-message">{messages::activity(&activity)}</span>
                        <At at=activity.at/>
                    </li>
                }
            };
            let lines = shown.get().into_iter().map(line).collect_view();
            view! { <ol class="activity-list" tabindex="0" aria-label="Activities, the newest first">{lines}</ol> }.into_any()
        }
    }
}

#[component]
fn NoActivities(kind: Option<ActivityKind>) -> impl IntoView {
    let (title, text) = messages::none_of(kind);
    view! { <Empty title text/> }
}
