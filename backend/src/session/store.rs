//! actix-session's `SessionStore` on our rows.
//!
//! The cookie carries a random key; the database knows its SHA-256 alone. actix-session's map is written
//! back whole, so nothing may live in it that two requests could change at once: it holds the session's
//! id, and, for the request under way, the row as it was loaded. Rotation is `delete` followed by `save`
//! (actix-session's `renew`): here they unlink and link keys, and never touch the session itself. Ending
//! a session is a function of ours, `session::end`.

use super::{
    Live, SessionRow, end,
    entity::{session, session_end, session_key},
    lifetimes,
};
use crate::{crypto, db};
use actix_session::storage::{LoadError, SaveError, SessionKey, SessionStore, UpdateError};
use actix_web::cookie::time::Duration;
use anyhow::{Context as _, anyhow};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, DatabaseConnection, EntityTrait, QueryFilter, QuerySelect,
    QueryTrait, sea_query::OnConflict,
};
use shared::session::EndReason;
use std::collections::HashMap;

type Map = HashMap<String, String>;

/// The entries of actix-session's map, each a JSON value.
pub(super) const ID: &str = "id";
pub(super) const ROW: &str = "row";
pub(super) const ENDED: &str = "ended";
pub(super) const TRACE: &str = "trace";

#[derive(Clone)]
pub struct Store {
    pub live: Live,
}

impl SessionStore for Store {
    async fn load(&self, key: &SessionKey) -> Result<Option<Map>, LoadError> {
        self.open(key.as_ref()).await.map_err(LoadError::Other)
    }

    async fn save(&self, map: Map, _: &Duration) -> Result<SessionKey, SaveError> {
        self.link_new_key(&map).await.map_err(SaveError::Other)
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

    async fn delete(&self, key: &SessionKey) -> anyhow::Result<()> {
        unlink_key(&self.live.db, &crypto::fingerprint(key.as_ref())).await?;
        Ok(())
    }
}

impl Store {
    /// What a key opens: the living row, or the reason why there is none any more, or nothing.
    async fn open(&self, key: &str) -> anyhow::Result<Option<Map>> {
        let key_hash = crypto::fingerprint(key);
        let of_this_key = session_key::Entity::find()
            .select_only()
            .column(session_key::Column::SessionId)
            .filter(session_key::Column::KeyHash.eq(&key_hash))
            .into_query();
        let row = session::Entity::find()
            .filter(session::Column::Id.in_subquery(of_this_key))
            .one(&self.live.db)
            .await?;
        let Some(row) = row else {
            return ended(&self.live.db, &key_hash).await;
        };
        let now = db::now();
        if let Some(reason) = lifetimes::expired(&row, now) {
            end(&self.live, &[row.id], reason, now).await?;
            return Ok(Some(entry(ENDED, &reason)?));
        }
        Ok(Some(opened(&row)?))
    }

    /// Links a new key to the session that the map names. A session that ended meanwhile gets none: the
    /// key is handed out all the same and opens nothing, so no request brings a session back.
    async fn link_new_key(&self, map: &Map) -> anyhow::Result<SessionKey> {
        let id: String =
            serde_json::from_str(map.get(ID).context("a session's map names its row")?)?;
        let key = crypto::token();
        let lives = session::Entity::find_by_id(&id)
            .one(&self.live.db)
            .await?
            .is_some();
        if lives {
            let link = session_key::ActiveModel {
                key_hash: Set(crypto::fingerprint(&key)),
                session_id: Set(id),
            };
            // The foreign key refuses the link when the session ended since the look above.
            if let Err(error) = session_key::Entity::insert(link)
                .exec_without_returning(&self.live.db)
                .await
            {
                tracing::info!(%error, "a session ended before its new key was linked");
            }
        }
        key.try_into()
            .map_err(|error| anyhow!("a new session key: {error}"))
    }
}

async fn ended(db: &DatabaseConnection, key_hash: &str) -> anyhow::Result<Option<Map>> {
    let Some(end) = session_end::Entity::find_by_id(key_hash).one(db).await? else {
        return Ok(None);
    };
    let reason: Option<EndReason> = end.reason.parse().ok();
    let Some(reason) = reason.filter(|reason| *reason != EndReason::Rotated) else {
        return Ok(None);
    };
    let mut map = entry(ENDED, &reason)?;
    map.extend(end.trace.map(|trace| (TRACE.to_owned(), trace)));
    Ok(Some(map))
}

/// From now on this key opens nothing, and is known as superseded.
async fn unlink_key(db: &DatabaseConnection, key_hash: &str) -> anyhow::Result<()> {
    let unlinked = session_key::Entity::delete_by_id(key_hash).exec(db).await?;
    if unlinked.rows_affected == 1 {
        let keys = [key_hash.to_owned()];
        remember_ends(db, keys, EndReason::Rotated, None, db::now()).await?;
    }
    Ok(())
}

/// Notes why these keys open nothing any more, and how the IdP ended them if it did. The first reason stays.
pub(super) async fn remember_ends(
    db: &impl sea_orm::ConnectionTrait,
    key_hashes: impl IntoIterator<Item = String>,
    reason: EndReason,
    trace: Option<String>,
    now: i64,
) -> Result<(), sea_orm::DbErr> {
    let ends: Vec<_> = key_hashes
        .into_iter()
        .map(|key_hash| session_end::ActiveModel {
            key_hash: Set(key_hash),
            reason: Set(reason.into_str().to_owned()),
            at: Set(now),
            trace: Set(trace.clone()),
        })
        .collect();
    if ends.is_empty() {
        return Ok(());
    }
    session_end::Entity::insert_many(ends)
        .on_conflict(
            OnConflict::column(session_end::Column::KeyHash)
                .do_nothing()
                .to_owned(),
        )
        .exec_without_returning(db)
        .await?;
    Ok(())
}

fn opened(row: &SessionRow) -> anyhow::Result<Map> {
    let mut map = entry(ID, &row.id)?;
    map.extend(entry(ROW, row)?);
    Ok(map)
}

fn entry(name: &str, value: &impl serde::Serialize) -> anyhow::Result<Map> {
    Ok(Map::from([(
        name.to_owned(),
        serde_json::to_string(value)?,
    )]))
}
