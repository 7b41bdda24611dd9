//! Ending sessions: the only place that does.

use super::{EndedLogin, SessionRow, Sessions, entity::session, key, signed_out};
use crate::{Result, db};
use sea_orm::{
    ColumnTrait as _, Condition, ConnectionTrait, EntityTrait as _, QueryFilter as _,
    QueryOrder as _, QuerySelect as _, sea_query::LockType,
};
use shared::{session::EndReason, trace::Trace};

/// Which sessions end, past their limits or not.
#[derive(Clone, Copy, Debug)]
pub enum Filter<'a> {
    Sessions(&'a [String]),
    Customer(i64),
    /// Those that a logout token names, but for logins that are newer than it.
    Login(&'a EndedLogin),
}

impl Filter<'_> {
    fn condition(self) -> Condition {
        match self {
            Self::Sessions(ids) => Condition::all().add(session::Column::Id.is_in(ids)),
            Self::Customer(id) => Condition::all().add(session::Column::CustomerId.eq(id)),
            Self::Login(login) => Condition::all()
                .add(session::Column::Issuer.eq(&login.issuer))
                .add(session::Column::IdTokenIssuedAt.lte(login.token_issued_at))
                .add_option(login.sid.as_ref().map(|sid| session::Column::Sid.eq(sid)))
                .add_option(
                    login.subject.as_ref().map(|subject| session::Column::Subject.eq(subject)),
                ),
        }
    }
}

/// Ends the sessions with all that they store, and records why for the browsers that still ask: `trace` is how it
/// went, where another than the browser ended them. Answers which; `Live::publish` follows the commit.
pub async fn revoke(
    db: &impl ConnectionTrait,
    filter: Filter<'_>,
    reason: EndReason,
    trace: Option<&Trace>,
    now: i64,
) -> Result<Vec<String>> {
    let rows: Vec<SessionRow> = session::Entity::find()
        .filter(filter.condition())
        // Whoever signs in to one of them at this moment is waited for, and is then asked for once more.
        .order_by_asc(session::Column::Id)
        .lock(LockType::Update)
        .all(db)
        .await?;
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    signed_out::remember(db, &rows, reason, now).await?;
    let ids: Vec<String> = rows.into_iter().map(|row| row.id).collect();
    key::record_end(db, &ids, reason.into_str(), trace, now).await?;
    session::Entity::delete_many().filter(session::Column::Id.is_in(&ids)).exec(db).await?;
    Ok(ids)
}

impl Sessions {
    /// Ends these sessions now, and tells whoever watches them.
    pub async fn revoke(&self, ids: &[String], reason: EndReason) -> Result<()> {
        let transaction = db::begin_write(&self.db).await?;
        let filter = Filter::Sessions(ids);
        let ended = revoke(&transaction, filter, reason, None, db::now()).await?;
        transaction.commit().await?;
        self.live.publish(&ended).await;
        Ok(())
    }
}
