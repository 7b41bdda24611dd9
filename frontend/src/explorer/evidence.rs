//! What this browser and the shop know of the last logins and logouts, and of the identity provider. What the visitor
//! has been shown of them stays in the tab until it is closed there.

use crate::{
    api,
    auth::{Visitor, kept_flows, own_traces, use_silent_login, use_visitor},
};
use leptos::{prelude::*, task::spawn_local};
use shared::{
    activities::Activity,
    identity_provider::IdentityProviderView,
    paths,
    trace::{FlowId, Trace},
};

#[derive(Clone, Copy)]
pub struct Evidence {
    traces: RwSignal<Vec<Trace>>,
    closed: RwSignal<Vec<FlowId>>,
    provider: RwSignal<Option<IdentityProviderView>>,
    activities: RwSignal<Vec<Activity>>,
}

/// Read again whenever somebody signed in or out, in whichever tab, and after a silent question.
pub fn provide_evidence() {
    let evidence = Evidence {
        // A logout put the session's own before those that were kept, which may be the same.
        traces: RwSignal::new(kept_flows::joined([kept_flows::all()])),
        closed: RwSignal::new(kept_flows::closed()),
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

    /// Those that the visitor has not closed, the newest first.
    pub fn open_flows(self) -> Vec<Trace> {
        self.closed.with(|closed| kept_flows::open(self.traces.get(), closed))
    }

    pub fn close(self, flow: FlowId) {
        self.closed.set(kept_flows::close(flow));
    }

    /// What this browser keeps itself goes; what belongs to the session stays with it.
    pub fn clear_own(self) {
        own_traces::clear();
        kept_flows::clear();
        self.refresh();
    }

    /// Without an answer of the shop, what this browser keeps itself.
    fn refresh(self) {
        spawn_local(async move {
            let answered: Vec<Trace> =
                api::get_in_background(paths::api::SESSION_TRACES).await.unwrap_or_default();
            let known = kept_flows::joined([answered, own_traces::all(), kept_flows::all()]);
            self.traces.try_set(kept_flows::store(known));
        });
    }
}
