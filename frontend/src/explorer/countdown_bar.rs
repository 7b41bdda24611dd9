use crate::{
    auth::use_visitor,
    ui::{Moment, countdown, percent_left},
};
use leptos::prelude::*;
use std::time::Duration;

/// A limit that comes nearer every second, by the server's clock.
#[component]
pub fn CountdownBar(
    label: &'static str,
    /// Milliseconds since the Unix epoch, like `until`.
    from: i64,
    until: i64,
    note: &'static str,
) -> impl IntoView {
    let visitor = use_visitor();
    let now = RwSignal::new(visitor.server_now());
    let tick = set_interval_with_handle(
        move || now.set(visitor.server_now()),
        Duration::from_secs(1),
    );
    on_cleanup(move || {
        if let Ok(tick) = tick {
            tick.clear();
        }
    });
    view! {
        <div class="countdown">
            <p class="countdown-label">
                {label}
                " in "
                <strong role="timer" aria-label=label>{move || countdown(until - now.get())}</strong>
            </p>
            <progress
                class="countdown-bar"
                max="100"
                aria-hidden="true"
                value=move || percent_left(from, until, now.get())
            ></progress>
            <p class="countdown-note"><Moment at=until with_time=true/> ". " {note}</p>
        </div>
    }
}
