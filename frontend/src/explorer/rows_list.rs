use super::{
    demonstrated::demonstrated,
    evidence::use_evidence,
    rows::{ROWS, Row},
    seen,
};
use crate::{
    auth::use_visitor,
    storage::Kept::InTab,
    ui::{Button, ButtonKind},
};
use leptos::prelude::*;
use shared::paths::page;
use std::collections::BTreeSet;

/// What the document says of a shop without a backend.
const OF_THE_OTHER_SHOP: [&str; 2] = ["S6", "S7"];

/// The twelve cards.
#[component]
pub fn RowsList() -> impl IntoView {
    let (visitor, evidence) = (use_visitor(), use_evidence());
    // For this tab.
    let ticks = seen::remember(InTab, move || {
        visitor.with(|visitor| {
            evidence.with_traces(|traces| {
                evidence.with_activities(|activities| demonstrated(visitor, traces, activities))
            })
        })
    });
    let start_over = move |_| {
        seen::forget(InTab, ticks);
        evidence.clear_own();
    };
    let card = move |row: Row| {
        let is_demonstrated = move || ticks.with(|ticks| ticks.contains(row.id));
        view! {
            <li class="row-card" class:is-demonstrated=is_demonstrated>
                <h3>
                    <span class="row-id">{row.id}</span>
                    {row.title}
                    <span class="row-tick">{move || if is_demonstrated() { "✓ demonstrated" } else { "not yet" }}</span>
                </h3>
                <blockquote>{row.quote}</blockquote>
                <p>{row.attempt}</p>
                {row.start.map(|(label, href)| view! { <p><a href=href>{label}</a></p> })}
                {move || OF_THE_OTHER_SHOP.contains(&row.id).then(|| evidence.provider()?.no_backend_shop).flatten().map(|shop| view! {
                    <p><a href=format!("{shop}{}", page::SESSIONS) rel="external">"Sessions of the shop without a backend"</a></p>
                })}
            </li>
        }
    };
    view! {
        <section class="rows" aria-labelledby="rows-title">
            <h2 id="rows-title">"The document, row by row"</h2>
            <p class="rows-count">
                {move || format!("{} of {} demonstrated in this tab.", ticks.with(BTreeSet::len), ROWS.len())}
                " "
                <Button kind=ButtonKind::Quiet on:click=start_over>"Start over"</Button>
            </p>
            <ul class="row-cards">{ROWS.map(card).into_iter().collect_view()}</ul>
        </section>
    }
}
