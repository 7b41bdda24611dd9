//! The logout request to the IdP's end-session endpoint (OpenID Connect RP-Initiated Logout 1.0 §2).

use super::{Client, Provider, types::IdToken};
use crate::trace::record_request;
use openidconnect::{ClientId, CsrfToken, EndSessionUrl, LogoutRequest, PostLogoutRedirectUrl};
use shared::{
    paths::page,
    session::LogoutScope,
    trace::{Step, Trace},
};
use url::Url;

/// Where the browser goes to end the IdP's own session; nowhere if the IdP knows no logout.
pub fn url(
    client: &Client,
    provider: &Provider,
    id_token_hint: Option<&str>,
    scope: LogoutScope,
    trace: &mut Trace,
) -> Option<Url> {
    let mut url = match provider.end_session_endpoint() {
        Some(endpoint) => standard(client, endpoint.clone(), id_token_hint, scope),
        None if provider.is_auth0() => auth0(client, provider, scope)?,
        None => return None,
    };
    if scope == LogoutScope::Federated && provider.ends_social_sessions() {
        url.query_pairs_mut().append_pair("federated", "1");
    }
    record_request(trace, Step::EndSessionRequest, &url);
    Some(url)
}

/// `state` says what ends: the IdP hands it back to the page that the browser comes to.
fn standard(
    client: &Client,
    endpoint: EndSessionUrl,
    id_token_hint: Option<&str>,
    scope: LogoutScope,
) -> Url {
    let request = LogoutRequest::from(endpoint)
        .set_client_id(ClientId::new(client.settings().client_id.clone()))
        .set_post_logout_redirect_uri(PostLogoutRedirectUrl::from_url(signed_out(client)))
        .set_state(CsrfToken::new(scope.into_str().to_owned()));
    let id_token: Option<IdToken> = id_token_hint.and_then(|hint| hint.parse().ok());
    match id_token {
        Some(id_token) => request.set_id_token_hint(&id_token).http_get_url(),
        None => request.http_get_url(),
    }
}

/// Tenants without the standard's endpoint have one of Auth0's own.
fn auth0(client: &Client, provider: &Provider, scope: LogoutScope) -> Option<Url> {
    let mut url = provider.metadata.issuer().url().join("/v2/logout").ok()?;
    let mut return_to = signed_out(client);
    return_to.query_pairs_mut().append_pair("state", scope.into_str());
    url.query_pairs_mut()
        .append_pair("client_id", &client.settings().client_id)
        .append_pair("returnTo", return_to.as_str());
    Some(url)
}

fn signed_out(client: &Client) -> Url {
    client.redirect_uri(page::SIGNED_OUT)
}
