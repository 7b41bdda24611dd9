//! A login that is in flight at a misbehaving provider, and what a refused one must leave as it was.

use super::{Answer, Browser, Guest, Login, Provider, Spawn, TestApp, parameter, provider::Jwt};
use backend::session::SessionRow;
use shared::{paths::page, session::SignInProblem};

pub struct LoginInFlight {
    pub shop: TestApp,
    pub provider: Provider,
    pub guest: Guest,
    pub login: Login,
    before: Before,
}

/// What a browser has of the shop, and the shop of its visitors.
#[derive(Debug, PartialEq, Eq)]
pub struct Before {
    session: Option<SessionRow>,
    cookie: Option<String>,
    customers: i64,
}

impl TestApp {
    pub async fn state_of(&self, browser: &Browser) -> Before {
        Before {
            session: self.session_of(browser).await,
            cookie: self.session_cookie_of(browser),
            customers: self.count("customer").await,
        }
    }
}

impl LoginInFlight {
    pub async fn begin() -> Self {
        Self::begin_with(&[("return_to", "/account")]).await
    }

    pub async fn begin_with(query: &[(&str, &str)]) -> Self {
        let provider = Provider::start().await;
        let shop = Spawn::default().with_provider(&provider).spawn().await;
        let guest = shop.guest();
        let login = guest.start_login_with(query).await;
        let before = shop.state_of(&guest).await;
        assert!(before.session.is_some(), "the local session exists before the redirect");
        Self { shop, provider, guest, login, before }
    }

    /// The provider grants what was asked for, in the way that it was told to, and the browser comes back.
    pub async fn come_back(&self) -> Answer {
        let callback = self.provider.grant(&self.login);
        self.guest.come_back(&callback).await
    }

    /// A page that tells this problem, and a session that is as it was.
    #[track_caller]
    pub fn expect_refused(
        &self,
        answer: &Answer,
        problem: SignInProblem,
    ) -> impl Future<Output = ()> {
        expect_sign_in_problem(answer, problem, "/account");
        async { assert_eq!(self.shop.state_of(&self.guest).await, self.before) }
    }

    pub async fn expect_signed_in(&self, answer: &Answer) {
        assert_eq!(answer.leads_to(), "/account");
        assert_eq!(self.guest.signed_in_name().await.as_deref(), Some(super::provider::NAME));
    }
}

/// The redirect to the page that says what happened and offers the way back to `return_to`.
#[track_caller]
pub fn expect_sign_in_problem(answer: &Answer, problem: SignInProblem, return_to: &str) {
    assert_eq!(answer.status, 303, "{}", answer.text());
    let location = answer.location();
    assert_eq!(location.path(), page::SIGN_IN_PROBLEM, "{location}");
    assert_eq!(parameter(&location, "problem").as_deref(), Some(problem.into_str()));
    assert_eq!(parameter(&location, "return_to").as_deref(), Some(return_to));
    assert_eq!(answer.header("cache-control"), Some("no-store"));
}

/// A whole login whose ID token is made like this is refused.
pub async fn refused(issue: impl Fn(Jwt) -> String + Send + 'static) {
    refused_when_asking(&[("return_to", "/account")], issue).await;
}

pub async fn refused_when_asking(
    query: &[(&str, &str)],
    issue: impl Fn(Jwt) -> String + Send + 'static,
) {
    let in_flight = LoginInFlight::begin_with(query).await;
    in_flight.provider.issues(issue);
    let answer = in_flight.come_back().await;
    in_flight.expect_refused(&answer, SignInProblem::Refused).await;
    assert_eq!(in_flight.provider.asked().for_tokens(), 1);
}

pub async fn accepted(issue: impl Fn(Jwt) -> String + Send + 'static) {
    let in_flight = LoginInFlight::begin().await;
    in_flight.provider.issues(issue);
    let answer = in_flight.come_back().await;
    in_flight.expect_signed_in(&answer).await;
}
