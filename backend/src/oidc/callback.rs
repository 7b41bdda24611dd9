//! `GET /auth/callback`: the browser comes back from the IdP (OIDC Core §3.1.2.5).

use super::{
    ReturnTo,
    attempt::{self, Attempt, Found},
    client::{ExchangeError, Unavailable},
    id_token, or_page, see_other, sign_in_problem,
};
use crate::{
    App, Result,
    account::{self, Identity},
    cart, db,
    input::Query,
    ops::fetch_metadata,
    session::{self, Login, Visitor},
};
use actix_web::{HttpRequest, HttpResponse, web::Data};
use serde::Deserialize;
use shared::{
    paths::auth,
    session::{EndReason, SignInProblem},
};

#[derive(Deserialize)]
pub(super) struct CallbackQuery {
    #[serde(default)]
    state: String,
    code: Option<String>,
    /// RFC 9207: who answers.
    iss: Option<String>,
    error: Option<String>,
}

/// Why the login did not succeed: the page's words, and the log's.
struct Refusal {
    problem: SignInProblem,
    reason: String,
}

fn refuse<T>(problem: SignInProblem, reason: impl Into<String>) -> Result<T, Refusal> {
    Err(Refusal {
        problem,
        reason: reason.into(),
    })
}

pub(super) async fn callback(
    app: Data<App>,
    request: HttpRequest,
    visitor: Visitor,
    Query(query): Query<CallbackQuery>,
) -> Result<HttpResponse> {
    // An image or a frame of the IdP's page must not use the attempt up.
    fetch_metadata::require_document_navigation(&request)?;
    or_page(come_back(&app, &request, &visitor, &query).await)
}

async fn come_back(
    app: &App,
    request: &HttpRequest,
    visitor: &Visitor,
    query: &CallbackQuery,
) -> Result<HttpResponse> {
    let attempt = match attempt::take(app, request, &query.state, db::now()).await? {
        Found::Live(attempt) => attempt,
        // The back button, or a page that was left open overnight: go on quietly where that is possible.
        Found::Used(attempt) if visitor.customer_id().is_some() => {
            return Ok(see_other(ReturnTo::parse(&attempt.return_to).as_str()));
        }
        Found::Expired(attempt) if !attempt.restarted => return Ok(restart(&attempt)),
        Found::Used(attempt) | Found::Expired(attempt) => {
            tracing::info!("a login came back with a state that was used or is too old");
            let return_to = ReturnTo::parse(&attempt.return_to);
            return Ok(sign_in_problem(SignInProblem::UnknownAttempt, &return_to));
        }
        Found::Unknown => {
            tracing::info!("a login came back with a state that this browser did not send");
            return Ok(sign_in_problem(
                SignInProblem::UnknownAttempt,
                &ReturnTo::home(),
            ));
        }
    };
    let return_to = ReturnTo::parse(&attempt.return_to);
    let mut response = match authenticate(app, query, &attempt).await {
        Ok((login, identity)) => {
            match sign_in(app, request, visitor, &attempt, &login, &identity).await? {
                Ok(()) => {
                    let mut response = see_other(return_to.as_str());
                    if guest_cart(app, request, &attempt).is_some() {
                        let merged = cart::removal_cookie(&app.config);
                        response.add_cookie(&merged).map_err(anyhow::Error::from)?;
                    }
                    response
                }
                Err(refusal) => refusal.respond(&return_to),
            }
        }
        Err(refusal) => refusal.respond(&return_to),
    };
    let used = attempt::removal_cookie(&app.config, &query.state);
    response.add_cookie(&used).map_err(anyhow::Error::from)?;
    Ok(response)
}

/// From the callback's parameters to a validated login. Nothing of the session changes here.
async fn authenticate(
    app: &App,
    query: &CallbackQuery,
    attempt: &Attempt,
) -> Result<(Login, Identity), Refusal> {
    let provider = match app.oidc.provider().await {
        Ok(provider) => provider,
        Err(Unavailable(reason)) => {
            return refuse(SignInProblem::IdentityProviderUnavailable, reason);
        }
    };
    check_issuer(
        query.iss.as_deref(),
        &app.oidc.settings.issuer,
        provider.sends_iss(),
    )?;
    let code = authorization_code(query)?;
    let relying_party = app.oidc.relying_party(&provider);
    let tokens = match app
        .oidc
        .exchange(&relying_party, code, attempt.pkce_verifier.clone())
        .await
    {
        Ok(tokens) => tokens,
        Err(ExchangeError::Unreachable(reason)) => {
            return refuse(SignInProblem::IdentityProviderUnavailable, reason);
        }
        Err(ExchangeError::Refused(error)) => {
            return refuse(SignInProblem::Refused, format!("token endpoint: {error}"));
        }
    };
    let provider = match id_token::key_of(&tokens) {
        Some(kid) => app.oidc.provider_with_key(&kid).await.unwrap_or(provider),
        None => provider,
    };
    let expected = id_token::Expected {
        client_id: &app.oidc.settings.client_id,
        nonce: &attempt.nonce,
        prompt_login: attempt.prompt.as_deref() == Some("login"),
        max_age: attempt.max_age,
        acr: attempt.acr_values.as_deref(),
        attempt_began: attempt.created_at,
        now: db::now(),
    };
    id_token::validate(&app.oidc.relying_party(&provider), &tokens, &expected)
        .or_else(|reason| refuse(SignInProblem::Refused, reason))
}

