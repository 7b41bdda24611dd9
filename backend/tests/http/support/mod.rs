//! What the tests are written with: the shop as a real server, people with browsers, a real identity
//! provider, and a misbehaving one.

mod answer;
mod browser;
pub mod cluster;
mod database;
pub mod description;
mod jar;
pub mod login_in_flight;
pub mod mail_server;
pub mod page;
mod people;
mod postgres;
mod program;
pub mod provider;
mod rows;
pub mod shopping;
mod spawn;

pub use answer::{Answer, parameter};
pub use browser::{Browser, Destination, Login, Request};
pub use database::Database;
pub use jar::Cookie;
pub use page::{Page, spawn_app_with_pages};
pub use people::{Customer, Guest};
pub use program::Program;
pub use provider::Provider;
pub use spawn::{Spawn, TestApp, new_secret_key, spawn_app, test_idp};

use std::time::Duration;

pub const ADA: &str = "ada@example.com";
pub const GRACE: &str = "grace@example.com";

pub const SECOND: Duration = Duration::from_secs(1);
pub const MINUTE: Duration = Duration::from_secs(60);
pub const HOUR: Duration = Duration::from_secs(60 * 60);
pub const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// Replaces a query parameter, or removes it.
pub fn with_parameter(url: &url::Url, name: &str, value: Option<&str>) -> url::Url {
    let others: Vec<(String, String)> = url
        .query_pairs()
        .filter(|(key, _)| key != name)
        .map(|(k, v)| (k.into_owned(), v.into_owned()))
        .collect();
    let mut changed = url.clone();
    changed
        .query_pairs_mut()
        .clear()
        .extend_pairs(others)
        .extend_pairs(value.map(|value| (name, value)));
    changed
}

/// Waits until what is asked for again and again is so.
pub async fn eventually(is_so: impl AsyncFn() -> bool, what: &str) {
    let asked = async {
        while !is_so().await {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    tokio::time::timeout(10 * SECOND, asked).await.unwrap_or_else(|_| panic!("{what}: not so"));
}
