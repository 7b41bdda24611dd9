use super::{
    architecture::Architecture, controls::Controls, provider_lane::ProviderLane,
    rows_list::RowsList, tokens_card::TokensCard,
};
use crate::{
    auth::{IDENTITY_PROVIDER, use_page_tokens},
    explorer::{DOCUMENT, social_lane::SocialLane, trace_diagram::TraceDiagram},
    ui::{PageHeading, lazy_page},
};
use leptos::prelude::*;

lazy_page!(SessionsRoute, SessionsPage);

#[component]
fn SessionsPage() -> impl IntoView {
    let tokens = use_page_tokens();
    let traces = Signal::derive(move || tokens.traces.get());
    view! {
        <div class="page sessions">
            <PageHeading title="Sessions"/>
            <p class="page-lead">
                {format!(
                    "This shop is static files. Nothing here keeps you signed in: {IDENTITY_PROVIDER} has a session, \
                     and Friendbook has one if you came by it. This page holds tokens in its memory, and asks \
                     {IDENTITY_PROVIDER} in a hidden iframe for the next ones."
                )}
            </p>
            <p>
                "It is the second half of one document: "
                <a href=DOCUMENT rel="external noopener">"“Sessions”"</a>
                " in Auth0’s documentation. What this page quotes and numbers is from there."
            </p>
            <div class="session-lanes">
                <TokensCard/>
                <ProviderLane/>
                <SocialLane traces/>
            </div>
            <Controls/>
            <TraceDiagram traces observer="this page" close=move |flow| tokens.traces.close(flow)/>
            <RowsList/>
            <Architecture/>
        </div>
    }
}
