use super::{
    message_parameters::MessageParameters,
    unobserved_steps::{Basis, DocumentStep, TraceLine, UnobservedStep},
};
use crate::{api, auth::IDENTITY_PROVIDER};
use leptos::prelude::*;
use shared::{
    paths,
    trace::{Message, Party, Section, SourceLocation},
};
use std::cmp::Ordering;

/// One arrow of the diagram with what belongs to it.
#[component]
pub fn TraceMessage(
    line: TraceLine,
    /// Its place in this flow.
    number: usize,
    /// When the trace began, in milliseconds since the Unix epoch.
    began_at: i64,
    /// Whether a page asked for a code, and not for the tokens themselves.
    by_code: bool,
) -> impl IntoView {
    match line {
        TraceLine::Observed(message, document) => {
            view! { <ObservedMessage message document number began_at by_code/> }.into_any()
        }
        TraceLine::Unobserved(step) => view! { <UnobservedMessage step number/> }.into_any(),
    }
}

#[component]
fn ObservedMessage(
    message: Message,
    document: DocumentStep,
    number: usize,
    began_at: i64,
    by_code: bool,
) -> impl IntoView {
    let step = message.step;
    let (from, to) = step.parties();
    let carried = if step.is_redirect() {
        Some("by way of the browser, as a redirect")
    } else if step.is_form() {
        Some("by way of the browser, as a form")
    } else {
        None
    };
    let after = message.at - began_at;
    view! {
        <li class="message">
            <Arrow from to/>
            <div class=text_class(from, to)>
                <Title number from to title=step.title()/>
                <p class="message-facts">
                    <span class="message-basis">"● observed"</span>
                    <span class="message-time">{format!("+{after} ms")}</span>
                    {carried.map(|carried| view! { <span>{carried}</span> })}
                    <Document document/>
                    <Sections sections=step.sections(by_code)/>
                    <SourceLink location=step.handled_by()/>
                </p>
                <MessageParameters message/>
            </div>
        </li>
    }
}

#[component]
fn UnobservedMessage(step: UnobservedStep, number: usize) -> impl IntoView {
    let basis = match step.basis {
        Basis::Inferred(from) => format!("◐ inferred: {from}"),
        Basis::NotObserved => "○ not observed from here".to_owned(),
    };
    view! {
        <li class="message is-unobserved">
            <Arrow from=step.from to=step.to/>
            <div class=text_class(step.from, step.to)>
                <Title number from=step.from to=step.to title=step.title/>
                <p class="message-facts">
                    <span class="message-basis">{basis}</span>
                    <Document document=step.document/>
                    <Sections sections=step.sections/>
                </p>
            </div>
        </li>
    }
}

#[component]
fn Title(number: usize, from: Party, to: Party, title: &'static str) -> impl IntoView {
    view! {
        <p class="message-title">
            <span class="message-number">{number}</span>
            <span class="message-parties">{actors(from, to)}": "</span>
            <span>{title}</span>
        </p>
    }
}

fn actors(from: Party, to: Party) -> String {
    if from == to {
        format!("within {}", name(from))
    } else {
        format!("{} → {}", name(from), name(to))
    }
}

#[component]
fn Arrow(from: Party, to: Party) -> impl IntoView {
    let (from, to) = (column(from), column(to));
    let direction = match from.cmp(&to) {
        Ordering::Less => "goes-right",
        Ordering::Greater => "goes-left",
        Ordering::Equal => "stays",
    };
    let (first, last) = (from.min(to), from.max(to));
    view! { <span class=format!("arrow {direction} span-{first}-{last}") aria-hidden="true"></span> }
}

/// The document's own number of the step.
#[component]
fn Document(document: DocumentStep) -> impl IntoView {
    document.map(
        |step| view! { <span class="message-document">{format!("document: step {step}")}</span> },
    )
}

#[component]
fn Sections(sections: &'static [Section]) -> impl IntoView {
    sections
        .iter()
        .map(|section| view! { <a href=section.url rel="external noopener">{section.name}</a> })
        .collect_view()
}

/// A page with the function marked.
#[component]
fn SourceLink(location: SourceLocation) -> impl IntoView {
    let SourceLocation { file, function } = location;
    let page = api::address_of(&paths::with(paths::SOURCE, file));
    let short = file.rsplit('/').next().unwrap_or_default();
    view! {
        <a class="message-source" href=format!("{page}?function={function}#function") rel="external" title=file>
            {format!("{short} · {function}")}
        </a>
    }
}

pub const fn name(party: Party) -> &'static str {
    match party {
        Party::Browser => "Browser",
        Party::Shop => "storezero",
        Party::IdentityProvider => IDENTITY_PROVIDER,
        Party::SocialProvider => "Friendbook",
        Party::OtherBrowser => "The other browser",
    }
}

const fn column(party: Party) -> u8 {
    match party {
        Party::Browser => 1,
        Party::Shop => 2,
        // The identity provider has no part where one browser signs another one out.
        Party::IdentityProvider | Party::OtherBrowser => 3,
        Party::SocialProvider => 4,
    }
}

/// The text stands under its arrow where there is room.
fn text_class(from: Party, to: Party) -> String {
    format!("message-text under-{}", column(from).min(column(to)))
}
