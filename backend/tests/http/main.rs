//! The backend over HTTP: each test starts the shop as a real server with a database of its own, and talks
//! to it as browsers and identity providers do.

#![allow(
    clippy::case_sensitive_file_extension_comparisons,
    clippy::duration_suboptimal_units,
    clippy::expect_used,
    clippy::large_futures,
    clippy::too_many_lines,
    clippy::unchecked_time_subtraction,
    reason = "a test that cannot go on says so and stops; a table of cases is as long as it is; a limit \
              reads as in the documentation"
)]

mod support;

mod account_deletion;
mod account_deletion_race;
mod activities;
mod addresses;
mod age_session;
mod authorization_request;
mod backchannel_logout;
mod bad_input;
mod bearer;
mod callback;
mod cart;
mod cart_by_token;
mod catalog;
mod checkout;
mod checkout_crash;
mod cookies;
mod cors;
mod description;
mod devices;
mod faults;
mod gate;
mod id_token;
mod idp_down;
mod limits;
mod live;
mod login;
mod login_atomicity;
mod logout;
mod order_lookup;
mod order_mails;
mod orders;
mod pages;
mod payment;
mod program;
mod promotions;
mod replicas;
mod reviews;
mod session;
mod session_cookie;
mod session_history;
mod session_limits;
mod session_memory;
mod signed_out;
mod silent_login;
mod site;
mod source;
mod step_up;
mod token_endpoint;
mod traces;
mod wishlist;
