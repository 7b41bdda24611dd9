use crate::{
    api,
    auth::{Gate, IDENTITY_PROVIDER, step_up, use_visitor},
    ui::{
        Button, ButtonKind, Dialog, Moment, PageHeading, focus_heading, lazy_page, loaded,
        spawn_busy, use_toasts,
    },
};
use leptos::prelude::*;
use shared::{account::SignedInSession, paths};

/// By these names this tab remembers what was to end while the person signs in again.
const END_OTHERS: &str = "end-other-sessions";
const END_ONE: &str = "end-session:";

/// What was done here, told on the page until it is left: a toast goes before everybody has read it.
#[derive(Clone, PartialEq)]
struct Done {
    what: String,
    /// Milliseconds since the Unix epoch.
    at: i64,
}

/// What ending it has done. After the login in between nobody remembers the browser's name.
fn done_by(action: &str, sessions: &[SignedInSession]) -> String {
    let fingerprint = action.strip_prefix(END_ONE);
    let ended = sessions.iter().find(|session| Some(&*session.fingerprint) == fingerprint);
    match (ended, fingerprint) {
        (Some(session), _) => format!("{} is signed out.", session.user_agent),
        (None, Some(_)) => "That browser is signed out.".to_owned(),
        (None, None) => "Every browser but this one is signed out.".to_owned(),
    }
}

/// `None` for an action of another page.
fn path_of(action: &str) -> Option<String> {
    if action == END_OTHERS {
        return Some(paths::api::ACCOUNT_SESSIONS.to_owned());
    }
    let fingerprint = action.strip_prefix(END_ONE)?;
    Some(paths::with(paths::api::ACCOUNT_SESSION, fingerprint))
}

lazy_page!(SignedInRoute, SignedInPage, with AccountRoute);

#[component]
fn SignedInPage() -> impl IntoView {
    view! {
        <div class="page signed-in">
            <PageHeading title="Where you’re signed in"/>
            <p class="page-lead">
                "Every browser in which the shop knows you. What you end here is signed out on its next request, \
                 and must give the password the next time. It needs a login of the last ten minutes: if yours is older \
                 you are asked to sign in once more, and it goes on by itself."
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
    let done = RwSignal::new(None::<Done>);
    let who = untrack(|| visitor.customer()).map(|customer| customer.fingerprint);
    let who = who.unwrap_or_default();
    let resumed = step_up::take_resumed(visitor, &who);
    let who = StoredValue::new(who);
    // `resumed`: it was tried before the person signed in again, and must not send them there twice.
    let end = move |action: String, resumed: bool| {
        let Some(path) = path_of(&action) else { return };
        let listed = untrack(|| sessions.get()).and_then(Result::ok).unwrap_or_default();
        let what = done_by(&action, &listed);
        done.set(None);
        spawn_busy(ending, async move {
            let answer = visitor.gated(api::delete::<()>(&path)).await;
            if let Err(error) = &answer
                && !resumed
            {
                let leave = |who: &String| step_up::leave_for_step_up(visitor, who, &action, error);
                if who.try_with_value(leave).flatten().is_some() {
                    return;
                }
            }
            match answer {
                Ok(()) => {
                    let told = done.try_set(Some(Done { what, at: visitor.server_now() }));
                    // The button that was pressed goes with its row; the page may have been left meanwhile.
                    if told.is_none() {
                        focus_heading();
                    }
                }
                Err(_) => toasts.say_error(&answer),
            }
            sessions.refetch();
        });
    };
    if let Some(action) = resumed {
        end(action, true);
    }
    let end_one = Callback::new(move |fingerprint: String| {
        end(format!("{END_ONE}{fingerprint}"), false);
    });
    let asking = RwSignal::new(false);
    let end_others = move |_| {
        asking.set(false);
        end(END_OTHERS.to_owned(), false);
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
    let told = move || {
        done.get().map(|Done { what, at }| {
            view! {
                <p class="note note-good">
                    {what} " Its next request finds no session: done " <Moment at with_time=true/> "."
                </p>
            }
        })
    };
    view! {
        <div role="status">{told}</div>
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
                <div><dt>"Session’s name"</dt><dd><code>{session.fingerprint.clone()}</code></dd></div>
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
