use crate::{
    auth::{FRIENDBOOK, Flow, Visitor, settings, use_page_tokens, use_visitor},
    explorer::{labels, sign_out_buttons::SignOutButtons},
    ui::{Button, ButtonKind, RadioChoice, RadioGroup},
};
use leptos::prelude::*;
use shared::{paths::page, session::LoginQuery};

/// Everything that begins, asks after, or ends a session, without typing an address.
#[component]
pub fn Controls() -> impl IntoView {
    view! {
        <section class="card controls" aria-labelledby="controls-title">
            <h2 id="controls-title">"Controls"</h2>
            <div class="control-groups">
                <SignInControls/>
                <FlowControls/>
                <SignOutControls/>
            </div>
        </section>
    }
}

#[component]
fn SignInControls() -> impl IntoView {
    let visitor = use_visitor();
    let friendbook = move || visitor.with(Visitor::knows_friendbook);
    let link = |label: &'static str, login: LoginQuery| {
        let login = LoginQuery { return_to: page::SESSIONS.to_owned(), ..login };
        view! { <a class="button button-secondary" href=login.url() rel="external">{label}</a> }
    };
    let social = LoginQuery { connection: Some(FRIENDBOOK.to_owned()), ..LoginQuery::default() };
    let anew = LoginQuery { prompt: Some("login".to_owned()), ..LoginQuery::default() };
    view! {
        <div class="control-group" role="group" aria-labelledby="controls-sign-in">
            <h3 id="controls-sign-in">"Sign in"</h3>
            {link(labels::SIGN_IN, LoginQuery::default())}
            {move || friendbook().then(|| link(labels::BY_FRIENDBOOK, social.clone()))}
            {link(labels::SIGN_IN_ANEW, anew)}
        </div>
    }
}

/// Asks the identity provider for the next tokens, in a hidden iframe.
#[component]
pub fn SilentCheck() -> impl IntoView {
    let tokens = use_page_tokens();
    let asking = Signal::derive(move || tokens.is_asking());
    view! {
        <Button kind=ButtonKind::Secondary busy=asking on:click=move |_| tokens.ask()>{labels::SILENT_CHECK}</Button>
    }
}

#[component]
fn FlowControls() -> impl IntoView {
    let tokens = use_page_tokens();
    let flow = RwSignal::new(Flow::chosen());
    let value = Signal::derive(move || flow.get().response_type().to_owned());
    let choose = Callback::new(move |chosen: String| {
        let chosen = if chosen == Flow::Code.response_type() { Flow::Code } else { Flow::Implicit };
        chosen.choose();
        flow.set(chosen);
        // Whoever is signed in sees the other flow at work at once.
        if tokens.has_tokens() {
            tokens.ask();
        }
    });
    let choices = vec![
        RadioChoice::new(Flow::Implicit.response_type(), "Implicit Flow")
            .detail("as the document has it".to_owned()),
        RadioChoice::new(Flow::Code.response_type(), "Authorization Code with PKCE")
            .detail("as RFC 9700 advises".to_owned()),
    ];
    view! {
        <div class="control-group">
            <RadioGroup name="flow" legend="The next tokens come by" choices value on_choose=choose/>
            <p class="fine-print">"Both renew in the same hidden iframe."</p>
        </div>
    }
}

#[component]
fn SignOutControls() -> impl IntoView {
    view! {
        <div class="control-group" role="group" aria-labelledby="controls-sign-out">
            <h3 id="controls-sign-out">"Sign out"</h3>
            <SignOutButtons/>
            <a class="button button-secondary" href=format!("{}{}", settings().api, page::SESSIONS) rel="external">
                {labels::OTHER_SHOP}
            </a>
            <a class="button button-secondary" href=format!("{}/account", settings().issuer) rel="external">
                {labels::CHANGE_AT_PROVIDER}
            </a>
        </div>
    }
}
