//! The authorization request (OIDC Core §3.1.2.1): sends the browser to the IdP, and remembers what must come back.

use super::{
    Client, Provider,
    attempt::{self, LoginParameters, Secrets},
    types::RelyingParty,
};
use crate::{Result, crypto, http::see_other, trace::record_request};
use actix_web::HttpResponse;
use oauth2::{CsrfToken, PkceCodeChallenge, Scope};
use openidconnect::Nonce;
use sea_orm::DatabaseConnection;
use shared::trace::{Step, Trace};
use url::Url;

#[tracing::instrument(skip_all)]
pub async fn send(
    db: &DatabaseConnection,
    client: &Client,
    provider: &Provider,
    parameters: LoginParameters,
    mut trace: Trace,
) -> Result<HttpResponse> {
    let relying_party = client.relying_party(provider, parameters.redirect_path);
    let (location, secrets) = build(&relying_party, &parameters);
    record_request(&mut trace, Step::AuthorizationRequest, &location);
    let cookie = attempt::begin(db, &client.config, &secrets, parameters, &trace).await?;
    let mut response = see_other(location.as_str());
    response.add_cookie(&cookie).map_err(anyhow::Error::from)?;
    Ok(response)
}

fn build(relying_party: &RelyingParty, parameters: &LoginParameters) -> (Url, Secrets) {
    let (challenge, pkce_verifier) = PkceCodeChallenge::new_random_sha256();
    let nonce = Nonce::new(crypto::token());
    let mut request = relying_party
        .authorize_url(|| CsrfToken::new(crypto::token()))
        .add_scopes(["openid", "profile", "email"].map(|scope| Scope::new(scope.to_owned())))
        .add_extra_param("nonce", nonce.secret())
        .set_pkce_challenge(challenge);
    let max_age = parameters.max_age.map(|seconds| seconds.to_string());
    let optional = [
        ("prompt", parameters.prompt.clone()),
        ("max_age", max_age),
        ("acr_values", parameters.acr_values.clone()),
        ("connection", parameters.connection.clone()),
    ];
    for (name, value) in optional {
        if let Some(value) = value {
            request = request.add_extra_param(name, value);
        }
    }
    let (url, state) = request.url();
    let secrets = Secrets { state, nonce, pkce_verifier };
    (url, secrets)
}
