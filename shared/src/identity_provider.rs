//! What the shop knows of its identity provider, from configuration and the provider's discovery document.

use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct IdentityProviderView {
    /// Where it is; its own pages begin there.
    pub issuer: String,
    /// Its page for email, phone and password.
    pub account_url: String,
    /// The `acr_values` that make it ask for a second factor.
    pub acr_mfa: String,
    /// Whether it can end the social provider's session too.
    pub federated_logout_available: bool,
    /// Whether it announces to tell of its sessions' ends by back channel.
    pub backchannel_logout_supported: bool,
    /// The shop without a backend, which asks the same provider for tokens: the first origin that may use the API.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub no_backend_shop: Option<String>,
    /// How long its sessions live, where it says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub session_lifetimes: Option<SessionLifetimes>,
}

/// Limits of a session at the identity provider, in seconds. No standard has them; ours publishes them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct SessionLifetimes {
    pub idle: i64,
    pub absolute: i64,
}
