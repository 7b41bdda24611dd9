use super::controls::SilentCheck;
use crate::{
    auth::{IDENTITY_PROVIDER, SilentAnswer, TokenFacts, settings, use_page_tokens, use_visitor},
    explorer::{lane_state, remote_state::RemoteState},
    ui::Moment,
};
use leptos::prelude::*;
use shared::session::SignInProblem;

/// The identity provider's session: all that keeps anybody signed in here.
#[component]
pub fn ProviderLane() -> impl IntoView {
    let (tokens, visitor) = (use_page_tokens(), use_visitor());
    let now = visitor.server_clock();
    let state = Memo::new(move |_| lane_state::identity_provider(&tokens.traces.get(), now.get()));
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
            </p>
            <p><a href=settings().issuer rel="external">{format!("See it at {IDENTITY_PROVIDER} itself")}</a></p>
        </section>
    }
}

#[component]
fn LastIdToken(facts: TokenFacts) -> impl IntoView {
    let claims = facts.claims;
    let methods = (!claims.amr.is_empty()).then(|| claims.amr.join(", "));
    view! {
        <dl class="facts">
            {claims.auth_time.map(|at| view! {
                <div><dt>"Authenticated"</dt><dd><Moment at=at * 1000 with_time=true/></dd></div>
            })}
            {methods.map(|methods| view! { <div><dt>"Methods"</dt><dd>{methods}</dd></div> })}
            {claims.provider.map(|provider| view! { <div><dt>"Came from"</dt><dd>{provider}</dd></div> })}
            <div><dt>"Last ID token"</dt><dd><Moment at=claims.iat * 1000 with_time=true/></dd></div>
        </dl>
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
