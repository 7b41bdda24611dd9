//! Keys: what the cookie carries and opens a session with. The database knows their SHA-256 alone.

use super::{
    SessionRow,
    entity::{session_end, session_key},
};
use crate::{crypto, trace};
use sea_orm::{
    ActiveValue::Set, ColumnTrait as _, ConnectionTrait, DbErr, EntityTrait as _, QueryFilter as _,
    sea_query::OnConflict,
};
use shared::trace::Trace;

/// What stands where an `EndReason` would: the key was replaced by a newer one of the same session, and nothing ended.
const ROTATED: &str = "rotated";

/// A new key of this session, to be handed out when the transaction is committed.
pub async fn link(db: &impl ConnectionTrait, session_id: &str) -> Result<String, DbErr> {
    let key = crypto::token();
    let link = session_key::ActiveModel {
        key_hash: Set(crypto::fingerprint(&key)),
        session_id: Set(session_id.to_owned()),
    };
    session_key::Entity::insert(link).exec_without_returning(db).await?;
    Ok(key)
}

/// Whether a key opens a session, by its hash.
pub async fn is_linked(db: &impl ConnectionTrait, key_hash: Option<&str>) -> Result<bool, DbErr> {
    let Some(key_hash) = key_hash else {
        return Ok(false);
    };
    let link = session_key::Entity::find_by_id(key_hash).one(db).await?;
    Ok(link.is_some())
}

/// No key that was handed out before opens this session any more.
pub async fn unlink_all(
    db: &impl ConnectionTrait,
    session: &SessionRow,
    now: i64,
) -> crate::Result<()> {
    record_end(db, std::slice::from_ref(session), ROTATED, None, now).await?;
    session_key::Entity::delete_many()
        .filter(session_key::Column::SessionId.eq(&session.id))
        .exec(db)
        .await?;
    Ok(())
}

/// Records why the keys of these sessions are about to open nothing any more, and how the IdP ended them if it did.
/// The first reason stays.
pub async fn record_end(
    db: &impl ConnectionTrait,
    sessions: &[SessionRow],
    reason: &str,
    trace: Option<&Trace>,
    now: i64,
) -> crate::Result<()> {
    let ids = sessions.iter().map(|session| &session.id);
    let keys = session_key::Entity::find()
        .filter(session_key::Column::SessionId.is_in(ids))
        .all(db)
        .await?;
    if keys.is_empty() {
        return Ok(());
    }
    let trace = trace.map(trace::to_json).transpose()?;
    let is_guest = |session_id: &str| {
        sessions.iter().any(|session| session.id == session_id && session.customer_id.is_none())
    };
    let ends = keys.into_iter().map(|key| session_end::ActiveModel {
        was_guest: Set(is_guest(&key.session_id)),
        key_hash: Set(key.key_hash),
        reason: Set(reason.to_owned()),
        at: Set(now),
        trace: Set(trace.clone()),
    });
    session_end::Entity::insert_many(ends)
        .on_conflict(OnConflict::column(session_end::Column::KeyHash).do_nothing().to_owned())
        .exec_without_returning(db)
        .await?;
    Ok(())
}
