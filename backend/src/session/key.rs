//! Keys: what the cookie carries and opens a session with. The database knows their SHA-256 alone.

use super::entity::{session_end, session_key};
use crate::{crypto, trace};
use sea_orm::{
    ActiveValue::Set, ColumnTrait as _, ConnectionTrait, DbErr, EntityTrait as _, QueryFilter as _,
    QuerySelect as _, sea_query::OnConflict,
};
use shared::{session::EndReason, trace::Trace};

/// A new key of this session, to be handed out when the transaction is committed.
pub async fn link(db: &impl ConnectionTrait, session_id: &str) -> Result<String, DbErr> {
    let key = crypto::token();
    let link = session_key::ActiveModel {
        key_hash: Set(crypto::fingerprint(&key)),
        session_id: Set(session_id.to_owned()),
    };
    session_key::Entity::insert(link)
        .exec_without_returning(db)
        .await?;
    Ok(key)
}

/// No key that was handed out before opens this session any more.
pub async fn unlink_all(
    db: &impl ConnectionTrait,
    session_id: &str,
    now: i64,
) -> crate::Result<()> {
    record_end(db, &[session_id.to_owned()], EndReason::Rotated, None, now).await?;
    session_key::Entity::delete_many()
        .filter(session_key::Column::SessionId.eq(session_id))
        .exec(db)
        .await?;
    Ok(())
}

/// Records why the keys of these sessions are about to open nothing any more, and how the IdP ended them if it did.
/// The first reason stays.
pub async fn record_end(
    db: &impl ConnectionTrait,
    session_ids: &[String],
    reason: EndReason,
    trace: Option<&Trace>,
    now: i64,
) -> crate::Result<()> {
    let keys: Vec<String> = session_key::Entity::find()
        .select_only()
        .column(session_key::Column::KeyHash)
        .filter(session_key::Column::SessionId.is_in(session_ids))
        .into_tuple()
        .all(db)
        .await?;
    if keys.is_empty() {
        return Ok(());
    }
    let trace = trace.map(trace::to_json).transpose()?;
    let ends = keys.into_iter().map(|key_hash| session_end::ActiveModel {
        key_hash: Set(key_hash),
        reason: Set(reason.into_str().to_owned()),
        at: Set(now),
        trace: Set(trace.clone()),
    });
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
