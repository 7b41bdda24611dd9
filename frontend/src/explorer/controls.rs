use super::{evidence::use_evidence, sign_out_buttons::SignOutButtons};
use crate::{
    auth::{
        FRIENDBOOK, IDENTITY_PROVIDER, sign_in_mark, use_keep_signed_in, use_silent_login,
        use_visitor,
    },
    ui::{Button, ButtonKind, use_toasts},
};
use leptos::{prelude::*, task::spawn_local};
use shared::{paths::page, session::LoginQuery};

/// Everything that begins, asks after, or ends a session, without typing an address.
#[component]
pub fn Controls() -> impl IntoView {
    view! {
        <section class="card controls" aria-labelledby="controls-title">
            <h2 id="controls-title">"Controls"</h2>
            <div class="control-groups">
                <SignInControls/>
                <AskControls/>
                <SignOutControls/>
            </div>
        </section>
    }
}

#[component]
fn SignInControls() -> impl IntoView {
    let evidence = use_evidence();
    let acr_mfa = move || evidence.provider().map(|provider| provider.acr_mfa);
    let social =
        move || evidence.provider().is_some_and(|provider| provider.federated_logout_available);
    view! {
        <div class="control-group" role="group" aria-labelledby="controls-sign-in">
            <h3 id="controls-sign-in">"Sign in"</h3>
            <LoginLink label="Sign in plainly" login=LoginQuery::default()/>
            {move || social().then(|| view! {
                <LoginLink label="With Friendbook" login=LoginQuery { connection: Some(FRIENDBOOK.to_owned()), ..LoginQuery::default() }/>
            })}
            {move || acr_mfa().map(|acr| view! {
                <LoginLink label="With a second factor" login=LoginQuery { acr_values: Some(acr), ..LoginQuery::default() }/>
            })}
            <LoginLink label="Anew (prompt=login)" login=LoginQuery { prompt: Some("login".to_owned()), ..LoginQuery::default() }/>
            <LoginLink label="Keep me signed in" login=LoginQuery { keep: true, ..LoginQuery::default() }/>
        </div>
    }
}

/// A login as the navigation that it is, back to this page.
#[component]
fn LoginLink(label: &'static str, login: LoginQuery) -> impl IntoView {
    let keep = use_keep_signed_in();
    let href = move || {
        let login = LoginQuery {
            return_to: page::SESSIONS.to_owned(),
            keep: login.keep || keep.get(),
            ..login.clone()
        };
        login.url()
    };
    // The Back button finds its way by it.
    let mark = |_| sign_in_mark::set(page::SESSIONS);
    view! { <a class="button button-secondary" href=href rel="external" on:click=mark>{label}</a> }
}

#[component]
fn AskControls() -> impl IntoView {
    let (visitor, silent) = (use_visitor(), use_silent_login());
    let toasts = use_toasts();
    let age_session = move |minutes: i64| {
        spawn_local(async move {
            toasts.say_error(&visitor.age_session(minutes).await);
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
        <div class="control-group" role="group" aria-labelledby="controls-ask">
            <h3 id="controls-ask">"Checks and age"</h3>
            <Button kind=ButtonKind::Secondary on:click=move |_| silent.ask()>"Ask silently (prompt=none)"</Button>
            {move || visitor.is_demo().then(|| view! {
                <Button kind=ButtonKind::Secondary on:click=move |_| age_session(28)>"Age the session by 28 minutes"</Button>
                <Button kind=ButtonKind::Secondary on:click=move |_| age_session(30)>"Age the session by half an hour"</Button>
            })}
            {account}
        </div>
    }
}

#[component]
fn SignOutControls() -> impl IntoView {
    view! {
        <div class="control-group" role="group" aria-labelledby="controls-sign-out">
            <h3 id="controls-sign-out">"Sign out"</h3>
            <SignOutButtons/>
        </div>
    }
}
