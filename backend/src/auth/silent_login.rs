//! Silent login: a hidden iframe asks the IdP, without any page, whom it knows (OIDC Core §3.1.2.1, `prompt=none`).
//!
//! The shop learns a name and nothing begins: the visitor is offered to continue as that person, and an
//! ordinary login follows. `begin` → (the IdP) → `landing`, in the iframe → its parent → `complete`.

use crate::{
    Config, Error, Result, db,
    http::{Json, Query, fetch_metadata, see_other},
    oidc::{self, AuthorizationResponse, LoginParameters, Refusal, authorization_request},
    session::{Began, Visitor},
    trace::{self, record},
};
use actix_web::{
    HttpRequest, HttpResponse,
    http::header::{CONTENT_SECURITY_POLICY, CONTENT_TYPE},
    web::Data,
};
use sea_orm::DatabaseConnection;
use shared::{
    paths::auth,
    session::{SignInProblem, SilentLogin, SilentLoginQuery},
    trace::{Step, Trace, TraceKind},
};

const LANDING: &str = include_str!("silent_login/landing.html");
const LANDING_SCRIPT: &str = include_str!("silent_login/landing.js");
/// The one page of the shop that may be in a frame, and only in the shop's own.
const LANDING_POLICY: &str =
    "default-src 'none'; script-src 'self'; base-uri 'none'; frame-ancestors 'self'";

pub(super) async fn begin(
    db: Data<DatabaseConnection>,
    oidc: Data<oidc::Client>,
    request: HttpRequest,
    Query(SilentLoginQuery { on_arrival }): Query<SilentLoginQuery>,
) -> Result<HttpResponse> {
    fetch_metadata::require_own_frame(&request)?;
    let mut trace = Trace::begin(TraceKind::SilentLogin, db::now());
    trace.automatic = on_arrival;
    let asked = if on_arrival { "by the page, on arrival" } else { "by the visitor" };
    record(&mut trace, Step::SilentLoginRequested, [("asked", asked)]);
    let Ok(provider) = oidc.provider().await else {
        let problem = SignInProblem::IdentityProviderUnavailable.into_str();
        return Ok(see_other(&format!("{}?error={problem}", auth::SILENT)));
    };
    let parameters = LoginParameters {
        prompt: Some("none".to_owned()),
        restarted: true,
        redirect_path: auth::SILENT,
        ..LoginParameters::default()
    };
    authorization_request::send(&db, &oidc, &provider, parameters, trace).await
}

/// Hands its own address to its parent, which must be a page of the shop.
pub(super) async fn landing() -> HttpResponse {
    HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, "text/html; charset=utf-8"))
        .insert_header((CONTENT_SECURITY_POLICY, LANDING_POLICY))
        .body(LANDING)
}

pub(super) async fn landing_script() -> HttpResponse {
    HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, "text/javascript; charset=utf-8"))
        .body(LANDING_SCRIPT)
}

/// The parent brings what the iframe got. Tokens are dropped here: only the name is of use.
pub(super) async fn complete(
    config: Data<Config>,
    db: Data<DatabaseConnection>,
    oidc: Data<oidc::Client>,
    request: HttpRequest,
    visitor: Visitor,
    Json(response): Json<AuthorizationResponse>,
) -> Result<HttpResponse> {
    let Ok(attempt) = oidc::redeem(&db, &config, &request, &response.state).await? else {
        return Err(Error::bad_request(
            "This answer belongs to no question of this browser, or came too late. Ask again.",
        ));
    };
    let mut trace = attempt.trace();
    response.record(&mut trace);
    record(&mut trace, Step::SilentAnswer, ());
    let began = Began { at: attempt.created_at, at_own_page: true, asks_anew: false };
    let (name, problem) = match oidc::authenticate(&oidc, &response, &attempt, &mut trace).await {
        // A device that was signed out from elsewhere does not greet its owner as if nothing had been.
        Ok((login, _)) if login.must_be_asked_anew(db.get_ref(), began).await? => {
            (None, Some(SignInProblem::LoginRequired))
        }
        Ok((_, identity)) => (Some(identity.name), None),
        Err(Refusal { problem, reason }) => {
            let word = problem.into_str();
            tracing::info!(problem = word, reason, "nobody is known silently");
            (None, Some(problem))
        }
    };
    let known = name.is_some().to_string();
    let problem_name = problem.map(|problem| problem.into_str().to_owned());
    let parameters = [("known", Some(known)), ("problem", problem_name)];
    record(&mut trace, Step::SilentLoginAnswered, parameters);
    if let Some(row) = &visitor.session {
        trace::keep(db.get_ref(), &row.id, &trace).await;
    }
    Ok(HttpResponse::Ok().cookie(attempt.unbind(&config)).json(SilentLogin {
        name,
        problem,
        trace,
    }))
}
