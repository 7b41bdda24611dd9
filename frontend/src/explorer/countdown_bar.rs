use super::clock::{At, use_clock};
use crate::ui::{countdown, percent_left};
use leptos::prelude::*;

/// A limit that comes nearer every second, by the server's clock.
#[component]
pub fn CountdownBar(
    label: &'static str,
    /// Milliseconds since the Unix epoch, like `until`.
    from: i64,
    until: i64,
    note: &'static str,
) -> impl IntoView {
    let now = use_clock();
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
            <p class="countdown-note"><At at=until/> ". " {note}</p>
        </div>
    }
}

/// The same room where there is nothing to count down.
#[cfg(feature = "bff")]
#[component]
pub fn NoCountdown(label: &'static str, why: &'static str) -> impl IntoView {
    view! {
        <div class="countdown">
            <p class="countdown-label">{label} ": " <strong>{why}</strong></p>
            <progress class="countdown-bar" max="100" aria-hidden="true" value="0"></progress>
            <p class="countdown-note"></p>
        </div>
    }
}