/// RFC 9207 §2.4: an answer of another provider is refused before its code is sent anywhere (mix-up).
fn check_issuer(iss: Option<&str>, expected: &str, is_promised: bool) -> Result<(), Refusal> {
    match iss {
        Some(iss) if iss == expected => Ok(()),
        Some(_) => refuse(
            SignInProblem::Refused,
            "the answer's iss is another issuer's",
        ),
        None if is_promised => refuse(
            SignInProblem::Refused,
            "the answer has no iss, which the provider promises",
        ),
        None => Ok(()),
    }
}

/// OIDC Core §3.1.2.6: the code, or what the provider says instead.
fn authorization_code(query: &CallbackQuery) -> Result<String, Refusal> {
    match (query.error.as_deref(), &query.code) {
        (None, Some(code)) if !code.is_empty() => Ok(code.clone()),
        (None, _) => refuse(SignInProblem::Refused, "neither code nor error"),
        (Some("access_denied"), _) => refuse(SignInProblem::AccessDenied, "access_denied"),
        (Some("login_required"), _) => refuse(SignInProblem::LoginRequired, "login_required"),
        (Some("interaction_required" | "consent_required" | "account_selection_required"), _) => {
            refuse(SignInProblem::InteractionRequired, "interaction_required")
        }
        (Some("temporarily_unavailable" | "server_error"), _) => refuse(
            SignInProblem::IdentityProviderUnavailable,
            "the provider reports an error of its own",
        ),
        // The parameter's text is anybody's: it does not reach the log.
        (Some(_), _) => refuse(
            SignInProblem::Refused,
            "the provider answered with an error",
        ),
    }
}

/// Updates the local session: the visitor is known now, the key is another one, the carts are one.
async fn sign_in(
    app: &App,
    request: &HttpRequest,
    visitor: &Visitor,
    attempt: &Attempt,
    login: &Login,
    identity: &Identity,
) -> Result<Result<(), Refusal>> {
    let ended = || {
        refuse(
            SignInProblem::LoginRequired,
            "the provider ended this login before it arrived",
        )
    };
    if session::ended_by_identity_provider(&app.db, login).await? {
        return Ok(ended());
    }
    let now = db::now();
    let customer_id = account::customer_at_login(&app.db, identity, now).await?;
    let guest = guest_cart(app, request, attempt);
    cart::merge_at_login(&app.db, guest.as_deref(), customer_id, now).await?;
    let row = session::sign_in(
        app,
        visitor,
        attempt.session_id.as_deref(),
        customer_id,
        login,
        attempt.keep,
    )
    .await?;
    // Again: a logout token that came since the look above may have been too early to find the session.
    if session::ended_by_identity_provider(&app.db, login).await? {
        session::end(&app.live, &[row.id], EndReason::BackchannelLogout, now).await?;
        return Ok(ended());
    }
    Ok(Ok(()))
}

/// The hash of the token of this browser's cart: of now, or, where the callback came from another site
/// without the cookie, of when it left.
fn guest_cart(app: &App, request: &HttpRequest, attempt: &Attempt) -> Option<String> {
    let now = cart::CartToken::of(request, &app.config).map(|token| token.hash());
    now.or_else(|| attempt.cart_hash.clone())
}

/// Begins the same login anew, once. Whoever is still signed in at the IdP notices nothing.
fn restart(attempt: &Attempt) -> HttpResponse {
    let max_age = attempt.max_age.map(|seconds| seconds.to_string());
    let query = [
        ("return_to", Some(attempt.return_to.as_str())),
        ("keep", attempt.keep.then_some("1")),
        ("prompt", attempt.prompt.as_deref()),
        ("max_age", max_age.as_deref()),
        ("acr_values", attempt.acr_values.as_deref()),
        ("restarted", Some("1")),
    ];
    let query = serde_urlencoded::to_string(query).unwrap_or_default();
    see_other(&format!("{}?{query}", auth::LOGIN))
}

impl Refusal {
    fn respond(self, return_to: &ReturnTo) -> HttpResponse {
        tracing::warn!(
            problem = self.problem.as_str(),
            reason = self.reason,
            "a login was refused"
        );
        sign_in_problem(self.problem, return_to)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_of_another_issuer_is_refused() {
        assert!(check_issuer(Some("https://id.example"), "https://id.example", true).is_ok());
        assert!(check_issuer(Some("https://id.example/"), "https://id.example", true).is_err());
        assert!(check_issuer(Some("https://evil.example"), "https://id.example", false).is_err());
        assert!(check_issuer(None, "https://id.example", false).is_ok());
        assert!(check_issuer(None, "https://id.example", true).is_err());
    }
}
