use super::{
    DOCUMENT,
    activity_timeline::ActivityTimeline,
    controls::Controls,
    endings::Endings,
    evidence::{provide_evidence, use_evidence},
    local_lane::LocalLane,
    provider_lane::ProviderLane,
    rows_list::RowsList,
    social_lane::SocialLane,
    trace_diagram::TraceDiagram,
};
use crate::{
    auth::{IDENTITY_PROVIDER, use_visitor},
    ui::{PageHeading, lazy_page},
};
use leptos::prelude::*;

lazy_page!(SessionsRoute, SessionsPage);

/// The Session Explorer: three lanes, controls, the trace as it happened, and the document's rows.
#[component]
fn SessionsPage() -> impl IntoView {
    // Pages before this one may have moved the idle limit since the visitor was last asked for.
    use_visitor().refresh();
    provide_evidence();
    let evidence = use_evidence();
    let traces = Signal::derive(move || evidence.traces());
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
                " in Auth0’s documentation. What this page quotes and numbers is from there."
            </p>
            <div class="session-lanes">
                <LocalLane/>
                <ProviderLane/>
                <SocialLane traces/>
            </div>
            <Controls/>
            <TraceDiagram traces observer="the shop" close=move |flow| evidence.close(flow)/>
            <RowsList/>
            <ActivityTimeline/>
            <Endings/>
        </div>
    }
}
