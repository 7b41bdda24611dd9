use leptos::prelude::*;
use shared::trace::{Message, Parameter, Step};

/// What a message brought along: each parameter with its value, what it is for, and its rule.
#[component]
pub fn MessageParameters(message: Message) -> impl IntoView {
    let step = message.step;
    (!message.parameters.is_empty()).then(|| {
        let rows = message.parameters.into_iter().map(|parameter| row(step, parameter));
        view! {
            <details class="message-parameters">
                <summary>"Parameters"</summary>
                <dl>{rows.collect_view()}</dl>
            </details>
        }
    })
}

fn row(step: Step, Parameter { name, value }: Parameter) -> impl IntoView {
    let meaning = step.meaning(&name).map(|meaning| {
        let section = meaning.section.map(|section| {
            view! { " " <a href=section.url rel="external noopener">{section.name}</a> }
        });
        view! { <dd class="parameter-meaning">{meaning.what}{section}</dd> }
    });
    view! {
        <div>
            <dt>{name}</dt>
            <dd class="parameter-value">{value}</dd>
            {meaning}
        </div>
    }
}
