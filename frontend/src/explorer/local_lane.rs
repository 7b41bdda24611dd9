use super::countdown_bar::CountdownBar;
use crate::{
    auth::{SignInLink, Visitor, messages, use_visitor},
    ui::{Button, ButtonKind, Moment, Skeleton},
};
use leptos::prelude::*;
use shared::{
    paths::page,
    session::{CustomerView, EndReason, SessionFacts},
};

/// The shop's own session: all of it can be known.
#[component]
pub fn LocalLane() -> impl IntoView {
    let visitor = use_visitor();
    view! {
        <section class="lane card" aria-labelledby="lane-local">
            <h2 id="lane-local">"storezero’s session"</h2>
            {move || match visitor.get() {
                Visitor::Unknown => view! { <Skeleton lines=6 label="Asking for your session…"/> }.into_any(),
                Visitor::Unreachable { reason } => view! {
                    <p class="lane-state is-unknown">"Not observable right now"</p>
                    <p>{reason}</p>
                    <Button kind=ButtonKind::Secondary on:click=move |_| visitor.refresh()>"Ask again"</Button>
                }
                .into_any(),
                Visitor::Anonymous { session: None, ended, .. } => view! { <NoSession ended/> }.into_any(),
                Visitor::Anonymous { session: Some(session), .. } => view! {
                    <p class="lane-state is-alive">"Alive, nobody signed in"</p>
                    <p>"It began when there was something to keep for you. Signing in goes on with it under a new key."</p>
                    <Facts session/>
                    <div class="lane-actions"><SignInLink/></div>
                }
                .into_any(),
                Visitor::Customer { session, customer, .. } => view! {
                    <p class="lane-state is-alive">{format!("Alive, signed in as {}", customer.name)}</p>
                    {session.map(|session| view! { <Facts session customer/> })}
                    <p><a href=page::SIGNED_IN>"Where you’re signed in"</a></p>
                }
                .into_any(),
            }}
        </section>
    }
}

#[component]
fn NoSession(ended: Option<EndReason>) -> impl IntoView {
    let last = ended.map(|reason| {
        view! {
            <p class="lane-state is-ended">{format!("Ended: {}", messages::ended_short(reason))}</p>
            <p>{messages::ended(reason)}</p>
        }
    });
    let is_new = last.is_none();
    view! {
        {last}
        {is_new.then(|| view! { <p class="lane-state is-unknown">"None"</p> })}
        <p>
            "Guests have no session: the shop keeps nothing about you and has set no session cookie. A session begins \
             when there is something to keep: when you put something into the cart, or sign in."
        </p>
        <div class="lane-actions"><SignInLink/></div>
    }
}

#[component]
fn Facts(
    session: SessionFacts,
    #[prop(optional, into)] customer: Option<CustomerView>,
) -> impl IntoView {
    let cookie = if session.persistent {
        "kept until the latest end (“Keep me signed in”)"
    } else {
        "gone when you close the browser"
    };
    let row = |name: &'static str, value: String| {
        view! { <div><dt>{name}</dt><dd>{value}</dd></div> }
    };
    let who = customer.and_then(|customer| customer.email);
    let methods = (!session.amr.is_empty()).then(|| session.amr.join(", "));
    let authenticated = match session.authenticated_at {
        Some(at) => view! { <Moment at with_time=true/> }.into_any(),
        None => "not yet".into_any(),
    };
    view! {
        <dl class="facts">
            <div><dt>"Fingerprint"</dt><dd><code>{session.fingerprint}</code></dd></div>
            {who.map(|email| row("Email", email))}
            <div><dt>"Began"</dt><dd><Moment at=session.created_at with_time=true/></dd></div>
            <div><dt>"Last seen"</dt><dd><Moment at=session.last_seen_at with_time=true/></dd></div>
            <div><dt>"Authenticated"</dt><dd>{authenticated}</dd></div>
            {methods.map(|methods| row("Methods (amr)", methods))}
            {session.acr.map(|acr| row("Level (acr)", acr))}
            {session.sid.map(|sid| row("IdP’s session (sid)", sid))}
            {session.provider.map(|provider| row("By way of", provider))}
            {row("Cookie", cookie.to_owned())}
        </dl>
        <CountdownBar
            label="Ends if nobody is active"
            from=session.last_seen_at
            until=session.idle_deadline
            note="Each page and click moves this limit, at most once a minute. Looking at this page does not."
        />
        <CountdownBar
            label="Ends at the latest"
            from=session.created_at
            until=session.absolute_deadline
            note="However active you are."
        />
    }
}
