//! From an answer to tokens, or to the reason why not. The document's "the application authenticates the user".

use super::{
    authorization_request::{Flow, Sent},
    authorization_response::Response,
    code,
    id_token::{self, Claims, Expected, Fault},
    own_traces::record,
    provider::provider,
    settings::settings,
    tokens::{Tokens, fingerprint},
};
use crate::auth::visitor_context::device_now;
use shared::{session::SignInProblem, trace::Step};

/// Where a token does not say how long it lives (RFC 6749 §4.2.2 only recommends that). Seconds.
const LIFETIME: i64 = 60;
/// How long before the login began the person may have authenticated to have been asked for it. Seconds.
const ASKED_WITHIN: i64 = 5;

struct Received {
    access_token: String,
    id_token: String,
    expires_in: i64,
    scope: String,
}

/// `now` by the server's clock, in milliseconds since the Unix epoch. What happened is in `sent.trace`.
pub async fn complete(
    sent: &mut Sent,
    response: Response,
    now: i64,
) -> Result<Tokens, SignInProblem> {
    let began_at = now / 1000 - (device_now() - sent.trace.began_at) / 1000;
    let accepted = accept(sent, response, now).await;
    match accepted {
        Ok(tokens) => {
            sent.trace.provider.clone_from(&tokens.claims.provider);
            sent.trace.asked =
                tokens.claims.auth_time.map(|auth_time| auth_time >= began_at - ASKED_WITHIN);
            let kept = [
                ("scope", tokens.scope.clone()),
                ("seconds", (tokens.lifetime / 1000).to_string()),
            ];
            record(&mut sent.trace, Step::TokensKept, &kept).await;
            Ok(tokens)
        }
        Err((problem, why)) => {
            record(&mut sent.trace, Step::PageRefusal, &[("why", why)]).await;
            Err(problem)
        }
    }
}

type Refusal = (SignInProblem, String);

async fn accept(sent: &mut Sent, response: Response, now: i64) -> Result<Tokens, Refusal> {
    if !response.is_of_issuer() {
        return Err((SignInProblem::Refused, "iss is another issuer".to_owned()));
    }
    if let Some(error) = &response.error {
        return Err((problem_named(error), error.clone()));
    }
    let is_bearer =
        response.token_type.as_deref().is_none_or(|kind| kind.eq_ignore_ascii_case("bearer"));
    if !is_bearer {
        return Err((SignInProblem::Refused, "token_type is not Bearer".to_owned()));
    }
    let received = receive(sent, response).await?;
    let claims = authenticate(sent, &received, now / 1000).await.map_err(|fault| {
        let problem = match fault {
            Fault::KeysUnreachable => SignInProblem::IdentityProviderUnavailable,
            _ => SignInProblem::Refused,
        };
        (problem, fault.words().to_owned())
    })?;
    Ok(Tokens {
        fingerprint: fingerprint(&claims).await,
        access_token: received.access_token,
        id_token: received.id_token,
        claims,
        scope: received.scope,
        received_at: now,
        lifetime: received.expires_in.max(1) * 1000,
        flow: sent.flow,
    })
}

/// The tokens themselves: the implicit flow's answer has them, the code flow's is good for them.
async fn receive(sent: &mut Sent, response: Response) -> Result<Received, Refusal> {
    let missing = || (SignInProblem::Refused, "a token is missing".to_owned());
    match sent.flow {
        Flow::Implicit => Ok(Received {
            access_token: response.access_token.ok_or_else(missing)?,
            id_token: response.id_token.ok_or_else(missing)?,
            expires_in: response
                .expires_in
                .and_then(|seconds| seconds.parse().ok())
                .unwrap_or(LIFETIME),
            scope: response.scope.unwrap_or_default(),
        }),
        Flow::Code => {
            let unavailable = || {
                let why = "the token endpoint gave no tokens".to_owned();
                (SignInProblem::IdentityProviderUnavailable, why)
            };
            let code = response.code.ok_or_else(missing)?;
            let provider = provider().await.ok_or_else(unavailable)?;
            let answer = code::exchange(&provider, sent, &code).await.ok_or_else(unavailable)?;
            Ok(Received {
                access_token: answer.access_token,
                id_token: answer.id_token,
                expires_in: answer.expires_in.unwrap_or(LIFETIME),
                scope: answer.scope,
            })
        }
    }
}

async fn authenticate(sent: &mut Sent, received: &Received, now: i64) -> Result<Claims, Fault> {
    let settings = settings();
    let at_hash = id_token::at_hash(&received.access_token).await.ok_or(Fault::Malformed)?;
    let expected = Expected {
        issuer: &settings.issuer,
        client_id: &settings.client_id,
        nonce: &sent.nonce,
        at_hash: &at_hash,
        is_at_hash_required: sent.flow == Flow::Implicit,
        max_age: sent.max_age,
    };
    id_token::validate(&received.id_token, &expected, now, &mut sent.trace).await
}

/// OIDC Core §3.1.2.6 and RFC 6749 §4.2.2.1
fn problem_named(error: &str) -> SignInProblem {
    match error {
        "access_denied" => SignInProblem::AccessDenied,
        "login_required" => SignInProblem::LoginRequired,
        "interaction_required" | "consent_required" | "account_selection_required" => {
            SignInProblem::InteractionRequired
        }
        "server_error" | "temporarily_unavailable" => SignInProblem::IdentityProviderUnavailable,
        _ => SignInProblem::Refused,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_says_whether_the_session_there_is_over() {
        assert_eq!(problem_named("login_required"), SignInProblem::LoginRequired);
        for error in ["interaction_required", "consent_required"] {
            assert_eq!(problem_named(error), SignInProblem::InteractionRequired);
        }
        assert_eq!(problem_named("invalid_scope"), SignInProblem::Refused);
    }
}
