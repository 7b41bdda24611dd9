//! Signing a customer in to a session.

use super::{
    Filter, SessionRow, Sessions, Visitor,
    begin::new_row,
    entity::session,
    id_token_hint, key,
    limits::{Deadlines, deadlines},
    revoke,
};
use crate::Result;
use sea_orm::{
    ActiveModelTrait as _, ActiveValue::Set, DatabaseTransaction, EntityTrait as _,
    IntoActiveModel as _,
};
use shared::session::EndReason;

/// What a validated ID token says of its login. Times are milliseconds since the Unix epoch.
#[derive(Debug)]
pub struct Login {
    pub issuer: String,
    pub subject: String,
    pub sid: Option<String>,
    pub auth_time: Option<i64>,
    pub acr: Option<String>,
    pub amr: Option<String>,
    pub issued_at: i64,
    pub provider: Option<String>,
    /// Past this the IdP wants no session to live, however long ours may.
    pub session_expiry: Option<i64>,
    /// The token itself, kept encrypted as a logout hint.
    pub id_token: String,
}

impl Login {
    /// By the level that the IdP names for it, or by the methods of RFC 8176 that say so.
    pub fn used_second_factor(&self, acr_mfa: &str) -> bool {
        let amr = self.amr.as_deref().unwrap_or_default();
        self.acr.as_deref() == Some(acr_mfa)
            || amr
                .split_whitespace()
                .any(|method| matches!(method, "mfa" | "otp"))
    }
}

/// Who signs in, and where the login began.
#[derive(Debug)]
pub struct SignIn<'a> {
    pub customer_id: i64,
    pub login: &'a Login,
    /// The session that the attempt named.
    pub began_in: Option<&'a str>,
    /// "Keep me signed in"
    pub persistent: bool,
}

/// What is told and handed out when the transaction is committed.
#[must_use]
pub struct SignedIn {
    pub row: SessionRow,
    key: String,
    ended: Vec<String>,
}

/// Updates the session that the login began in: its customer, its limits, its key.
///
/// Where that session is gone, or belongs to somebody else, a fresh one begins: a second person on the same
/// browser finds no trace of the first.
#[tracing::instrument(skip_all)]
pub async fn sign_in(
    transaction: &DatabaseTransaction,
    sessions: &Sessions,
    visitor: &Visitor,
    change: &SignIn<'_>,
    now: i64,
) -> Result<SignedIn> {
    let before = match change.began_in {
        Some(id) => session::Entity::find_by_id(id).one(transaction).await?,
        None => None,
    };
    let is_theirs = |row: &SessionRow| row.customer_id.is_none_or(|id| id == change.customer_id);
    let kept = before.clone().filter(is_theirs);
    let of_this_browser = visitor.session.iter().chain(&before);
    let others: Vec<String> = of_this_browser
        .map(|row| row.id.clone())
        .filter(|id| kept.as_ref().is_none_or(|kept| kept.id != *id))
        .collect();
    let ended = revoke(
        transaction,
        Filter::Sessions(&others),
        EndReason::AccountSwitch,
        None,
        now,
    )
    .await?;
    let row = if let Some(row) = kept {
        key::unlink_all(transaction, &row.id, now).await?;
        signed_in(sessions, row, change, now)
            .reset_all()
            .update(transaction)
            .await?
    } else {
        let row = new_row(sessions, visitor, change.persistent, now);
        signed_in(sessions, row, change, now)
            .insert(transaction)
            .await?
    };
    let key = key::link(transaction, &row.id).await?;
    let id_token = &change.login.id_token;
    id_token_hint::keep(transaction, &sessions.secret_key, &row.id, id_token).await?;
    Ok(SignedIn { row, key, ended })
}

impl SignedIn {
    /// After the commit: this browser gets the new key, and whoever watches these sessions hears of it.
    pub async fn hand_out(&self, sessions: &Sessions, visitor: &Visitor) -> Result<()> {
        sessions.live.publish(&self.ended).await;
        sessions
            .live
            .publish(std::slice::from_ref(&self.row.id))
            .await;
        visitor.hand_out(&self.key, &self.row)
    }
}

fn signed_in(
    sessions: &Sessions,
    row: SessionRow,
    change: &SignIn<'_>,
    now: i64,
) -> session::ActiveModel {
    let SignIn {
        customer_id,
        login,
        persistent,
        ..
    } = *change;
    let Deadlines { idle, absolute } =
        deadlines(&sessions.limits, persistent, now).capped(login.session_expiry);
    session::ActiveModel {
        customer_id: Set(Some(customer_id)),
        last_seen_at: Set(now),
        idle_deadline: Set(idle),
        absolute_deadline: Set(absolute),
        persistent: Set(persistent),
        ask_again: Set(false),
        issuer: Set(Some(login.issuer.clone())),
        subject: Set(Some(login.subject.clone())),
        sid: Set(login.sid.clone()),
        auth_time: Set(login.auth_time),
        acr: Set(login.acr.clone()),
        amr: Set(login.amr.clone()),
        id_token_issued_at: Set(Some(login.issued_at)),
        provider: Set(login.provider.clone()),
        ..row.into_active_model()
    }
}
