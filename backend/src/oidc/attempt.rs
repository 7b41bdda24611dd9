//! A login in flight: what must come back from the IdP, bound to the browser that left for it.
//!
//! It depends on no session: a first-time visitor has none, and when another account signs in the IdP
//! may end the old session by back channel before the callback arrives. Each attempt is a row of its own, so
//! several tabs may sign in at once and nobody can push another one's attempt out.

use super::{ReturnTo, binding};
use crate::{Config, Result, crypto, db, trace};
use actix_web::{HttpRequest, cookie::Cookie};
use oauth2::{CsrfToken, PkceCodeVerifier};
use openidconnect::Nonce;
use sea_orm::{
    ActiveModelTrait as _, ColumnTrait as _, Condition, DatabaseConnection, EntityTrait as _,
    IntoActiveModel as _, PaginatorTrait as _, QueryFilter as _, sea_query::Expr,
};
use shared::{
    paths::auth,
    trace::{Trace, TraceKind},
};
use subtle::ConstantTimeEq as _;

/// How long the person may take at the IdP. Milliseconds.
pub(super) const LIVES: i64 = 10 * 60 * 1000;
/// For so long after it was used an attempt is known: the back button after a login goes on. Milliseconds.
const USED_REMEMBERED: i64 = 10 * 60 * 1000;
/// For so long after its end one that nobody used is known, until a day after it began: it is restarted quietly for the
/// page that it was for, also when the login page was open overnight. Milliseconds.
const UNUSED_REMEMBERED: i64 = 24 * 60 * 60 * 1000 - LIVES;

pub mod entity {
    use sea_orm::entity::prelude::*;

    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "login_attempt")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub state_hash: String,
        /// SHA-256 of what binds this browser's attempts (`binding`).
        pub binding_hash: String,
        /// Empty once used, as the next one is.
        pub nonce: String,
        pub pkce_verifier: String,
        pub return_to: String,
        pub keep: bool,
        pub connection: Option<String>,
        pub prompt: Option<String>,
        /// Seconds.
        pub max_age: Option<i64>,
        pub acr_values: Option<String>,
        /// The session that the login began in: none where a link of another site began it, or a hidden frame.
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
    /// What binds this browser's attempts already.
    pub binding: Option<String>,
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

    /// The same login anew, with what binds this browser.
    pub fn again(&self, binding: Option<String>) -> LoginParameters {
        LoginParameters {
            return_to: self.return_page(),
            keep: self.keep,
            prompt: self.prompt.clone(),
            connection: self.connection.clone(),
            max_age: self.max_age,
            acr_values: self.acr_values.clone(),
            session_id: self.session_id.clone(),
            key_hash: self.key_hash.clone(),
            cart_hash: self.cart_hash.clone(),
            restarted: true,
            redirect_path: auth::CALLBACK,
            binding,
        }
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
    config: &Config,
    secrets: &Secrets,
    parameters: LoginParameters,
    trace: &Trace,
) -> Result<Cookie<'static>> {
    let now = db::now();
    let binding = parameters.binding.unwrap_or_else(crypto::token);
    let row = Attempt {
        state_hash: crypto::fingerprint(secrets.state.secret()),
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
    db::unless_locked(|| row.clone().into_active_model().insert(db)).await?;
    Ok(binding::cookie(config, binding))
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
    if !is_of_this_browser(config, request, &attempt) {
        return Ok(Err(Stale::Unknown));
    }
    let used = entity::Entity::update_many()
        .col_expr(entity::Column::UsedAt, Expr::value(now))
        .col_expr(entity::Column::Nonce, Expr::value(""))
        .col_expr(entity::Column::PkceVerifier, Expr::value(""))
        .filter(entity::Column::StateHash.eq(&state_hash))
        .filter(entity::Column::UsedAt.is_null());
    let used = db::unless_locked(|| used.clone().exec(db)).await?;
    // Of requests that come at the same time, one has it.
    Ok(if used.rows_affected == 1 { Ok(attempt) } else { Err(Stale::Used(attempt)) })
}

/// The cookie that unbinds this browser, unless it has another login in flight. Where the database fails the browser
/// stays bound for a while: by now a login may be complete, and that is no reason to lose it.
pub async fn unbind(
    db: &DatabaseConnection,
    config: &Config,
    attempt: &Attempt,
) -> Option<Cookie<'static>> {
    let others = entity::Entity::find()
        .filter(entity::Column::BindingHash.eq(&attempt.binding_hash))
        .filter(entity::Column::UsedAt.is_null())
        .filter(entity::Column::ExpiresAt.gt(db::now()))
        .count(db)
        .await;
    (others.ok()? == 0).then(|| binding::removal_cookie(config))
}

pub(super) async fn sweep(db: &DatabaseConnection, now: i64) -> Result<()> {
    let is_forgotten = Condition::any()
        .add(entity::Column::UsedAt.lt(now - USED_REMEMBERED))
        .add(entity::Column::ExpiresAt.lt(now - UNUSED_REMEMBERED));
    entity::Entity::delete_many().filter(is_forgotten).exec(db).await?;
    Ok(())
}

fn is_of_this_browser(config: &Config, request: &HttpRequest, attempt: &Attempt) -> bool {
    binding::of(config, request).is_some_and(|binding| {
        crypto::fingerprint(&binding).as_bytes().ct_eq(attempt.binding_hash.as_bytes()).into()
    })
}
