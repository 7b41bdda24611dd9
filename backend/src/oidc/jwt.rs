//! What all tokens of the provider have in common: JWTs, signed by one of its keys.

use super::Provider;
use jsonwebtoken::{
    Algorithm, DecodingKey, Header, Validation,
    jwk::{Jwk, KeyAlgorithm, PublicKeyUse},
};
use serde::Deserialize;
use serde_json::Value;

/// Asymmetric algorithms alone, whatever discovery offers: with HS256 anybody who knows the client secret could make
/// tokens, and with `none` everybody.
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

    /// Whether it is this text and nothing else.
    pub fn is_only(&self, text: &str) -> bool {
        match self {
            Self::One(one) => one == text,
            Self::Several(several) => matches!(several.as_slice(), [one] if one == text),
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

/// Seconds since the Unix epoch, perhaps with a fraction (RFC 7519 §2), which does not matter here.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(from = "f64")]
pub struct NumericDate(pub i64);

impl From<f64> for NumericDate {
    #[expect(
        clippy::cast_possible_truncation,
        reason = "what is too large is the largest there is"
    )]
    fn from(seconds: f64) -> Self {
        Self(seconds.floor() as i64)
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

/// A JWT of which its header says no more than that (RFC 7519 §5.1).
pub fn is_untyped(header: &Header) -> bool {
    header.typ.is_none() || is_of_type(header, "jwt")
}

/// An algorithm of ours, no token within the token (RFC 7519 §5.2), and nothing in the header that has to be understood
/// (RFC 7515 §4.1.11).
pub fn is_accepted(header: &Header) -> bool {
    ALGORITHMS.contains(&header.alg) && header.cty.is_none() && header.crit.is_none()
}

/// The claims, once the signature has been checked; what they say has not. A `kid` that several keys share does not say
/// which of them it is (RFC 7517 §4.5), so each is tried.
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

/// Providers publish keys for encryption beside those for signatures, some under one `kid`. A key with an `alg` is for
/// that one alone (RFC 7517 §4.4).
fn may_have_signed(key: &Jwk, header: &Header) -> bool {
    let common = &key.common;
    common.public_key_use != Some(PublicKeyUse::Encryption)
        && common.key_algorithm.is_none_or(|alg| alg == KeyAlgorithm::from(header.alg))
        && header.kid.as_ref().is_none_or(|kid| common.key_id.as_ref() == Some(kid))
}
