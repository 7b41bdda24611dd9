//! Once a minute: remove what time has ended.

use crate::{App, Result, cart, checkout, db, oidc, session};
use actix_web::web::Data;
use std::time::Duration;

const EVERY: Duration = Duration::from_mins(1);

/// Runs until the process ends. A round that fails is told and tried again.
pub async fn run(app: Data<App>) {
    let mut rounds = tokio::time::interval(EVERY);
    loop {
        rounds.tick().await;
        if let Err(error) = round(&app).await {
            tracing::warn!(%error, "a round of tidying up failed");
        }
    }
}

pub async fn round(app: &App) -> Result<()> {
    let now = db::now();
    let sessions = session::sweep::sweep(&app.live, now).await?;
    oidc::sweep::sweep(&app.db, now).await?;
    checkout::release_expired(&app.db, now).await?;
    cart::remove_expired(&app.db, now).await?;
    tracing::debug!(sessions, "tidied up");
    Ok(())
}
