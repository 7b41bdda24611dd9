//! The shop in the browser: a client-side rendered single-page app.
//!
//! One folder per feature, named as in the backend. Pages fetch, components show. How somebody is signed in is known
//! to `api` and `auth` alone: by a session of the backend, or, in the build without one, by tokens in memory.
//!
//! Each folder uses only those on the
//! floors below it, which `xtask/tests/floors.rs` lists and checks.

// `#[component]` takes its properties by value, and `#[lazy_route]` uses the argument that it asks for.
#![allow(
    clippy::large_types_passed_by_value,
    clippy::needless_pass_by_value,
    clippy::used_underscore_binding
)]

#[cfg(any(
    not(any(feature = "bff", feature = "implicit")),
    all(feature = "bff", feature = "implicit")
))]
compile_error!("choose one of the features bff and implicit");

mod account;
mod activities;
mod api;
mod app;
mod auth;
mod cart;
mod catalog;
mod checkout;
mod explorer;
mod home;
mod orders;
mod product;
mod shell;
mod storage;
mod ui;
mod wishlist;

use wasm_bindgen::prelude::wasm_bindgen;

#[wasm_bindgen(start)]
pub fn main() {
    app::start();
}
