//! `GET /auth/callback`: the browser comes back from the IdP (OIDC Core §3.1.2.5).

use super::{or_page, sign_in_problem, signed_out_mark};
use crate::{
    Config, Result, cart, customers,
    customers::Identity,
    db,
    http::{Query, fetch_metadata, see_other},
    oidc::{self, Attempt, AuthorizationResponse, Redeemed, Refusal, ReturnTo},
    session::{self, Login, Sessions, SignIn, SignedIn, Visitor},
    trace::{self, record},
    wishlist,
};
use actix_web::{HttpRequest, HttpResponse, web::Data};
use sea_orm::DatabaseConnection;
use shared::{
    paths::auth,
    session::{EndReason, SignInProblem},
    trace::{Step, Trace},
};

/// What a callback works with: the shop's state, and who came back.
struct Callback {
    config: Data<Config>,
    db: Data<DatabaseConnection>,
    sessions: Data<Sessions>,
    oidc: Data<oidc::Client>,
    request: HttpRequest,
    visitor: Visitor,
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
    let callback = Callback {
        config,
        db,
        sessions,
        oidc,
        request,
        visitor,
    };
    or_page(callback.answer(&response).await)
}

impl Callback {
    async fn answer(&self, response: &AuthorizationResponse) -> Result<HttpResponse> {
        let redeemed = oidc::redeem(&self.db, &self.config, &self.request, &response.state).await?;
        let attempt = match redeemed {
            Redeemed::Live(attempt) => attempt,
            stale => return Ok(self.answer_stale(&stale)),
        };
        let mut trace = attempt.trace();
        let login = oidc::authenticate(&self.oidc, response, &attempt, &mut trace).await;
        let signed_in = match login {
            Ok((login, identity)) => {
                self.sign_in(&attempt, &login, &identity, &mut trace)
                    .await?
            }
            Err(refusal) => Err(refusal),
        };
        let mut answer = match signed_in {
            Ok(signed_in) => {
                self.return_to_page(&attempt, &signed_in, &mut trace)
                    .await?
            }
            Err(refusal) => self.refuse(&attempt, &refusal, &mut trace).await,
        };
        let used = oidc::removal_cookie(&self.config, auth::CALLBACK, &response.state);
        answer.add_cookie(&used).map_err(anyhow::Error::from)?;
        Ok(answer)
    }

    /// The back button, or a page that was left open overnight: the login goes on quietly where that is possible.
    fn answer_stale(&self, redeemed: &Redeemed) -> HttpResponse {
        let return_to = match redeemed {
            Redeemed::Used(attempt) if self.visitor.customer_id().is_some() => {
                return see_other(attempt.return_to().as_str());
            }
            Redeemed::Expired(attempt) if !attempt.restarted => return restart(attempt),
            Redeemed::Used(attempt) | Redeemed::Expired(attempt) | Redeemed::Live(attempt) => {
                tracing::info!("a login came back with a state that was used or is too old");
                attempt.return_to()
            }
            Redeemed::Unknown => {
                tracing::info!("a login came back with a state that this browser did not send");
                ReturnTo::home()
            }
        };
        sign_in_problem(SignInProblem::UnknownAttempt, &return_to)
    }

    /// Whole or not at all: where one step fails, customer, cart, session and wishlist are as they were, and so is the
    /// browser.
    async fn sign_in(
        &self,
        attempt: &Attempt,
        login: &Login,
        identity: &Identity,
        trace: &mut Trace,
    ) -> Result<Result<SignedIn, Refusal>> {
        let now = db::now();
        let second_factor = login.used_second_factor(&self.config.oidc.acr_mfa);
        let guest_cart = self.guest_cart(attempt);

        let transaction = db::begin_write(&self.db).await?;
        if login.is_over(&transaction).await? {
            return Ok(Err(overtaken()));
        }
        let customer_id = customers::upsert(&transaction, identity, second_factor, now).await?;
        cart::merge(&transaction, guest_cart.as_deref(), customer_id, now).await?;
        let change = SignIn {
            customer_id,
            login,
            began_in: attempt.session_id.as_deref(),
            persistent: attempt.keep,
        };
        let signed_in =
            session::sign_in(&transaction, &self.sessions, &self.visitor, &change, now).await?;
        wishlist::adopt(&transaction, &signed_in.row.id, customer_id, now).await?;
        transaction.commit().await?;

        // Again: a logout token that came since the look above may have been too early to find the session.
        if login.is_over(self.db.get_ref()).await? {
            let ids = [signed_in.row.id];
            self.sessions
                .revoke(&ids, EndReason::BackchannelLogout)
                .await?;
            return Ok(Err(overtaken()));
        }
        let parameters = [
            ("session", session::fingerprint(&signed_in.row.id)),
            ("kept beyond the browser", attempt.keep.to_string()),
            ("cart merged", guest_cart.is_some().to_string()),
        ];
        record(trace, Step::SessionUpdated, parameters);
        Ok(Ok(signed_in))
    }

    async fn return_to_page(
        &self,
        attempt: &Attempt,
        signed_in: &SignedIn,
        trace: &mut Trace,
    ) -> Result<HttpResponse> {
        let return_to = attempt.return_to();
        record(trace, Step::ReturnedToPage, [("to", return_to.path())]);
        trace::keep(self.db.get_ref(), &signed_in.row.id, trace).await;
        signed_in.hand_out(&self.sessions, &self.visitor).await?;
        let mut answer = see_other(return_to.as_str());
        let mut cookies = vec![signed_out_mark::removal_cookie(&self.config)];
        if self.guest_cart(attempt).is_some() {
            cookies.push(cart::removal_cookie(&self.config));
        }
        for cookie in cookies {
            answer.add_cookie(&cookie).map_err(anyhow::Error::from)?;
        }
        Ok(answer)
    }

    async fn refuse(
        &self,
        attempt: &Attempt,
        Refusal { problem, reason }: &Refusal,
        trace: &mut Trace,
    ) -> HttpResponse {
        let problem = *problem;
        tracing::warn!(problem = problem.into_str(), reason, "a login was refused");
        record(trace, Step::LoginRefused, [("problem", problem)]);
        if let Some(row) = &self.visitor.session {
            trace::keep(self.db.get_ref(), &row.id, trace).await;
        }
        sign_in_problem(problem, &attempt.return_to())
    }

    /// The hash of the token of this browser's cart: of now, or, where the callback came from another site
    /// without the cookie, of when it left.
    fn guest_cart(&self, attempt: &Attempt) -> Option<String> {
        let now = cart::CartToken::of(&self.request, &self.config).map(|token| token.hash());
        now.or_else(|| attempt.cart_hash.clone())
    }
}

fn overtaken() -> Refusal {
    Refusal {
        problem: SignInProblem::LoginRequired,
        reason: "the provider ended this login before it arrived".to_owned(),
    }
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
