//! The backend over HTTP: each test starts the shop as a real server with a database of its own, and talks
//! to it as browsers and identity providers do.

#![allow(
    clippy::expect_used,
    clippy::too_many_lines,
    reason = "a test that cannot go on says so and stops; a table of cases is as long as it is"
)]

mod support;

mod backchannel_logout;
mod bad_input;
mod callback;
mod cart;
mod catalog;
mod checkout;
mod devices;
mod gate;
mod id_token;
mod idp_down;
mod live;
mod login;
mod logout;
mod orders;
mod program;
mod session;
mod site;
