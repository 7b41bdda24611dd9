//! From the authorization endpoint's answer to a validated login (OIDC Core §3.1.2.7 to §3.1.3.7). Nothing of
//! the session changes here.

use super::{
    Attempt, Client,
    discovery::Unavailable,
    id_token,
    refusal::{Refusal, refuse},
    token_request,
};
use crate::{customers::Identity, db, session::Login, trace::record};
use serde::{Deserialize, Serialize};
use shared::{
    session::SignInProblem,
    trace::{Step, Trace},
};

/// The authorization response: in the callback's address, or handed on by the hidden iframe.
#[derive(Debug, Deserialize, Serialize)]
pub struct AuthorizationResponse {
    #[serde(default)]
    pub state: String,
    pub code: Option<String>,
    /// RFC 9207: who answers.
    pub iss: Option<String>,
    pub error: Option<AuthorizationError>,
}

impl AuthorizationResponse {
    /// Nobody signed in, and to ask again helps.
    pub const fn needs_a_login(&self) -> bool {
        matches!(self.error, Some(AuthorizationError::LoginRequired))
    }
}

/// OIDC Core §3.1.2.6. The parameter's text is anybody's: an unknown one reaches neither log nor page.
#[derive(Clone, Copy, Debug, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum AuthorizationError {
    AccessDenied,
    LoginRequired,
    InteractionRequired,
    ConsentRequired,
    AccountSelectionRequired,
    TemporarilyUnavailable,
    ServerError,
    #[serde(other)]
    Other,
}

#[tracing::instrument(skip_all)]
pub async fn authenticate(
    client: &Client,
    response: &AuthorizationResponse,
    attempt: &Attempt,
    trace: &mut Trace,
) -> Result<(Login, Identity), Refusal> {
    record(trace, Step::AuthorizationResponse, response);
    let provider = client.provider().await.or_else(unavailable)?;
    let iss = response.iss.as_deref();
    check_issuer(iss, &client.settings().issuer, provider.sends_iss())?;
    let code = authorization_code(response)?;

    let relying_party = client.relying_party(&provider, &attempt.redirect_path);
    let tokens = token_request::exchange(client, &relying_party, code, attempt, trace).await?;

    let kid = id_token::key_of(&tokens);
    let current = client.discovery.provider_with_key(kid.as_deref()).await;
    let provider = current.unwrap_or(provider);
    let expected = id_token::Expected {
        issuer: &client.settings().issuer,
        client_id: &client.settings().client_id,
        nonce: &attempt.nonce,
        prompt_login: attempt.prompt.as_deref() == Some("login"),
        max_age: attempt.max_age,
        acr: attempt.acr_values.as_deref(),
        attempt_began: attempt.created_at,
        now: db::now(),
    };
    id_token::validate(&provider, &tokens, &expected, trace)
        .or_else(|reason| refuse(SignInProblem::Refused, reason))
}

fn unavailable<T>(Unavailable(reason): Unavailable) -> Result<T, Refusal> {
    refuse(SignInProblem::IdentityProviderUnavailable, reason)
}

/// RFC 9207 §2.4: an answer of another provider is refused before its code is sent anywhere (mix-up).
fn check_issuer(iss: Option<&str>, expected: &str, is_promised: bool) -> Result<(), Refusal> {
    match iss {
        Some(iss) if iss == expected => Ok(()),
        Some(_) => refuse(SignInProblem::Refused, "the answer's iss is another issuer's"),
        None if is_promised => {
            refuse(SignInProblem::Refused, "the answer has no iss, which the provider promises")
        }
        None => Ok(()),
    }
}

/// OIDC Core §3.1.2.6: the code, or what the provider says instead.
fn authorization_code(response: &AuthorizationResponse) -> Result<&str, Refusal> {
    use AuthorizationError as Error;
    let (problem, reason) = match (response.error, response.code.as_deref()) {
        (None, Some(code)) if !code.is_empty() => return Ok(code),
        (None, _) => (SignInProblem::Refused, "neither code nor error"),
        (Some(Error::AccessDenied), _) => (SignInProblem::AccessDenied, "access_denied"),
        (Some(Error::LoginRequired), _) => (SignInProblem::LoginRequired, "login_required"),
        (
            Some(
                Error::InteractionRequired
                | Error::ConsentRequired
                | Error::AccountSelectionRequired,
            ),
            _,
        ) => (SignInProblem::InteractionRequired, "interaction_required"),
        (Some(Error::TemporarilyUnavailable | Error::ServerError), _) => {
            (SignInProblem::IdentityProviderUnavailable, "the provider reports an error of its own")
        }
        (Some(Error::Other), _) => (SignInProblem::Refused, "the provider answered with an error"),
    };
    refuse(problem, reason)
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
