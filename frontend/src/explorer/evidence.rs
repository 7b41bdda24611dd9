//! What this browser and the shop know of the last logins and logouts, and of the identity provider.

use crate::{
    api,
    auth::{Visitor, own_traces, use_silent_login, use_visitor},
};
use leptos::{prelude::*, task::spawn_local};
use shared::{activities::Activity, identity_provider::IdentityProviderView, paths, trace::Trace};

#[derive(Clone, Copy)]
pub struct Evidence {
    traces: RwSignal<Vec<Trace>>,
    provider: RwSignal<Option<IdentityProviderView>>,
    activities: RwSignal<Vec<Activity>>,
}

/// Read again whenever somebody signed in or out, in whichever tab, and after a silent question.
pub fn provide_evidence() {
    let evidence = Evidence {
        traces: RwSignal::new(Vec::new()),
        provider: RwSignal::new(None),
        activities: RwSignal::new(Vec::new()),
    };
    provide_context(evidence);
    let (visitor, silent) = (use_visitor(), use_silent_login());
    Effect::new(move || {
        let undecided = visitor.with(Visitor::is_undecided);
        silent.get();
        if !undecided {
            evidence.refresh();
        }
    });
    spawn_local(async move {
        let view = api::get_in_background(paths::api::IDENTITY_PROVIDER).await;
        // The page may have been left meanwhile.
        evidence.provider.try_set(view.ok());
    });
}

pub fn use_evidence() -> Evidence {
    expect_context()
}

impl Evidence {
    /// The newest first.
    pub fn traces(self) -> Vec<Trace> {
        self.traces.get()
    }

    pub fn with_traces<T>(self, read: impl FnOnce(&[Trace]) -> T) -> T {
        self.traces.with(|traces| read(traces))
    }

    pub fn with_activities<T>(self, read: impl FnOnce(&[Activity]) -> T) -> T {
        self.activities.with(|activities| read(activities))
    }

    /// By the timeline, which asks for them.
    pub fn set_activities(self, activities: &[Activity]) {
        self.activities.set(activities.to_vec());
    }

    pub fn provider(self) -> Option<IdentityProviderView> {
        self.provider.get()
    }

    /// What this browser keeps itself goes; what belongs to the session stays with it.
    pub fn clear_own(self) {
        own_traces::clear();
        self.refresh();
    }

    /// Without an answer of the shop, what this browser keeps itself.
    fn refresh(self) {
        spawn_local(async move {
            let answered: Vec<Trace> =
                api::get_in_background(paths::api::SESSION_TRACES).await.unwrap_or_default();
            self.traces.try_set(newest_first(answered, own_traces::all()));
        });
    }
}

/// A silent question within a session is known to both.
fn newest_first(mut traces: Vec<Trace>, own: Vec<Trace>) -> Vec<Trace> {
    for trace in own {
        let is_known =
            traces.iter().any(|known| (known.kind, known.began_at) == (trace.kind, trace.began_at));
        if !is_known {
            traces.push(trace);
        }
    }
    traces.sort_by_key(|trace| std::cmp::Reverse(trace.began_at));
    traces
}

#[cfg(test)]
mod tests {
    use super::*;
    use shared::trace::TraceKind;

    #[test]
    fn traces_of_both_sources_are_one_list_without_doubles() {
        let trace = |kind, at| Trace::begin(kind, at);
        let answered = vec![trace(TraceKind::SilentLogin, 30), trace(TraceKind::Login, 10)];
        let own = vec![trace(TraceKind::SilentLogin, 30), trace(TraceKind::Logout, 20)];
        let all: Vec<i64> =
            newest_first(answered, own).iter().map(|trace| trace.began_at).collect();
        assert_eq!(all, [30, 20, 10]);
    }
}
