use super::{
    DOCUMENT,
    activity_timeline::ActivityTimeline,
    clock::provide_clock,
    controls::Controls,
    effects::provide_effects,
    endings::Endings,
    evidence::{provide_evidence, use_evidence},
    fact::Legend,
    history::provide_history,
    lanes::{Lane, Lanes},
    local_lane::{LocalLane, use_local_state},
    local_state::LocalState,
    progress::provide_progress,
    provider_lane::{ProviderLane, use_provider_state},
    rows_list::RowsList,
    social_lane::{SocialLane, social_state},
    trace_diagram::TraceDiagram,
};
use crate::{
    api,
    auth::{IDENTITY_PROVIDER, use_visitor},
    ui::{PageHeading, lazy_page},
};
use leptos::prelude::*;
use shared::paths::api::DOCS;

lazy_page!(SessionsRoute, SessionsPage);

/// The Session Explorer: the document's rows, three lanes, controls, and the trace as it happened.
#[component]
fn SessionsPage() -> impl IntoView {
    // Pages before this one may have moved the idle limit since the visitor was last asked for.
    use_visitor().refresh();
    provide_evidence();
    provide_history();
    provide_clock();
    provide_progress();
    provide_effects();
    let evidence = use_evidence();
    let traces = Signal::derive(move || evidence.traces());
    let flows = Signal::derive(move || evidence.open_flows());
    let (local, provider, social) = (use_local_state(), use_provider_state(), social_state(traces));
    let lanes = [
        Lane {
            id: "local",
            whose: "storezero",
            word: Signal::derive(move || local.with(LocalState::word)),
            view: (|| view! { <LocalLane/> }).into(),
        },
        Lane {
            id: "provider",
            whose: IDENTITY_PROVIDER,
            word: Signal::derive(move || provider.get().word()),
            view: (|| view! { <ProviderLane/> }).into(),
        },
        Lane {
            id: "social",
            whose: "Friendbook",
            word: Signal::derive(move || social.get().word()),
            view: (move || view! { <SocialLane traces/> }).into(),
        },
    ];
    view! {
        <div class="page sessions">
            <PageHeading title="Sessions"/>
            <p class="page-lead">
                {format!(
                    "Signing in creates sessions: one here, by which the shop knows you, one at {IDENTITY_PROVIDER}, \
                     by which it knows you the next time, and a third one when you come by way of Friendbook. They \
                     begin, go on and end apart from each other. Keep this page open beside the shop and watch."
                )}
            </p>
            <p>
                "The shop is built after one document: "
                <a href=DOCUMENT rel="external noopener">"“Sessions”"</a>
                " in Auth0’s documentation. What this page quotes and numbers is from there. "
                <a href=api::address_of(DOCS) rel="external">"The API"</a>
                " that the shop’s pages use describes itself."
            </p>
            <RowsList/>
            <Legend observed="the shop’s own data, or a message that it received"/>
            <Lanes lanes/>
            <Controls/>
            <TraceDiagram traces=flows observer="the shop" close=move |flow| evidence.close(flow)/>
            <ActivityTimeline/>
            <Endings/>
        </div>
    }
}
