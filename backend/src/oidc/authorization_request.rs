//! The authorization request (OIDC Core §3.1.2.1): sends the browser to the IdP, and notes what must come back.

use super::{
    attempt::{self, Wish},
    client::RelyingParty,
    provider::Provider,
    see_other,
};
use crate::{
    App, Result, db,
    trace::{here, parameters_of},
};
use actix_web::HttpResponse;
use openidconnect::{
    CsrfToken, Nonce, PkceCodeChallenge, PkceCodeVerifier, Scope, core::CoreAuthenticationFlow,
};
use shared::trace::{Step, Trace};
use url::Url;

/// Of the authorization request, what nobody but this browser and the IdP may know.
const SECRET_PARAMETERS: [&str; 3] = ["state", "nonce", "code_challenge"];

/// `connection` is the social provider that the IdP passes the browser on to at once.
pub(super) async fn send(
    app: &App,
    provider: &Provider,
    connection: Option<&str>,
    wish: Wish,
    mut trace: Trace,
) -> Result<HttpResponse> {
    let redirect_uri = app.config.public(wish.redirect_path);
    let relying_party = app.oidc.relying_party(provider, &redirect_uri);
    let (location, state, nonce, pkce_verifier) = build(&relying_party, connection, &wish);
    parameters_of(
        &mut trace,
        here!(),
        Step::AuthorizationRequest,
        &location,
        &SECRET_PARAMETERS,
    );
    let cookie = attempt::begin(
        app,
        state.secret(),
        nonce.secret(),
        pkce_verifier.secret(),
        wish,
        &trace,
        db::now(),
    )
    .await?;
    let mut response = see_other(location.as_str());
    response.add_cookie(&cookie).map_err(anyhow::Error::from)?;
    Ok(response)
}

fn build(
    relying_party: &RelyingParty,
    connection: Option<&str>,
    wish: &Wish,
) -> (Url, CsrfToken, Nonce, PkceCodeVerifier) {
    let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
    let mut request = relying_party
        .authorize_url(
            CoreAuthenticationFlow::AuthorizationCode,
            || CsrfToken::new(crate::crypto::token()),
            || Nonce::new(crate::crypto::token()),
        )
        .add_scope(Scope::new("profile".to_owned()))
        .add_scope(Scope::new("email".to_owned()))
        .set_pkce_challenge(challenge);
    let optional = [
        ("prompt", wish.prompt.clone()),
        ("max_age", wish.max_age.map(|seconds| seconds.to_string())),
        ("acr_values", wish.acr_values.clone()),
        ("connection", connection.map(str::to_owned)),
    ];
    for (name, value) in optional {
        if let Some(value) = value {
            request = request.add_extra_param(name, value);
        }
    }
    let (url, state, nonce) = request.url();
    (url, state, nonce, verifier)
}
