use super::{
    architecture::Architecture,
    controls::Controls,
    provider_lane::{ProviderLane, use_provider_state},
    rows_list::RowsList,
    tokens_card::{TokensCard, use_tokens_word},
};
use crate::{
    api,
    auth::{IDENTITY_PROVIDER, use_page_tokens},
    explorer::{
        DOCUMENT,
        clock::provide_clock,
        fact::Legend,
        lanes::{Lane, Lanes},
        social_lane::{SocialLane, social_state},
        trace_diagram::TraceDiagram,
    },
    ui::{PageHeading, lazy_page},
};
use leptos::prelude::*;
use shared::paths::api::DOCS;

lazy_page!(SessionsRoute, SessionsPage);

#[component]
fn SessionsPage() -> impl IntoView {
    let tokens = use_page_tokens();
    let traces = Signal::derive(move || tokens.traces.get());
    let flows = Signal::derive(move || tokens.traces.open_flows());
    provide_clock();
    let (provider, social) = (use_provider_state(), social_state(traces));
    let lanes = [
        Lane {
            id: "local",
            whose: "storezero",
            word: use_tokens_word(),
            view: (|| view! { <TokensCard/> }).into(),
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
                    "This shop is static files. Nothing here keeps you signed in: {IDENTITY_PROVIDER} has a session, \
                     and Friendbook has one if you came by it. This page holds tokens in its memory, and asks \
                     {IDENTITY_PROVIDER} in a hidden iframe for the next ones."
                )}
            </p>
            <p>
                "It is the second half of one document: "
                <a href=DOCUMENT rel="external noopener">"“Sessions”"</a>
                " in Auth0’s documentation. What this page quotes and numbers is from there. "
                <a href=api::address_of(DOCS) rel="external">"The API"</a>
                " that the shop’s pages use describes itself."
            </p>
            <RowsList/>
            <Legend observed="this page’s own data, or a message that it received"/>
            <Lanes lanes/>
            <Controls/>
            <TraceDiagram traces=flows observer="this page" close=move |flow| tokens.traces.close(flow)/>
            <Architecture/>
        </div>
    }
}
