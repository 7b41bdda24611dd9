use super::{
    trace_message::{Numbering, TraceMessage, name},
    unobserved_steps::lines,
};
use crate::ui::Moment;
use leptos::prelude::*;
use shared::trace::{Party, Step, Trace, TraceKind};

/// The last logins and logouts as sequence diagrams, one at a time.
#[component]
pub fn TraceDiagram(
    /// The newest first.
    #[prop(into)]
    traces: Signal<Vec<Trace>>,
    /// Who saw the messages, and who did not see the dashed steps.
    observer: &'static str,
) -> impl IntoView {
    // By its beginning: the list grows at its head.
    let chosen = RwSignal::new(None::<i64>);
    Effect::new(move || {
        let newest = traces.with(|traces| traces.first().map(|trace| trace.began_at));
        chosen.set(newest);
    });
    let shown = move || {
        let chosen = chosen.get();
        traces.get().into_iter().find(|trace| Some(trace.began_at) == chosen)
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
        traces.with(|traces| traces.iter().map(choice).collect_view())
    };
    view! {
        <section class="card trace" aria-labelledby="trace-title">
            <h2 id="trace-title">"The flow as it happened"</h2>
            <p>
                {format!(
                    "Every message that {observer} saw, with its time, its parameters (secrets are masked: equal marks \
                     are equal values), the specification’s section, and the function that handled it. Dashed steps \
                     happened outside {observer}."
                )}
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
        (TraceKind::Login | TraceKind::PageLogin, None) => Numbering::Password,
        (TraceKind::Login | TraceKind::PageLogin, Some(_)) => Numbering::Social,
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
    let refused = [Step::LoginRefused, Step::PageRefusal]
        .into_iter()
        .any(|refusal| trace.message(refusal).is_some());
    match trace.kind {
        TraceKind::Login | TraceKind::PageLogin if refused => "Login, refused".to_owned(),
        TraceKind::Login | TraceKind::PageLogin if trace.provider.is_some() => {
            "Login with Friendbook".to_owned()
        }
        TraceKind::Login | TraceKind::PageLogin if trace.asked == Some(false) => {
            "Login, nothing asked".to_owned()
        }
        TraceKind::Login | TraceKind::PageLogin => "Login".to_owned(),
        TraceKind::SilentRenewal if refused => "Silent authentication, refused".to_owned(),
        TraceKind::SilentRenewal => "Silent authentication".to_owned(),
        TraceKind::SilentLogin => "Silent check".to_owned(),
        TraceKind::Logout => "Logout".to_owned(),
        TraceKind::BackchannelLogout => "Back-channel logout".to_owned(),
    }
}
