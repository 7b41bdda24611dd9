use super::{
    clock::When,
    countdown_bar::{CountdownBar, NoCountdown},
    evidence::use_evidence,
    fact::{Fact, Kind, KindMark},
    history::use_history,
    lane_details::LaneDetails,
    local_state::{Ended, LocalState, OPENS, cookie_purpose, local_state},
};
use crate::{
    auth::{SignInLink, use_visitor},
    ui::{Button, ButtonKind, duration},
};
use leptos::prelude::*;
use shared::{paths::page, session::SessionFacts, session_history::SessionHistory};

/// What becomes of the shop's own session.
pub fn use_local_state() -> Memo<LocalState> {
    let (visitor, history, evidence) = (use_visitor(), use_history(), use_evidence());
    Memo::new(move |_| {
        visitor.with(|visitor| {
            history.with(|history| {
                evidence.with_traces(|traces| local_state(visitor, history.as_ref(), traces))
            })
        })
    })
}

/// The shop's own session: all of it can be known. Each state has the same lines, so that little moves between them.
#[component]
pub fn LocalLane() -> impl IntoView {
    let (visitor, history, state) = (use_visitor(), use_history(), use_local_state());
    let known = Memo::new(move |_| (visitor.session(), history.get()));
    view! {
        <section class="lane card" aria-labelledby="lane-local">
            <h2 id="lane-local">"storezero’s session"</h2>
            {move || view! { <State state=state.get()/> }}
            {move || {
                let (session, history) = known.get();
                view! { <Naming session history/> }
            }}
            {move || {
                let (session, history) = known.get();
                view! { <Limits session history/> }
            }}
            <div class="lane-actions">{move || match state.get() {
                LocalState::Unknown => ().into_any(),
                LocalState::Unreachable(_) => view! {
                    <Button kind=ButtonKind::Secondary on:click=move |_| visitor.refresh()>"Ask again"</Button>
                }
                .into_any(),
                LocalState::SignedIn { .. } => view! {
                    <a class="button button-secondary" href=page::SIGNED_IN>"Where you’re signed in"</a>
                }
                .into_any(),
                _ => view! { <SignInLink/> }.into_any(),
            }}</div>
            <LaneDetails>
                {move || {
                    let (session, history) = known.get();
                    view! { <FurtherFacts session history/> }
                }}
            </LaneDetails>
        </section>
    }
}

#[component]
fn State(state: LocalState) -> impl IntoView {
    let history = use_history();
    let class = match &state {
        LocalState::Guest | LocalState::SignedIn { .. } => "lane-state is-alive",
        LocalState::Ended(_) => "lane-state is-ended",
        _ => "lane-state is-unknown",
    };
    let at = match &state {
        LocalState::Ended(Ended { at, .. }) => *at,
        _ => None,
    };
    let is_told = !matches!(state, LocalState::Unknown | LocalState::Unreachable(_));
    view! {
        <p class=class>
            {state.headline()}
            {at.map(|at| view! { " " <When at/> })}
            {is_told.then(|| view! { <KindMark kind=Kind::Observed/> })}
        </p>
        <p class="lane-why">
            {move || history.with(|history| state.why(history.as_ref().map(|history| &*history.cookies)))}
        </p>
    }
}

/// In the place of what the shop has not told yet.
const NOT_TOLD: &str = "…";

/// What the session is called, what opens it, and by what cookie.
#[component]
fn Naming(session: Option<SessionFacts>, history: Option<SessionHistory>) -> impl IntoView {
    let is_told = history.is_some();
    let history = history.unwrap_or_default();
    let cookie = history.cookies.into_iter().find(|name| cookie_purpose(name) == OPENS);
    let lifetime = match (&session, &cookie) {
        _ if !is_told => "",
        (Some(session), Some(_)) if session.persistent => {
            "HttpOnly: no script sees it. It is kept until the latest end."
        }
        (Some(_), Some(_)) => "HttpOnly: no script sees it. It goes with the browser.",
        (None, Some(_)) => "Your browser still sends it; it opens nothing any more.",
        (_, None) => "None came with this page’s question.",
    };
    let none = if is_told { "none" } else { NOT_TOLD };
    let key_since = history.key_since;
    view! {
        <dl class="facts lane-facts lane-naming">
            <Fact name="Name" kind=Kind::Observed note="It stays when the key changes: it is the row’s.">
                {match session {
                    Some(session) => view! { <code>{session.fingerprint}</code> }.into_any(),
                    None => none.into_any(),
                }}
            </Fact>
            <Fact name="Key" kind=Kind::Observed>
                {match (history.former_key, history.key) {
                    (Some(former), Some(key)) => view! {
                        <del><code>{former}</code></del> " → " <ins><code>{key}</code></ins>
                    }
                    .into_any(),
                    (None, Some(key)) => view! { <code>{key}</code> }.into_any(),
                    (_, None) => none.into_any(),
                }}
                <span class="fact-note">
                    {match key_since {
                        Some(at) => view! { "since " <When at/> }.into_any(),
                        None => "A login replaces it, for safety.".into_any(),
                    }}
                </span>
            </Fact>
            <Fact name="Cookie" kind=Kind::Observed note=lifetime>
                {match cookie {
                    Some(name) => view! { <code>{name}</code> }.into_any(),
                    None => none.into_any(),
                }}
            </Fact>
        </dl>
    }
}

