//! Tokens, made by hand so that they can be wrong in every way.

use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD as BASE64};
use jsonwebtoken::{Algorithm, EncodingKey, crypto, jwk::Jwk};
use serde_json::Value;
use sha2::{Digest as _, Sha256};

pub struct Jwt {
    pub header: Value,
    pub claims: Value,
    /// What it is signed with, whatever the header says.
    pub key: Key,
}

/// Keys that were made for these tests and protect nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Key {
    Ec,
    Rsa,
    /// The provider's RSA key in its other use, PS256.
    RsaPss,
    /// Of the same kind, but somebody else's.
    StrangerEc,
    StrangerRsa,
    /// HS256 with the client's secret: whoever knows it could make tokens.
    ClientSecret,
    /// HS256 with the provider's public key as the secret: everybody could make tokens.
    PublicRsa,
}

impl Jwt {
    pub fn sign(&self) -> String {
        let message = self.message();
        let signature =
            crypto::sign(message.as_bytes(), &self.key.encoding(), self.key.algorithm());
        format!("{message}.{}", signature.expect("a signature"))
    }

    /// With this in place of a signature.
    pub fn signed_by(&self, signature: &str) -> String {
        format!("{}.{signature}", self.message())
    }

    fn message(&self) -> String {
        let part = |value: &Value| BASE64.encode(value.to_string());
        format!("{}.{}", part(&self.header), part(&self.claims))
    }

    /// The same claims under another key and the header that goes with it.
    pub fn with_key(mut self, key: Key) -> Self {
        self.header["alg"] = format!("{:?}", key.algorithm()).into();
        self.header["kid"] = key.kid().into();
        self.key = key;
        self
    }

    pub fn with(mut self, claim: &str, value: impl Into<Value>) -> Self {
        self.claims[claim] = value.into();
        self
    }

    pub fn without(mut self, claim: &str) -> Self {
        self.claims.as_object_mut().expect("claims").remove(claim);
        self
    }

    pub fn with_header(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.header[name] = value.into();
        self
    }
}

impl Key {
    pub fn kid(self) -> &'static str {
        match self {
            Self::Ec => "ec",
            Self::Rsa | Self::RsaPss | Self::PublicRsa => "rsa",
            Self::StrangerEc => "stranger-ec",
            Self::StrangerRsa => "stranger-rsa",
            Self::ClientSecret => "secret",
        }
    }

    fn algorithm(self) -> Algorithm {
        match self {
            Self::Ec | Self::StrangerEc => Algorithm::ES256,
            Self::Rsa | Self::StrangerRsa => Algorithm::RS256,
            Self::RsaPss => Algorithm::PS256,
            Self::ClientSecret | Self::PublicRsa => Algorithm::HS256,
        }
    }

    fn encoding(self) -> EncodingKey {
        match self {
            Self::Ec => EncodingKey::from_ec_der(include_bytes!("keys/provider-ec.der")),
            Self::StrangerEc => EncodingKey::from_ec_der(include_bytes!("keys/stranger-ec.der")),
            Self::Rsa | Self::RsaPss => {
                EncodingKey::from_rsa_der(include_bytes!("keys/provider-rsa.der"))
            }
            Self::StrangerRsa => EncodingKey::from_rsa_der(include_bytes!("keys/stranger-rsa.der")),
            Self::ClientSecret => EncodingKey::from_secret(super::CLIENT_SECRET.as_bytes()),
            Self::PublicRsa => {
                let modulus =
                    Self::Rsa.public()["n"].as_str().map(|n| BASE64.decode(n).expect("a modulus"));
                EncodingKey::from_secret(&modulus.expect("a modulus"))
            }
        }
    }

    /// As it stands in the key set (RFC 7517). No `alg`: the key's use is not to be told from it.
    pub fn public(self) -> Value {
        let jwk = Jwk::from_encoding_key(&self.encoding(), self.algorithm()).expect("a public key");
        let mut jwk = serde_json::to_value(jwk).expect("JSON");
        jwk["kid"] = self.kid().into();
        jwk["use"] = "sig".into();
        jwk.as_object_mut().expect("a key").remove("alg");
        jwk
    }
}

/// OIDC Core §3.1.3.6, for algorithms with SHA-256.
pub fn at_hash(access_token: &str) -> String {
    BASE64.encode(&Sha256::digest(access_token)[..16])
}

/// Seconds since the Unix epoch.
pub fn now() -> i64 {
    backend::db::now() / 1000
}
