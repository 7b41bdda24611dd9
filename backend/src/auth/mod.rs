//! Where protocol, session and shop meet: signing in and out, and what the browser may know of its session.
//!
//! - `login` → `oidc::authorization_request` → (the IdP) → `callback` → `oidc::authenticate` → one transaction
//! - `silent_login` → (the IdP, without a page) → `silent_login` again: whom it knows, and no session
//! - `logout` → `session::revoke` → `end_session`, `oidc::end_session_request` → (the IdP) → /signed-out
//! - `bearer` → `oidc::access_token`: who asks by a token, without a session
//! - `backchannel_logout` → `oidc::logout_token` → `session::revoke`

mod backchannel_logout;
mod bearer;
mod callback;
mod devices;
mod end_session;
mod events;
mod identity_provider;
mod login;
mod logout;
mod session_view;
mod signed_out_mark;
mod silent_login;

pub use bearer::{SCOPES, bearer};

use crate::{http::see_other, oidc::ReturnTo};
use actix_web::{
    HttpResponse,
    body::MessageBody,
    dev::{ServiceRequest, ServiceResponse},
    error::InternalError,
    http::StatusCode,
    middleware::Next,
    web,
};
use shared::{
    paths::{api, auth, page},
    session::{LoginQuery, LogoutScope, SignInProblem},
};

pub fn routes(routes: &mut web::ServiceConfig) {
    routes
        .service(web::resource(auth::LOGIN).get(login::login))
        .service(web::resource(auth::CALLBACK).get(callback::callback))
        .service(web::resource(auth::SILENT_LOGIN).get(silent_login::begin))
        .service(
            web::resource(auth::SILENT).get(silent_login::landing).post(silent_login::complete),
        )
        .service(web::resource(auth::SILENT_SCRIPT).get(silent_login::landing_script))
        .service(web::resource(auth::LOGOUT).post(logout::logout))
        .service(web::resource(auth::END_SESSION).get(end_session::leave))
        .service(web::resource(auth::END_SESSION_SCRIPT).get(end_session::script))
        .service(
            web::resource(auth::BACKCHANNEL_LOGOUT).post(backchannel_logout::backchannel_logout),
        )
        .service(web::resource(api::SESSION).get(session_view::view))
        .service(web::resource(api::SESSION_TOUCH).post(session_view::touch))
        .service(web::resource(api::SESSION_EVENTS).get(events::events))
        .service(web::resource(api::IDENTITY_PROVIDER).get(identity_provider::view))
        .service(
            web::resource(api::ACCOUNT_SESSIONS).get(devices::list).delete(devices::revoke_others),
        )
        .service(web::resource(api::ACCOUNT_SESSION).delete(devices::revoke_one));
}

/// Middleware outside of `problems` and `limits`: a fault of our own, or a login too many, is told by a page where the
/// person came by a link and not by a script.
pub async fn faults_as_page(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse, actix_web::Error> {
    let navigations = [auth::LOGIN, auth::CALLBACK, auth::END_SESSION];
    if !navigations.contains(&request.match_info().as_str()) {
        return Ok(next.call(request).await?.map_into_boxed_body());
    }
    let query = web::Query::<LoginQuery>::from_query(request.query_string());
    let return_to = query.map_or(ReturnTo::home(), |query| ReturnTo::parse(&query.return_to));
    let own_fault = SignInProblem::ShopUnavailable;
    let response = match next.call(request).await {
        Ok(response) => response.map_into_boxed_body(),
        // Of a middleware: the session could not be looked up.
        Err(error) => {
            let page = sign_in_problem(own_fault, &return_to);
            return Err(InternalError::from_response(error, page).into());
        }
    };
    let problem = match response.status() {
        StatusCode::TOO_MANY_REQUESTS => SignInProblem::TooManyAttempts,
        status if status.is_server_error() => own_fault,
        _ => return Ok(response),
    };
    let (request, _) = response.into_parts();
    Ok(ServiceResponse::new(request, sign_in_problem(problem, &return_to)))
}

/// The page after a logout that ended the shop's session alone.
fn signed_out_of_the_shop() -> String {
    format!("{}?state={}", page::SIGNED_OUT, LogoutScope::Local.into_str())
}

/// A page in the shop that says what happened and offers a way on.
fn sign_in_problem(problem: SignInProblem, return_to: &ReturnTo) -> HttpResponse {
    let query = [("problem", problem.into_str()), ("return_to", return_to.as_str())];
    let query = serde_urlencoded::to_string(query).unwrap_or_default();
    see_other(&format!("{}?{query}", page::SIGN_IN_PROBLEM))
}
