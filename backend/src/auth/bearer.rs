//! The API for whoever brings no cookies: with an access token (RFC 6750), or as a guest on a page of another origin.
//!
//! One kind of credential per request: where a token or a foreign origin speaks, a cookie that speaks too is a fault,
//! and none is handed out. Whoever brings neither passes through untouched.

use crate::{
    Config, Error, Result, cart, customers, db,
    http::cookieless::{Authorization, is_cookieless},
    oidc::{self, AccessToken, access_token},
    session::{self, Bearer, Sessions, used_second_factor},
};
use actix_web::{
    HttpRequest, HttpResponse, ResponseError as _,
    body::MessageBody,
    dev::{ServiceRequest, ServiceResponse},
    http::header::{HeaderValue, SET_COOKIE, WWW_AUTHENTICATE},
    middleware::Next,
    web::Data,
};
use anyhow::Context as _;
use sea_orm::DatabaseConnection;
use shared::{
    paths::{api, is_in},
    problem::{Problem, kinds},
};

/// What a token must be good for, by where it leads. Elsewhere any token of a customer is enough.
pub const SCOPES: [(&str, &str); 2] = [(api::ORDERS, "orders"), (api::ACCOUNT, "account")];

/// A refusal, with what `WWW-Authenticate` says of it.
struct Refused {
    error: Error,
    challenge: Option<HeaderValue>,
}

impl From<Error> for Refused {
    fn from(error: Error) -> Self {
        Self { error, challenge: None }
    }
}

impl Refused {
    fn answer(self) -> HttpResponse {
        let mut answer = self.error.error_response();
        if let Some(challenge) = self.challenge {
            answer.headers_mut().insert(WWW_AUTHENTICATE, challenge);
        }
        answer
    }
}

/// Middleware outside of sessions.
pub async fn bearer(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse, actix_web::Error> {
    if !is_cookieless(request.request()) {
        return Ok(next.call(request).await?.map_into_boxed_body());
    }
    let customer_id = match let_in(request.request()).await {
        Ok(customer_id) => customer_id,
        Err(refused) => return Ok(request.into_response(refused.answer())),
    };
    let sessions = state::<Sessions>(request.request())?.clone();
    let mut response = next.call(request).await?.map_into_boxed_body();
    if let Some(customer_id) = customer_id
        && response.status().is_success()
    {
        sessions.token_uses.note(customer_id, db::now());
    }
    let error = response.response().error().and_then(|error| error.as_error::<Error>());
    let challenge = match error {
        Some(Error::Problem(problem)) if problem.status == 401 => Some(challenge(problem)),
        _ => None,
    };
    let headers = response.headers_mut();
    if let Some(challenge) = challenge {
        headers.insert(WWW_AUTHENTICATE, challenge);
    }
    // Whatever a handler wants to be kept: the page could not use it, and another page of this browser must not.
    headers.remove(SET_COOKIE);
    Ok(response)
}

/// The customer whom a token names; `None` for a guest.
async fn let_in(request: &HttpRequest) -> Result<Option<i64>, Refused> {
    check_cookies(request)?;
    let token = match Authorization::of(request) {
        Authorization::None => return Ok(None),
        Authorization::Malformed => return Err(malformed()),
        Authorization::Bearer(token) => token,
    };
    let oidc = state::<oidc::Client>(request)?;
    let token = access_token::validate(oidc, token, db::now() / 1000).await;
    let token = token.map_err(|refusal| match refusal {
        access_token::Refusal::Invalid(reason) => invalid(reason),
        access_token::Refusal::Unavailable => unavailable().into(),
    })?;
    check_scope(request, &token)?;
    let customer = customer(request, token).await?;
    let deleted = || invalid("The account was deleted after the access token was issued.");
    let customer = customer.ok_or_else(deleted)?;
    let customer_id = customer.customer_id;
    customer.hand_to(request);
    Ok(Some(customer_id))
}

fn check_cookies(request: &HttpRequest) -> Result<()> {
    let config = state::<Config>(request)?;
    let names = [session::cookie_name(config), cart::cookie_name(config)];
    if names.iter().all(|name| request.cookie(name).is_none()) {
        return Ok(());
    }
    let detail = "This request has a cookie of the shop and also an access token, or it comes from a page of another \
        origin. Send it without cookies.";
    let title = "Two kinds of credentials";
    Err(Problem::new(kinds::MIXED_CREDENTIALS, title, 400, detail).into())
}

/// By the path that routes are found by: the one that was sent may hide it behind percent signs.
fn check_scope(request: &HttpRequest, token: &AccessToken) -> Result<(), Refused> {
    let path = request.match_info().as_str();
    let missing =
        SCOPES.iter().find(|(place, scope)| is_in(place, path) && !token.has_scope(scope));
    let Some((_, scope)) = missing else {
        return Ok(());
    };
    let detail =
        format!("The access token is in order, but it was not issued for this: it lacks {scope}.");
    let problem = Problem::new(kinds::INSUFFICIENT_SCOPE, "Not allowed", 403, detail);
    let parameters = [("error", "insufficient_scope"), ("scope", *scope)];
    Err(refused(problem, &parameters))
}

/// Known, or made from what the token says: (issuer, subject) is who it is, as with a login.
async fn customer(request: &HttpRequest, token: AccessToken) -> Result<Option<Bearer>> {
    let config = state::<Config>(request)?;
    let db = state::<DatabaseConnection>(request)?;
    let AccessToken { identity, issued_at, auth_time, acr, amr, .. } = token;
    let second_factor = used_second_factor(acr.as_deref(), amr.as_deref(), &config.oidc.acr_mfa);
    let customer_id =
        customers::find_or_insert(db, &identity, second_factor, issued_at, db::now()).await?;
    Ok(customer_id.map(|customer_id| Bearer { customer_id, issued_at, auth_time, acr, amr }))
}

fn state<T: 'static>(request: &HttpRequest) -> Result<&T> {
    let state = request.app_data::<Data<T>>().context("a request without the shop's state")?;
    Ok(state.get_ref())
}

