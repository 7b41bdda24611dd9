//! The shop as a client of its IdP: its settings, and what it knows of the provider.

use super::{
    discovery::{Discovery, Unavailable},
    provider::Provider,
    types::RelyingParty,
};
use crate::{Config, config::Oidc};
use oauth2::{ClientId, ClientSecret, RedirectUrl};
use std::sync::Arc;
use url::Url;

pub struct Client {
    pub(super) config: Config,
    pub(super) discovery: Discovery,
}

impl Client {
    pub fn new(config: &Config) -> anyhow::Result<Self> {
        Ok(Self { discovery: Discovery::new(&config.oidc.issuer)?, config: config.clone() })
    }

    /// The provider, from the cache or fetched now.
    pub async fn provider(&self) -> Result<Arc<Provider>, Unavailable> {
        self.discovery.provider().await
    }

    /// Whether a login could begin now, as far as the last call to the IdP told.
    pub fn is_available(&self) -> bool {
        self.discovery.is_available()
    }

    /// Whether the provider, as far as it is known, ends social sessions too.
    pub fn ends_social_sessions(&self) -> bool {
        let provider = self.discovery.known_provider();
        provider.is_some_and(|provider| provider.ends_social_sessions())
    }

    pub fn settings(&self) -> &Oidc {
        &self.config.oidc
    }

    /// Where the IdP sends the browser back: `path` at the shop's public address.
    pub fn redirect_uri(&self, path: &str) -> Url {
        self.config.public(path)
    }

    /// The redirect URI is the same in the authorization request and in the token request (RFC 6749 §4.1.3).
    pub(super) fn relying_party(&self, provider: &Provider, redirect_path: &str) -> RelyingParty {
        let Oidc { client_id, client_secret, .. } = self.settings();
        oauth2::Client::new(ClientId::new(client_id.clone()))
            .set_client_secret(ClientSecret::new(client_secret.0.clone()))
            .set_auth_uri(provider.metadata.authorization_endpoint().clone())
            .set_token_uri_option(provider.metadata.token_endpoint().cloned())
            .set_redirect_uri(RedirectUrl::from_url(self.redirect_uri(redirect_path)))
    }
}
