//! The token request (OIDC Core §3.1.3): the code for tokens, with the PKCE verifier (RFC 7636 §4.5).

use super::{
    Attempt, Client,
    http::{self, HttpError},
    provider::with_causes,
    refusal::{Refusal, refuse},
    types::{RelyingParty, Tokens},
};
use crate::trace::record;
use oauth2::{
    AuthorizationCode, PkceCodeVerifier, RequestTokenError, TokenResponse as _,
    basic::BasicErrorResponse,
};
use shared::{
    session::SignInProblem,
    trace::{Step, Trace},
};

type ExchangeError = RequestTokenError<HttpError, BasicErrorResponse>;

#[tracing::instrument(skip_all)]
pub(super) async fn exchange(
    client: &Client,
    relying_party: &RelyingParty,
    code: &str,
    attempt: &Attempt,
    trace: &mut Trace,
) -> Result<Tokens, Refusal> {
    let redirect_uri = client.redirect_uri(&attempt.redirect_path);
    let request = [
        ("grant_type", "authorization_code"),
        ("code", code),
        ("redirect_uri", redirect_uri.as_str()),
        ("code_verifier", &attempt.pkce_verifier),
    ];
    record(trace, Step::TokenRequest, request);
    let send = |request| http::send(client.discovery.http.clone(), request);
    let tokens = relying_party
        .exchange_code(AuthorizationCode::new(code.to_owned()))
        .or_else(|error| unreachable(with_causes(&error)))?
        .set_pkce_verifier(PkceCodeVerifier::new(attempt.pkce_verifier.clone()))
        .request_async(&send)
        .await
        .or_else(refused)?;
    let response = [
        ("id_token", tokens.extra_fields().id_token.clone()),
        ("access_token", Some(tokens.access_token().secret().clone())),
        ("token_type", Some("Bearer".to_owned())),
    ];
    record(trace, Step::TokenResponse, response);
    Ok(tokens)
}

/// The IdP did not answer, or not as RFC 6749 §5 says, or it refused: the code was used before, expired, or is not
/// ours.
fn refused(error: ExchangeError) -> Result<Tokens, Refusal> {
    let refused =
        |reason: &str| refuse(SignInProblem::Refused, format!("token endpoint: {reason}"));
    match error {
        RequestTokenError::ServerResponse(answer) => refused(answer.error().as_ref()),
        RequestTokenError::Request(error) => unreachable(with_causes(&error)),
        // The body may hold tokens: its text stays out of the log.
        RequestTokenError::Parse(..) => {
            unreachable("the token endpoint's answer is no token response")
        }
        RequestTokenError::Other(text) => unreachable(text),
    }
}

fn unreachable<T>(reason: impl Into<String>) -> Result<T, Refusal> {
    refuse(SignInProblem::IdentityProviderUnavailable, reason)
}
