//! Ending sessions: the only place that does.

use super::{
    Live, Visitor,
    entity::{ended_login, session, session_key},
    store,
};
use crate::{
    Result, db,
    trace::{here, note},
};
use sea_orm::{
    ActiveValue::{NotSet, Set},
    ColumnTrait as _, Condition, ConnectionTrait, DatabaseConnection, DbErr, EntityTrait as _,
    QueryFilter as _, QuerySelect as _,
};
use shared::{
    session::{EndReason, SessionEvent},
    trace::{Step, Trace},
};

/// Ends these sessions with all that they store, and notes why for the browsers that still ask.
pub async fn end(live: &Live, ids: &[String], reason: EndReason, now: i64) -> Result<(), DbErr> {
    let transaction = db::begin_write(&live.db).await?;
    end_in(&transaction, ids, reason, now).await?;
    transaction.commit().await?;
    tell_of_end(live, ids, reason).await;
    Ok(())
}

/// Ends all sessions of a customer, expired or not, and answers which; `tell_of_end` follows the commit.
pub async fn end_all_of(
    db: &impl ConnectionTrait,
    customer_id: i64,
    reason: EndReason,
    now: i64,
) -> Result<Vec<String>, DbErr> {
    let ids: Vec<String> = session::Entity::find()
        .select_only()
        .column(session::Column::Id)
        .filter(session::Column::CustomerId.eq(customer_id))
        .into_tuple()
        .all(db)
        .await?;
    end_in(db, &ids, reason, now).await?;
    Ok(ids)
}

pub async fn tell_of_end(live: &Live, ids: &[String], reason: EndReason) {
    live.tell(ids, SessionEvent::Ended { reason }).await;
}

pub(super) async fn end_in(
    db: &impl ConnectionTrait,
    ids: &[String],
    reason: EndReason,
    now: i64,
) -> Result<(), DbErr> {
    end_noting(db, ids, reason, None, now).await
}

/// The session takes all that it stored along; how it ended, where the IdP ended it, stays with the reason, for the
/// browser that had it.
async fn end_noting(
    db: &impl ConnectionTrait,
    ids: &[String],
    reason: EndReason,
    trace: Option<String>,
    now: i64,
) -> Result<(), DbErr> {
    note_keys(db, ids, reason, trace, now).await?;
    session::Entity::delete_many()
        .filter(session::Column::Id.is_in(ids))
        .exec(db)
        .await?;
    Ok(())
}

/// Rotation, first half: no key that was handed out before opens this session any more.
pub(super) async fn unlink_all_keys(
    db: &impl ConnectionTrait,
    id: &str,
    now: i64,
) -> Result<(), DbErr> {
    note_keys(db, &[id.to_owned()], EndReason::Rotated, None, now).await?;
    session_key::Entity::delete_many()
        .filter(session_key::Column::SessionId.eq(id))
        .exec(db)
        .await?;
    Ok(())
}

/// Notes why the keys of these sessions are about to open nothing any more.
async fn note_keys(
    db: &impl ConnectionTrait,
    ids: &[String],
    reason: EndReason,
    trace: Option<String>,
    now: i64,
) -> Result<(), DbErr> {
    let keys: Vec<String> = session_key::Entity::find()
        .select_only()
        .column(session_key::Column::KeyHash)
        .filter(session_key::Column::SessionId.is_in(ids))
        .into_tuple()
        .all(db)
        .await?;
    store::remember_ends(db, keys, reason, trace, now).await
}

/// Makes the answer remove the session's cookie.
pub fn forget_browser(visitor: &Visitor) {
    visitor.handle.purge();
}

/// Whose sessions a logout token ends (OpenID Connect Back-Channel Logout 1.0 §2.4).
#[derive(Clone, Debug)]
pub struct EndedBy {
    pub issuer: String,
    pub sid: Option<String>,
    pub subject: Option<String>,
    /// `iat` of the logout token, in the IdP's time: a login newer than it stays.
    pub token_issued_at: i64,
}

/// Notes which logins the IdP ended, for one that is still on its way. For all to see, before the sessions are looked
/// for: a login that is signed in too late to be found then finds the note when it looks again.
pub async fn note_end_by_identity_provider(
    db: &DatabaseConnection,
    by: &EndedBy,
    now: i64,
) -> Result<(), DbErr> {
    ended_login::Entity::insert(ended_login::ActiveModel {
        id: NotSet,
        issuer: Set(by.issuer.clone()),
        sid: Set(by.sid.clone()),
        subject: Set(by.subject.clone()),
        token_issued_at: Set(by.token_issued_at),
        at: Set(now),
    })
    .exec_without_returning(db)
    .await?;
    Ok(())
}

/// Ends exactly the sessions that the IdP names, and answers which; `tell_of_end` follows the commit.
pub async fn end_by_identity_provider(
    db: &impl ConnectionTrait,
    by: &EndedBy,
    trace: &mut Trace,
    now: i64,
) -> Result<Vec<String>> {
    let mut named = Condition::all()
        .add(session::Column::Issuer.eq(&by.issuer))
        .add(session::Column::IdTokenIssuedAt.lte(by.token_issued_at));
    if let Some(sid) = &by.sid {
        named = named.add(session::Column::Sid.eq(sid));
    }
    if let Some(subject) = &by.subject {
        named = named.add(session::Column::Subject.eq(subject));
    }
    let ids: Vec<String> = session::Entity::find()
        .select_only()
        .column(session::Column::Id)
        .filter(named)
        .into_tuple()
        .all(db)
        .await?;
    note(trace, here!(), Step::SessionEnded, []);
    note(trace, here!(), Step::LogoutTokenAnswered, []);
    let trace = serde_json::to_string(trace).map_err(anyhow::Error::from)?;
    let reason = EndReason::BackchannelLogout;
    end_noting(db, &ids, reason, Some(trace), now).await?;
    Ok(ids)
}

/// Whether the IdP ended this login before its callback arrived: a logout that overtakes a login wins.
pub async fn ended_by_identity_provider(
    db: &impl ConnectionTrait,
    login: &super::Login,
) -> Result<bool> {
    let ends = ended_login::Entity::find()
        .filter(ended_login::Column::Issuer.eq(&login.issuer))
        .filter(ended_login::Column::TokenIssuedAt.gte(login.issued_at))
        .filter(
            Condition::any()
                .add(ended_login::Column::Sid.is_null())
                .add(ended_login::Column::Sid.eq(login.sid.clone())),
        )
        .filter(
            Condition::any()
                .add(ended_login::Column::Subject.is_null())
                .add(ended_login::Column::Subject.eq(&login.subject)),
        )
        .one(db)
        .await?;
    Ok(ends.is_some())
}
