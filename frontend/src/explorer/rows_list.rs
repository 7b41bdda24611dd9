use super::{
    controls::ControlView,
    effects::ControlEffect,
    hints::hint,
    lanes::NARROW,
    parts::Part,
    progress::{ProgressContext, use_progress},
    rows::{ROWS, Row},
};
use crate::{
    auth::{Visitor, use_visitor},
    ui::{Button, ButtonKind, focus, media},
};
use leptos::prelude::*;
use std::collections::BTreeSet;

/// The twelve statements as a guided tour: what to do, by which control, what to look at, and the tick.
#[component]
pub fn RowsList() -> impl IntoView {
    let (visitor, progress) = (use_visitor(), use_progress());
    let done = Memo::new(move |_| {
        progress.with(|progress| ROWS.iter().filter(|row| progress.is_demonstrated(row.id)).count())
    });
    let next = Memo::new(move |_| {
        progress.with(|progress| {
            ROWS.iter().find(|row| !progress.is_demonstrated(row.id)).map(|row| row.id)
        })
    });
    // Its place is kept until it is known whether this is the demo: the steps below stay where they are.
    let is_awaited = Memo::new(move |_| visitor.with(Visitor::is_undecided));
    let has_started_over = RwSignal::new(false);
    let start_over = move |_| {
        progress.start_over();
        has_started_over.set(true);
    };
    let addressed = addressed_step();
    // As it is when the page is opened: what is ticked later moves nothing under the visitor's eyes.
    let unfolded: BTreeSet<&str> = next.get_untracked().into_iter().chain(addressed).collect();
    let unfolded = RwSignal::new(unfolded);
    if let Some(id) = addressed {
        focus(id);
    }
    let go_on = move |id| {
        unfolded.update(|unfolded| {
            unfolded.insert(id);
        });
        focus(id);
    };
    view! {
        <section class="rows" aria-labelledby="rows-title">
            <h2 id="rows-title">"The document in twelve steps"</h2>
            <p>
                "Do what a step says, come back here, and look. A step is ticked when all of its statement was done with \
                 this browser and seen on this page. In this order it takes about ten minutes."
                {move || (is_awaited.get() || visitor.is_demo()).then(|| view! {
                    <span class:is-awaited=is_awaited>
                        " Accounts of the demo: ada@example.com, grace@example.com (with a second factor), and at Friendbook \
                         linus@example.com; the password of each is demo-password."
                    </span>
                })}
            </p>
            <p class="rows-count">
                <strong>{move || format!("{} of {} demonstrated.", done.get(), ROWS.len())}</strong>
                {move || next.get().map(|id| view! {
                    " Next: " <a href=format!("#{id}") on:click=move |_| go_on(id)>{id}</a> "."
                })}
            </p>
            <ol class="steps">
                {ROWS.into_iter().map(|row| view! { <Step row next progress unfolded/> }).collect_view()}
            </ol>
            <div class="start-over">
                <Button kind=ButtonKind::Secondary on:click=start_over>"Start over"</Button>
                <p class="fine-print">
                    "Forgets the ticks, what is half done, and the flows that this browser keeps. What was done before counts no \
                     more. It signs nobody out and ends no session."
                </p>
                <p role="status">
                    {move || (has_started_over.get() && done.get() == 0).then_some("Started over: nothing is ticked.")}
                </p>
            </div>
        </section>
    }
}

#[component]
fn Step(
    row: Row,
    next: Memo<Option<&'static str>>,
    progress: ProgressContext,
    /// Those that a narrow screen shows more of than the title.
    unfolded: RwSignal<BTreeSet<&'static str>>,
) -> impl IntoView {
    let Row { id, title, quote, attempt, look, controls } = row;
    let parts = move || Part::of(id);
    let is_demonstrated =
        Memo::new(move |_| progress.with(|progress| progress.is_demonstrated(id)));
    let is_next = move || next.get() == Some(id);
    let is_narrow = media(NARROW);
    let is_unfolded = move || unfolded.with(|unfolded| unfolded.contains(id));
    let is_folded = move || is_narrow.get() && !is_unfolded();
    let fold = move |_| {
        unfolded.update(|unfolded| {
            if !unfolded.remove(id) {
                unfolded.insert(id);
            }
        });
    };
    let text_id = format!("{id}-text");
    let text = text_id.clone();
    let name = move || view! { <span class="row-id">{id}</span> " " {title} };
    let heading = move || {
        if is_narrow.get() {
            view! {
                <button
                    type="button"
                    class="step-fold"
                    aria-expanded=move || is_unfolded().to_string()
                    aria-controls=text.clone()
                    on:click=fold
                >
                    {name()}
                </button>
            }
            .into_any()
        } else {
            name().into_any()
        }
    };
    let tick = move || {
        let seen = progress.with(|progress| parts().filter(|part| progress.has(*part)).count());
        match (seen, parts().count()) {
            (seen, all) if seen == all => "✓ demonstrated".to_owned(),
            (0, _) => "not yet".to_owned(),
            (seen, all) => format!("{seen} of {all} seen"),
        }
    };
    let hint = move || {
        let hint = progress.judge(|found| progress.with(|progress| hint(id, progress, found)));
        hint.filter(|_| !is_demonstrated.get())
            .map(|hint| view! { <p class="step-hint">{hint}</p> })
    };
    let part = move |part: Part| {
        let is_seen = move || progress.with(|progress| progress.has(part));
        view! { <li>{move || if is_seen() { "✓ " } else { "○ " }} {part.what()}</li> }
    };
    view! {
        <li
            class="tour-step"
            class:is-demonstrated=is_demonstrated
            class:is-next=is_next
            id=id
            tabindex="-1"
            aria-current=move || is_next().then_some("step")
        >
            <h3>
                {heading}
                " "
                <span class="row-tick">{tick}</span>
            </h3>
            <div class="step-text" id=text_id hidden=is_folded>
                <p>{attempt}</p>
                <p class="step-look"><strong>"Look: "</strong>{look}</p>
                {(parts().count() > 1).then(|| view! { <ul class="row-parts">{parts().map(part).collect_view()}</ul> })}
                {hint}
                <details>
                    <summary>"What the document says"</summary>
                    <blockquote>{quote}</blockquote>
                </details>
            </div>
            <div class="step-controls" hidden=is_folded>
                {controls.iter().map(|control| view! { <ControlView control=*control place=id/> }).collect_view()}
                <ControlEffect place=id/>
            </div>
        </li>
    }
}

/// Whoever comes back from where a step's control led, or follows a link to it, goes on there.
fn addressed_step() -> Option<&'static str> {
    let addressed = window().location().hash().unwrap_or_default();
    ROWS.iter().map(|row| row.id).find(|id| addressed.strip_prefix('#') == Some(id))
}
