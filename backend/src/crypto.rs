//! Unguessable values, their fingerprints, and the keys that are derived from the shop's secret.

use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
use hkdf::Hkdf;
use hmac::{Hmac, Mac as _};
use sha2::{Digest as _, Sha256};
use std::collections::HashSet;

/// `N` random bytes. The operating system's source never fails after boot; without it nothing here is safe.
#[expect(clippy::expect_used, reason = "a process without randomness must not serve logins")]
pub fn random<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).expect("the operating system provides random bytes");
    bytes
}

/// 256 random bits in base64url: a session key, a cart token, a `state`.
pub fn token() -> String {
    BASE64_URL_SAFE_NO_PAD.encode(random::<32>())
}

/// Whether a text has the form of a `token`.
pub fn is_token(text: &str) -> bool {
    BASE64_URL_SAFE_NO_PAD.decode(text).is_ok_and(|bytes| bytes.len() == 32)
}

/// SHA-256 in hexadecimal: what the database keeps of a token, so that a stolen database opens nothing.
pub fn fingerprint(token: &str) -> String {
    hex::encode(Sha256::digest(token))
}

/// The first `digits` of the fingerprint: enough to tell a few apart, and a name that may be shown.
pub fn short_fingerprint(token: &str, digits: usize) -> String {
    let mut fingerprint = fingerprint(token);
    fingerprint.truncate(digits);
    fingerprint
}

/// 256 bits that the keys of cookies and stored tokens are derived from.
#[derive(Clone)]
pub struct SecretKey {
    bytes: [u8; 32],
    ephemeral: bool,
}

impl std::fmt::Debug for SecretKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SecretKey(…)")
    }
}

impl SecretKey {
    /// A key of this process alone: every session ends when it stops.
    pub fn ephemeral() -> Self {
        Self { bytes: random(), ephemeral: true }
    }

    /// `None` unless `text` is 64 hexadecimal digits.
    pub fn from_hex(text: &str) -> Option<Self> {
        let bytes = hex::decode(text.trim()).ok()?.try_into().ok()?;
        Some(Self { bytes, ephemeral: false })
    }

    /// Whether it is one byte again and again, counts up or down, or repeats itself: of 32 random bytes about 30 differ.
    pub fn is_trivial(&self) -> bool {
        let different: HashSet<u8> = self.bytes.into_iter().collect();
        let mut steps = self.bytes.array_windows().map(|[one, next]| next.wrapping_sub(*one));
        let first = steps.next();
        different.len() <= 16 || steps.all(|step| Some(step) == first)
    }

    pub fn is_ephemeral(&self) -> bool {
        self.ephemeral
    }

    /// A key for one purpose, so that none is used for two (HKDF, RFC 5869).
    #[expect(
        clippy::expect_used,
        reason = "HKDF makes up to 255 times the hash's length (RFC 5869 §2.3)"
    )]
    pub fn derive(&self, purpose: &str) -> [u8; 32] {
        let mut key = [0; 32];
        Hkdf::<Sha256>::new(None, &self.bytes)
            .expand(purpose.as_bytes(), &mut key)
            .expect("32 bytes");
        key
    }

    /// A keyed hash (RFC 2104) for one purpose.
    #[expect(clippy::expect_used, reason = "HMAC takes keys of any length (RFC 2104 §3)")]
    pub fn mac(&self, purpose: &str) -> Hmac<Sha256> {
        Hmac::new_from_slice(&self.derive(purpose)).expect("a key of any length")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_purpose_has_a_key_of_its_own() {
        let key = SecretKey::from_hex(&"ab".repeat(32)).unwrap();
        assert_ne!(key.derive("cookie"), key.derive("id-token"));
        assert_eq!(key.derive("cookie"), key.derive("cookie"));
        assert!(SecretKey::from_hex("ab").is_none());
    }
}
