use crate::{
    api,
    auth::{Gate, IDENTITY_PROVIDER, use_visitor},
    ui::{
        Button, ButtonKind, Dialog, Moment, PageHeading, lazy_page, loaded, spawn_busy, use_toasts,
    },
};
use leptos::prelude::*;
use shared::{account::SignedInSession, paths};

lazy_page!(SignedInRoute, SignedInPage);

#[component]
fn SignedInPage() -> impl IntoView {
    view! {
        <div class="page signed-in">
            <PageHeading title="Where you’re signed in"/>
            <p class="page-lead">
                "Every browser in which the shop knows you. What you end here is signed out on its next request, \
                 and must give the password the next time."
            </p>
            <Gate><SignedIn/></Gate>
        </div>
    }
}

#[component]
fn SignedIn() -> impl IntoView {
    let visitor = use_visitor();
    let toasts = use_toasts();
    let sessions = LocalResource::new(move || async move {
        let list = api::get::<Vec<SignedInSession>>(paths::api::ACCOUNT_SESSIONS);
        visitor.gated(list).await
    });
    let ending = RwSignal::new(false);
    let end = move |path: String| {
        spawn_busy(ending, async move {
            let answer = visitor.gated(api::delete::<()>(&path)).await;
            toasts.say_result(&answer, "Signed out there.");
            sessions.refetch();
        });
    };
    let end_one = Callback::new(move |fingerprint: String| {
        end(paths::with(paths::api::ACCOUNT_SESSION, fingerprint));
    });
    let asking = RwSignal::new(false);
    let end_others = move |_| {
        asking.set(false);
        end(paths::api::ACCOUNT_SESSIONS.to_owned());
    };
    let retry = Callback::new(move |()| sessions.refetch());
    let list = move |sessions: Vec<SignedInSession>| {
        let has_others = sessions.len() > 1;
        let rows =
            sessions.into_iter().map(|session| view! { <SessionRow session ending end=end_one/> });
        view! {
            <ul class="signed-in-rows">{rows.collect_view()}</ul>
            {if has_others {
                view! {
                    <Button kind=ButtonKind::Secondary busy=ending on:click=move |_| asking.set(true)>
                        "Sign out everywhere else"
                    </Button>
                }
                .into_any()
            } else {
                view! { <p>"You are signed in nowhere else."</p> }.into_any()
            }}
        }
    };
    view! {
        {move || loaded(sessions.get(), 6, "Fetching your sessions…", retry, list)}
        <Dialog id="sign-out-others" title="Sign out everywhere else?" open=asking>
            <p>
                "Every browser on this list but this one is signed out at once, and must give the password the next \
                 time."
            </p>
            <div class="dialog-actions">
                <Button on:click=end_others>"Sign out there"</Button>
                <Button kind=ButtonKind::Secondary on:click=move |_| asking.set(false)>
                    "Stay signed in there"
                </Button>
            </div>
        </Dialog>
    }
}

#[component]
fn SessionRow(
    session: SignedInSession,
    ending: RwSignal<bool>,
    end: Callback<String>,
) -> impl IntoView {
    let kept = if session.persistent { "until its latest end" } else { "until the browser closes" };
    let name = session.user_agent.clone();
    view! {
        <li class="card signed-in-row">
            <h2>
                {session.user_agent}
                {session.is_this_one.then(|| view! { <span class="this-one">"This device"</span> })}
            </h2>
            <dl class="facts">
                <div><dt>"Signed in"</dt><dd><Moment at=session.authenticated_at.unwrap_or(session.created_at) with_time=true/></dd></div>
                <div><dt>"Last seen"</dt><dd><Moment at=session.last_seen_at with_time=true/></dd></div>
                <div><dt>"Kept"</dt><dd>{kept}</dd></div>
                <div><dt>"By way of"</dt><dd>{session.provider.unwrap_or_else(|| IDENTITY_PROVIDER.to_owned())}</dd></div>
                <div><dt>"Fingerprint"</dt><dd><code>{session.fingerprint.clone()}</code></dd></div>
            </dl>
            {(!session.is_this_one).then(|| view! {
                <Button kind=ButtonKind::Secondary busy=ending on:click=move |_| end.run(session.fingerprint.clone())>
                    "Sign out there"
                    <span class="visually-hidden">{format!(": {name}")}</span>
                </Button>
            })}
        </li>
    }
}
