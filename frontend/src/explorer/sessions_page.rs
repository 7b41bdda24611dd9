use super::{
    activity_timeline::ActivityTimeline, endings::Endings, evidence::provide_evidence,
    levers::Levers, local_lane::LocalLane, provider_lane::ProviderLane, rows_list::RowsList,
    social_lane::SocialLane, trace_diagram::TraceDiagram,
};
use crate::{
    auth::{IDENTITY_PROVIDER, use_visitor},
    ui::PageHeading,
};
use leptos::prelude::*;
use leptos_router::{LazyRoute, lazy_route};

pub struct SessionsRoute;

#[lazy_route]
impl LazyRoute for SessionsRoute {
    fn data() -> Self {
        Self
    }

    fn view(_this: Self) -> AnyView {
        view! { <SessionsPage/> }.into_any()
    }
}

/// The Session Explorer: three lanes, levers, the flow as it happened, and the document's rows.
#[component]
fn SessionsPage() -> impl IntoView {
    // Pages before this one may have moved the idle limit since the visitor was last asked for.
    use_visitor().refresh();
    provide_evidence();
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
            <div class="session-lanes">
                <LocalLane/>
                <ProviderLane/>
                <SocialLane/>
            </div>
            <Levers/>
            <TraceDiagram/>
            <RowsList/>
            <ActivityTimeline/>
            <Endings/>
        </div>
    }
}
