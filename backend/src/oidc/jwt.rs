//! What all tokens of the provider have in common that are no ID tokens: JWTs, signed by one of its keys.

use super::Provider;
use jsonwebtoken::{
    Algorithm, DecodingKey, Header, Validation,
    jwk::{Jwk, PublicKeyUse},
};
use serde::Deserialize;
use serde_json::Value;

/// Asymmetric algorithms alone, for the reason given at ID tokens.
const ALGORITHMS: [Algorithm; 5] =
    [Algorithm::RS256, Algorithm::PS256, Algorithm::ES256, Algorithm::ES384, Algorithm::EdDSA];

/// What is a list, but of which one may stand by itself, as `aud` may (RFC 7519 §4.1.3).
#[derive(Debug, Deserialize)]
#[serde(untagged)]
pub enum OneOrSeveral {
    One(String),
    Several(Vec<String>),
}

impl OneOrSeveral {
    pub fn contains(&self, text: &str) -> bool {
        match self {
            Self::One(one) => one == text,
            Self::Several(several) => several.iter().any(|one| one == text),
        }
    }

    /// With spaces between them.
    pub fn words(self) -> String {
        match self {
            Self::One(one) => one,
            Self::Several(several) => several.join(" "),
        }
    }
}

/// Explicit typing (RFC 8725 §3.11), so that no other JWT of the provider passes for this one. `application/` may be
/// left out (RFC 7515 §4.1.9).
pub fn is_of_type(header: &Header, expected: &str) -> bool {
    header.typ.as_deref().is_some_and(|typ| {
        let typ = typ.to_ascii_lowercase();
        typ.strip_prefix("application/").unwrap_or(&typ) == expected
    })
}

/// An algorithm of ours, and nothing in the header that has to be understood (RFC 7515 §4.1.11).
pub fn is_accepted(header: &Header) -> bool {
    ALGORITHMS.contains(&header.alg) && header.crit.is_none()
}

/// The claims, once the signature has been checked; what they say has not.
pub fn verify_signature(
    provider: &Provider,
    token: &str,
    header: &Header,
) -> Result<Value, &'static str> {
    let mut validation = Validation::new(header.alg);
    // These are checked by our clock and with our words.
    validation.required_spec_claims.clear();
    validation.validate_exp = false;
    validation.validate_nbf = false;
    validation.validate_aud = false;
    let mut keys = provider.keys.keys.iter().filter(|key| may_have_signed(key, header)).peekable();
    keys.peek().ok_or("the provider has no such key")?;
    keys.filter_map(|key| DecodingKey::from_jwk(key).ok())
        .find_map(|key| jsonwebtoken::decode(token, &key, &validation).ok())
        .map(|data| data.claims)
        .ok_or("the signature does not verify")
}

/// Providers publish keys for encryption beside those for signatures, some under one `kid`.
fn may_have_signed(key: &Jwk, header: &Header) -> bool {
    let common = &key.common;
    common.public_key_use != Some(PublicKeyUse::Encryption)
        && header.kid.as_ref().is_none_or(|kid| common.key_id.as_ref() == Some(kid))
}
