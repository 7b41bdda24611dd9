//! storezero's backend: a shop, and a Backend For Frontend that runs the OpenID Connect Authorization
//! Code Flow and holds the local session. `app` lists everything that can be asked of it.
//!
//! Its modules stand on floors: each uses only those below it. `xtask/tests/floors.rs` lists them in that order and
//! checks it; here they stand by what they are for.

// What a program needs before it does anything.
pub mod config;
pub mod crypto;
pub mod error;

// The database, and what every request passes through.
pub mod db;
pub mod http;

// Who is there, and what is remembered of it.
pub mod customers;
pub mod session;
pub mod trace;

// The protocol, and nothing of the shop.
pub mod oidc;

// The shop.
pub mod account;
pub mod cart;
pub mod catalog;
pub mod checkout;
pub mod orders;
pub mod pages;
pub mod promotions;
pub mod reviews;
pub mod wishlist;

// Where protocol, session and shop meet.
pub mod auth;
pub mod explorer;
pub mod openapi;

// The whole.
pub mod app;
pub mod jobs;
pub mod seed;

pub use config::Config;
pub use error::{Error, Result};
