use super::{
    controls::SilentCheck,
    countdown_bar::CountdownBar,
    evidence::use_evidence,
    lane_state::{self, Remote},
    remote_state::RemoteState,
};
use crate::{
    auth::{IDENTITY_PROVIDER, SilentState, use_silent_login, use_visitor},
    ui::Moment,
};
use leptos::prelude::*;
use shared::session::{SessionFacts, SignInProblem};

/// The identity provider's session: the shop knows what it was told, and can ask silently.
#[component]
pub fn ProviderLane() -> impl IntoView {
    let (visitor, evidence, silent) = (use_visitor(), use_evidence(), use_silent_login());
    let state = move || {
        evidence.with_traces(|traces| lane_state::identity_provider(traces, visitor.server_now()))
    };
    let session = move || visitor.session();
    let issuer = move || {
        evidence.provider().map(|provider| {
            view! {
                <p><a href=provider.issuer rel="external">{format!("See it at {IDENTITY_PROVIDER} itself")}</a></p>
            }
        })
    };
    view! {
        <section class="lane card" aria-labelledby="lane-provider">
            <h2 id="lane-provider">{format!("{IDENTITY_PROVIDER}’s session")}</h2>
            {move || view! { <RemoteState state=state()/> }}
            {move || session().map(|session| view! { <LastIdToken session/> })}
            {move || matches!(state(), Remote::Alive { .. } | Remote::NotObservable { .. }).then(|| view! { <Limits/> })}
            <div class="lane-actions">
                <SilentCheck place="lane-provider"/>
            </div>
            <p class="lane-note" role="status">{move || answer(&silent.get())}</p>
            {issuer}
        </section>
    }
}

/// What the last ID token said of it.
#[component]
fn LastIdToken(session: SessionFacts) -> impl IntoView {
    let methods = (!session.amr.is_empty()).then(|| session.amr.join(", "));
    session.id_token_issued_at.map(|issued_at| {
        view! {
            <dl class="facts">
                {session.sid.map(|sid| view! { <div><dt>"Its name (sid)"</dt><dd><code>{sid}</code></dd></div> })}
                {session.authenticated_at.map(|at| view! {
                    <div><dt>"Authenticated"</dt><dd><Moment at with_time=true/></dd></div>
                })}
                {methods.map(|methods| view! { <div><dt>"Methods"</dt><dd>{methods}</dd></div> })}
                {session.provider.map(|provider| view! { <div><dt>"Came from"</dt><dd>{provider}</dd></div> })}
                <div><dt>"Last ID token"</dt><dd><Moment at=issued_at with_time=true/></dd></div>
            </dl>
        }
    })
}

/// Its limits are its own; what it publishes of them, counted from what the shop saw last.
#[component]
fn Limits() -> impl IntoView {
    let (visitor, evidence) = (use_visitor(), use_evidence());
    move || {
        let lifetimes = evidence.provider()?.session_lifetimes?;
        let session = visitor.session()?;
        let seen_at = session.id_token_issued_at?;
        let began_at = session.authenticated_at?;
        Some(view! {
            <CountdownBar
                label="Ends if nobody uses it"
                from=seen_at
                until=seen_at + lifetimes.idle * 1000
                note="Counted from the last ID token: what other shops do with it, this one cannot see."
            />
            <CountdownBar
                label="Ends at the latest"
                from=began_at
                until=began_at + lifetimes.absolute * 1000
                note="By the limits that it publishes, for a session that is not kept there."
            />
        })
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
