//! The local session: what lets the shop know whether a request comes from somebody who signed in.
//!
//! A row `session` is the session; `session_key` holds what cookies open it; `session_end` remembers why
//! a key no longer opens anything. The OpenID Connect side (`crate::oidc`) begins and ends sessions by
//! the functions of this module, and no other part of the shop does.

mod activities;
mod age_session;
mod begin;
mod cookie;
mod devices;
mod end;
mod entity;
mod events;
mod id_token;
pub mod lifetimes;
mod live;
mod lock;
pub mod signed_out_mark;
mod slide;
mod step_up;
mod store;
pub mod sweep;
#[cfg(test)]
pub(crate) mod testing;
mod user_agent;
mod view;
mod visitor;

pub use activities::{Activities, of_customer as activities_of_customer};
pub use begin::{Login, sign_in};
pub use cookie::{cookie_name, middleware, persistence};
pub use devices::{fingerprint, of_customer};
pub use end::{
    EndedBy, end, end_all_of, end_by_identity_provider, ended_by_identity_provider, forget_browser,
    note_end_by_identity_provider, tell_of_end,
};
pub use entity::session::Model as SessionRow;
pub use id_token::load as id_token;
pub use live::Live;
pub use lock::locked;
pub use slide::slide;
pub use step_up::FreshCustomer;
pub use visitor::{Customer, Visitor};

use actix_web::web;

pub fn routes(routes: &mut web::ServiceConfig) {
    view::routes(routes);
    events::routes(routes);
    devices::routes(routes);
    activities::routes(routes);
}
