//! Logins that were signed out here: the IdP's session may live on, and single sign-on must not undo what a person did.
//!
//! Kept by a hash of issuer, subject and `sid`, so that no trace of a person stays behind an account that was deleted.

use super::{Login, SessionRow, entity::signed_out_login};
use crate::{Result, crypto, db};
use sea_orm::{
    ActiveValue::Set, ColumnTrait as _, Condition, ConnectionTrait, DatabaseTransaction, DbErr,
    EntityTrait as _, PaginatorTrait as _, QueryFilter as _, sea_query::OnConflict,
};
use shared::session::EndReason;

/// How a login began that has come back by now.
#[derive(Clone, Copy, Debug)]
pub struct Began {
    /// Milliseconds since the Unix epoch.
    pub at: i64,
    /// By the shop's own page, hence at the wish of whoever is in front of it.
    pub at_own_page: bool,
    /// The IdP was told to ask for the credentials (`prompt=login`).
    pub asks_anew: bool,
}

/// Keeps in mind that these logins ended here, if it was a person who ended them.
pub(super) async fn remember(
    transaction: &DatabaseTransaction,
    sessions: &[SessionRow],
    reason: EndReason,
    now: i64,
) -> Result<(), DbErr> {
    use signed_out_login::Column;
    if !(reason == EndReason::Logout || reason.asks_again()) {
        return Ok(());
    }
    let with_hash = |row| Some((login_hash(row)?, row));
    let mut logins: Vec<(String, &SessionRow)> = sessions.iter().filter_map(with_hash).collect();
    // In one order, so that two that remember the same logins do not wait for each other.
    logins.sort_unstable_by(|(one, _), (other, _)| one.cmp(other));
    for (login_hash, row) in logins {
        lock(transaction, &login_hash).await?;
        let login = signed_out_login::ActiveModel {
            login_hash: Set(login_hash),
            elsewhere: Set(reason.asks_again()),
            // The IdP's clock may be ahead of ours: what was signed out is no new login in any case.
            authenticated_until: Set(row.auth_time.unwrap_or(now).max(now)),
            at: Set(now),
        };
        let again = OnConflict::columns([Column::LoginHash, Column::Elsewhere])
            .update_columns([Column::AuthenticatedUntil, Column::At])
            .to_owned();
        signed_out_login::Entity::insert(login)
            .on_conflict(again)
            .exec_without_returning(transaction)
            .await?;
    }
    Ok(())
}

/// On PostgreSQL, until the transaction ends nobody signs this login out, nor comes back with it.
async fn lock(transaction: &DatabaseTransaction, login_hash: &str) -> Result<(), DbErr> {
    let mut name = [0; 8];
    // The first 64 bits of the hash, which is hexadecimal: two logins with the same only wait for each other.
    let _ = hex::decode_to_slice(&login_hash[..16], &mut name);
    db::lock(transaction, i64::from_be_bytes(name)).await
}

impl Login {
    /// Waits for whoever signs this login out at this moment. A login by another site's link has no session that both
    /// would lock.
    pub async fn while_not_signed_out(
        &self,
        transaction: &DatabaseTransaction,
    ) -> Result<(), DbErr> {
        lock(transaction, &self.hash()).await
    }

    /// Whether it comes from a session at the IdP that was signed out here, and nobody has proved there since who they
    /// are (`auth_time`). Whoever signed out in this browser and then presses "Sign in" in the shop wants single
    /// sign-on; a link of another site, and a login that was under way before, do not know of it. From another device,
    /// or with the account, it ended against whoever sits here: they are asked in any case.
    pub async fn must_be_asked_anew(
        &self,
        db: &impl ConnectionTrait,
        began: Began,
    ) -> Result<bool, DbErr> {
        use signed_out_login::Column;
        let mut whichever = Condition::any().add(Column::At.gte(began.at));
        if !began.asks_anew {
            whichever = whichever.add(Column::Elsewhere.eq(true));
            if !began.at_own_page {
                whichever = whichever.add(Column::Elsewhere.eq(false));
            }
        }
        let signed_out = signed_out_login::Entity::find()
            .filter(Column::LoginHash.eq(self.hash()))
            .filter(Column::AuthenticatedUntil.gte(self.auth_time.unwrap_or_default()))
            .filter(whichever)
            .count(db)
            .await?;
        Ok(signed_out > 0)
    }

    /// Whoever signed out in a browser has signed in there again: from now on single sign-on is as good as before. (What
    /// was ended from elsewhere stays so until somebody proves who they are, and that is newer then.)
    pub async fn forget_sign_out(&self, db: &impl ConnectionTrait) -> Result<(), DbErr> {
        use signed_out_login::Column;
        signed_out_login::Entity::delete_many()
            .filter(Column::LoginHash.eq(self.hash()))
            .filter(Column::Elsewhere.eq(false))
            .exec(db)
            .await?;
        Ok(())
    }

    fn hash(&self) -> String {
        hash(&self.issuer, &self.subject, self.sid.as_deref())
    }
}

fn login_hash(row: &SessionRow) -> Option<String> {
    Some(hash(row.issuer.as_ref()?, row.subject.as_ref()?, row.sid.as_deref()))
}

fn hash(issuer: &str, subject: &str, sid: Option<&str>) -> String {
    crypto::fingerprint(&[issuer, subject, sid.unwrap_or_default()].join("\n"))
}
