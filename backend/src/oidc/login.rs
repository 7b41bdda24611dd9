//! `GET /auth/login`: sends the browser to the IdP's authorization endpoint (OIDC Core §3.1.2.1).

use super::{
    ReturnTo, attempt::Wish, authorization_request, client::Unavailable, or_page, sign_in_problem,
};
use crate::{
    App, Error, Result,
    cart::CartToken,
    db,
    input::Query,
    ops::fetch_metadata,
    session::{self, SessionRow, Visitor},
    trace::{here, note},
};
use actix_web::{HttpRequest, HttpResponse, web::Data};
use serde::Deserialize;
use shared::{
    paths::auth,
    session::SignInProblem,
    trace::{Step, Trace, TraceKind},
};

/// Longest `max_age`: a day, in seconds.
const MAX_AGE_AT_MOST: i64 = 24 * 60 * 60;

#[derive(Debug, Deserialize)]
pub(super) struct LoginQuery {
    #[serde(default)]
    return_to: String,
    prompt: Option<String>,
    connection: Option<String>,
    max_age: Option<i64>,
    acr_values: Option<String>,
    keep: Option<String>,
    /// Set by the callback of an attempt that came too late.
    restarted: Option<String>,
}

pub(super) async fn login(
    app: Data<App>,
    request: HttpRequest,
    visitor: Visitor,
    Query(query): Query<LoginQuery>,
) -> Result<HttpResponse> {
    fetch_metadata::require_document_navigation(&request)?;
    or_page(
        leave(
            &app,
            &request,
            &visitor,
            &query.checked(&app.oidc.settings.acr_mfa)?,
        )
        .await,
    )
}

async fn leave(
    app: &App,
    request: &HttpRequest,
    visitor: &Visitor,
    query: &LoginQuery,
) -> Result<HttpResponse> {
    let return_to = ReturnTo::parse(&query.return_to);
    let provider = match app.oidc.provider().await {
        Ok(provider) => provider,
        Err(Unavailable(_)) => {
            return Ok(sign_in_problem(
                SignInProblem::IdentityProviderUnavailable,
                &return_to,
            ));
        }
    };
    let mut trace = Trace::begin(TraceKind::Login, db::now());
    note_request(query, &return_to, &mut trace);
    let session = session_to_update(app, request, visitor).await?;
    if let Some(session) = &session {
        let began = visitor.session.is_none();
        let parameters = [
            ("session", Some(session::fingerprint(&session.id))),
            ("begun now", Some(began.to_string())),
        ];
        note(&mut trace, here!(), Step::SessionBegan, parameters);
    }
    let mut wish = Wish {
        cart_hash: CartToken::of(request, &app.config).map(|token| token.hash()),
        ..query.wish(return_to, request)
    };
    if session.as_ref().is_some_and(|session| session.ask_again) {
        // Single sign-on would bring back what was ended from another device.
        wish.prompt = Some("login".to_owned());
    }
    wish.session_id = session.map(|session| session.id);
    authorization_request::send(app, &provider, query.connection.as_deref(), wish, trace).await
}

fn note_request(query: &LoginQuery, return_to: &ReturnTo, trace: &mut Trace) {
    let parameters = [
        ("return_to", Some(return_to.path().to_owned())),
        ("prompt", query.prompt.clone()),
        ("connection", query.connection.clone()),
        ("max_age", query.max_age.map(|seconds| seconds.to_string())),
        ("acr_values", query.acr_values.clone()),
        ("keep", query.keep.clone().filter(|keep| keep == "1")),
    ];
    note(trace, here!(), Step::LoginRequested, parameters);
}

/// The local session exists before the redirect and is updated after it. From another site the browser
/// keeps its Strict cookie to itself: beginning a session now would replace the one that it may have.
async fn session_to_update(
    app: &App,
    request: &HttpRequest,
    visitor: &Visitor,
) -> Result<Option<SessionRow>> {
    if fetch_metadata::is_from_another_site(request) {
        return Ok(None);
    }
    Ok(Some(visitor.ensure(app).await?))
}

impl LoginQuery {
    /// Only what the shop itself asks for: a link of somebody else must not steer the IdP.
    fn checked(self, acr_mfa: &str) -> Result<Self> {
        let unknown =
            |field: &str, known: &str| Err(Error::field(field, format!("Known values: {known}.")));
        match self.prompt.as_deref() {
            None | Some("login" | "none") => {}
            Some(_) => return unknown("prompt", "login, none"),
        }
        match self.connection.as_deref() {
            None | Some("friendbook") => {}
            Some(_) => return unknown("connection", "friendbook"),
        }
        match self.acr_values.as_deref() {
            Some(acr) if acr != acr_mfa => return unknown("acr_values", acr_mfa),
            _ => {}
        }
        match self.max_age {
            None | Some(0..=MAX_AGE_AT_MOST) => Ok(self),
            Some(_) => unknown("max_age", "0 to 86400 seconds"),
        }
    }

    fn wish(&self, return_to: ReturnTo, request: &HttpRequest) -> Wish {
        let is_own_link = !fetch_metadata::is_from_another_site(request);
        Wish {
            return_to,
            keep: is_own_link && self.keep.as_deref() == Some("1"),
            prompt: self.prompt.clone(),
            max_age: self.max_age,
            acr_values: self.acr_values.clone(),
            session_id: None,
            cart_hash: None,
            restarted: self.restarted.is_some(),
            redirect_path: auth::CALLBACK,
        }
    }
}
