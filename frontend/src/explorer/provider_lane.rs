use super::{
    clock::{At, When, use_clock},
    controls::SilentCheck,
    countdown_bar::{CountdownBar, NoCountdown},
    evidence::use_evidence,
    fact::{Fact, Kind, KindMark},
    history::use_history,
    lane_details::LaneDetails,
    lane_state::{self, Remote, is_single_sign_on},
    remote_state::RemoteState,
};
use crate::auth::{IDENTITY_PROVIDER, SilentState, use_silent_login, use_visitor};
use leptos::prelude::*;
use shared::{
    session::{SessionFacts, SignInProblem},
    session_history::SessionHistory,
    trace::TraceKind,
};

/// What can be said of the identity provider's session.
pub fn use_provider_state() -> Memo<Remote> {
    let (now, evidence) = (use_clock(), use_evidence());
    Memo::new(move |_| {
        evidence.with_traces(|traces| lane_state::identity_provider(traces, now.get()))
    })
}

/// The identity provider's session: the shop knows what it was told, and can ask silently. Each state has the same lines.
#[component]
pub fn ProviderLane() -> impl IntoView {
    let (visitor, evidence, silent) = (use_visitor(), use_evidence(), use_silent_login());
    let (state, history) = (use_provider_state(), use_history());
    let known = Memo::new(move |_| (visitor.session(), history.get().unwrap_or_default()));
    let issuer = move || {
        evidence.provider().map(|provider| {
            view! { <a href=provider.issuer rel="external">{format!("See it at {IDENTITY_PROVIDER} itself")}</a> }
        })
    };
    view! {
        <section class="lane card" aria-labelledby="lane-provider">
            <h2 id="lane-provider">{format!("{IDENTITY_PROVIDER}’s session")}</h2>
            {move || view! { <RemoteState state=state.get()/> }}
            {move || {
                let (session, history) = known.get();
                view! { <LastLogin session history/> }
            }}
            <Limits/>
            <div class="lane-actions">
                <SilentCheck place="lane-provider"/>
            </div>
            <p class="lane-note" role="status">
                {move || answer(&silent.get())}
                {move || view! { <AskedAt state=silent.get()/> }}
            </p>
            <p class="lane-link">{issuer}</p>
            <LaneDetails>
                {move || {
                    let (session, _) = known.get();
                    view! { <FurtherFacts session/> }
                }}
            </LaneDetails>
        </section>
    }
}

/// What the last login told of it.
#[component]
fn LastLogin(session: Option<SessionFacts>, history: SessionHistory) -> impl IntoView {
    let sid = session.as_ref().and_then(|session| session.sid.clone());
    let former = history.former_sid.filter(|_| sid.is_some());
    let sid_note = match (&former, &sid) {
        (Some(former), Some(sid)) if former == sid => {
            "It is the one of the login before: it goes on there."
        }
        (Some(_), Some(_)) => "Another one than at the login before: it was reset there.",
        (_, Some(_)) => "In the ID token, and in a logout token that ends it.",
        _ => "In ID tokens: none is here.",
    };
    let authenticated_at = session.and_then(|session| session.authenticated_at);
    let times = authenticated_at.zip(history.login_began_at);
    view! {
        <dl class="facts lane-facts">
            <Fact name="Its name (sid)" kind=Kind::Observed note=sid_note>
                {match (former, sid) {
                    (Some(former), Some(sid)) if former != sid => view! {
                        <del><code>{former}</code></del> " → " <ins><code>{sid}</code></ins>
                    }
                    .into_any(),
                    (_, Some(sid)) => view! { <code>{sid}</code> }.into_any(),
                    _ => "not known".into_any(),
                }}
            </Fact>
            <Fact name="Authenticated" kind=Kind::Observed note="auth_time of the last ID token">
                {match authenticated_at {
                    Some(at) => view! { <When at/> }.into_any(),
                    None => "not known".into_any(),
                }}
            </Fact>
            <Fact name="Single sign-on" kind=Kind::Inferred>
                {match times {
                    Some((authenticated_at, began_at)) if is_single_sign_on(authenticated_at, began_at) => view! {
                        "yes: nothing was asked"
                        <span class="fact-note">
                            "authenticated " <At at=authenticated_at/> ", before this login began, " <At at=began_at/>
                        </span>
                    }
                    .into_any(),
                    Some((_, began_at)) => view! {
                        "no: you proved who you are"
                        <span class="fact-note">"authenticated after this login began, " <At at=began_at/></span>
                    }
                    .into_any(),
                    None => view! { "not known"<span class="fact-note">"from auth_time and the login’s beginning"</span> }.into_any(),
                }}
            </Fact>
        </dl>
    }
}

