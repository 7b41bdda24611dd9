use super::evidence::{Evidence, use_evidence};
use crate::{
    api::{self, ApiError, Latest},
    auth::{Visitor, VisitorContext, use_visitor},
    ui::{every, listen},
};
use leptos::{prelude::*, task::spawn_local};
use shared::{
    activities::{Activity, ActivityKind},
    paths::api as path,
};
use std::time::Duration;
use web_sys::VisibilityState;

/// What happens in other tabs and windows appears here as well.
const REFRESH_EVERY: Duration = Duration::from_secs(5);

/// The session's activities, as the shop holds them.
#[derive(Clone, Copy)]
pub struct ActivityFeed {
    held: RwSignal<Option<Result<Vec<Activity>, ApiError>>>,
    latest: Latest,
    visitor: VisitorContext,
    evidence: Evidence,
}

impl ActivityFeed {
    /// Asks now, when somebody else is the visitor, when this window is looked at again, and every few seconds.
    pub fn new() -> Self {
        let feed = Self {
            held: RwSignal::new(None),
            latest: Latest::new(),
            visitor: use_visitor(),
            evidence: use_evidence(),
        };
        let whose = Memo::new(move |_| feed.visitor.with(whose));
        Effect::new(move || {
            // Of the one before nothing is shown any longer, whatever the answer.
            feed.held.set(None);
            if whose.read().is_some() {
                feed.refresh();
            }
        });
        let refresh_if_visible = move || {
            if document().visibility_state() == VisibilityState::Visible {
                feed.refresh();
            }
        };
        every(REFRESH_EVERY, refresh_if_visible);
        listen(&window(), "focus", move |_| refresh_if_visible());
        feed
    }

    pub fn refresh(self) {
        if untrack(|| self.visitor.with(Visitor::is_undecided)) {
            return;
        }
        let has_session = untrack(|| self.visitor.has_session());
        let answer = self.latest.take(async move {
            if has_session {
                api::get_in_background(path::SESSION_ACTIVITIES).await
            } else {
                Ok(Vec::new())
            }
        });
        spawn_local(async move {
            if let Some(answer) = answer.await {
                self.show(answer);
            }
        });
    }

    /// A refresh that nobody asked for takes nothing away when it fails, and moves nothing when there is nothing new.
    fn show(self, answer: Result<Vec<Activity>, ApiError>) {
        let is_news = self.held.with_untracked(|held| match held {
            Some(Ok(held)) => answer.as_ref().is_ok_and(|answer| answer != held),
            _ => true,
        });
        if is_news {
            if let Ok(activities) = &answer {
                self.evidence.set_activities(activities);
            }
            self.held.set(Some(answer));
        }
    }

    pub fn has_answer(self) -> bool {
        self.held.with(Option::is_some)
    }

    pub fn failure(self) -> Option<ApiError> {
        self.held.with(|held| held.as_ref()?.as_ref().err().cloned())
    }

    /// Those of one kind, or all of them.
    pub fn of(self, kind: Option<ActivityKind>) -> Vec<Activity> {
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
