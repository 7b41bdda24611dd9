//! The browser's own cryptography (W3C Web Cryptography). It exists on https and on localhost.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use js_sys::{Array, Object, Reflect, Uint8Array};
use leptos::prelude::window;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{CryptoKey, SubtleCrypto};

/// 256 random bits, as text for an address.
pub fn random() -> Result<String, JsValue> {
    let mut bytes = [0_u8; 32];
    window().crypto()?.get_random_values_with_u8_array(&mut bytes)?;
    Ok(encode(&bytes))
}

pub async fn sha256(text: &str) -> Result<Vec<u8>, JsValue> {
    let data = Uint8Array::from(text.as_bytes());
    let digest = subtle()?.digest_with_str_and_buffer_source("SHA-256", &data)?;
    Ok(Uint8Array::new(&JsFuture::from(digest).await?).to_vec())
}

/// Whether `signature` over `signed` was made by the owner of `key`, a JSON Web Key. `algorithm` is of RFC 7518 §3.1.
pub async fn verifies(
    key: &serde_json::Value,
    algorithm: Algorithm,
    signed: &str,
    signature: &[u8],
) -> Result<bool, JsValue> {
    let key = js_sys::JSON::parse(&key.to_string())?.dyn_into::<Object>()?;
    let usages = Array::of1(&"verify".into());
    let parameters = algorithm.parameters()?;
    let imported = subtle()?.import_key_with_object("jwk", &key, &parameters, false, &usages)?;
    let key: CryptoKey = JsFuture::from(imported).await?.dyn_into()?;
    let (signature, signed) = (Uint8Array::from(signature), Uint8Array::from(signed.as_bytes()));
    let verified = subtle()?.verify_with_object_and_buffer_source_and_buffer_source(
        &parameters,
        &key,
        &signature,
        &signed,
    )?;
    Ok(JsFuture::from(verified).await? == JsValue::TRUE)
}

/// Asymmetric algorithms alone: with any other one, whoever knows the public key could sign.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Algorithm {
    Rs256,
    Ps256,
    Es256,
}

impl Algorithm {
    pub fn named(name: &str) -> Option<Self> {
        match name {
            "RS256" => Some(Self::Rs256),
            "PS256" => Some(Self::Ps256),
            "ES256" => Some(Self::Es256),
            _ => None,
        }
    }

    /// RFC 7518 §6.1: the `kty` of its keys.
    pub const fn key_type(self) -> &'static str {
        match self {
            Self::Rs256 | Self::Ps256 => "RSA",
            Self::Es256 => "EC",
        }
    }

    fn parameters(self) -> Result<Object, JsValue> {
        let parameters = Object::new();
        let set = |name: &str, value: &JsValue| {
            Reflect::set(&parameters, &name.into(), value).map(|_| ())
        };
        let name = match self {
            Self::Rs256 => "RSASSA-PKCS1-v1_5",
            Self::Ps256 => "RSA-PSS",
            Self::Es256 => "ECDSA",
        };
        set("name", &name.into())?;
        set("hash", &"SHA-256".into())?;
        set("namedCurve", &"P-256".into())?;
        set("saltLength", &32.into())?;
        Ok(parameters)
    }
}

pub fn encode(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

pub fn decode(text: &str) -> Option<Vec<u8>> {
    URL_SAFE_NO_PAD.decode(text).ok()
}

fn subtle() -> Result<SubtleCrypto, JsValue> {
    Ok(window().crypto()?.subtle())
}
