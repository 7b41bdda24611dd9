//! What the shop does by itself, beside the requests.

use crate::{
    Result, cart, checkout, customers, db, http::limits::Limits, oidc, orders, session::Sessions,
};
use actix_web::web::Data;
use sea_orm::DatabaseConnection;
use shared::paths::auth;
use std::time::Duration;

const SWEEP_EVERY: Duration = Duration::from_mins(1);

/// Once a minute, until the process ends: removes what time has ended, and moves orders on. A round that fails is told
/// and tried again.
pub async fn sweep(sessions: Data<Sessions>, db: Data<DatabaseConnection>, limits: Data<Limits>) {
    let mut rounds = tokio::time::interval(SWEEP_EVERY);
    loop {
        rounds.tick().await;
        limits.sweep();
        if let Err(error) = sweep_once(&sessions, &db).await {
            tracing::warn!(%error, "a round of tidying up failed");
        }
    }
}

/// One that fails keeps no other from its turn: stock that is held comes back although a session cannot be ended.
pub async fn sweep_once(sessions: &Sessions, db: &DatabaseConnection) -> Result<()> {
    let now = db::now();
    let sweeps = [
        sessions.sweep(now).await.map(|ended| tracing::debug!(ended, "tidied sessions up")),
        oidc::sweep(db, now).await,
        checkout::release_expired(db, now).await,
        cart::remove_expired(db, now).await.map(drop),
        customers::sweep(db, now).await,
        orders::advance(db, now).await,
        orders::forget_found(db, now).await,
    ];
    sweeps.into_iter().collect()
}

/// A first look, so that a wrong issuer is told in the log at start and not at the first login.
pub async fn look_for_identity_provider(oidc: Data<oidc::Client>) {
    if oidc.provider().await.is_ok() {
        tracing::info!(
            redirect_uri = oidc.redirect_uri(auth::CALLBACK).as_str(),
            silent_redirect_uri = oidc.redirect_uri(auth::SILENT).as_str(),
            "the identity provider answers; the shop's client there needs these redirect URIs"
        );
    }
}
