//! Silent login: a hidden iframe asks the IdP, without any page, whom it knows (OIDC Core §3.1.2.1, `prompt=none`).
//!
//! The shop learns a name and nothing begins: the visitor is offered to continue as that person, and an
//! ordinary login follows. `begin` → (the IdP) → `landing`, in the iframe → its parent → `complete`.

use super::{
    ReturnTo,
    attempt::{self, Attempt, Found, Wish},
    authenticate::{AuthorizationResponse, Refusal, authenticate},
    authorization_request, see_other,
};
use crate::{
    App, Error, Result, db,
    input::Json,
    ops::fetch_metadata,
    session::Visitor,
    trace::{self, here, note},
};
use actix_web::{
    HttpRequest, HttpResponse,
    http::header::{CONTENT_SECURITY_POLICY, CONTENT_TYPE},
    web::Data,
};
use shared::{
    paths::auth,
    session::{SignInProblem, SilentLogin},
    trace::{Step, Trace, TraceKind},
};

const LANDING: &str = include_str!("silent_login/landing.html");
const LANDING_SCRIPT: &str = include_str!("silent_login/landing.js");
/// The one page of the shop that may be in a frame, and only in the shop's own.
const LANDING_POLICY: &str =
    "default-src 'none'; script-src 'self'; base-uri 'none'; frame-ancestors 'self'";

pub(super) async fn begin(app: Data<App>, request: HttpRequest) -> Result<HttpResponse> {
    fetch_metadata::require_own_frame(&request)?;
    let mut trace = Trace::begin(TraceKind::SilentLogin, db::now());
    note(&mut trace, here!(), Step::SilentLoginRequested, []);
    let Ok(provider) = app.oidc.provider().await else {
        let problem = SignInProblem::IdentityProviderUnavailable.into_str();
        return Ok(see_other(&format!("{}?error={problem}", auth::SILENT)));
    };
    let wish = Wish {
        return_to: ReturnTo::home(),
        keep: false,
        prompt: Some("none".to_owned()),
        max_age: None,
        acr_values: None,
        session_id: None,
        cart_hash: None,
        restarted: true,
        redirect_path: auth::SILENT,
    };
    authorization_request::send(&app, &provider, None, wish, trace).await
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
    app: Data<App>,
    request: HttpRequest,
    visitor: Visitor,
    Json(answer): Json<AuthorizationResponse>,
) -> Result<HttpResponse> {
    let found = attempt::take(&app, &request, auth::SILENT, &answer.state, db::now()).await?;
    let Found::Live(attempt) = found else {
        return Err(Error::bad_request(
            "This answer belongs to no question of this browser, or came too late. Ask again.",
        ));
    };
    let answered = who(&app, &answer, &attempt).await;
    if let Some(row) = &visitor.session {
        trace::keep(&app.db, &row.id, &answered.trace).await;
    }
    let used = attempt::removal_cookie(&app.config, auth::SILENT, &answer.state);
    Ok(HttpResponse::Ok().cookie(used).json(answered))
}

async fn who(app: &App, answer: &AuthorizationResponse, attempt: &Attempt) -> SilentLogin {
    let mut trace = attempt.trace();
    note(&mut trace, here!(), Step::SilentAnswer, []);
    let (name, problem) = match authenticate(app, answer, attempt, &mut trace).await {
        Ok((_, identity)) => (Some(identity.name), None),
        Err(Refusal { problem, reason }) => {
            tracing::info!(
                problem = problem.into_str(),
                reason,
                "nobody is known silently"
            );
            (None, Some(problem))
        }
    };
    let parameters = [
        ("known", Some(name.is_some().to_string())),
        (
            "problem",
            problem.map(|problem| problem.into_str().to_owned()),
        ),
    ];
    note(&mut trace, here!(), Step::SilentLoginAnswered, parameters);
    SilentLogin {
        name,
        problem,
        trace,
    }
}
