//! The ID token of a login, kept for one use: as `id_token_hint` at logout (OpenID Connect RP-Initiated
//! Logout 1.0 §2). Encrypted, so that a stolen database holds no personal data of it.

use super::{Sessions, entity::session_id_token};
use crate::{
    Result,
    crypto::{self, SecretKey},
};
use aes_gcm::{
    Aes256Gcm, KeyInit as _,
    aead::{Aead as _, Payload},
};
use anyhow::anyhow;
use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
use sea_orm::{ActiveValue::Set, ConnectionTrait, EntityTrait as _, sea_query::OnConflict};

const NONCE_LENGTH: usize = 12;
/// Stands where a session's id would; none is so short.
const LEAVING: &str = "leaving";

pub(super) async fn keep(
    db: &impl ConnectionTrait,
    key: &SecretKey,
    session_id: &str,
    id_token: &str,
) -> Result<()> {
    let row = session_id_token::ActiveModel {
        session_id: Set(session_id.to_owned()),
        ciphertext: Set(seal(key, session_id, id_token)?),
    };
    session_id_token::Entity::insert(row)
        .on_conflict(
            OnConflict::column(session_id_token::Column::SessionId)
                .update_column(session_id_token::Column::Ciphertext)
                .to_owned(),
        )
        .exec_without_returning(db)
        .await?;
    Ok(())
}

impl Sessions {
    pub async fn id_token_hint(&self, session_id: &str) -> Result<Option<String>> {
        let row = session_id_token::Entity::find_by_id(session_id).one(&self.db).await?;
        Ok(row.and_then(|row| open(&self.secret_key, session_id, &row.ciphertext)))
    }

    /// A hint that outlives its session, for the browser that is on its way to the IdP.
    pub fn seal_hint(&self, id_token: &str) -> Result<String> {
        Ok(seal(&self.secret_key, LEAVING, id_token)?)
    }

    pub fn open_hint(&self, sealed: &str) -> Option<String> {
        open(&self.secret_key, LEAVING, sealed)
    }
}

/// The row's id is associated data: a ciphertext copied to another session's row does not open.
fn seal(key: &SecretKey, session_id: &str, id_token: &str) -> anyhow::Result<String> {
    let nonce: [u8; NONCE_LENGTH] = crypto::random();
    let payload = Payload { msg: id_token.as_bytes(), aad: session_id.as_bytes() };
    let sealed = cipher(key)
        .encrypt(&nonce.into(), payload)
        .map_err(|_| anyhow!("an ID token was not encrypted"))?;
    Ok(BASE64_URL_SAFE_NO_PAD.encode([nonce.as_slice(), &sealed].concat()))
}

/// `None` when the key is another one by now: logout then goes on without the hint.
fn open(key: &SecretKey, session_id: &str, ciphertext: &str) -> Option<String> {
    let bytes = BASE64_URL_SAFE_NO_PAD.decode(ciphertext).ok()?;
    let (nonce, sealed) = bytes.split_at_checked(NONCE_LENGTH)?;
    let nonce: [u8; NONCE_LENGTH] = nonce.try_into().ok()?;
    let payload = Payload { msg: sealed, aad: session_id.as_bytes() };
    String::from_utf8(cipher(key).decrypt(&nonce.into(), payload).ok()?).ok()
}

fn cipher(key: &SecretKey) -> Aes256Gcm {
    Aes256Gcm::new(&key.derive("id token").into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_opens_with_its_key_and_in_its_row_alone() {
        let (key, other) = (SecretKey::ephemeral(), SecretKey::ephemeral());
        let sealed = seal(&key, "session-1", "header.payload.signature").unwrap();
        assert!(!sealed.contains("header"));
        assert_eq!(open(&key, "session-1", &sealed).as_deref(), Some("header.payload.signature"));
        assert_eq!(open(&key, "session-2", &sealed), None);
        assert_eq!(open(&other, "session-1", &sealed), None);
        assert_eq!(open(&key, "session-1", "x"), None);
    }
}
