use super::evidence::use_evidence;
use crate::{
    auth::{
        FRIENDBOOK, IDENTITY_PROVIDER, Login, Visitor, login_url, use_keep_signed_in,
        use_silent_login, use_visitor, words,
    },
    ui::{Button, ButtonKind, use_toasts},
};
use leptos::{prelude::*, task::spawn_local};
use shared::{paths::page, session::LogoutScope};

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
            <Lever label="Sign in plainly" login=Login::default()/>
            {move || social().then(|| view! {
                <Lever label="With Friendbook" login=Login { connection: Some(FRIENDBOOK), ..Login::default() }/>
            })}
            {move || acr_mfa().map(|acr| view! {
                <Lever label="With a second factor" login=Login { acr_values: Some(acr), ..Login::default() }/>
            })}
            <Lever label="Anew (prompt=login)" login=Login { prompt: Some("login"), ..Login::default() }/>
            <Lever label="Keep me signed in" login=Login { keep: true, ..Login::default() }/>
        </div>
    }
}

/// A login as the navigation that it is, back to this page.
#[component]
fn Lever(label: &'static str, login: Login) -> impl IntoView {
    let keep = use_keep_signed_in();
    let href = move || {
        login_url(&Login {
            return_to: page::SESSIONS.to_owned(),
            keep: login.keep || keep.get(),
            ..login.clone()
        })
    };
    view! { <a class="button button-secondary" href=href rel="external">{label}</a> }
}

#[component]
fn AskLevers() -> impl IntoView {
    let (visitor, silent) = (use_visitor(), use_silent_login());
    let toasts = use_toasts();
    let pretend = move |minutes: i64| {
        spawn_local(async move {
            if let Err(error) = visitor.age_session(minutes).await {
                toasts.say(error.detail().to_owned());
            }
        });
    };
    let evidence = use_evidence();
    let account = move || {
        evidence.provider().map(|provider| {
            view! {
                <a class="button button-secondary" href=provider.account_url rel="external">
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
            visitor.sign_out_or_say(scope, toasts).await;
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
