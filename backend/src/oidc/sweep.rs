//! Removes what logins and logouts no longer need.

use super::{attempt, backchannel_logout};
use crate::Result;
use sea_orm::DatabaseConnection;

pub async fn sweep(db: &DatabaseConnection, now: i64) -> Result<()> {
    attempt::sweep(db, now).await?;
    backchannel_logout::sweep(db, now).await
}
