//! The logout request to the IdP's end-session endpoint (OpenID Connect RP-Initiated Logout 1.0 §2).

use super::{Client, Provider};
use crate::trace::record;
use shared::{
    paths::page,
    session::LogoutScope,
    trace::{Step, Trace},
};
use url::Url;

/// The longest ID token that is sent as a hint, in bytes: encrypted, it fits into a cookie. `client_id` stands in for a
/// longer one, and the IdP may ask whether to sign out.
const LONGEST_HINT: usize = 2000;

/// What the browser takes to the IdP.
#[derive(Debug)]
pub struct EndSessionRequest {
    pub endpoint: Url,
    pub parameters: Vec<(&'static str, String)>,
}

/// `None` if the IdP knows no logout.
pub fn end_session_request(
    client: &Client,
    provider: &Provider,
    id_token_hint: Option<String>,
    scope: LogoutScope,
) -> Option<EndSessionRequest> {
    let mut request = match provider.end_session_endpoint() {
        Some(endpoint) => standard(client, endpoint.url().clone(), id_token_hint, scope),
        None if provider.is_auth0() => auth0(client, provider, scope)?,
        None => return None,
    };
    if scope == LogoutScope::Federated && provider.ends_social_sessions() {
        request.endpoint.query_pairs_mut().append_pair("federated", "1");
    }
    Some(request)
}

/// `state` says what ends: the IdP hands it back to the page that the browser comes to.
fn standard(
    client: &Client,
    endpoint: Url,
    id_token_hint: Option<String>,
    scope: LogoutScope,
) -> EndSessionRequest {
    let mut parameters = vec![
        ("client_id", client.settings().client_id.clone()),
        ("post_logout_redirect_uri", signed_out(client).into()),
        ("state", scope.into_str().to_owned()),
    ];
    let hint = id_token_hint.filter(|hint| hint.len() <= LONGEST_HINT);
    parameters.extend(hint.map(|hint| ("id_token_hint", hint)));
    EndSessionRequest { endpoint, parameters }
}

/// Tenants without the standard's endpoint have one of Auth0's own.
fn auth0(client: &Client, provider: &Provider, scope: LogoutScope) -> Option<EndSessionRequest> {
    let endpoint = provider.metadata.issuer().url().join("/v2/logout").ok()?;
    let mut return_to = signed_out(client);
    return_to.query_pairs_mut().append_pair("state", scope.into_str());
    let client_id = client.settings().client_id.clone();
    let parameters = vec![("client_id", client_id), ("returnTo", return_to.into())];
    Some(EndSessionRequest { endpoint, parameters })
}

fn signed_out(client: &Client) -> Url {
    client.redirect_uri(page::SIGNED_OUT)
}

impl EndSessionRequest {
    /// An ID token is personal data: it stands in no address, of which browsers, proxies and servers keep lists.
    pub fn hint(&self) -> Option<&str> {
        let hint = self.parameters.iter().find(|(name, _)| *name == "id_token_hint");
        hint.map(|(_, hint)| hint.as_str())
    }

    /// The request as an address.
    pub fn url(&self) -> Url {
        let mut url = self.endpoint.clone();
        url.query_pairs_mut().extend_pairs(&self.parameters);
        url
    }

    pub fn record(&self, trace: &mut Trace) {
        let federated = self.endpoint.query_pairs().any(|(name, _)| name == "federated");
        let mut endpoint = self.endpoint.clone();
        endpoint.set_query(None);
        let mut shown = vec![("to", endpoint.to_string())];
        shown.extend(self.parameters.iter().cloned());
        shown.extend(federated.then(|| ("federated", "1".to_owned())));
        record(trace, Step::EndSessionRequest, shown);
    }
}
