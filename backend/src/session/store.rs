//! actix-session's `SessionStore` on our rows.
//!
//! The cookie carries a random key; the database knows its SHA-256 alone. actix-session's map is written
//! back whole, so nothing may live in it that two requests could change at once: it holds the row as it was
//! loaded, for the request in flight, or the key that the answer hands out. Keys are linked and unlinked by
//! `key`, in the transaction that changes the session; what actix-session wants written is written by then.

use super::{
    SessionRow, Sessions,
    entity::{session, session_end, session_key},
    limits,
};
use crate::{crypto, db};
use actix_session::storage::{LoadError, SaveError, SessionKey, SessionStore, UpdateError};
use actix_web::cookie::time::Duration;
use anyhow::{Context as _, anyhow};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QuerySelect, QueryTrait};
use shared::session::EndReason;
use std::collections::HashMap;

type Map = HashMap<String, String>;

/// The entries of actix-session's map, each a JSON value.
pub(super) const ROW: &str = "row";
pub(super) const KEY: &str = "key";
pub(super) const KEY_HASH: &str = "key_hash";
pub(super) const ENDED: &str = "ended";
pub(super) const TRACE: &str = "trace";

pub struct Store(pub(super) Sessions);

impl SessionStore for Store {
    async fn load(&self, key: &SessionKey) -> Result<Option<Map>, LoadError> {
        self.open(key.as_ref()).await.map_err(LoadError::Other)
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

impl Store {
    /// What a key opens: the living row, or the reason why there is none any more, or nothing.
    async fn open(&self, key: &str) -> anyhow::Result<Option<Map>> {
        let Self(sessions) = self;
        let key_hash = crypto::fingerprint(key);
        let of_this_key = session_key::Entity::find()
            .select_only()
            .column(session_key::Column::SessionId)
            .filter(session_key::Column::KeyHash.eq(&key_hash))
            .into_query();
        let row = session::Entity::find()
            .filter(session::Column::Id.in_subquery(of_this_key))
            .one(&sessions.db)
            .await?;
        let Some(row) = row else {
            return ended(sessions, &key_hash).await;
        };
        match limits::expired(&row, db::now()) {
            None => {
                let mut map = entry::<SessionRow>(ROW, &row)?;
                map.extend(entry(KEY_HASH, &key_hash)?);
                Ok(Some(map))
            }
            Some(reason) => {
                sessions.revoke(&[row.id], reason).await?;
                Ok(Some(entry(ENDED, &reason)?))
            }
        }
    }
}

fn handed_out(map: &Map) -> anyhow::Result<SessionKey> {
    let key = map.get(KEY).context("a session's map has its new key")?;
    let key: String = serde_json::from_str(key)?;
    key.try_into().map_err(|error| anyhow!("a new session key: {error}"))
}

async fn ended(sessions: &Sessions, key_hash: &str) -> anyhow::Result<Option<Map>> {
    let Some(end) = session_end::Entity::find_by_id(key_hash).one(&sessions.db).await? else {
        return Ok(None);
    };
    // A key that was rotated has no reason to tell.
    let Ok(reason) = end.reason.parse::<EndReason>() else {
        return Ok(None);
    };
    let mut map = entry(ENDED, &reason)?;
    map.extend(end.trace.map(|trace| (TRACE.to_owned(), trace)));
    Ok(Some(map))
}

fn entry<T: serde::Serialize>(name: &str, value: &T) -> anyhow::Result<Map> {
    Ok(Map::from([(name.to_owned(), serde_json::to_string(value)?)]))
}
