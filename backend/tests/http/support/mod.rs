//! What the tests are written with: the shop as a real server, people with browsers, a real identity
//! provider, and a misbehaving one.

pub mod answer;
pub mod browser;
mod database;
pub mod jar;
pub mod people;
pub mod provider;
mod rows;
pub mod shopping;
pub mod spawn;

pub use answer::{Answer, parameter};
pub use browser::{Browser, Destination, Login};
pub use people::{Customer, Guest};
pub use provider::Provider;
pub use spawn::{Spawn, TestApp, spawn_app};

pub const ADA: &str = "ada@example.com";
pub const GRACE: &str = "grace@example.com";
