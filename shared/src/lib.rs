//! What the shop's two sides must agree on, and nothing else: paths, words of the wire, and the rules
//! that both check (the browser to help, the backend to decide).
//!
//! No I/O, no clock, no framework: it compiles for the server and for wasm.

pub mod account;
pub mod activities;
pub mod cart;
pub mod catalog;
pub mod checkout;
pub mod identity_provider;
pub mod ids;
pub mod money;
pub mod orders;
pub mod paths;
pub mod problem;
pub mod promotions;
pub mod reviews;
pub mod session;
pub mod session_history;
pub mod trace;
