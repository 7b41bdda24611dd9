//! The Relying Party's protocol: OpenID Connect Authorization Code Flow with PKCE, RP-Initiated Logout and
//! Back-Channel Logout. One file per step, named as the specifications name it; what the shop does with the
//! outcome is `crate::auth`'s.
//!
//! - `authorization_request` → (the IdP) → `authenticate`: `token_request`, then `id_token`
//! - `attempt`: what must come back, bound to the browser that left (`binding`)
//! - `end_session_request` → (the IdP)
//! - `logout_token`, which the IdP sends by itself
//! - `access_token`, which a page without a session brings along with each request

pub mod access_token;
mod attempt;
mod authenticate;
pub mod authorization_request;
pub mod binding;
mod claims;
mod client;
mod discovery;
mod end_session_request;
mod http;
mod id_token;
mod jwt;
pub mod logout_token;
mod provider;
mod refusal;
mod return_to;
mod token_request;
mod types;

pub use access_token::AccessToken;
pub use attempt::{Attempt, LoginParameters, Stale, redeem};
pub use authenticate::{AuthorizationResponse, authenticate};
pub use client::Client;
pub use end_session_request::{EndSessionRequest, end_session_request};
pub use provider::Provider;
pub use refusal::Refusal;
pub use return_to::ReturnTo;

use crate::Result;
use sea_orm::DatabaseConnection;

/// How far the IdP's clock and ours may be apart. Seconds.
const SKEW: i64 = 60;

/// Removes what logins and logouts no longer need.
pub async fn sweep(db: &DatabaseConnection, now: i64) -> Result<()> {
    attempt::sweep(db, now).await?;
    logout_token::sweep(db, now).await
}
