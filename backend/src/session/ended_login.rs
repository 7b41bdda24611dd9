//! Logins that the IdP ended, remembered for those whose callback arrives after their own logout.

use super::{Login, entity::ended_login};
use crate::{Result, db};
use sea_orm::{
    ActiveValue::{NotSet, Set},
    ColumnTrait as _, Condition, ConnectionTrait, DatabaseTransaction, DbErr, EntityTrait as _,
    ExprTrait as _, QueryFilter as _,
};

/// Whose login a logout token ends (OpenID Connect Back-Channel Logout 1.0 §2.4).
#[derive(Clone, Debug)]
pub struct EndedLogin {
    pub issuer: String,
    pub sid: Option<String>,
    pub subject: Option<String>,
    /// `iat` of the logout token, in the IdP's time, milliseconds: a login newer than it stays.
    pub token_issued_at: i64,
}

/// What is left of a login when it arrives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    Stands,
    /// The IdP ended it on its way: a logout that overtakes a login wins.
    Over,
    /// A logout token of the same second names its person and no session: nobody can tell which came first.
    Unclear,
}

/// On PostgreSQL, what logins share and a logout token has alone: a login that is about to be written is then found by
/// the token's search, or finds the token.
const LOCK: i64 = i64::from_be_bytes(*b"logins..");

/// Until the transaction ends no logout token is acted upon.
pub async fn while_no_logout(transaction: &DatabaseTransaction) -> Result<(), DbErr> {
    db::share_lock(transaction, LOCK).await
}

/// Waits for logins that are being written; until the transaction ends no other one is.
pub async fn let_logins_finish(transaction: &DatabaseTransaction) -> Result<(), DbErr> {
    db::lock(transaction, LOCK).await
}

impl EndedLogin {
    pub async fn remember(&self, db: &impl ConnectionTrait, now: i64) -> Result<(), DbErr> {
        let row = ended_login::ActiveModel {
            id: NotSet,
            issuer: Set(self.issuer.clone()),
            sid: Set(self.sid.clone()),
            subject: Set(self.subject.clone()),
            token_issued_at: Set(self.token_issued_at),
            at: Set(now),
        };
        let insert = || ended_login::Entity::insert(row.clone()).exec_without_returning(db);
        db::unless_locked(insert).await?;
        Ok(())
    }
}

impl Login {
    /// Whether the IdP ended this login before its callback arrived. Its times are whole seconds: of a token of the same
    /// second that was here before the login began, the IdP knew when it let the person in.
    pub async fn standing(
        &self,
        db: &impl ConnectionTrait,
        began_at: i64,
    ) -> Result<Standing, DbErr> {
        use ended_login::Column;
        let ended = ended_login::Entity::find()
            .filter(Column::Issuer.eq(&self.issuer))
            .filter(
                Condition::any()
                    .add(Column::TokenIssuedAt.gt(self.issued_at))
                    .add(Column::TokenIssuedAt.eq(self.issued_at).and(Column::At.gte(began_at))),
            )
            .filter(
                Condition::any().add(Column::Sid.is_null()).add(Column::Sid.eq(self.sid.clone())),
            )
            .filter(
                Condition::any()
                    .add(Column::Subject.is_null())
                    .add(Column::Subject.eq(&self.subject)),
            )
            .all(db)
            .await?;
        let is_unclear = |ended: &ended_login::Model| {
            ended.sid.is_none() && ended.token_issued_at == self.issued_at
        };
        Ok(match &ended[..] {
            [] => Standing::Stands,
            ended if ended.iter().all(is_unclear) => Standing::Unclear,
            _ => Standing::Over,
        })
    }
}
