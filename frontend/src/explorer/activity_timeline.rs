use super::{
    activity_words as words,
    evidence::{Evidence, use_evidence},
};
use crate::{
    activities::PageViewSwitch,
    api::{self, ApiError},
    auth::{Visitor, VisitorContext, use_visitor},
    ui::{Empty, ErrorNote, Moment, RadioChoice, RadioGroup, Skeleton},
};
use leptos::{ev, prelude::*, task::spawn_local};
use shared::{
    activities::{Activity, ActivityKind, MAX_ACTIVITIES},
    paths::api as path,
};
use std::time::Duration;

/// What happens in other tabs and windows appears here as well.
const LOOK_EVERY: Duration = Duration::from_secs(5);
const ALL: &str = "all";

/// What the session holds of what its visitor did, the newest first.
#[component]
pub fn ActivityTimeline() -> impl IntoView {
    let timeline = Timeline::new();
    let chosen = RwSignal::new(ALL.to_owned());
    let retry = Callback::new(move |()| timeline.look());
    let has_answer = Memo::new(move |_| timeline.held.with(Option::is_some));
    view! {
        <section class="activities card" aria-labelledby="activities">
            <h2 id="activities">"What you did in this session"</h2>
            <p>
                {format!(
                    "The session stores it while it lives, at most {MAX_ACTIVITIES} activities, and takes it along when \
                     it ends. Nobody gets a session for looking around."
                )}
            </p>
            <PageViewSwitch on_change=retry/>
            {move || if has_answer.get() {
                view! {
                    <KindFilter timeline chosen/>
                    <Shown timeline chosen retry/>
                }
                .into_any()
            } else {
                view! { <Skeleton lines=4 label="Fetching the activities…"/> }.into_any()
            }}
        </section>
    }
}

#[derive(Clone, Copy)]
struct Timeline {
    held: RwSignal<Option<Result<Vec<Activity>, ApiError>>>,
    /// Counts what was asked, so that an older answer never overwrites a newer one.
    asked: StoredValue<u64>,
    visitor: VisitorContext,
    evidence: Evidence,
}

impl Timeline {
    /// Looks now, when somebody else is the visitor, when this window is looked at again, and every few seconds.
    fn new() -> Self {
        let timeline = Self {
            held: RwSignal::new(None),
            asked: StoredValue::new(0),
            visitor: use_visitor(),
            evidence: use_evidence(),
        };
        let whose = Memo::new(move |_| timeline.visitor.with(whose));
        Effect::new(move || {
            // Of the one before nothing is shown any longer, whatever the answer.
            timeline.held.set(None);
            if whose.read().is_some() {
                timeline.look();
            }
        });
        let look_if_seen = move || {
            if document().visibility_state() == web_sys::VisibilityState::Visible {
                timeline.look();
            }
        };
        let looking = set_interval_with_handle(look_if_seen, LOOK_EVERY);
        let focus = window_event_listener(ev::focus, move |_| look_if_seen());
        on_cleanup(move || {
            focus.remove();
            if let Ok(looking) = looking {
                looking.clear();
            }
        });
        timeline
    }

    fn look(self) {
        if !untrack(|| self.visitor.with(|visitor| whose(visitor).is_some())) {
            return;
        }
        let Some(turn) = self.next_turn() else { return };
        let has_session = untrack(|| self.visitor.with(|visitor| visitor.session().is_some()));
        if !has_session {
            self.held.set(Some(Ok(Vec::new())));
            return;
        }
        spawn_local(async move {
            let answer = api::get_in_background(path::SESSION_ACTIVITIES).await;
            // The page may be gone by now.
            if self.asked.try_get_value() == Some(turn) {
                self.show(answer);
            }
        });
    }

    fn next_turn(self) -> Option<u64> {
        self.asked.try_update_value(|asked| {
            *asked += 1;
            *asked
        })
    }

    /// A look that nobody asked for takes nothing away when it fails, and moves nothing when there is nothing new.
    fn show(self, answer: Result<Vec<Activity>, ApiError>) {
        let is_news = self.held.with_untracked(|held| match held {
            Some(Ok(held)) => answer.as_ref().is_ok_and(|answer| answer != held),
            _ => true,
        });
        if is_news {
            if let Ok(activities) = &answer {
                self.evidence.hear_of_activities(activities);
            }
            self.held.set(Some(answer));
        }
    }

    /// Those of one kind, or all of them.
    fn of(self, kind: Option<ActivityKind>) -> Vec<Activity> {
        self.held.with(|held| match held {
            Some(Ok(activities)) => activities
                .iter()
                .filter(|activity| kind.is_none_or(|kind| activity.kind == kind))
                .cloned()
                .collect(),
            _ => Vec::new(),
        })
    }
}

/// Tells one session of one visitor from another; `None` while it is not known.
fn whose(visitor: &Visitor) -> Option<(Option<String>, bool)> {
    if visitor.is_undecided() {
        return None;
    }
    let session = visitor.session().map(|session| session.fingerprint.clone());
    Some((session, visitor.customer().is_some()))
}

#[component]
fn KindFilter(timeline: Timeline, chosen: RwSignal<String>) -> impl IntoView {
    let choice = |kind: Option<ActivityKind>| {
        let count = Signal::derive(move || timeline.of(kind).len().to_string());
        let (value, label) = match kind {
            None => (ALL, "All"),
            Some(kind) => (kind.into_str(), words::kinds(kind)),
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
            on_choose=Callback::new(move |value| chosen.set(value))
            pills=true
        />
    }
}

#[component]
fn Shown(timeline: Timeline, chosen: RwSignal<String>, retry: Callback<()>) -> impl IntoView {
    let kind = Memo::new(move |_| {
        let is_chosen = |kind: &ActivityKind| kind.into_str() == *chosen.read();
        ActivityKind::ALL.iter().copied().find(is_chosen)
    });
    let shown = Memo::new(move |_| timeline.of(kind.get()));
    let failure = Memo::new(move |_| {
        timeline
            .held
            .with(|held| held.as_ref()?.as_ref().err().cloned())
    });
    move || match failure.get() {
        Some(error) => view! { <ErrorNote error on_retry=retry/> }.into_any(),
        None if shown.read().is_empty() => view! { <Nothing kind=kind.get()/> }.into_any(),
        None => {
            let line = |activity: Activity| {
                let kind = activity.kind;
                view! {
                    <li class="activity">
                        <span class=format!("activity-kind is-{}", kind.into_str())>{words::kind(kind)}</span>
                        <span class="activity-words">{words::activity(&activity)}</span>
                        <Moment at=activity.at with_time=true/>
                    </li>
                }
            };
            let lines = shown.get().into_iter().map(line).collect_view();
            view! { <ol class="activity-list" tabindex="0" aria-label="Activities, the newest first">{lines}</ol> }.into_any()
        }
    }
}

#[component]
fn Nothing(kind: Option<ActivityKind>) -> impl IntoView {
    let (title, text) = match kind {
        None => (
            "Nothing yet",
            "Put something into the cart or on the wishlist, or sign in: then there is a session, and what you do from then on is here.",
        ),
        Some(ActivityKind::PageView) => (
            "No page views",
            "Each page that you open in this session is here, unless page views are off.",
        ),
        Some(ActivityKind::Event) => (
            "No events",
            "Search for something, or filter a list by price or stock.",
        ),
        Some(ActivityKind::SocialInteraction) => (
            "No social interactions",
            "Share a product, or put one on your wishlist.",
        ),
        Some(ActivityKind::Transaction) => (
            "No transactions",
            "Put something into the cart, check out, or place an order.",
        ),
    };
    view! { <Empty title text/> }
}
