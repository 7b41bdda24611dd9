use super::{
    evidence::use_evidence,
    flow_message::{FlowMessage, Numbering, name},
    outside::lines,
};
use crate::ui::Moment;
use leptos::prelude::*;
use shared::flow::{Flow, FlowKind, Party, Step};

/// The last logins and logouts as sequence diagrams, one at a time.
#[component]
pub fn FlowDiagram() -> impl IntoView {
    let evidence = use_evidence();
    // By its beginning: the list grows at its head.
    let chosen = RwSignal::new(None::<i64>);
    Effect::new(move || {
        let newest = evidence.with_flows(|flows| flows.first().map(|flow| flow.began_at));
        chosen.set(newest);
    });
    let shown = move || {
        let flows = evidence.flows();
        let chosen = chosen.get();
        flows.into_iter().find(|flow| Some(flow.began_at) == chosen)
    };
    let choices = move || {
        let choice = |flow: &Flow| {
            let began_at = flow.began_at;
            view! {
                <li>
                    <button
                        type="button"
                        class="choice"
                        aria-pressed=move || (chosen.get() == Some(began_at)).to_string()
                        on:click=move |_| chosen.set(Some(began_at))
                    >
                        <span class="choice-title">{title(flow)}</span>
                        <Moment at=began_at with_time=true/>
                    </button>
                </li>
            }
        };
        evidence.with_flows(|flows| flows.iter().map(choice).collect_view())
    };
    view! {
        <section class="card flow" aria-labelledby="flow-title">
            <h2 id="flow-title">"The flow as it happened"</h2>
            <p>
                "Every message that the shop saw, with its time, its parameters (secrets are masked: equal marks are \
                 equal values), the specification’s section, and the function that handled it. Dashed steps happened \
                 outside the shop."
            </p>
            {move || match shown() {
                None => view! {
                    <p class="flow-empty">"Nothing yet. Sign in with one of the levers above, and come back here."</p>
                }
                .into_any(),
                Some(flow) => view! {
                    <ul class="choices" aria-label="Which flow">{choices}</ul>
                    <Diagram flow/>
                }
                .into_any(),
            }}
        </section>
    }
}

#[component]
fn Diagram(flow: Flow) -> impl IntoView {
    let lines = lines(&flow);
    let began_at = flow.began_at;
    let numbering = match (flow.kind, &flow.provider) {
        (FlowKind::Login, None) => Numbering::Password,
        (FlowKind::Login, Some(_)) => Numbering::Social,
        _ => Numbering::None,
    };
    let parties = [
        Party::Browser,
        Party::Shop,
        Party::IdentityProvider,
        Party::SocialProvider,
    ];
    view! {
        <div class="diagram">
            <ol class="parties" aria-hidden="true">
                {parties.map(|party| view! { <li>{narrow_name(party)}</li> }).into_iter().collect_view()}
            </ol>
            <ol class="messages" aria-label=title(&flow)>
                {lines.into_iter().map(|line| view! { <FlowMessage line began_at numbering/> }).collect_view()}
            </ol>
        </div>
    }
}

/// With places to break it, where four columns share a phone's width.
const fn narrow_name(party: Party) -> &'static str {
    match party {
        Party::IdentityProvider => "Peak\u{ad}Commerce ID",
        Party::SocialProvider => "Friend\u{ad}book",
        other => name(other),
    }
}

fn title(flow: &Flow) -> String {
    let refused = flow.message(Step::LoginRefused).is_some();
    match flow.kind {
        FlowKind::Login if refused => "Login, refused".to_owned(),
        FlowKind::Login if flow.provider.is_some() => "Login with Friendbook".to_owned(),
        FlowKind::Login if flow.asked == Some(false) => "Login, nothing asked".to_owned(),
        FlowKind::Login => "Login".to_owned(),
        FlowKind::SilentLogin => "Silent check".to_owned(),
        FlowKind::Logout => "Logout".to_owned(),
        FlowKind::BackchannelLogout => "Back-channel logout".to_owned(),
    }
}
