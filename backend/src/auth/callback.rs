//! `GET /auth/callback`: the browser comes back from the IdP (OIDC Core §3.1.2.5).

use super::{sign_in_problem, signed_out_mark};
use crate::{
    Config, Result, cart,
    customers::{self, Identity},
    db,
    http::{Query, fetch_metadata, see_other},
    oidc::{
        self, Attempt, AuthorizationResponse, LoginParameters, Refusal, ReturnTo, Stale,
        authorization_request,
    },
    orders,
    session::{self, Began, Login, Sessions, SignIn, SignedIn, Standing, Visitor},
    trace::{self, record},
    wishlist,
};
use actix_web::{HttpRequest, HttpResponse, web::Data};
use sea_orm::DatabaseConnection;
use shared::{
    session::{LoginQuery, SignInProblem},
    trace::{Step, Trace},
};

/// What becomes of a login.
enum Outcome {
    SignedIn(Box<SignedIn>),
    Anew(Anew),
    Refused(Refusal),
}

/// Why the IdP is asked once more.
enum Anew {
    SignedOut,
    LogoutInTheSameSecond,
}

/// Who signs in, and what of this browser becomes theirs.
struct Arrival<'a> {
    attempt: &'a Attempt,
    login: &'a Login,
    identity: &'a Identity,
    second_factor: bool,
    guest_cart: Option<&'a str>,
}

pub(super) async fn callback(
    config: Data<Config>,
    db: Data<DatabaseConnection>,
    sessions: Data<Sessions>,
    oidc: Data<oidc::Client>,
    request: HttpRequest,
    visitor: Visitor,
    Query(response): Query<AuthorizationResponse>,
) -> Result<HttpResponse> {
    // An image or a frame of the IdP's page must not use the attempt up.
    fetch_metadata::require_document_navigation(&request)?;
    let attempt = match oidc::redeem(&db, &config, &request, &response.state).await? {
        Ok(attempt) => attempt,
        Err(stale) => return Ok(answer_stale(&stale, &response, &visitor)),
    };
    let guest_cart = guest_cart(&config, &request, &attempt);
    let mut trace = attempt.trace();
    response.record(&mut trace);
    let outcome = match oidc::authenticate(&oidc, &response, &attempt, &mut trace).await {
        Ok((login, identity)) => {
            let arrival = Arrival {
                attempt: &attempt,
                login: &login,
                identity: &identity,
                second_factor: session::used_second_factor(
                    login.acr.as_deref(),
                    login.amr.as_deref(),
                    &config.oidc.acr_mfa,
                ),
                guest_cart: guest_cart.as_deref(),
            };
            complete_login(&db, &sessions, &visitor, &arrival, &mut trace).await?
        }
        Err(refusal) => Outcome::Refused(refusal),
    };
    let mut cookies = vec![attempt.unbind(&config)];
    let mut answer = match outcome {
        Outcome::SignedIn(signed_in) => {
            cookies.push(signed_out_mark::removal_cookie(&config));
            cookies.extend(guest_cart.map(|_| cart::removal_cookie(&config)));
            signed_in.hand_out(&visitor)?;
            return_to_page(&db, &attempt, &signed_in, &mut trace).await
        }
        Outcome::Anew(reason) => begin_anew(&db, &oidc, attempt.again(), reason, trace).await?,
        Outcome::Refused(refusal) => refuse(&db, &visitor, &attempt, refusal, &mut trace).await,
    };
    for cookie in cookies {
        answer.add_cookie(&cookie).map_err(anyhow::Error::from)?;
    }
    Ok(answer)
}

/// The back button, or a page that was left open overnight: the login goes on quietly where that is possible.
fn answer_stale(
    stale: &Stale,
    response: &AuthorizationResponse,
    visitor: &Visitor,
) -> HttpResponse {
    let return_to = match stale {
        Stale::Used(attempt) if visitor.customer_id().is_some() => {
            return see_other(attempt.return_page().as_str());
        }
        Stale::Expired(attempt) if !attempt.restarted => return restart(attempt),
        Stale::Used(attempt) | Stale::Expired(attempt) => {
            tracing::info!("a login came back with a state that was used or is too old");
            attempt.return_page()
        }
        Stale::Unknown if response.needs_a_login() => {
            // The provider's login page was left open for longer than an attempt is remembered.
            let query = LoginQuery {
                return_to: ReturnTo::home().to_string(),
                restarted: true,
                ..LoginQuery::default()
            };
            return see_other(&query.url());
        }
        Stale::Unknown => {
            tracing::info!("a login came back with a state that this browser did not send");
            ReturnTo::home()
        }
    };
    sign_in_problem(SignInProblem::UnknownAttempt, &return_to)
}

