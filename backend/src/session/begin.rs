//! Beginning a session, and signing a customer in to one.

use super::{
    SessionRow, Visitor, cookie,
    end::{end_in, tell_of_end, unlink_all_keys},
    entity::session,
    id_token,
    lifetimes::{Deadlines, deadlines},
    store, user_agent,
};
use crate::{App, Result, crypto, db};
use actix_web::http::header::USER_AGENT;
use anyhow::Context as _;
use sea_orm::{ActiveModelTrait as _, ActiveValue::Set, EntityTrait as _, IntoActiveModel as _};
use shared::session::{EndReason, SessionEvent};

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

/// A session without a login.
pub(super) async fn begin(app: &App, visitor: &Visitor) -> Result<SessionRow> {
    let row = new_row(app, visitor, false, db::now());
    let row = row.into_active_model().insert(&app.db).await?;
    open_with_new_key(visitor, &row)?;
    Ok(row)
}

/// Updates the session that the login began in: its customer, its limits, its key.
///
/// `began_in` is the session that the attempt named. Where it is gone, or belongs to somebody else, a
/// fresh one begins: a second person on the same browser finds no trace of the first.
pub async fn sign_in(
    app: &App,
    visitor: &Visitor,
    began_in: Option<&str>,
    customer_id: i64,
    login: &Login,
    persistent: bool,
) -> Result<SessionRow> {
    let now = db::now();
    let transaction = db::begin_write(&app.db).await?;
    let before = match began_in {
        Some(id) => session::Entity::find_by_id(id).one(&transaction).await?,
        None => None,
    };
    let same_browser = visitor.session.as_ref().map(|row| row.id.clone());
    let kept = before
        .clone()
        .filter(|row| row.customer_id.is_none_or(|id| id == customer_id));
    let kept_id = kept.as_ref().map(|row| row.id.clone());
    let ended: Vec<String> = before
        .map(|row| row.id)
        .into_iter()
        .chain(same_browser)
        .filter(|id| kept_id.as_ref() != Some(id))
        .collect();
    end_in(&transaction, &ended, EndReason::AccountSwitch, now).await?;
    let row = if let Some(row) = kept {
        unlink_all_keys(&transaction, &row.id, now).await?;
        signed_in(app, row, customer_id, login, persistent, now)
            .reset_all()
            .update(&transaction)
            .await?
    } else {
        let row = new_row(app, visitor, persistent, now);
        signed_in(app, row, customer_id, login, persistent, now)
            .insert(&transaction)
            .await?
    };
    id_token::keep(
        &transaction,
        &app.config.secret_key,
        &row.id,
        &login.id_token,
    )
    .await?;
    transaction.commit().await?;
    tell(app, &row, &ended).await;
    open_with_new_key(visitor, &row)?;
    Ok(row)
}

async fn tell(app: &App, row: &SessionRow, ended: &[String]) {
    tell_of_end(&app.live, ended, EndReason::AccountSwitch).await;
    let changed = std::slice::from_ref(&row.id);
    app.live.tell(changed, SessionEvent::Changed).await;
}

fn new_row(app: &App, visitor: &Visitor, persistent: bool, now: i64) -> SessionRow {
    let Deadlines { idle, absolute } = deadlines(&app.config.session, persistent, now);
    let user_agent = visitor
        .request
        .headers()
        .get(USER_AGENT)
        .and_then(|value| value.to_str().ok());
    SessionRow {
        id: crypto::token(),
        customer_id: None,
        created_at: now,
        last_seen_at: now,
        idle_deadline: idle,
        absolute_deadline: absolute,
        persistent,
        ask_again: visitor.ended.is_some_and(EndReason::asks_again),
        issuer: None,
        subject: None,
        sid: None,
        auth_time: None,
        acr: None,
        amr: None,
        id_token_issued_at: None,
        provider: None,
        user_agent: user_agent::in_words(user_agent.unwrap_or_default()),
    }
}

fn signed_in(
    app: &App,
    row: SessionRow,
    customer_id: i64,
    login: &Login,
    persistent: bool,
    now: i64,
) -> session::ActiveModel {
    let Deadlines { idle, absolute } =
        deadlines(&app.config.session, persistent, now).capped(login.session_expiry);
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

/// Tells actix-session which row the answer's new cookie opens.
fn open_with_new_key(visitor: &Visitor, row: &SessionRow) -> Result<()> {
    visitor.handle.clear();
    visitor
        .handle
        .insert(store::ID, &row.id)
        .context("a session's id is text")?;
    visitor.handle.renew();
    cookie::note_persistence(&visitor.request, row);
    Ok(())
}
