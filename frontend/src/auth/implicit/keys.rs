//! The signature of an ID token (OIDC Core §3.1.3.7 (6) to (8)).

use super::{
    provider,
    web_crypto::{Algorithm, decode, verifies},
};
use serde::Deserialize;

#[derive(Deserialize)]
struct Header {
    alg: String,
    kid: Option<String>,
    crit: Option<serde_json::Value>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SignatureFault {
    /// No JWT, or signed in a way that is not accepted, such as `none`.
    Malformed,
    KeysUnreachable,
    /// By nobody whom the identity provider's keys name.
    Wrong,
}

/// The claims' JSON of a token whose signature is the identity provider's.
pub async fn verified_claims(token: &str) -> Result<Vec<u8>, SignatureFault> {
    let (signed, signature) = token.rsplit_once('.').ok_or(SignatureFault::Malformed)?;
    let (header, claims) = signed.split_once('.').ok_or(SignatureFault::Malformed)?;
    let read = |part| decode(part).ok_or(SignatureFault::Malformed);
    let header: Header =
        serde_json::from_slice(&read(header)?).map_err(|_| SignatureFault::Malformed)?;
    let algorithm = Algorithm::named(&header.alg)
        // RFC 7515 §4.1.11: what a header says must be understood, is not here.
        .filter(|_| header.crit.is_none())
        .ok_or(SignatureFault::Malformed)?;
    let (claims, signature) = (read(claims)?, read(signature)?);
    let keys = provider::keys(algorithm.key_type(), header.kid.as_deref())
        .await
        .ok_or(SignatureFault::KeysUnreachable)?;
    for key in keys {
        if verifies(&key, algorithm, signed, &signature).await == Ok(true) {
            return Ok(claims);
        }
    }
    Err(SignatureFault::Wrong)
}