/// Whole or not at all: where a step before the commit fails, customer, cart, orders, session and wishlist are as they
/// were, and so is the browser. After the commit nothing can fail.
async fn complete_login(
    db: &DatabaseConnection,
    sessions: &Sessions,
    visitor: &Visitor,
    arrival: &Arrival<'_>,
    trace: &mut Trace,
) -> Result<Outcome> {
    let Arrival { attempt, login, .. } = *arrival;
    let now = db::now();
    let transaction = db::begin_write(db).await?;
    session::while_no_logout(&transaction).await?;
    match login.standing(&transaction, attempt.created_at).await? {
        Standing::Unclear if !attempt.restarted => {
            return Ok(Outcome::Anew(Anew::LogoutInTheSameSecond));
        }
        Standing::Stands => {}
        Standing::Unclear | Standing::Over => return Ok(Outcome::Refused(overtaken())),
    }
    let customer_id =
        customers::upsert(&transaction, arrival.identity, arrival.second_factor, now).await?;
    cart::merge(&transaction, arrival.guest_cart, customer_id, now).await?;
    if let (Some(guest), Some(email)) = (arrival.guest_cart, arrival.identity.verified_email()) {
        orders::adopt(&transaction, guest, customer_id, email).await?;
    }
    let change = SignIn {
        customer_id,
        login,
        began_in: attempt.session_id.as_deref(),
        began_with: attempt.key_hash.as_deref(),
        began_at: attempt.created_at,
        persistent: attempt.keep,
    };
    let signed_in = session::sign_in(&transaction, sessions, visitor, &change, now).await?;
    login.while_not_signed_out(&transaction).await?;
    if login.must_be_asked_anew(&transaction, began(attempt)).await? {
        return Ok(Outcome::Anew(Anew::SignedOut));
    }
    login.forget_sign_out(&transaction).await?;
    wishlist::adopt(&transaction, &signed_in.row.id, customer_id, now).await?;
    transaction.commit().await?;
    signed_in.publish(sessions).await;
    let parameters = [
        ("session", Some(session::fingerprint(&signed_in.row.id))),
        ("key before", signed_in.former_key.clone()),
        ("key now", Some(signed_in.masked_key())),
        ("kept beyond the browser", Some(attempt.keep.to_string())),
        ("second factor", Some(arrival.second_factor.to_string())),
        ("cart merged", Some(arrival.guest_cart.is_some().to_string())),
    ];
    record(trace, Step::SessionUpdated, parameters);
    Ok(Outcome::SignedIn(Box::new(signed_in)))
}

fn began(attempt: &Attempt) -> Began {
    Began {
        at: attempt.created_at,
        at_own_page: attempt.session_id.is_some(),
        asks_anew: attempt.prompt.as_deref() == Some("login"),
    }
}

fn overtaken() -> Refusal {
    Refusal {
        problem: SignInProblem::LoginRequired,
        reason: "the provider ended this login before it arrived".to_owned(),
    }
}

/// Sends the browser to the IdP once more, for the same login.
async fn begin_anew(
    db: &DatabaseConnection,
    oidc: &oidc::Client,
    mut parameters: LoginParameters,
    reason: Anew,
    mut trace: Trace,
) -> Result<HttpResponse> {
    let why = match reason {
        Anew::SignedOut => {
            parameters.prompt = Some("login".to_owned());
            "signed out here since the identity provider last asked for credentials"
        }
        Anew::LogoutInTheSameSecond => "the provider ended a session of this person just then",
    };
    record(&mut trace, Step::LoginBeginsAnew, [("why", why)]);
    let Ok(provider) = oidc.provider().await else {
        let problem = SignInProblem::IdentityProviderUnavailable;
        return Ok(sign_in_problem(problem, &parameters.return_to));
    };
    authorization_request::send(db, oidc, &provider, parameters, trace).await
}

async fn return_to_page(
    db: &DatabaseConnection,
    attempt: &Attempt,
    signed_in: &SignedIn,
    trace: &mut Trace,
) -> HttpResponse {
    let return_to = attempt.return_page();
    record(trace, Step::ReturnedToPage, [("to", return_to.as_str())]);
    trace::keep(db, &signed_in.row.id, trace).await;
    see_other(return_to.as_str())
}

async fn refuse(
    db: &DatabaseConnection,
    visitor: &Visitor,
    attempt: &Attempt,
    Refusal { problem, reason }: Refusal,
    trace: &mut Trace,
) -> HttpResponse {
    tracing::warn!(problem = problem.into_str(), reason, "a login was refused");
    record(trace, Step::LoginRefused, [("problem", problem)]);
    // The callback may have come from another site, without the session's cookie.
    let here = visitor.session.as_ref().map(|row| &row.id);
    if let Some(session_id) = here.or(attempt.session_id.as_ref()) {
        trace::keep(db, session_id, trace).await;
    }
    sign_in_problem(problem, &attempt.return_page())
}

/// The hash of the token of this browser's cart: of now, or, where the callback came from another site
/// without the cookie, of when it left.
fn guest_cart(config: &Config, request: &HttpRequest, attempt: &Attempt) -> Option<String> {
    let now = cart::CartToken::of(request, config).map(|token| token.hash());
    now.or_else(|| attempt.cart_hash.clone())
}

/// Begins the same login anew, once, as a link of the shop would: nothing of an attempt that is not proved to be this
/// browser's goes into it. Whoever is still signed in at the IdP notices nothing.
fn restart(attempt: &Attempt) -> HttpResponse {
    let query = LoginQuery {
        return_to: attempt.return_to.clone(),
        keep: attempt.keep,
        connection: attempt.connection.clone(),
        prompt: attempt.prompt.clone(),
        max_age: attempt.max_age,
        acr_values: attempt.acr_values.clone(),
        restarted: true,
    };
    see_other(&query.url())
}
