use crate::{
    auth::{Flow, TokenFacts, Visitor, messages, use_page_tokens, use_visitor},
    explorer::{
        clock::When,
        countdown_bar::CountdownBar,
        fact::{Fact, Kind, KindMark},
    },
    ui::Skeleton,
};
use leptos::prelude::*;
use shared::session::EndReason;

/// How it is with this page's tokens, in a word.
pub fn use_tokens_word() -> Signal<&'static str> {
    let tokens = use_page_tokens();
    Signal::derive(move || if tokens.facts().is_some() { "tokens held" } else { "no tokens" })
}

/// In the place of the local session: there is none, and what there is instead.
#[component]
pub fn TokensCard() -> impl IntoView {
    let (tokens, visitor) = (use_page_tokens(), use_visitor());
    let none = move || {
        visitor.with(|visitor| match visitor {
            Visitor::Unknown => view! { <Skeleton lines=4 label="Asking for tokens…"/> }.into_any(),
            Visitor::Anonymous { ended, .. } => view! { <NoTokens ended=*ended/> }.into_any(),
            Visitor::Customer { .. } | Visitor::Unreachable { .. } => ().into_any(),
        })
    };
    view! {
        <section class="lane card" aria-labelledby="lane-local">
            <h2 id="lane-local">"Local session"</h2>
            <p class="lane-state is-unknown">"There is none" <KindMark kind=Kind::Observed/></p>
            <p class="lane-why">
                "Nothing at the shop keeps you signed in here: this page sends it no cookie, and its API believes each \
                 request’s own token."
            </p>
            {move || match tokens.facts() {
                Some(facts) => view! { <Held facts/> }.into_any(),
                None => none(),
            }}
        </section>
    }
}

#[component]
fn NoTokens(ended: Option<EndReason>) -> impl IntoView {
    view! {
        <h3>"Tokens in this page’s memory"</h3>
        <p>"None: nobody is signed in here."</p>
        {ended.map(|reason| view! { <p>{messages::ended(reason)}</p> })}
    }
}

#[component]
fn Held(facts: TokenFacts) -> impl IntoView {
    let tokens = use_page_tokens();
    let claims = facts.claims;
    let name = claims.name.or(claims.email).unwrap_or_default();
    let way = match facts.flow {
        Flow::Implicit => "Implicit Flow",
        Flow::Code => "Authorization Code with PKCE",
    };
    let renewals = move || match tokens.renewals() {
        0 => "never since this page was opened".to_owned(),
        1 => "once since this page was opened".to_owned(),
        count => format!("{count} times since this page was opened"),
    };
    view! {
        <h3>"Tokens in this page’s memory"</h3>
        <CountdownBar
            label="The access token expires"
            from=facts.received_at
            until=facts.expires_at
            note="At three quarters of its life a hidden iframe asks for another one."
        />
        <dl class="facts lane-facts">
            <Fact name="ID token names" kind=Kind::Observed>{name}</Fact>
            <Fact name="Access token opens" kind=Kind::Observed>{facts.scope}</Fact>
            <Fact name="Got by" kind=Kind::Observed>{way}</Fact>
            <Fact name="Got at" kind=Kind::Observed><When at=facts.received_at/></Fact>
            <Fact name="Renewed" kind=Kind::Observed>{renewals}</Fact>
        </dl>
        <p class="fine-print">
            "They are written down nowhere: a reload forgets them, and asks for new ones. Until it expires the access \
             token opens the API for whoever holds it."
        </p>
    }
}
