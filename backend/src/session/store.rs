//! actix-session's `SessionStore` without a store: the library carries the key in its signed cookie, and what the key
//! opens is looked up by `open`.
//!
//! actix-session would write its map back whole, so nothing may live in it that two requests could change at once: it
//! holds the hash of the key that the request came with, or the key that the answer hands out. Keys are linked and
//! unlinked by `key`, in the transaction that changes the session; what actix-session wants written is written by then.

use crate::crypto;
use actix_session::storage::{LoadError, SaveError, SessionKey, SessionStore, UpdateError};
use actix_web::cookie::time::Duration;
use anyhow::{Context as _, anyhow};
use std::collections::HashMap;

type Map = HashMap<String, String>;

/// The entries of actix-session's map, each a JSON value.
pub(super) const KEY: &str = "key";
pub(super) const KEY_HASH: &str = "key_hash";

pub struct Store;

impl SessionStore for Store {
    async fn load(&self, key: &SessionKey) -> Result<Option<Map>, LoadError> {
        // Hexadecimal, so that the quotes alone make it JSON.
        let key_hash = format!("\"{}\"", crypto::fingerprint(key.as_ref()));
        Ok(Some(Map::from([(KEY_HASH.to_owned(), key_hash)])))
    }

    async fn save(&self, map: Map, _: &Duration) -> Result<SessionKey, SaveError> {
        handed_out(&map).map_err(SaveError::Other)
    }

    /// Reached when a map changed without `renew`, which nothing here does; the row is the truth anyway.
    async fn update(
        &self,
        key: SessionKey,
        _: Map,
        _: &Duration,
    ) -> Result<SessionKey, UpdateError> {
        Ok(key)
    }

    async fn update_ttl(&self, _: &SessionKey, _: &Duration) -> anyhow::Result<()> {
        Ok(())
    }

    async fn delete(&self, _: &SessionKey) -> anyhow::Result<()> {
        Ok(())
    }
}

fn handed_out(map: &Map) -> anyhow::Result<SessionKey> {
    let key = map.get(KEY).context("a session's map has its new key")?;
    let key: String = serde_json::from_str(key)?;
    key.try_into().map_err(|error| anyhow!("a new session key: {error}"))
}
