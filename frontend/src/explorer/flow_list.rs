use super::flow_label::{details, title};
use crate::ui::date;
use leptos::prelude::*;
use shared::trace::{FlowId, Trace};

/// The flows that are kept, each to be looked at and to be closed.
#[component]
pub fn FlowList(
    /// The newest first.
    #[prop(into)]
    traces: Signal<Vec<Trace>>,
    #[prop(into)] shown: Signal<Option<FlowId>>,
    choose: Callback<FlowId>,
    close: Callback<FlowId>,
) -> impl IntoView {
    let flow = move |trace: Trace| {
        let flow = trace.id();
        let (date, title, details) = (date(trace.began_at), title(&trace), details(&trace));
        let time = String::from(date.to_locale_time_string("en-GB"));
        let whole_name = [title, &time].into_iter().chain(details.iter().map(String::as_str));
        let close_label = format!("Close: {}", whole_name.collect::<Vec<_>>().join(", "));
        let details =
            details.into_iter().map(|detail| view! { <span class="flow-detail">{detail}</span> });
        view! {
            <li class="flow" class:is-shown=move || shown.get() == Some(flow)>
                <button
                    type="button"
                    class="flow-choice"
                    aria-pressed=move || (shown.get() == Some(flow)).to_string()
                    on:click=move |_| choose.run(flow)
                >
                    <span class="flow-title">{title}" "</span>
                    <time datetime=String::from(date.to_iso_string())>{time}</time>
                    {details.collect_view()}
                </button>
                <button type="button" class="flow-close" aria-label=close_label on:click=move |_| close.run(flow)>
                    "×"
                </button>
            </li>
        }
    };
    view! {
        <ul class="flows" aria-label="Flows, the newest first">
            <For each=move || traces.get() key=key children=flow/>
        </ul>
    }
}

/// A flow that has gone on is written anew.
fn key(trace: &Trace) -> (FlowId, usize) {
    (trace.id(), trace.messages.len())
}
