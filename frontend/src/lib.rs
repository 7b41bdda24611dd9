//! The shop in the browser: a client-side rendered single-page app.
//!
//! One folder per feature, named as in the backend. Pages fetch, components show.

// `view!` and `#[component]` expand to what these two lints dislike; nothing of ours is meant by them.
#![allow(clippy::must_use_candidate, clippy::needless_pass_by_value)]

mod account;
mod api;
mod app;
mod auth;
mod cart;
mod catalog;
mod checkout;
mod home;
mod orders;
mod sessions;
mod ui;

use wasm_bindgen::prelude::wasm_bindgen;

#[wasm_bindgen(start)]
pub fn main() {
    app::start();
}
