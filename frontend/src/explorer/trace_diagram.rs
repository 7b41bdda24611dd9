use super::{
    flow_label::title,
    flow_list::FlowList,
    flow_selection::Selection,
    trace_message::{TraceMessage, name},
    unobserved_steps::lines,
};
use crate::ui::focus;
use leptos::prelude::*;
use shared::trace::{FlowId, Party, Trace, TraceKind};

const TITLE: &str = "trace-title";

/// The last logins and logouts as sequence diagrams, one at a time. Each stays until the visitor closes it.
#[component]
pub fn TraceDiagram(
    /// The newest first.
    #[prop(into)]
    traces: Signal<Vec<Trace>>,
    /// Who saw the messages, and who did not see the dashed steps.
    observer: &'static str,
    #[prop(into)] close: Callback<FlowId>,
) -> impl IntoView {
    let selection = RwSignal::new(Selection::kept());
    Effect::new(move || {
        traces.with(|traces| selection.update(|selection| selection.look_at(traces)));
    });
    Effect::new(move || selection.with(Selection::keep));
    let shown = Memo::new(move |_| selection.with(Selection::shown));
    let choose = Callback::new(move |flow| selection.update(|selection| selection.choose(flow)));
    let trace = Memo::new(move |_| {
        let shown = shown.get();
        traces.with(|traces| traces.iter().find(|trace| Some(trace.id()) == shown).cloned())
    });
    // Its button is gone with it.
    let close = Callback::new(move |flow| {
        close.run(flow);
        focus(TITLE);
    });
    let is_empty = Memo::new(move |_| traces.with(Vec::is_empty));
    view! {
        <section class="card trace" aria-labelledby=TITLE>
            <h2 id=TITLE tabindex="-1">"The flow as it happened"</h2>
            <p>
                {format!(
                    "Every message that {observer} saw, with its time, its parameters (secrets are masked: equal marks \
                     are equal values), the rules that it follows, and the function that handled it. Dashed steps \
                     happened outside {observer}: they are inferred, or not known. A flow stays here, in this tab, \
                     until you close it."
                )}
            </p>
            {move || if is_empty.get() {
                view! {
                    <p class="trace-empty">"Nothing yet. Sign in with one of the controls above, and come back here."</p>
                }
                .into_any()
            } else {
                view! { <FlowList traces shown choose close/> }.into_any()
            }}
            {move || trace.get().map(|trace| view! { <Diagram trace/> })}
        </section>
    }
}

#[component]
fn Diagram(trace: Trace) -> impl IntoView {
    let (began_at, by_code) = (trace.began_at, trace.is_by_code());
    let lines = lines(&trace).into_iter().zip(1..);
    let parties = parties(trace.kind).map(|party| {
        let name = party.map(narrow_name);
        view! { <li>{name}</li> }
    });
    view! {
        <div class="diagram">
            <ol class="parties" aria-hidden="true">{parties.into_iter().collect_view()}</ol>
            <ol class="messages" aria-label=title(&trace)>
                {lines.map(|(line, number)| view! { <TraceMessage line number began_at by_code/> }).collect_view()}
            </ol>
        </div>
    }
}

/// Who has which of the four columns.
const fn parties(kind: TraceKind) -> [Option<Party>; 4] {
    use Party::{Browser, IdentityProvider, OtherBrowser, Shop, SocialProvider};
    match kind {
        TraceKind::Revocation => [Some(Browser), Some(Shop), Some(OtherBrowser), None],
        _ => [Some(Browser), Some(Shop), Some(IdentityProvider), Some(SocialProvider)],
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
