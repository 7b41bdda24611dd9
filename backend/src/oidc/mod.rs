//! The Relying Party: OpenID Connect Authorization Code Flow with PKCE, logout, and back-channel logout.
//! One file per step of the protocol, named as the specifications name it.
//!
//! - `login` → `authorization_request` → (the IdP) → `callback` → `authenticate` → `id_token` → `session::sign_in`
//! - `silent_login` → (the IdP, without a page) → `silent_login` again: who it knows, and no session
//! - `logout` → (the IdP's `end_session_endpoint`) → /signed-out
//! - `backchannel_logout` → `session::end_by_identity_provider`

mod attempt;
mod authenticate;
mod authorization_request;
mod backchannel_logout;
mod callback;
mod client;
mod http;
mod id_token;
mod identity_provider;
mod login;
mod logout;
mod provider;
mod return_to;
mod silent_login;
pub mod sweep;

pub use client::Client;
pub use return_to::ReturnTo;

use crate::{Error, Result};
use actix_web::{
    HttpResponse,
    http::header::{CACHE_CONTROL, LOCATION},
    web,
};
use shared::{
    paths::{api, auth, page},
    session::SignInProblem,
};

pub fn routes(routes: &mut web::ServiceConfig) {
    routes
        .service(web::resource(auth::LOGIN).get(login::login))
        .service(web::resource(auth::CALLBACK).get(callback::callback))
        .service(web::resource(auth::SILENT_LOGIN).get(silent_login::begin))
        .service(
            web::resource(auth::SILENT)
                .get(silent_login::landing)
                .post(silent_login::complete),
        )
        .service(web::resource(auth::SILENT_SCRIPT).get(silent_login::landing_script))
        .service(web::resource(api::IDENTITY_PROVIDER).get(identity_provider::view))
        .service(web::resource(auth::LOGOUT).post(logout::logout))
        .service(
            web::resource(auth::BACKCHANNEL_LOGOUT).post(backchannel_logout::backchannel_logout),
        );
}

/// 303: whatever the method was, the browser goes on with GET. Never stored: each redirect is of its moment.
fn see_other(location: &str) -> HttpResponse {
    HttpResponse::SeeOther()
        .insert_header((LOCATION, location))
        .insert_header((CACHE_CONTROL, "no-store"))
        .finish()
}

/// A fault of our own, as a page too: the person came here by a link, not by a script.
fn or_page(response: Result<HttpResponse>) -> Result<HttpResponse> {
    match response {
        Err(Error::Internal(error)) => {
            tracing::error!(error = format!("{error:#}"), "a login failed");
            Ok(sign_in_problem(SignInProblem::Refused, &ReturnTo::home()))
        }
        response => response,
    }
}

/// A page in the shop that says what happened and offers a way on.
fn sign_in_problem(problem: SignInProblem, return_to: &ReturnTo) -> HttpResponse {
    let query = [
        ("problem", problem.into_str()),
        ("return_to", return_to.as_str()),
    ];
    let query = serde_urlencoded::to_string(query).unwrap_or_default();
    see_other(&format!("{}?{query}", page::SIGN_IN_PROBLEM))
}
