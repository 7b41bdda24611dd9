//! The local session: what lets the shop know whether a request comes from somebody who signed in.
//!
//! A row `session` is the session; `session_key` holds what cookies open it; `session_end` remembers why
//! a key no longer opens anything. Whoever begins, changes or ends a session does it by a function of this module.

pub mod activities;
mod bearer;
mod begin;
mod cookie;
mod ended_login;
mod entity;
mod history;
mod id_token_hint;
mod key;
pub mod limits;
mod live;
mod memory;
mod open;
mod queries;
mod revoke;
mod sign_in;
mod signed_out;
mod slide;
mod step_up;
mod store;
mod sweep;
#[cfg(test)]
pub(crate) mod testing;
mod token_uses;
mod user_agent;
mod visitor;

pub use bearer::Bearer;
pub use cookie::{cookie_name, middleware, persistence};
pub use ended_login::{EndedLogin, Standing, let_logins_finish, while_no_logout};
pub use entity::session::Model as SessionRow;
pub use history::history;
pub use live::Live;
pub use open::open;
pub use queries::{age, find, fingerprint, living_of, locked};
pub use revoke::{Filter, revoke};
pub use sign_in::{Login, SignIn, SignedIn, sign_in, used_second_factor};
pub use signed_out::Began;
pub use step_up::FreshCustomer;
pub use visitor::{Customer, Visitor};

use crate::{Config, config::Limits, crypto::SecretKey};
use activities::Activities;
use sea_orm::DatabaseConnection;
use std::num::NonZeroU32;
use token_uses::TokenUses;

/// All sessions of the shop, as a handler's state.
#[derive(Clone)]
pub struct Sessions {
    pub activities: Activities,
    pub live: Live,
    /// Of customers who come without a session.
    pub token_uses: TokenUses,
    db: DatabaseConnection,
    limits: Limits,
    per_customer: NonZeroU32,
    /// Of which the key of stored ID tokens is derived.
    secret_key: SecretKey,
}

impl Sessions {
    /// Starts the writer of activities, which ends with the last clone of this.
    pub fn start(config: &Config, db: DatabaseConnection) -> Self {
        Self {
            activities: Activities::start(db.clone()),
            live: Live::new(db.clone()),
            token_uses: TokenUses::default(),
            limits: config.session,
            per_customer: config.sessions_per_customer,
            secret_key: config.secret_key.clone(),
            db,
        }
    }
}
