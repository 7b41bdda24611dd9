use super::controls::SilentCheck;
use crate::{
    auth::{IDENTITY_PROVIDER, SilentAnswer, TokenFacts, settings, use_page_tokens},
    explorer::{
        clock::{At, When, use_clock},
        fact::{Fact, Kind, KindMark},
        lane_details::LaneDetails,
        lane_state::{self, Remote, is_single_sign_on},
        remote_state::RemoteState,
    },
};
use leptos::prelude::*;
use shared::{session::SignInProblem, trace::TraceKind};

/// What can be said of the identity provider's session.
pub fn use_provider_state() -> Memo<Remote> {
    let (now, tokens) = (use_clock(), use_page_tokens());
    Memo::new(move |_| lane_state::identity_provider(&tokens.traces.get(), now.get()))
}

/// The identity provider's session: all that keeps anybody signed in here.
#[component]
pub fn ProviderLane() -> impl IntoView {
    let tokens = use_page_tokens();
    let state = use_provider_state();
    let asked_at = move || {
        let asked = tokens.answer().filter(|_| !tokens.is_asking());
        let traces = tokens.traces.get();
        let asked = traces
            .iter()
            .find(|trace| asked.is_some() && trace.kind == TraceKind::SilentRenewal)?;
        let at = asked.began_at;
        Some(view! { " Asked " <When at/> <KindMark kind=Kind::Probed/> })
    };
    view! {
        <section class="lane card" aria-labelledby="lane-provider">
            <h2 id="lane-provider">{format!("{IDENTITY_PROVIDER}’s session")}</h2>
            {move || view! { <RemoteState state=state.get()/> }}
            {move || tokens.facts().map(|facts| view! { <LastIdToken facts/> })}
            <div class="lane-actions">
                <SilentCheck/>
            </div>
            <p class="lane-note" role="status">
                {move || if tokens.is_asking() { "Asking…".to_owned() } else { answer(tokens.answer()) }}
                {asked_at}
            </p>
            <p><a href=settings().issuer rel="external">{format!("See it at {IDENTITY_PROVIDER} itself")}</a></p>
        </section>
    }
}

#[component]
fn LastIdToken(facts: TokenFacts) -> impl IntoView {
    let tokens = use_page_tokens();
    let claims = facts.claims;
    let methods = (!claims.amr.is_empty()).then(|| claims.amr.join(", "));
    let authenticated_at = claims.auth_time.map(|at| at * 1000);
    let login_began_at = tokens
        .traces
        .get()
        .into_iter()
        .find_map(|trace| (trace.kind == TraceKind::PageLogin).then_some(trace.began_at));
    view! {
        <LaneDetails>
            <dl class="facts lane-facts">
                {authenticated_at.map(|at| view! {
                    <Fact name="Authenticated" kind=Kind::Observed note="auth_time of the last ID token"><When at/></Fact>
                })}
                {authenticated_at.zip(login_began_at).map(|(at, began_at)| view! { <SingleSignOn at began_at/> })}
                {methods.map(|methods| view! { <Fact name="Methods" kind=Kind::Observed>{methods}</Fact> })}
                {claims.provider.map(|provider| view! { <Fact name="Came from" kind=Kind::Observed>{provider}</Fact> })}
                <Fact name="Last ID token" kind=Kind::Observed><When at=claims.iat * 1000/></Fact>
            </dl>
        </LaneDetails>
    }
}

#[component]
fn SingleSignOn(at: i64, began_at: i64) -> impl IntoView {
    let (answer, relation) = if is_single_sign_on(at, began_at) {
        ("yes: nothing was asked", ", before this login began, ")
    } else {
        ("no: you proved who you are", ", after this login began, ")
    };
    view! {
        <Fact name="Single sign-on" kind=Kind::Inferred>
            {answer}
            <span class="fact-note">"authenticated " <At at/> {relation} <At at=began_at/></span>
        </Fact>
    }
}

fn answer(answer: Option<SilentAnswer>) -> String {
    match answer {
        None => "A hidden iframe asks it, with prompt=none.".to_owned(),
        Some(SilentAnswer::Tokens) => "It knows you: new tokens, and nothing was asked.".to_owned(),
        Some(SilentAnswer::Nobody(SignInProblem::InteractionRequired)) => {
            "interaction_required: it knows somebody and wants to show a page first.".to_owned()
        }
        Some(SilentAnswer::Nobody(_)) => {
            "login_required: it has no session for this browser, or its cookie did not reach the frame.".to_owned()
        }
        Some(SilentAnswer::Refused) => "It answered, and the answer was not accepted.".to_owned(),
        Some(SilentAnswer::None) => {
            "No answer: the frame was blocked, or the identity provider is away.".to_owned()
        }
    }
}
