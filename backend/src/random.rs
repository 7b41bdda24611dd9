//! Unguessable values from the operating system.

use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};

/// `N` random bytes. The operating system's source never fails after boot; without it nothing here is safe.
#[expect(
    clippy::expect_used,
    reason = "a process without randomness must not serve logins"
)]
pub fn bytes<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).expect("the operating system provides random bytes");
    bytes
}

/// 256 random bits in base64url: a session key, a cart token, a `state`.
pub fn token() -> String {
    BASE64_URL_SAFE_NO_PAD.encode(bytes::<32>())
}

/// SHA-256 in hexadecimal: what the database keeps of a token, so that a stolen database opens nothing.
pub fn fingerprint(token: &str) -> String {
    use sha2::{Digest as _, Sha256};
    hex::encode(Sha256::digest(token))
}

/// The first `digits` of the fingerprint: enough to tell a few apart, and a name that may be shown.
pub fn short_fingerprint(token: &str, digits: usize) -> String {
    let mut fingerprint = fingerprint(token);
    fingerprint.truncate(digits);
    fingerprint
}
