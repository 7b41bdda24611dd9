use super::unobserved_steps::{TraceLine, UnobservedStep};
use crate::{api, auth::IDENTITY_PROVIDER};
use leptos::prelude::*;
use shared::{
    paths,
    trace::{Message, Party, SourceLocation},
};
use std::cmp::Ordering;

/// Which of the document's lists of steps a trace follows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Numbering {
    None,
    Password,
    Social,
}

/// One arrow of the diagram with what belongs to it.
#[component]
pub fn TraceMessage(
    line: TraceLine,
    /// When the trace began, in milliseconds since the Unix epoch.
    began_at: i64,
    numbering: Numbering,
) -> impl IntoView {
    match line {
        TraceLine::Observed(message) => {
            view! { <ObservedMessage message began_at numbering/> }.into_any()
        }
        TraceLine::Unobserved(step) => view! { <UnobservedMessage step/> }.into_any(),
    }
}

#[component]
fn ObservedMessage(message: Message, began_at: i64, numbering: Numbering) -> impl IntoView {
    let step = message.step;
    let (from, to) = step.parties();
    let section = step.section().map(|section| {
        view! { <a href=section.url rel="external noopener">{section.name}</a> }
    });
    let number = match numbering {
        Numbering::None => None,
        Numbering::Password => step.number(false),
        Numbering::Social => step.number(true),
    };
    let after = message.at - began_at;
    let parameters = (!message.parameters.is_empty()).then(|| {
        let rows = message.parameters.into_iter().map(|parameter| {
            view! { <div><dt>{parameter.name}</dt><dd>{parameter.value}</dd></div> }
        });
        view! {
            <details class="message-parameters">
                <summary>"Parameters"</summary>
                <dl>{rows.collect_view()}</dl>
            </details>
        }
    });
    let redirect = step.is_redirect().then_some(" by way of the browser, as a redirect");
    view! {
        <li class="message">
            <Arrow from to/>
            <div class=text_class(from, to)>
                <p class="message-title">
                    <Number number/>
                    {step.title()}
                </p>
                <p class="message-facts">
                    <span>{format!("{} → {}", name(from), name(to))}{redirect}</span>
                    <span class="message-time">{format!("+{after} ms")}</span>
                    {section}
                    <SourceLink location=message.step.handled_by()/>
                </p>
                {parameters}
            </div>
        </li>
    }
}

#[component]
fn UnobservedMessage(step: UnobservedStep) -> impl IntoView {
    view! {
        <li class="message is-unobserved">
            <Arrow from=step.from to=step.to/>
            <div class=text_class(step.from, step.to)>
                <p class="message-title"><Number number=step.number/>{step.title}</p>
                <p class="message-facts">
                    <span>{format!("{} → {}", name(step.from), name(step.to))}</span>
                    <span>"outside, not observed from here"</span>
                </p>
            </div>
        </li>
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
fn Number(number: Option<u8>) -> impl IntoView {
    number.map(|number| {
        view! { <span class="message-number" title="The document’s number of this step">{number}</span> }
    })
}

/// The text fragment leads to the function itself (WICG Scroll to Text Fragment).
#[component]
fn SourceLink(location: SourceLocation) -> impl IntoView {
    let file = api::address_of(&paths::with(paths::SOURCE, location.file));
    let href = format!("{file}#:~:text=fn%20{}", location.function);
    let short = location.file.rsplit('/').next().unwrap_or_default();
    view! {
        <a class="message-source" href=href rel="external" target="_blank" title=location.file>
            {format!("{short} · {}", location.function)}
        </a>
    }
}

pub const fn name(party: Party) -> &'static str {
    match party {
        Party::Browser => "Browser",
        Party::Shop => "storezero",
        Party::IdentityProvider => IDENTITY_PROVIDER,
        Party::SocialProvider => "Friendbook",
    }
}

const fn column(party: Party) -> u8 {
    match party {
        Party::Browser => 1,
        Party::Shop => 2,
        Party::IdentityProvider => 3,
        Party::SocialProvider => 4,
    }
}

/// The text stands under its arrow where there is room.
fn text_class(from: Party, to: Party) -> String {
    format!("message-text under-{}", column(from).min(column(to)))
}
