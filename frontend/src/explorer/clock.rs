//! Time on this page: to the second, and how long ago, by the server's clock.

use crate::{
    auth::use_visitor,
    ui::{PreciseMoment, ago},
};
use leptos::prelude::*;

/// Ticks every second.
#[derive(Clone, Copy)]
struct Clock(ReadSignal<i64>);

/// One for all that the page shows.
pub fn provide_clock() {
    provide_context(Clock(use_visitor().server_clock()));
}

pub fn use_clock() -> ReadSignal<i64> {
    let Clock(now) = expect_context();
    now
}

#[component]
pub fn At(
    /// Milliseconds since the Unix epoch.
    at: i64,
) -> impl IntoView {
    view! { <PreciseMoment at now=use_clock().get_untracked()/> }
}

/// The same, with how long ago that is.
#[component]
pub fn When(at: i64) -> impl IntoView {
    let now = use_clock();
    view! { <At at/> " " <span class="since">{move || ago(now.get() - at)}</span> }
}
