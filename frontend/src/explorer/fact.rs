//! What is known, and how: no fact on this page stands without it.

use leptos::prelude::*;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// The shop's own data, or a message that it received.
    Observed,
    /// The answer to a silent question, true of its moment.
    Probed,
    /// It follows from something else, and nobody saw it.
    Inferred,
}

impl Kind {
    const fn word(self) -> &'static str {
        match self {
            Self::Observed => "observed",
            Self::Probed => "probed",
            Self::Inferred => "inferred",
        }
    }

    const fn class(self) -> &'static str {
        match self {
            Self::Observed => "kind is-observed",
            Self::Probed => "kind is-probed",
            Self::Inferred => "kind is-inferred",
        }
    }
}

/// The word, with its icon.
#[component]
pub fn KindMark(kind: Kind) -> impl IntoView {
    view! { <span class=kind.class()>{kind.word()}</span> }
}

/// One line of a list of facts.
#[component]
pub fn Fact(
    name: &'static str,
    kind: Kind,
    /// From what it follows, when it was asked, or what it means.
    #[prop(optional, into)]
    note: Option<String>,
    /// Whether it needs the whole width.
    #[prop(optional)]
    is_long: bool,
    children: Children,
) -> impl IntoView {
    view! {
        <div class="fact" class:is-long=is_long>
            <dt>{name}<KindMark kind/></dt>
            <dd>{children()}{note.map(|note| view! { <span class="fact-note">{note}</span> })}</dd>
        </div>
    }
}

/// What the three words mean, once for the page.
#[component]
pub fn Legend(
    /// Whose data is observed.
    observed: &'static str,
) -> impl IntoView {
    let entry = |kind: Kind, meaning: &'static str| {
        view! { <li><KindMark kind/>{meaning}</li> }
    };
    view! {
        <ul class="legend" aria-label="How each fact is known">
            {entry(Kind::Observed, observed)}
            {entry(Kind::Probed, "asked silently, and true of the moment that is told")}
            {entry(Kind::Inferred, "follows from something that is named, and was not seen")}
        </ul>
    }
}
