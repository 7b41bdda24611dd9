//! openidconnect's generic types, with the claims that this shop reads.

use openidconnect::{
    AdditionalClaims, EmptyExtraTokenFields, EndpointMaybeSet, EndpointNotSet, EndpointSet,
    IdTokenFields, StandardErrorResponse, StandardTokenResponse,
    core::{
        CoreAuthDisplay, CoreAuthPrompt, CoreErrorResponseType, CoreGenderClaim, CoreJsonWebKey,
        CoreJweContentEncryptionAlgorithm, CoreJwsSigningAlgorithm, CoreRevocableToken,
        CoreRevocationErrorResponse, CoreTokenIntrospectionResponse, CoreTokenType,
    },
};
use serde::{Deserialize, Serialize};

/// Claims beyond OIDC Core that the shop reads.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ExtraClaims {
    /// OpenID Connect Back-Channel Logout 1.0 §2.1
    pub sid: Option<String>,
    /// The upstream provider that authenticated the person; the name is our IdP's own.
    pub provider: Option<String>,
    /// When the IdP wants the session over, in seconds since the Unix epoch (IPSIE's OpenID Connect SL1).
    pub session_expiry: Option<i64>,
    /// RFC 7519 §4.1.5, in seconds since the Unix epoch.
    pub nbf: Option<i64>,
}

impl AdditionalClaims for ExtraClaims {}

pub type TokenFields = IdTokenFields<
    ExtraClaims,
    EmptyExtraTokenFields,
    CoreGenderClaim,
    CoreJweContentEncryptionAlgorithm,
    CoreJwsSigningAlgorithm,
>;
pub type Tokens = StandardTokenResponse<TokenFields, CoreTokenType>;
pub type RelyingParty = openidconnect::Client<
    ExtraClaims,
    CoreAuthDisplay,
    CoreGenderClaim,
    CoreJweContentEncryptionAlgorithm,
    CoreJsonWebKey,
    CoreAuthPrompt,
    StandardErrorResponse<CoreErrorResponseType>,
    Tokens,
    CoreTokenIntrospectionResponse,
    CoreRevocableToken,
    CoreRevocationErrorResponse,
    EndpointSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointMaybeSet,
    EndpointMaybeSet,
>;