#[component]
fn Limits(session: Option<SessionFacts>, history: Option<SessionHistory>) -> impl IntoView {
    const IDLE: &str = "Ends if nobody is active";
    const ABSOLUTE: &str = "Ends at the latest";
    let why = if history.is_some() { "no session" } else { NOT_TOLD };
    let history = history.unwrap_or_default();
    let aged = aged(&history);
    let bars = match session {
        None => view! {
            <NoCountdown label=IDLE why/>
            <NoCountdown label=ABSOLUTE why/>
        }
        .into_any(),
        Some(session) => view! {
            <CountdownBar
                label=IDLE
                from=session.last_seen_at
                until=session.idle_deadline
                note="Each page that is opened and each click move this limit, at most once a minute. What this page asks \
                      by itself does not."
            />
            <CountdownBar
                label=ABSOLUTE
                from=history.key_since.unwrap_or(session.created_at)
                until=session.absolute_deadline
                note="However active you are. A login counts it anew."
            />
        }
        .into_any(),
    };
    view! {
        <h3 class="lane-subtitle">
            "Its limits" <KindMark kind=Kind::Observed/>
            {aged.map(|aged| view! { <span class="aged">{aged}</span> })}
        </h3>
        {bars}
    }
}

/// What marks a session that the demo's control has made older than it is.
fn aged(history: &SessionHistory) -> Option<String> {
    let by = history.aged_by;
    (by != 0).then(|| format!("aged by the control by {}", duration(by)))
}

#[component]
fn FurtherFacts(session: Option<SessionFacts>, history: Option<SessionHistory>) -> impl IntoView {
    let is_told = history.is_some();
    let none = if is_told { "none" } else { NOT_TOLD };
    let history = history.unwrap_or_default();
    let moment = |at: Option<i64>| match at {
        Some(at) => view! { <When at/> }.into_any(),
        None => none.into_any(),
    };
    let text = |text: Option<String>| text.unwrap_or_else(|| none.to_owned());
    let of = session.as_ref();
    let began = of.filter(|_| is_told).map(|session| session.created_at + history.aged_by);
    let last_seen_at = of.map(|session| session.last_seen_at);
    let authenticated_at = of.and_then(|session| session.authenticated_at);
    let methods = of.map(|session| session.amr.join(", ")).filter(|methods| !methods.is_empty());
    let before = history.ended.filter(|_| of.is_some());
    let ended_before = before.map_or("", |_| "It ended while this login was under way.");
    let aged = aged(&history);
    let seen_note = aged.as_ref().map(|_| "As the control has made it.").unwrap_or_default();
    let began_note = aged.map(|aged| format!("Its limits count from earlier: {aged}."));
    let others = history.cookies.iter().filter(|name| cookie_purpose(name) != OPENS);
    let others: Vec<String> =
        others.map(|name| format!("{name} ({})", cookie_purpose(name))).collect();
    let (acr, sid, provider) =
        session.map_or((None, None, None), |session| (session.acr, session.sid, session.provider));
    view! {
        <dl class="facts lane-facts">
            <Fact name="Began" kind=Kind::Observed note=began_note.unwrap_or_default()>{moment(began)}</Fact>
            <Fact name="Last seen" kind=Kind::Observed note=seen_note>{moment(last_seen_at)}</Fact>
            <Fact name="Authenticated" kind=Kind::Observed note="The IdP’s word: auth_time of the ID token.">
                {moment(authenticated_at)}
            </Fact>
            <Fact name="Methods (amr)" kind=Kind::Observed>{text(methods)}</Fact>
            <Fact name="Level (acr)" kind=Kind::Observed>{text(acr)}</Fact>
            <Fact name="IdP’s session (sid)" kind=Kind::Observed>
                <code>{text(sid)}</code>
            </Fact>
            <Fact name="By way of" kind=Kind::Observed>
                {text(provider)}
            </Fact>
            <Fact name="The one before" kind=Kind::Observed note=ended_before>
                {match before {
                    Some(end) => view! { "ended " <When at=end.at/> ", by the identity provider" }.into_any(),
                    None => "none".into_any(),
                }}
            </Fact>
            <Fact name="Other cookies" kind=Kind::Observed is_long=true>
                {text((!others.is_empty()).then(|| others.join(", ")))}
            </Fact>
        </dl>
        <p class="fine-print">
            "A login replaces the key and keeps the session: name, cart and what you did stay. Whoever planted or saw the \
             key before has one that opens nothing (session fixation)."
        </p>
    }
}
