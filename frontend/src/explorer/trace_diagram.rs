use super::{
    evidence::use_evidence,
    trace_message::{Numbering, TraceMessage, name},
    unobserved_steps::lines,
};
use crate::ui::Moment;
use leptos::prelude::*;
use shared::trace::{Party, Step, Trace, TraceKind};

/// The last logins and logouts as sequence diagrams, one at a time.
#[component]
pub fn TraceDiagram() -> impl IntoView {
    let evidence = use_evidence();
    // By its beginning: the list grows at its head.
    let chosen = RwSignal::new(None::<i64>);
    Effect::new(move || {
        let newest = evidence.with_traces(|traces| traces.first().map(|trace| trace.began_at));
        chosen.set(newest);
    });
    let shown = move || {
        let traces = evidence.traces();
        let chosen = chosen.get();
        traces.into_iter().find(|trace| Some(trace.began_at) == chosen)
    };
    let choices = move || {
        let choice = |trace: &Trace| {
            let began_at = trace.began_at;
            view! {
                <li>
                    <button
                        type="button"
                        class="choice"
                        aria-pressed=move || (chosen.get() == Some(began_at)).to_string()
                        on:click=move |_| chosen.set(Some(began_at))
                    >
                        <span class="choice-title">{title(trace)}</span>
                        <Moment at=began_at with_time=true/>
                    </button>
                </li>
            }
        };
        evidence.with_traces(|traces| traces.iter().map(choice).collect_view())
    };
    view! {
        <section class="card trace" aria-labelledby="trace-title">
            <h2 id="trace-title">"The flow as it happened"</h2>
            <p>
                "Every message that the shop saw, with its time, its parameters (secrets are masked: equal marks are \
                 equal values), the specification’s section, and the function that handled it. Dashed steps happened \
                 outside the shop."
            </p>
            {move || match shown() {
                None => view! {
                    <p class="trace-empty">"Nothing yet. Sign in with one of the controls above, and come back here."</p>
                }
                .into_any(),
                Some(trace) => view! {
                    <ul class="choices" aria-label="Which trace">{choices}</ul>
                    <Diagram trace/>
                }
                .into_any(),
            }}
        </section>
    }
}

#[component]
fn Diagram(trace: Trace) -> impl IntoView {
    let lines = lines(&trace);
    let began_at = trace.began_at;
    let numbering = match (trace.kind, &trace.provider) {
        (TraceKind::Login, None) => Numbering::Password,
        (TraceKind::Login, Some(_)) => Numbering::Social,
        _ => Numbering::None,
    };
    let parties = [Party::Browser, Party::Shop, Party::IdentityProvider, Party::SocialProvider];
    view! {
        <div class="diagram">
            <ol class="parties" aria-hidden="true">
                {parties.map(|party| view! { <li>{narrow_name(party)}</li> }).into_iter().collect_view()}
            </ol>
            <ol class="messages" aria-label=title(&trace)>
                {lines.into_iter().map(|line| view! { <TraceMessage line began_at numbering/> }).collect_view()}
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

fn title(trace: &Trace) -> String {
    let refused = trace.message(Step::LoginRefused).is_some();
    match trace.kind {
        TraceKind::Login if refused => "Login, refused".to_owned(),
        TraceKind::Login if trace.provider.is_some() => "Login with Friendbook".to_owned(),
        TraceKind::Login if trace.asked == Some(false) => "Login, nothing asked".to_owned(),
        TraceKind::Login => "Login".to_owned(),
        TraceKind::SilentLogin => "Silent check".to_owned(),
        TraceKind::Logout => "Logout".to_owned(),
        TraceKind::BackchannelLogout => "Back-channel logout".to_owned(),
    }
}
