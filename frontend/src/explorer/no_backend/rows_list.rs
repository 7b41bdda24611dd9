use super::{
    controls::SilentCheck,
    demonstrated::{PARTS, Part, demonstrated},
};
use crate::{
    api,
    auth::{Visitor, settings, use_page_tokens, use_visitor},
    explorer::{labels, seen::Seen, sign_out_buttons::SignOutButtons},
    ui::{Button, ButtonKind},
};
use leptos::prelude::*;
use shared::{paths::page, session::EndReason};
use std::collections::BTreeSet;

struct Row {
    id: &'static str,
    title: &'static str,
    quote: &'static str,
    attempt: &'static str,
}

const ROWS: [Row; 2] = [
    Row {
        id: "S6",
        title: "No local session",
        quote: "So no local session is created to keep the user logged in.",
        attempt: "Open All Orders and sign in: each request to the API carries the token, and no cookie.",
    },
    Row {
        id: "S7",
        title: "Silent authentication",
        quote: "If the session on the authorization server has expired or the user logs out, the redirect in the iframe \
                will return an error, indicating that the application needs to redirect the user.",
        attempt: "Stay here while the countdown runs, or press “Silent check”. Then sign out at the identity provider, or in \
                  the shop with a backend, and wait for the next question, or ask again.",
    },
];

/// The document's two statements about an architecture without a backend.
#[component]
pub fn RowsList() -> impl IntoView {
    let (tokens, visitor) = (use_page_tokens(), use_visitor());
    // For this browser: a login here is a reload, and a sign-out is a part of what there is to see.
    let ticks: Seen<BTreeSet<String>> = Seen::kept();
    Effect::new(move || {
        let was_told = visitor.with(|visitor| {
            matches!(
                visitor,
                Visitor::Anonymous { ended: Some(EndReason::ProviderSessionEnded), .. }
            )
        });
        let traces = tokens.traces.get();
        let now = demonstrated(&traces, tokens.renewals(), api::has_answered_to_token(), was_told);
        ticks.change(|seen| seen.into_iter().chain(now.into_iter().map(str::to_owned)).collect());
    });
    let start_over = move |_| ticks.change(|_| BTreeSet::new());
    let is_seen = move |part: &Part| ticks.with(|ticks| ticks.contains(part.name));
    let controls = move |row: &'static str| {
        match row {
        "S6" => view! {
            <a class="button button-secondary" href=page::ORDERS>{labels::ALL_ORDERS}</a>
            <a class="button button-secondary" href=format!("{}{}", settings().api, page::SESSIONS) rel="external">
                {labels::OTHER_SHOP}
            </a>
        }
        .into_any(),
        _ => view! { <SilentCheck/> <SignOutButtons/> }.into_any(),
    }
    };
    let card = move |row: Row| {
        let parts = move || PARTS.iter().filter(move |part| part.row == row.id);
        let is_demonstrated = move || parts().all(is_seen);
        let part = move |part: &'static Part| {
            view! { <li>{move || if is_seen(part) { "✓ " } else { "○ " }} {part.what}</li> }
        };
        view! {
            <li class="row-card" class:is-demonstrated=is_demonstrated>
                <h3>
                    <span class="row-id">{row.id}</span>
                    {row.title}
                    <span class="row-tick">
                        {move || {
                            let (done, all) = (parts().filter(|part| is_seen(part)).count(), parts().count());
                            if done == all { "✓ demonstrated".to_owned() } else { format!("{done} of {all} seen") }
                        }}
                    </span>
                </h3>
                <blockquote>{row.quote}</blockquote>
                <p>{row.attempt}</p>
                <ul class="row-parts">{parts().map(part).collect_view()}</ul>
                <div class="step-controls">{controls(row.id)}</div>
            </li>
        }
    };
    view! {
        <section class="rows" aria-labelledby="rows-title">
            <h2 id="rows-title">"The document, row by row"</h2>
            <ul class="row-cards">{ROWS.map(card).into_iter().collect_view()}</ul>
            <div class="start-over">
                <Button kind=ButtonKind::Secondary on:click=start_over>"Start over"</Button>
                <p class="fine-print">"Forgets these ticks. What this page still knows counts again, until it is reloaded. It signs nobody out."</p>
            </div>
        </section>
    }
}
