use super::evidence::use_evidence;
use crate::{
    auth::{IDENTITY_PROVIDER, Visitor, use_silent_login, use_visitor, words},
    ui::{Button, ButtonKind, use_toasts},
};
use leptos::{prelude::*, task::spawn_local};
use shared::{
    paths::{auth, page},
    session::LogoutScope,
};

/// Everything that begins, asks after, or ends a session, without typing an address.
#[component]
pub fn Levers() -> impl IntoView {
    view! {
        <section class="card levers" aria-labelledby="levers-title">
            <h2 id="levers-title">"Levers"</h2>
            <div class="lever-groups">
                <SignInLevers/>
                <AskLevers/>
                <SignOutLevers/>
            </div>
        </section>
    }
}

#[component]
fn SignInLevers() -> impl IntoView {
    let evidence = use_evidence();
    let acr_mfa = move || evidence.provider().map(|provider| provider.acr_mfa);
    let social = move || {
        evidence
            .provider()
            .is_some_and(|provider| provider.federated_logout_available)
    };
    view! {
        <div class="lever-group" role="group" aria-labelledby="lever-in">
            <h3 id="lever-in">"Sign in"</h3>
            <Lever label="Sign in plainly" query=vec![]/>
            {move || social().then(|| view! {
                <Lever label="With Friendbook" query=vec![("connection", "friendbook".to_owned())]/>
            })}
            {move || acr_mfa().map(|acr| view! {
                <Lever label="With a second factor" query=vec![("acr_values", acr)]/>
            })}
            <Lever label="Anew (prompt=login)" query=vec![("prompt", "login".to_owned())]/>
            <Lever label="Keep me signed in" query=vec![("keep", "1".to_owned())]/>
        </div>
    }
}

/// A login as the navigation that it is, back to this page.
#[component]
fn Lever(label: &'static str, query: Vec<(&'static str, String)>) -> impl IntoView {
    let all: Vec<(&str, String)> = std::iter::once(("return_to", page::SESSIONS.to_owned()))
        .chain(query)
        .collect();
    let query = serde_urlencoded::to_string(all).unwrap_or_default();
    view! {
        <a class="button button-secondary" href=format!("{}?{query}", auth::LOGIN) rel="external">{label}</a>
    }
}

#[component]
fn AskLevers() -> impl IntoView {
    let (visitor, silent) = (use_visitor(), use_silent_login());
    let toasts = use_toasts();
    let pretend = move |minutes: i64| {
        spawn_local(async move {
            if let Err(error) = visitor.pretend_idle(minutes).await {
                toasts.say(error.detail().to_owned());
            }
        });
    };
    let evidence = use_evidence();
    let account = move || {
        evidence.provider().map(|provider| {
            let href = format!("{}/account", provider.issuer.trim_end_matches('/'));
            view! {
                <a class="button button-secondary" href=href rel="external">
                    {format!("Change something at {IDENTITY_PROVIDER}")}
                </a>
            }
        })
    };
    view! {
        <div class="lever-group" role="group" aria-labelledby="lever-ask">
            <h3 id="lever-ask">"Ask and age"</h3>
            <Button kind=ButtonKind::Secondary on:click=move |_| silent.ask()>"Ask silently (prompt=none)"</Button>
            {move || visitor.is_demo().then(|| view! {
                <Button kind=ButtonKind::Secondary on:click=move |_| pretend(28)>"Pretend 28 minutes of idleness"</Button>
                <Button kind=ButtonKind::Secondary on:click=move |_| pretend(30)>"Pretend half an hour of idleness"</Button>
            })}
            {account}
        </div>
    }
}

#[component]
fn SignOutLevers() -> impl IntoView {
    let visitor = use_visitor();
    let toasts = use_toasts();
    let sign_out = move |scope: LogoutScope| {
        spawn_local(async move {
            if let Err(error) = visitor.sign_out(scope).await {
                toasts.say(format!("You are still signed in. {}", error.detail()));
            }
        });
    };
    let item = move |scope: LogoutScope| {
        let (label, _) = words::sign_out(scope);
        view! {
            <Button kind=ButtonKind::Secondary on:click=move |_| sign_out(scope)>{label}</Button>
        }
    };
    let is_customer = move || visitor.with(|visitor| visitor.customer().is_some());
    let federated = move || visitor.with(Visitor::can_sign_out_federated);
    view! {
        <div class="lever-group" role="group" aria-labelledby="lever-out">
            <h3 id="lever-out">"Sign out"</h3>
            {move || if is_customer() {
                view! {
                    {item(LogoutScope::Local)}
                    {item(LogoutScope::Idp)}
                    {federated().then(|| item(LogoutScope::Federated))}
                }
                .into_any()
            } else {
                view! { <p>"Nobody is signed in here."</p> }.into_any()
            }}
        </div>
    }
}
