//! What this browser and the shop know of the last logins and logouts, and of the identity provider.

use crate::{
    api,
    auth::{Visitor, own_flows, use_silent_login, use_visitor},
};
use leptos::{prelude::*, task::spawn_local};
use shared::{activities::Activity, flow::Flow, identity_provider::IdentityProviderView, paths};

#[derive(Clone, Copy)]
pub struct Evidence {
    flows: RwSignal<Vec<Flow>>,
    provider: RwSignal<Option<IdentityProviderView>>,
    activities: RwSignal<Vec<Activity>>,
}

/// Read again whenever somebody signed in or out, in whichever tab, and after a silent question.
pub fn provide_evidence() {
    let evidence = Evidence {
        flows: RwSignal::new(Vec::new()),
        provider: RwSignal::new(None),
        activities: RwSignal::new(Vec::new()),
    };
    provide_context(evidence);
    let (visitor, silent) = (use_visitor(), use_silent_login());
    Effect::new(move || {
        let undecided = visitor.with(Visitor::is_undecided);
        silent.get();
        if !undecided {
            evidence.read();
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
    pub fn flows(self) -> Vec<Flow> {
        self.flows.get()
    }

    pub fn with_flows<T>(self, read: impl FnOnce(&[Flow]) -> T) -> T {
        self.flows.with(|flows| read(flows))
    }

    pub fn with_activities<T>(self, read: impl FnOnce(&[Activity]) -> T) -> T {
        self.activities.with(|activities| read(activities))
    }

    /// From the timeline, which asks for them.
    pub fn hear_of_activities(self, activities: &[Activity]) {
        self.activities.set(activities.to_vec());
    }

    pub fn provider(self) -> Option<IdentityProviderView> {
        self.provider.get()
    }

    /// What this browser keeps itself goes; what belongs to the session stays with it.
    pub fn forget_own(self) {
        own_flows::forget();
        self.read();
    }

    /// Without an answer of the shop, what this browser keeps itself.
    fn read(self) {
        spawn_local(async move {
            let told: Vec<Flow> = api::get_in_background(paths::api::SESSION_FLOWS)
                .await
                .unwrap_or_default();
            self.flows.try_set(newest_first(told, own_flows::kept()));
        });
    }
}

/// A silent question within a session is known to both.
fn newest_first(mut told: Vec<Flow>, own: Vec<Flow>) -> Vec<Flow> {
    for flow in own {
        let is_known = told
            .iter()
            .any(|known| (known.kind, known.began_at) == (flow.kind, flow.began_at));
        if !is_known {
            told.push(flow);
        }
    }
    told.sort_by_key(|flow| std::cmp::Reverse(flow.began_at));
    told
}

#[cfg(test)]
mod tests {
    use super::*;
    use shared::flow::FlowKind;

    #[test]
    fn flows_of_both_sources_are_one_list_without_doubles() {
        let flow = |kind, at| Flow::begin(kind, at);
        let told = vec![flow(FlowKind::SilentLogin, 30), flow(FlowKind::Login, 10)];
        let own = vec![flow(FlowKind::SilentLogin, 30), flow(FlowKind::Logout, 20)];
        let all: Vec<i64> = newest_first(told, own)
            .iter()
            .map(|flow| flow.began_at)
            .collect();
        assert_eq!(all, [30, 20, 10]);
    }
}
