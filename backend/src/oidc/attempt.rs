//! A login in flight: what must come back from the IdP, bound to the browser that left for it.
//!
//! It depends on no session: a first-time visitor has none, and when another account signs in the IdP
//! may end the old session by back channel before the callback arrives. Each attempt has a cookie of its
//! own, so several tabs may sign in at once and nobody can push another one's attempt out.

use super::{Client, ReturnTo};
use crate::{Config, Result, crypto, db, trace};
use actix_web::{
    HttpRequest,
    cookie::{Cookie, SameSite, time::Duration},
};
use oauth2::{CsrfToken, PkceCodeVerifier};
use openidconnect::Nonce;
use sea_orm::{
    ActiveModelTrait as _, ColumnTrait as _, DatabaseConnection, EntityTrait as _,
    IntoActiveModel as _, QueryFilter as _, sea_query::Expr,
};
use shared::trace::{Trace, TraceKind};
use subtle::ConstantTimeEq as _;

/// How long the person may take at the IdP. Milliseconds.
const LIVES: i64 = 10 * 60 * 1000;
/// An attempt that came too late is restarted quietly; for so long it is known. Milliseconds.
const REMEMBERED: i64 = 24 * 60 * 60 * 1000;

pub mod entity {
    use sea_orm::entity::prelude::*;

    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "login_attempt")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub state_hash: String,
        /// SHA-256 of the attempt's cookie.
        pub binding_hash: String,
        pub nonce: String,
        pub pkce_verifier: String,
        pub return_to: String,
        pub keep: bool,
        pub connection: Option<String>,
        pub prompt: Option<String>,
        /// Seconds.
        pub max_age: Option<i64>,
        pub acr_values: Option<String>,
        /// The session that the login began in, when this browser had one.
        pub session_id: Option<String>,
        /// SHA-256 of the key that opened it then.
        pub key_hash: Option<String>,
        /// The guest's cart of this browser, by the hash of its token: the callback may come from another
        /// site, and the cart's Strict cookie then stays behind as the session's does.
        pub cart_hash: Option<String>,
        /// Whether it took the place of one that came too late: that is done once.
        pub restarted: bool,
        pub created_at: i64,
        pub expires_at: i64,
        pub used_at: Option<i64>,
        /// What was recorded before the browser left, as a `Trace` in JSON.
        pub trace: Option<String>,
        /// Where the IdP's answer must arrive: at another place the `state` is unknown.
        pub redirect_path: String,
    }

    impl ActiveModelBehavior for ActiveModel {}
}

pub use entity::Model as Attempt;

/// What a login asks of the IdP, and where it leads.
#[derive(Debug, Default)]
pub struct LoginParameters {
    pub return_to: ReturnTo,
    pub keep: bool,
    pub prompt: Option<String>,
    /// The social provider that the IdP passes the browser on to at once.
    pub connection: Option<String>,
    /// Seconds.
    pub max_age: Option<i64>,
    pub acr_values: Option<String>,
    pub session_id: Option<String>,
    pub key_hash: Option<String>,
    pub cart_hash: Option<String>,
    pub restarted: bool,
    pub redirect_path: &'static str,
}

/// What the request takes along that nobody may guess.
#[derive(Debug)]
pub(super) struct Secrets {
    pub state: CsrfToken,
    pub nonce: Nonce,
    pub pkce_verifier: PkceCodeVerifier,
}

/// A `state` that no login goes on with.
#[derive(Debug)]
pub enum Stale {
    /// Known, but it came too late.
    Expired(Box<Attempt>),
    /// Known, but used before.
    Used(Box<Attempt>),
    /// Never ours, or another browser's.
    Unknown,
}

impl Attempt {
    /// Where the browser goes when the login is over.
    pub fn return_page(&self) -> ReturnTo {
        ReturnTo::parse(&self.return_to)
    }

    /// How the login went so far.
    pub fn trace(&self) -> Trace {
        let known = self.trace.as_deref().and_then(trace::from_json);
        known.unwrap_or_else(|| Trace::begin(TraceKind::Login, self.created_at))
    }
}

