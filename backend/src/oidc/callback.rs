//! `GET /auth/callback`: the browser comes back from the IdP (OIDC Core §3.1.2.5).

use super::{
    ReturnTo,
    attempt::{self, Attempt, Found},
    authenticate::{AuthorizationResponse, Refusal, authenticate, refuse},
    or_page, see_other, sign_in_problem,
};
use crate::{
    App, Result,
    account::{self, Identity},
    cart, db,
    input::Query,
    ops::fetch_metadata,
    session::{self, Login, Visitor},
    trace::{self, here, note},
    wishlist,
};
use actix_web::{HttpRequest, HttpResponse, web::Data};
use shared::{
    paths::auth,
    session::{EndReason, SignInProblem},
    trace::{Step, Trace},
};

pub(super) async fn callback(
    app: Data<App>,
    request: HttpRequest,
    visitor: Visitor,
    Query(answer): Query<AuthorizationResponse>,
) -> Result<HttpResponse> {
    // An image or a frame of the IdP's page must not use the attempt up.
    fetch_metadata::require_document_navigation(&request)?;
    or_page(come_back(&app, &request, &visitor, &answer).await)
}

async fn come_back(
    app: &App,
    request: &HttpRequest,
    visitor: &Visitor,
    answer: &AuthorizationResponse,
) -> Result<HttpResponse> {
    let attempt =
        match attempt::take(app, request, auth::CALLBACK, &answer.state, db::now()).await? {
            Found::Live(attempt) => attempt,
            // The back button, or a page that was left open overnight: go on quietly where that is possible.
            Found::Used(attempt) if visitor.customer_id().is_some() => {
                return Ok(see_other(ReturnTo::parse(&attempt.return_to).as_str()));
            }
            Found::Expired(attempt) if !attempt.restarted => return Ok(restart(&attempt)),
            Found::Used(attempt) | Found::Expired(attempt) => {
                tracing::info!("a login came back with a state that was used or is too old");
                let return_to = ReturnTo::parse(&attempt.return_to);
                return Ok(sign_in_problem(SignInProblem::UnknownAttempt, &return_to));
            }
            Found::Unknown => {
                tracing::info!("a login came back with a state that this browser did not send");
                return Ok(sign_in_problem(
                    SignInProblem::UnknownAttempt,
                    &ReturnTo::home(),
                ));
            }
        };
    let return_to = ReturnTo::parse(&attempt.return_to);
    let mut trace = attempt.trace();
    let signed_in = match authenticate(app, answer, &attempt, &mut trace).await {
        Ok((login, identity)) => {
            sign_in(
                app, request, visitor, &attempt, &login, &identity, &mut trace,
            )
            .await?
        }
        Err(refusal) => Err(refusal),
    };
    let mut response = match signed_in {
        Ok(session_id) => {
            note(
                &mut trace,
                here!(),
                Step::ReturnedToPage,
                [("to", Some(return_to.path().to_owned()))],
            );
            trace::keep(&app.db, &session_id, &trace).await;
            let mut response = see_other(return_to.as_str());
            let no_mark = session::signed_out_mark::removal_cookie(&app.config);
            response.add_cookie(&no_mark).map_err(anyhow::Error::from)?;
            if guest_cart(app, request, &attempt).is_some() {
                let merged = cart::removal_cookie(&app.config);
                response.add_cookie(&merged).map_err(anyhow::Error::from)?;
            }
            response
        }
        Err(refusal) => {
            note(
                &mut trace,
                here!(),
                Step::LoginRefused,
                [("problem", Some(refusal.problem.into_str().to_owned()))],
            );
            if let Some(row) = &visitor.session {
                trace::keep(&app.db, &row.id, &trace).await;
            }
            refusal.respond(&return_to)
        }
    };
    let used = attempt::removal_cookie(&app.config, auth::CALLBACK, &answer.state);
    response.add_cookie(&used).map_err(anyhow::Error::from)?;
    Ok(response)
}

/// Updates the local session: the visitor is known now, the key is another one, the carts are one.
async fn sign_in(
    app: &App,
    request: &HttpRequest,
    visitor: &Visitor,
    attempt: &Attempt,
    login: &Login,
    identity: &Identity,
    trace: &mut Trace,
) -> Result<Result<String, Refusal>> {
    let ended = || {
        refuse(
            SignInProblem::LoginRequired,
            "the provider ended this login before it arrived",
        )
    };
    if session::ended_by_identity_provider(&app.db, login).await? {
        return Ok(ended());
    }
    let now = db::now();
    let second_factor = login.used_second_factor(&app.config.oidc.acr_mfa);
    let customer_id = account::customer_at_login(&app.db, identity, second_factor, now).await?;
    let guest = guest_cart(app, request, attempt);
    cart::merge_at_login(&app.db, guest.as_deref(), customer_id, now).await?;
    let row = session::sign_in(
        app,
        visitor,
        attempt.session_id.as_deref(),
        customer_id,
        login,
        attempt.keep,
    )
    .await?;
    wishlist::adopt_at_login(&app.db, &row.id, customer_id, now).await?;
    // Again: a logout token that came since the look above may have been too early to find the session.
    if session::ended_by_identity_provider(&app.db, login).await? {
        session::end(&app.live, &[row.id], EndReason::BackchannelLogout, now).await?;
        return Ok(ended());
    }
    note(
        trace,
        here!(),
        Step::SessionUpdated,
        [
            ("session", Some(session::fingerprint(&row.id))),
            ("kept beyond the browser", Some(row.persistent.to_string())),
            ("cart merged", Some(guest.is_some().to_string())),
        ],
    );
    Ok(Ok(row.id))
}

/// The hash of the token of this browser's cart: of now, or, where the callback came from another site
/// without the cookie, of when it left.
fn guest_cart(app: &App, request: &HttpRequest, attempt: &Attempt) -> Option<String> {
    let now = cart::CartToken::of(request, &app.config).map(|token| token.hash());
    now.or_else(|| attempt.cart_hash.clone())
}

/// Begins the same login anew, once. Whoever is still signed in at the IdP notices nothing.
fn restart(attempt: &Attempt) -> HttpResponse {
    let max_age = attempt.max_age.map(|seconds| seconds.to_string());
    let query = [
        ("return_to", Some(attempt.return_to.as_str())),
        ("keep", attempt.keep.then_some("1")),
        ("prompt", attempt.prompt.as_deref()),
        ("max_age", max_age.as_deref()),
        ("acr_values", attempt.acr_values.as_deref()),
        ("restarted", Some("1")),
    ];
    let query = serde_urlencoded::to_string(query).unwrap_or_default();
    see_other(&format!("{}?{query}", auth::LOGIN))
}

impl Refusal {
    fn respond(self, return_to: &ReturnTo) -> HttpResponse {
        tracing::warn!(
            problem = self.problem.into_str(),
            reason = self.reason,
            "a login was refused"
        );
        sign_in_problem(self.problem, return_to)
    }
}
