//! How a session came to be what it is: its keys, and the session before it. The page /sessions shows it, and nothing
//! depends on it.

use super::{
    SessionRow, SignIn,
    entity::{session_end, session_history},
    queries::fingerprint,
};
use crate::{Result, trace};
use sea_orm::{
    ActiveValue::Set,
    ConnectionTrait, DatabaseTransaction, DbErr, EntityTrait as _, ExprTrait as _,
    IntoActiveModel as _,
    sea_query::{Expr, OnConflict},
};
use session_history::Column;
use shared::{
    session_history::{SessionEnd, SessionHistory},
    trace::{MASK_LENGTH, Step, Trace},
};

/// What a login takes the place of.
#[derive(Debug, Default)]
pub(super) struct Former {
    /// Masked, as `sid` is.
    pub key: Option<String>,
    sid: Option<String>,
    end: Option<SessionEnd>,
}

impl Former {
    /// The session goes on under another key.
    pub fn of_living(row: &SessionRow, change: &SignIn<'_>) -> Self {
        let sid = row.sid.as_deref().map(trace::masked);
        Self { key: change.began_with.map(masked_hash), sid, end: None }
    }

    /// The IdP ended the session before the login came back, as it does when it resets its own. Of a session that is not
    /// known to be the same person's nothing is told.
    pub async fn of_ended(transaction: &DatabaseTransaction, change: &SignIn<'_>) -> Result<Self> {
        let Some(key_hash) = change.began_with else {
            return Ok(Self::default());
        };
        let Some(tombstone) = session_end::Entity::find_by_id(key_hash).one(transaction).await?
        else {
            return Ok(Self::default());
        };
        let ended_by = tombstone.trace.as_deref().and_then(trace::from_json);
        let Some(logout) = ended_by.as_ref().and_then(logout_token) else {
            return Ok(Self::default());
        };
        if logout.subject != trace::masked(&change.login.subject) {
            return Ok(Self::default());
        }
        let reason = tombstone.reason.parse().ok();
        Ok(Self {
            key: Some(masked_hash(key_hash)),
            sid: logout.sid,
            end: reason.map(|reason| SessionEnd { reason, at: tombstone.at, was_guest: false }),
        })
    }
}

/// Whose session a logout token ended, masked as the trace has it.
struct LogoutToken {
    subject: String,
    sid: Option<String>,
}

fn logout_token(trace: &Trace) -> Option<LogoutToken> {
    let validated = trace.message(Step::LogoutTokenValidated)?;
    Some(LogoutToken {
        subject: validated.parameter("sub")?.to_owned(),
        sid: validated.parameter("sid").map(str::to_owned),
    })
}

/// As `trace::masked` shows the key itself.
fn masked_hash(key_hash: &str) -> String {
    format!("‹{}›", &key_hash[..MASK_LENGTH])
}

pub(super) async fn note_login(
    transaction: &DatabaseTransaction,
    session_id: &str,
    former: &Former,
    began_at: i64,
    now: i64,
) -> Result<(), DbErr> {
    let login = session_history::Model {
        session_id: session_id.to_owned(),
        key_since: Some(now),
        former_key: former.key.clone(),
        former_sid: former.sid.clone(),
        former_end: former.end.map(|end| end.reason.into_str().to_owned()),
        former_ended_at: former.end.map(|end| end.at),
        login_began_at: Some(began_at),
        aged_by: 0,
    };
    // How old it was made before stays.
    let of_login = [
        Column::KeySince,
        Column::FormerKey,
        Column::FormerSid,
        Column::FormerEnd,
        Column::FormerEndedAt,
        Column::LoginBeganAt,
    ];
    let again = OnConflict::column(Column::SessionId).update_columns(of_login).to_owned();
    session_history::Entity::insert(login.into_active_model())
        .on_conflict(again)
        .exec_without_returning(transaction)
        .await?;
    Ok(())
}

pub(super) async fn note_age(
    db: &impl ConnectionTrait,
    session_id: &str,
    by: i64,
) -> Result<(), DbErr> {
    let aged = session_history::ActiveModel {
        session_id: Set(session_id.to_owned()),
        aged_by: Set(by),
        ..Default::default()
    };
    let aged_by = Expr::col((session_history::Entity, Column::AgedBy));
    let again =
        OnConflict::column(Column::SessionId).value(Column::AgedBy, aged_by.add(by)).to_owned();
    session_history::Entity::insert(aged).on_conflict(again).exec_without_returning(db).await?;
    Ok(())
}

/// Of a living session; `key_hash` is of the key that opened it.
pub async fn history(
    db: &impl ConnectionTrait,
    row: &SessionRow,
    key_hash: Option<&str>,
) -> Result<SessionHistory, DbErr> {
    let noted = session_history::Entity::find_by_id(&row.id).one(db).await?.unwrap_or_default();
    let reason = noted.former_end.as_deref().and_then(|reason| reason.parse().ok());
    let ended = reason.zip(noted.former_ended_at).map(|(reason, at)| SessionEnd {
        reason,
        at,
        was_guest: false,
    });
    Ok(SessionHistory {
        session: Some(fingerprint(&row.id)),
        cookies: Vec::new(),
        key: key_hash.map(masked_hash),
        // Its first key is as old as the session is, however old that was made to look.
        key_since: Some(noted.key_since.unwrap_or(row.created_at + noted.aged_by)),
        former_key: noted.former_key,
        former_sid: noted.former_sid,
        login_began_at: noted.login_began_at,
        aged_by: noted.aged_by,
        ended,
    })
}
