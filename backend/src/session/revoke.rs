//! Ending sessions: the only place that does.

use super::{EndedLogin, SessionRow, Sessions, entity::session, key, signed_out};
use crate::{Result, db};
use sea_orm::{
    ColumnTrait as _, Condition, DatabaseTransaction, EntityTrait as _, QueryFilter as _,
    QueryOrder as _, QuerySelect as _, sea_query::LockType,
};
use shared::{session::EndReason, trace::Trace};

/// Which sessions end, past their limits or not.
#[derive(Clone, Copy, Debug)]
pub enum Filter<'a> {
    Sessions(&'a [String]),
    /// Those of them that are past a limit by then: a login may have renewed one since that was seen.
    Expired(&'a [String], i64),
    Customer(i64),
    /// Those that a logout token names, but for logins that are newer than it.
    Login(&'a EndedLogin),
}

impl Filter<'_> {
    fn condition(self) -> Condition {
        match self {
            Self::Sessions(ids) => Condition::all().add(session::Column::Id.is_in(ids)),
            Self::Expired(ids, now) => Condition::all().add(session::Column::Id.is_in(ids)).add(
                Condition::any()
                    .add(session::Column::IdleDeadline.lte(now))
                    .add(session::Column::AbsoluteDeadline.lte(now)),
            ),
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
    db: &DatabaseTransaction,
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
    key::record_end(db, &rows, reason.into_str(), trace, now).await?;
    let ids: Vec<String> = rows.into_iter().map(|row| row.id).collect();
    session::Entity::delete_many().filter(session::Column::Id.is_in(&ids)).exec(db).await?;
    Ok(ids)
}

impl Sessions {
    /// Ends these sessions now, and tells whoever watches them.
    pub async fn revoke(&self, ids: &[String], reason: EndReason) -> Result<()> {
        self.end(Filter::Sessions(ids), reason, db::now()).await?;
        Ok(())
    }

    /// Ends those of these sessions that are past a limit, and answers how many that were.
    pub async fn end_expired(&self, ids: &[String], reason: EndReason, now: i64) -> Result<usize> {
        self.end(Filter::Expired(ids, now), reason, now).await
    }

    async fn end(&self, filter: Filter<'_>, reason: EndReason, now: i64) -> Result<usize> {
        let transaction = db::begin_write(&self.db).await?;
        let ended = revoke(&transaction, filter, reason, None, now).await?;
        transaction.commit().await?;
        self.live.publish(&ended).await;
        Ok(ended.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        Config,
        db::testing,
        session::{queries::find, testing::endless},
    };
    use sea_orm::IntoActiveModel as _;

    #[actix_web::test]
    async fn a_session_that_a_login_has_renewed_is_not_ended_for_its_old_limit() {
        let db = testing::empty().await;
        let sessions = Sessions::start(&Config::from_settings(&[]).unwrap(), db.clone());
        for (id, idle_deadline, absolute_deadline) in
            [("renewed", 200, 200), ("idle", 100, 200), ("old", 200, 100)]
        {
            let row = SessionRow { idle_deadline, absolute_deadline, ..endless(id) };
            let insert = session::Entity::insert(row.into_active_model());
            insert.exec_without_returning(&*db).await.unwrap();
        }
        let seen = ["renewed", "idle", "old"].map(str::to_owned);
        assert_eq!(sessions.end_expired(&seen, EndReason::Idle, 100).await.unwrap(), 2);
        assert!(find(&*db, "renewed").await.unwrap().is_some());
    }
}