/// Its limits are its own; what it publishes of them, counted from what the shop saw last.
#[component]
fn Limits() -> impl IntoView {
    const IDLE: &str = "Ends if nobody uses it";
    const ABSOLUTE: &str = "Ends at the latest";
    let (visitor, evidence) = (use_visitor(), use_evidence());
    let counted = Memo::new(move |_| {
        let session = visitor.session()?;
        Some((session.id_token_issued_at?, session.authenticated_at?))
    });
    let bars = move || {
        let lifetimes = evidence.provider().and_then(|provider| provider.session_lifetimes);
        match lifetimes.zip(counted.get()) {
            Some((lifetimes, (seen_at, began_at))) => view! {
                <CountdownBar
                    label=IDLE
                    from=seen_at
                    until=seen_at + lifetimes.idle * 1000
                    note="Counted from the last ID token: what other shops do with it, this one cannot see."
                />
                <CountdownBar
                    label=ABSOLUTE
                    from=began_at
                    until=began_at + lifetimes.absolute * 1000
                    note="By the limits that it publishes, for a session that is not kept there."
                />
            }
            .into_any(),
            None => view! {
                <NoCountdown label=IDLE why="not known"/>
                <NoCountdown label=ABSOLUTE why="not known"/>
            }
            .into_any(),
        }
    };
    view! {
        <h3 class="lane-subtitle">"Its limits" <KindMark kind=Kind::Inferred/></h3>
        {bars}
    }
}

#[component]
fn FurtherFacts(session: Option<SessionFacts>) -> impl IntoView {
    let of = session.as_ref();
    let methods = of.map(|session| session.amr.join(", ")).filter(|methods| !methods.is_empty());
    let provider = of.and_then(|session| session.provider.clone());
    let issued_at = of.and_then(|session| session.id_token_issued_at);
    let text = |text: Option<String>| text.unwrap_or_else(|| "not known".to_owned());
    view! {
        <dl class="facts lane-facts">
            <Fact name="Methods" kind=Kind::Observed>{text(methods)}</Fact>
            <Fact name="Came from" kind=Kind::Observed>{text(provider)}</Fact>
            <Fact name="Last ID token" kind=Kind::Observed>
                {match issued_at {
                    Some(at) => view! { <When at/> }.into_any(),
                    None => "not known".into_any(),
                }}
            </Fact>
        </dl>
    }
}

/// When it was asked silently: its answer is of that moment.
#[component]
fn AskedAt(state: SilentState) -> impl IntoView {
    let evidence = use_evidence();
    let is_answer = matches!(state, SilentState::Known(_) | SilentState::Nobody(_));
    let at = move || {
        evidence.with_traces(|traces| {
            let asked = traces.iter().find(|trace| trace.kind == TraceKind::SilentLogin)?;
            Some(asked.began_at)
        })
    };
    move || {
        let at = at().filter(|_| is_answer)?;
        Some(view! { " Asked " <When at/> <KindMark kind=Kind::Probed/> })
    }
}

fn answer(state: &SilentState) -> String {
    match state {
        SilentState::NotAsked => "A hidden iframe can ask it, with prompt=none.".to_owned(),
        SilentState::Asking => "Asking…".to_owned(),
        SilentState::Known(name) => format!("It knows {name}, and asked nothing."),
        SilentState::Nobody(SignInProblem::LoginRequired) => {
            "login_required: it has no session for this browser, or its cookie did not reach it because \
             third-party cookies are blocked."
                .to_owned()
        }
        SilentState::Nobody(SignInProblem::InteractionRequired) => {
            "interaction_required: it knows somebody and wants to show a page first.".to_owned()
        }
        SilentState::Nobody(problem) => format!("It did not say: {}.", problem.into_str()),
        SilentState::NoAnswer => {
            "No answer: the frame was blocked, or the identity provider is away.".to_owned()
        }
    }
}
