//! What the IdP says of itself: discovery document and keys, fetched together.

use openidconnect::{
    AdditionalProviderMetadata, EndSessionUrl, IssuerUrl, ProviderMetadata,
    core::{
        CoreAuthDisplay, CoreClaimName, CoreClaimType, CoreClientAuthMethod, CoreGrantType,
        CoreJsonWebKey, CoreJweContentEncryptionAlgorithm, CoreJweKeyManagementAlgorithm,
        CoreResponseMode, CoreResponseType, CoreSubjectIdentifierType,
    },
};
use serde::{Deserialize, Serialize};
use shared::identity_provider::SessionLifetimes;

/// The parts of the discovery document that openidconnect does not know.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Extra {
    /// OpenID Connect RP-Initiated Logout 1.0 §2.1
    pub end_session_endpoint: Option<EndSessionUrl>,
    /// RFC 9207 §3: a callback without `iss` is then not from this provider.
    #[serde(default)]
    pub authorization_response_iss_parameter_supported: bool,
    /// Our IdP's own word: `federated=1` at the end-session endpoint ends the social provider's session too.
    #[serde(default)]
    pub federated_logout_supported: bool,
    /// OpenID Connect Back-Channel Logout 1.0 §2.1
    #[serde(default)]
    pub backchannel_logout_supported: bool,
    /// Our IdP's own word too.
    pub session_lifetimes: Option<SessionLifetimes>,
}

impl AdditionalProviderMetadata for Extra {}

pub type Metadata = ProviderMetadata<
    Extra,
    CoreAuthDisplay,
    CoreClientAuthMethod,
    CoreClaimName,
    CoreClaimType,
    CoreGrantType,
    CoreJweContentEncryptionAlgorithm,
    CoreJweKeyManagementAlgorithm,
    CoreJsonWebKey,
    CoreResponseMode,
    CoreResponseType,
    CoreSubjectIdentifierType,
>;

#[derive(Debug)]
pub struct Provider {
    pub metadata: Metadata,
    /// The same keys in jsonwebtoken's form.
    pub keys: jsonwebtoken::jwk::JwkSet,
}

impl Provider {
    /// Fetches discovery document and keys. The document's `issuer` must be the one asked for
    /// (OpenID Connect Discovery 1.0 §4.3).
    pub async fn discover(http: &reqwest::Client, issuer: &str) -> Result<Self, String> {
        let issuer = IssuerUrl::new(issuer.to_owned()).map_err(|error| with_causes(&error))?;
        let send = |request| super::http::send(http.clone(), request);
        let metadata =
            Metadata::discover_async(issuer, &send).await.map_err(|error| with_causes(&error))?;
        let keys = serde_json::to_value(metadata.jwks()).and_then(serde_json::from_value);
        let keys = keys.map_err(|error| with_causes(&error))?;
        Ok(Self { metadata, keys })
    }

    pub fn has_key(&self, kid: &str) -> bool {
        self.keys.find(kid).is_some()
    }

    pub fn end_session_endpoint(&self) -> Option<&EndSessionUrl> {
        self.metadata.additional_metadata().end_session_endpoint.as_ref()
    }

    /// Ours says so; Auth0 documents `federated` for every tenant.
    pub fn ends_social_sessions(&self) -> bool {
        self.metadata.additional_metadata().federated_logout_supported || self.is_auth0()
    }

    pub fn is_auth0(&self) -> bool {
        let host = self.metadata.issuer().url().host_str();
        host.is_some_and(|host| host.ends_with(".auth0.com"))
    }

    pub fn sends_iss(&self) -> bool {
        self.metadata.additional_metadata().authorization_response_iss_parameter_supported
    }
}

/// An error with its causes on one line.
pub(super) fn with_causes(error: &(dyn std::error::Error + 'static)) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text = format!("{text}: {error}");
        cause = error.source();
    }
    text
}
