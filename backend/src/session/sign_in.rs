//! Signing a customer in to a session.

use super::{
    Filter, SessionRow, Sessions, Visitor,
    begin::new_row,
    entity::session,
    history::{self, Former},
    id_token_hint, key,
    limits::{Deadlines, deadlines},
    queries::{living_of, locked_all},
    revoke,
};
use crate::{Result, trace};
use sea_orm::{ActiveModelTrait as _, ActiveValue::Set, DatabaseTransaction, IntoActiveModel as _};
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

/// Whether a login used a second factor: by the level that the IdP names for it (`acr`), or by its methods
/// (`amr`, separated by spaces), of which RFC 8176 has two that say so.
pub fn used_second_factor(acr: Option<&str>, amr: Option<&str>, acr_mfa: &str) -> bool {
    let mut methods = amr.unwrap_or_default().split_whitespace();
    acr == Some(acr_mfa) || methods.any(|method| matches!(method, "mfa" | "otp"))
}

/// Who signs in, and where the login began.
#[derive(Debug)]
pub struct SignIn<'a> {
    pub customer_id: i64,
    pub login: &'a Login,
    /// The session that the attempt named.
    pub began_in: Option<&'a str>,
    /// The hash of the key that opened it then.
    pub began_with: Option<&'a str>,
    /// When the browser left for it.
    pub began_at: i64,
    /// "Keep me signed in"
    pub persistent: bool,
}

/// What is told and handed out when the transaction is committed.
#[must_use]
pub struct SignedIn {
    pub row: SessionRow,
    key: String,
    /// The one that the login began with, masked.
    pub former_key: Option<String>,
    ended: Vec<String>,
    /// Of the same customer, whom this login told anew by name and email.
    elsewhere: Vec<String>,
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
    let here = visitor.session.as_ref().map(|row| row.id.as_str());
    let elsewhere = elsewhere(transaction, change, here).await?;
    let surplus = surplus(sessions, &elsewhere);
    let touched = change.began_in.into_iter().chain(here).chain(surplus.iter().map(String::as_str));
    let known = locked_all(transaction, touched).await?;
    let is_theirs = |row: &SessionRow| row.customer_id.is_none_or(|id| id == change.customer_id);
    let (kept, others): (Vec<_>, Vec<_>) = known
        .into_iter()
        .partition(|row| Some(row.id.as_str()) == change.began_in && is_theirs(row));
    let mut ended = Vec::new();
    let (too_many, others): (Vec<_>, Vec<_>) =
        others.into_iter().map(|row| row.id).partition(|id| surplus.contains(id));
    for (ids, reason) in
        [(others, EndReason::AccountSwitch), (too_many, EndReason::TooManySessions)]
    {
        ended.extend(revoke(transaction, Filter::Sessions(&ids), reason, None, now).await?);
    }
    let (row, former) = if let Some(row) = kept.into_iter().next() {
        // Unless a login in another tab has done so since this one began: its key may be the one that reaches the
        // browser last.
        if key::is_linked(transaction, change.began_with).await? {
            key::unlink_all(transaction, &row, now).await?;
        }
        let former = Former::of_living(&row, change);
        (signed_in(sessions, row, change, now).reset_all().update(transaction).await?, former)
    } else {
        let row = new_row(sessions, visitor, change.persistent, now);
        let former = Former::of_ended(transaction, change).await?;
        (signed_in(sessions, row, change, now).insert(transaction).await?, former)
    };
    history::note_login(transaction, &row.id, &former, change.began_at, now).await?;
    let key = key::link(transaction, &row.id).await?;
    let id_token = &change.login.id_token;
    id_token_hint::keep(transaction, &sessions.secret_key, &row.id, id_token).await?;
    Ok(SignedIn { row, key, former_key: former.key, ended, elsewhere })
}

/// The customer's sessions in other browsers, the one used last first. Logins of one customer come here one by one,
/// since each has its customer's row by now.
async fn elsewhere(
    transaction: &DatabaseTransaction,
    change: &SignIn<'_>,
    here: Option<&str>,
) -> Result<Vec<String>> {
    let living = living_of(transaction, change.customer_id).await?.into_iter().map(|row| row.id);
    let is_here = |id: &str| Some(id) == change.began_in || Some(id) == here;
    Ok(living.filter(|id| !is_here(id)).collect())
}

/// Those that this login leaves no room for: they were not used for the longest time.
fn surplus<'a>(sessions: &Sessions, elsewhere: &'a [String]) -> &'a [String] {
    let room = usize::try_from(sessions.per_customer.get() - 1).unwrap_or(usize::MAX);
    elsewhere.get(room..).unwrap_or_default()
}

impl SignedIn {
    /// After the commit: whoever watches these sessions hears of it.
    pub async fn publish(&self, sessions: &Sessions) {
        let changed = self.ended.iter().chain(&self.elsewhere).chain([&self.row.id]);
        let changed: Vec<String> = changed.cloned().collect();
        sessions.live.publish(&changed).await;
    }

    /// The new key, masked.
    pub fn masked_key(&self) -> String {
        trace::masked(&self.key)
    }

    /// After the commit: this browser gets the new key.
    pub fn hand_out(&self, visitor: &Visitor) -> Result<()> {
        visitor.hand_out(&self.key, &self.row)
    }
}

fn signed_in(
    sessions: &Sessions,
    row: SessionRow,
    change: &SignIn<'_>,
    now: i64,
) -> session::ActiveModel {
    let SignIn { customer_id, login, persistent, .. } = *change;
    let Deadlines { idle, absolute } =
        deadlines(&sessions.limits, persistent, now).capped(login.session_expiry);
    session::ActiveModel {
        customer_id: Set(Some(customer_id)),
        last_seen_at: Set(now),
        idle_deadline: Set(idle),
        absolute_deadline: Set(absolute),
        persistent: Set(persistent),
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