/// RFC 6750 §3.1, `invalid_request`.
fn malformed() -> Refused {
    let detail = "Send one Authorization header, with Bearer and the access token.";
    let problem = Problem::new(kinds::BAD_REQUEST, "Bad request", 400, detail);
    refused(problem, &[("error", "invalid_request"), ("error_description", detail)])
}

/// RFC 6750 §3.1, `invalid_token`. The reason is one of our texts and never the token's.
fn invalid(reason: &'static str) -> Refused {
    tracing::info!(reason, "an access token was refused");
    let detail = format!("{reason} Sign in again, or get a new one silently.");
    let problem = Problem::new(kinds::INVALID_TOKEN, "The access token is of no use", 401, detail);
    refused(problem, &[("error", "invalid_token"), ("error_description", reason)])
}

fn unavailable() -> Error {
    let detail = "The identity provider does not answer, so the access token cannot be checked. Try again in a moment.";
    Problem::new(kinds::UNAVAILABLE, "Signing in is not possible now", 503, detail).into()
}

fn refused(problem: Problem, parameters: &[(&str, &str)]) -> Refused {
    Refused { error: problem.into(), challenge: Some(authenticate(parameters)) }
}

/// For a 401 of a handler: no reason where nothing was brought along (RFC 6750 §3.1), and which login would do
/// where another one is needed (RFC 9470 §3).
fn challenge(problem: &Problem) -> HeaderValue {
    let max_age = problem.max_age.map(|seconds| seconds.to_string());
    let parameters = [
        ("error", problem.error.as_deref()),
        ("error_description", problem.error.as_deref().map(|_| problem.detail.as_str())),
        ("max_age", max_age.as_deref()),
        ("acr_values", problem.acr_values.as_deref()),
    ];
    let given: Vec<(&str, &str)> =
        parameters.into_iter().filter_map(|(name, value)| Some((name, value?))).collect();
    authenticate(&given)
}

/// `WWW-Authenticate` (RFC 6750 §3). Values are texts of ours and the settings', without quotation marks.
fn authenticate(parameters: &[(&str, &str)]) -> HeaderValue {
    let all = [("realm", "storezero")].iter().chain(parameters);
    let all: Vec<String> = all.map(|(name, value)| format!("{name}=\"{value}\"")).collect();
    let text = format!("Bearer {}", all.join(", "));
    HeaderValue::from_str(&text).unwrap_or(HeaderValue::from_static("Bearer"))
}