/// Answers the cookie that binds the attempt to this browser.
pub(super) async fn begin(
    db: &DatabaseConnection,
    client: &Client,
    secrets: &Secrets,
    parameters: LoginParameters,
    trace: &Trace,
) -> Result<Cookie<'static>> {
    let now = db::now();
    let state = secrets.state.secret();
    let binding = crypto::token();
    let row = Attempt {
        state_hash: crypto::fingerprint(state),
        binding_hash: crypto::fingerprint(&binding),
        nonce: secrets.nonce.secret().clone(),
        pkce_verifier: secrets.pkce_verifier.secret().clone(),
        return_to: parameters.return_to.to_string(),
        keep: parameters.keep,
        connection: parameters.connection,
        prompt: parameters.prompt,
        max_age: parameters.max_age,
        acr_values: parameters.acr_values,
        session_id: parameters.session_id,
        key_hash: parameters.key_hash,
        cart_hash: parameters.cart_hash,
        restarted: parameters.restarted,
        created_at: now,
        expires_at: now + LIVES,
        used_at: None,
        trace: Some(trace::to_json(trace)?),
        redirect_path: parameters.redirect_path.to_owned(),
    };
    row.into_active_model().insert(db).await?;
    let lives = Duration::milliseconds(LIVES);
    Ok(cookie(&client.config, parameters.redirect_path, state, binding, lives))
}

/// Finds the attempt of this `state` and uses it up, if it belongs to this browser and arrives where it must.
pub async fn redeem(
    db: &DatabaseConnection,
    config: &Config,
    request: &HttpRequest,
    state: &str,
) -> Result<Result<Box<Attempt>, Stale>> {
    let now = db::now();
    let state_hash = crypto::fingerprint(state);
    let attempt = entity::Entity::find_by_id(&state_hash).one(db).await?;
    let Some(attempt) = attempt.filter(|attempt| attempt.redirect_path == request.path()) else {
        return Ok(Err(Stale::Unknown));
    };
    let attempt = Box::new(attempt);
    if attempt.used_at.is_some() {
        return Ok(Err(Stale::Used(attempt)));
    }
    if now >= attempt.expires_at {
        return Ok(Err(Stale::Expired(attempt)));
    }
    if !is_of_this_browser(config, request, state, &attempt) {
        return Ok(Err(Stale::Unknown));
    }
    let used = entity::Entity::update_many()
        .col_expr(entity::Column::UsedAt, Expr::value(now))
        .filter(entity::Column::StateHash.eq(&state_hash))
        .filter(entity::Column::UsedAt.is_null())
        .exec(db)
        .await?;
    // Of requests that come at the same time, one has it.
    Ok(if used.rows_affected == 1 { Ok(attempt) } else { Err(Stale::Used(attempt)) })
}

pub(super) async fn sweep(db: &DatabaseConnection, now: i64) -> Result<()> {
    entity::Entity::delete_many()
        .filter(entity::Column::CreatedAt.lt(now - REMEMBERED))
        .exec(db)
        .await?;
    Ok(())
}

/// The cookie that removes the attempt's cookie, where the answer arrived.
pub fn removal_cookie(config: &Config, path: &'static str, state: &str) -> Cookie<'static> {
    cookie(config, path, state, String::new(), Duration::ZERO)
}

/// Lax, since the callback is a navigation from the IdP's site, which carries no Strict cookie; sent to
/// the place where the answer arrives alone, so that attempts that were left open burden no other request.
fn cookie(
    config: &Config,
    path: &'static str,
    state: &str,
    binding: String,
    lives: Duration,
) -> Cookie<'static> {
    Cookie::build(cookie_name(config, state), binding)
        .path(path)
        .http_only(true)
        .secure(config.is_https())
        .same_site(SameSite::Lax)
        .max_age(lives)
        .finish()
}

/// Named after the `state` (hashed, as cookie names are seen in more places than values), so that each
/// callback finds its own. `__Secure-`, as `__Host-` would demand the path `/`.
fn cookie_name(config: &Config, state: &str) -> String {
    let prefix = if config.is_https() { "__Secure-" } else { "" };
    format!("{prefix}storezero-attempt-{}", crypto::short_fingerprint(state, 16))
}

fn is_of_this_browser(
    config: &Config,
    request: &HttpRequest,
    state: &str,
    attempt: &Attempt,
) -> bool {
    request.cookie(&cookie_name(config, state)).is_some_and(|cookie| {
        crypto::fingerprint(cookie.value()).as_bytes().ct_eq(attempt.binding_hash.as_bytes()).into()
    })
}
