use super::{
    demonstrated::demonstrated,
    evidence::use_evidence,
    rows::{ROWS, Row},
};
use crate::{
    auth::use_visitor,
    storage::Kept::InTab,
    ui::{Button, ButtonKind},
};
use leptos::prelude::*;
use shared::paths::page;
use std::collections::BTreeSet;

/// In `sessionStorage`: what was demonstrated stays so for this tab, also when the session that proved it has ended.
const KEY: &str = "storezero.demonstrated";

/// What the document says of a shop without a backend.
const OF_THE_OTHER_SHOP: [&str; 2] = ["S6", "S7"];

/// The twelve cards.
#[component]
pub fn RowsList() -> impl IntoView {
    let (visitor, evidence) = (use_visitor(), use_evidence());
    let ticks = RwSignal::new(kept());
    Effect::new(move || {
        let now = visitor.with(|visitor| {
            evidence.with_traces(|traces| {
                evidence.with_activities(|activities| demonstrated(visitor, traces, activities))
            })
        });
        let known = ticks.get_untracked().len();
        ticks.update(|ticks| ticks.extend(now.into_iter().map(str::to_owned)));
        if ticks.with_untracked(BTreeSet::len) > known {
            ticks.with_untracked(keep);
        }
    });
    let start_over = move |_| {
        ticks.set(BTreeSet::new());
        keep(&BTreeSet::new());
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

fn kept() -> BTreeSet<String> {
    let text = InTab.get(KEY).unwrap_or_default();
    text.split_whitespace().map(str::to_owned).collect()
}

/// A forbidden storage only means that the ticks go with the evidence.
fn keep(ticks: &BTreeSet<String>) {
    let text: Vec<&str> = ticks.iter().map(String::as_str).collect();
    InTab.set(KEY, &text.join(" "));
}
