//! `GET /auth/login`: sends the browser to the IdP's authorization endpoint (OIDC Core §3.1.2.1).

use super::sign_in_problem;
use crate::{
    Config, Error, Result, cart, db,
    http::{Query, fetch_metadata},
    oidc::{self, LoginParameters, ReturnTo, authorization_request, binding},
    session::{self, SessionRow, Sessions, Visitor},
    trace::record,
};
use actix_web::{HttpRequest, HttpResponse, web::Data};
use sea_orm::DatabaseConnection;
use shared::{
    paths::auth,
    session::{EndReason, LoginQuery, SignInProblem},
    trace::{Step, Trace, TraceKind},
};
use std::sync::Arc;

/// Longest `max_age`: a day, in seconds.
const MAX_AGE_AT_MOST: i64 = 24 * 60 * 60;

pub(super) async fn login(
    config: Data<Config>,
    db: Data<DatabaseConnection>,
    sessions: Data<Sessions>,
    oidc: Data<oidc::Client>,
    request: HttpRequest,
    visitor: Visitor,
    Query(query): Query<LoginQuery>,
) -> Result<HttpResponse> {
    fetch_metadata::require_document_navigation(&request)?;
    check(&query, &config.oidc.acr_mfa)?;
    let return_to = ReturnTo::parse(&query.return_to);
    let is_own = !fetch_metadata::is_from_another_site(&request);
    if fetch_metadata::is_by_another_sites_script(&request) {
        // Single sign-on would sign in whoever just signed out, by a script of any page.
        return Ok(sign_in_problem(SignInProblem::ConfirmationRequired, &return_to));
    }
    let Ok(provider) = oidc.provider().await else {
        let problem = SignInProblem::IdentityProviderUnavailable;
        return Ok(sign_in_problem(problem, &return_to));
    };
    let mut trace = Trace::begin(TraceKind::Login, db::now());
    let shown = LoginQuery {
        // Without query and fragment, which may hold what somebody searched for.
        return_to: return_to.path().to_owned(),
        ..query.clone()
    };
    record(&mut trace, Step::LoginRequested, shown);
    let mut parameters = LoginParameters {
        return_to,
        keep: query.keep,
        prompt: query.prompt,
        connection: query.connection,
        max_age: query.max_age,
        acr_values: query.acr_values,
        session_id: None,
        key_hash: None,
        cart_hash: cart::CartToken::of(&request, &config).map(|token| token.hash()),
        restarted: query.restarted,
        redirect_path: auth::CALLBACK,
        binding: binding::of(&config, &request),
    };
    if visitor.end_reason().is_some_and(EndReason::asks_again) {
        // Single sign-on would bring back what was ended from another device: the callback would see it, and ask then.
        parameters.prompt = Some("login".to_owned());
    }
    if is_own {
        let row = session_to_update(&sessions, &visitor, &mut trace).await?;
        parameters.session_id = Some(row.id.clone());
        parameters.key_hash = visitor.key_hash();
    } else {
        parameters.keep = false;
    }
    authorization_request::send(&db, &oidc, &provider, parameters, trace).await
}

/// The local session exists before the redirect and is updated after it. Not for a link of another site: the browser
/// keeps its Strict cookie to itself then, and a session that begins now would replace the one that it may have.
async fn session_to_update(
    sessions: &Sessions,
    visitor: &Visitor,
    trace: &mut Trace,
) -> Result<Arc<SessionRow>> {
    let row = visitor.ensure_session(sessions).await?;
    let parameters = [
        ("session", Some(session::fingerprint(&row.id))),
        ("begun now", Some(visitor.session.is_none().to_string())),
        ("signed in", Some(row.customer_id.is_some().to_string())),
        ("sid", row.sid.clone()),
    ];
    record(trace, Step::SessionBegan, parameters);
    Ok(row)
}

/// Only what the shop itself asks for: a link of somebody else must not steer the IdP.
fn check(query: &LoginQuery, acr_mfa: &str) -> Result<()> {
    let unknown =
        |field: &str, known: &str| Err(Error::field(field, format!("Known values: {known}.")));
    match query.prompt.as_deref() {
        None | Some("login" | "none") => {}
        Some(_) => return unknown("prompt", "login, none"),
    }
    match query.connection.as_deref() {
        None | Some("friendbook") => {}
        Some(_) => return unknown("connection", "friendbook"),
    }
    match query.acr_values.as_deref() {
        Some(acr) if acr != acr_mfa => return unknown("acr_values", acr_mfa),
        _ => {}
    }
    match query.max_age {
        None | Some(0..=MAX_AGE_AT_MOST) => Ok(()),
        Some(_) => unknown("max_age", "0 to 86400 seconds"),
    }
}
