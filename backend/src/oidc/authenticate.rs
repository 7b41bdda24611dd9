//! From the authorization endpoint's answer to a validated login (OIDC Core §3.1.2.7 to §3.1.3.7). Nothing of
//! the session changes here.

use super::{
    attempt::Attempt,
    client::{ExchangeError, RelyingParty, Tokens, Unavailable},
    id_token,
};
use crate::{
    App,
    account::Identity,
    db,
    session::Login,
    trace::{Masked, here, note},
};
use openidconnect::{OAuth2TokenResponse as _, TokenResponse as _};
use serde::Deserialize;
use shared::{
    session::SignInProblem,
    trace::{Step, Trace},
};

/// How far the IdP's clock and ours may be apart, to tell whether it asked for credentials. Milliseconds.
const SKEW: i64 = 1000;

/// The authorization response: in the callback's address, or handed on by the hidden iframe.
#[derive(Debug, Deserialize)]
pub(super) struct AuthorizationResponse {
    #[serde(default)]
    pub state: String,
    pub code: Option<String>,
    /// RFC 9207: who answers.
    pub iss: Option<String>,
    pub error: Option<String>,
}

/// Why a login did not succeed: the page's words, and the log's.
#[derive(Debug)]
pub(super) struct Refusal {
    pub problem: SignInProblem,
    pub reason: String,
}

pub(super) fn refuse<T>(problem: SignInProblem, reason: impl Into<String>) -> Result<T, Refusal> {
    Err(Refusal {
        problem,
        reason: reason.into(),
    })
}

pub(super) async fn authenticate(
    app: &App,
    answer: &AuthorizationResponse,
    attempt: &Attempt,
    trace: &mut Trace,
) -> Result<(Login, Identity), Refusal> {
    note_answer(answer, trace);
    let provider = match app.oidc.provider().await {
        Ok(provider) => provider,
        Err(Unavailable(reason)) => {
            return refuse(SignInProblem::IdentityProviderUnavailable, reason);
        }
    };
    check_issuer(
        answer.iss.as_deref(),
        &app.oidc.settings.issuer,
        provider.sends_iss(),
    )?;
    let code = authorization_code(answer)?;
    let redirect_uri = app.config.public(&attempt.redirect_path);
    let relying_party = app.oidc.relying_party(&provider, &redirect_uri);
    let tokens = exchange(app, &relying_party, code, attempt, trace).await?;
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
    let relying_party = app.oidc.relying_party(&provider, &redirect_uri);
    let (login, identity) = id_token::validate(&relying_party, &tokens, &expected)
        .or_else(|reason| refuse(SignInProblem::Refused, reason))?;
    note_login(&login, attempt, trace);
    Ok((login, identity))
}

async fn exchange(
    app: &App,
    relying_party: &RelyingParty,
    code: String,
    attempt: &Attempt,
    trace: &mut Trace,
) -> Result<Tokens, Refusal> {
    let parameters = [
        ("grant_type", Some("authorization_code".to_owned())),
        ("code", Some(Masked(&code).into())),
        (
            "redirect_uri",
            Some(app.config.public(&attempt.redirect_path).into()),
        ),
        ("code_verifier", Some(Masked(&attempt.pkce_verifier).into())),
    ];
    note(trace, here!(), Step::TokenRequest, parameters);
    let verifier = attempt.pkce_verifier.clone();
    let tokens = match app.oidc.exchange(relying_party, code, verifier).await {
        Ok(tokens) => tokens,
        Err(ExchangeError::Unreachable(reason)) => {
            return refuse(SignInProblem::IdentityProviderUnavailable, reason);
        }
        Err(ExchangeError::Refused(error)) => {
            return refuse(SignInProblem::Refused, format!("token endpoint: {error}"));
        }
    };
    let id_token = tokens.id_token().map(ToString::to_string);
    let parameters = [
        ("id_token", id_token.map(|token| Masked(&token).into())),
        (
            "access_token",
            Some(Masked(tokens.access_token().secret()).into()),
        ),
        ("token_type", Some("Bearer".to_owned())),
    ];
    note(trace, here!(), Step::TokenResponse, parameters);
    Ok(tokens)
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
fn authorization_code(answer: &AuthorizationResponse) -> Result<String, Refusal> {
    match (answer.error.as_deref(), &answer.code) {
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

/// An error's text is anybody's, so only a known one is written down.
fn note_answer(answer: &AuthorizationResponse, trace: &mut Trace) {
    let error = authorization_code(answer).err();
    let parameters = [
        (
            "code",
            answer.code.as_deref().map(|code| Masked(code).into()),
        ),
        (
            "error",
            error.map(|refusal| refusal.problem.into_str().to_owned()),
        ),
        ("state", Some(Masked(&answer.state).into())),
        ("iss", answer.iss.clone().filter(|iss| iss.len() <= 200)),
    ];
    note(trace, here!(), Step::AuthorizationResponse, parameters);
}

fn note_login(login: &Login, attempt: &Attempt, trace: &mut Trace) {
    trace.provider.clone_from(&login.provider);
    trace.asked = login
        .auth_time
        .map(|auth_time| auth_time > attempt.created_at - SKEW);
    let parameters = [
        ("iss", Some(login.issuer.clone())),
        ("sub", Some(Masked(&login.subject).into())),
        ("sid", login.sid.as_deref().map(|sid| Masked(sid).into())),
        ("nonce", Some(Masked(&attempt.nonce).into())),
        (
            "auth_time",
            login.auth_time.map(|time| (time / 1000).to_string()),
        ),
        ("acr", login.acr.clone()),
        ("amr", login.amr.clone()),
        ("provider", login.provider.clone()),
    ];
    note(trace, here!(), Step::IdTokenValidated, parameters);
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
