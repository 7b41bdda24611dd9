//! Logins that the IdP ended, remembered for those whose callback arrives after their own logout.

use super::{Login, entity::ended_login};
use crate::Result;
use sea_orm::{
    ActiveValue::{NotSet, Set},
    ColumnTrait as _, Condition, ConnectionTrait, DbErr, EntityTrait as _, QueryFilter as _,
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

impl EndedLogin {
    /// For all to see, before the sessions are looked for: a login that is signed in too late to be found then finds
    /// this when it looks again.
    pub async fn remember(&self, db: &impl ConnectionTrait, now: i64) -> Result<(), DbErr> {
        ended_login::Entity::insert(ended_login::ActiveModel {
            id: NotSet,
            issuer: Set(self.issuer.clone()),
            sid: Set(self.sid.clone()),
            subject: Set(self.subject.clone()),
            token_issued_at: Set(self.token_issued_at),
            at: Set(now),
        })
        .exec_without_returning(db)
        .await?;
        Ok(())
    }
}

impl Login {
    /// Whether the IdP ended this login before its callback arrived: a logout that overtakes a login wins.
    pub async fn is_over(&self, db: &impl ConnectionTrait) -> Result<bool, DbErr> {
        use ended_login::Column;
        let ended = ended_login::Entity::find()
            .filter(Column::Issuer.eq(&self.issuer))
            .filter(Column::TokenIssuedAt.gte(self.issued_at))
            .filter(
                Condition::any().add(Column::Sid.is_null()).add(Column::Sid.eq(self.sid.clone())),
            )
            .filter(
                Condition::any()
                    .add(Column::Subject.is_null())
                    .add(Column::Subject.eq(&self.subject)),
            )
            .one(db)
            .await?;
        Ok(ended.is_some())
    }
}
