//! Silent login: a hidden frame asks the identity provider whom it knows, and no session begins.

use crate::support::*;
use reqwest::{Method, Url};
use serde_json::{Value, json};
use shared::{
    account::SignedInSession,
    paths::{self, api, auth},
    problem::kinds,
    session::{LogoutScope, SessionState, SignInProblem, SilentLogin, SilentLoginQuery},
    trace::{Step, TraceKind},
};

/// The hidden frame, up to its landing page: what it hands to the page around it.
async fn ask_in_a_frame(browser: &Browser) -> Value {
    ask_in_a_frame_as(browser, SilentLoginQuery::default()).await
}

async fn ask_in_a_frame_as(browser: &Browser, query: SilentLoginQuery) -> Value {
    let frame = browser.navigation(&query.url()).to(Destination::Frame);
    let left = frame.send().await.expect(303);
    let authorization_url = left.location();
    assert_eq!(parameter(&authorization_url, "prompt").as_deref(), Some("none"));
    let login = Login { authorization_url };
    let landing = browser.open_login_page(&login).await.location();
    assert_eq!(landing.path(), auth::SILENT);
    answer_in(&landing)
}

fn answer_in(landing: &Url) -> Value {
    let mut answer = json!({});
    for name in ["state", "code", "iss", "error"] {
        if let Some(value) = parameter(landing, name) {
            answer[name] = value.into();
        }
    }
    answer
}

async fn ask(browser: &Browser) -> SilentLogin {
    let answer = ask_in_a_frame(browser).await;
    browser.post(auth::SILENT, &answer).await.expect(200).json()
}

/// Somebody whom the identity provider knows and the shop does not any more: the browser dropped its session.
async fn known_to_the_provider(shop: &TestApp) -> Customer {
    let customer = shop.customer(ADA).await;
    customer.drop_cookie("storezero");
    customer
}

#[tokio::test]
async fn the_identity_providers_session_tells_a_name_and_nobody_is_signed_in() {
    let shop = spawn_app().await;
    let ada = known_to_the_provider(&shop).await;
    assert!(ada.session().await.silent_login_offered);
    let sessions = shop.count("session").await;
    let answer = ask(&ada).await;
    assert_eq!(answer.name.as_deref(), Some("Ada Lovelace"));
    assert_eq!(answer.problem, None);
    assert_eq!(answer.trace.kind, TraceKind::SilentLogin);
    assert_eq!(ada.session().await.state, SessionState::None { ended: None });
    assert_eq!(shop.count("session").await, sessions);
    assert!(ada.cookies().is_empty(), "{:?}", ada.cookies());
}

#[tokio::test]
async fn it_is_told_in_the_order_in_which_it_happened_and_who_wanted_it() {
    let shop = spawn_app().await;
    let ada = known_to_the_provider(&shop).await;
    for on_arrival in [true, false] {
        let answer = ask_in_a_frame_as(&ada, SilentLoginQuery { on_arrival }).await;
        let answer: SilentLogin = ada.post(auth::SILENT, &answer).await.expect(200).json();
        let trace = answer.trace;
        assert_eq!(trace.automatic, on_arrival);
        let steps: Vec<Step> = trace.messages.iter().map(|message| message.step).collect();
        let as_it_happened = [
            Step::SilentLoginRequested,
            Step::AuthorizationRequest,
            Step::AuthorizationResponse,
            Step::SilentAnswer,
            Step::TokenRequest,
            Step::TokenResponse,
            Step::IdTokenValidated,
            Step::SilentLoginAnswered,
        ];
        assert_eq!(steps, as_it_happened);
    }
}

/// Whoever presses "Sign in" at once does so while the page still asks.
#[tokio::test]
async fn a_login_that_begins_while_the_page_asks_comes_back() {
    let shop = spawn_app().await;
    let ada = known_to_the_provider(&shop).await;
    let asked = ask_in_a_frame(&ada).await;
    let login = ada.start_login("/account").await;
    ada.post(auth::SILENT, &asked).await.expect(200);
    let callback = ada.authenticate(&login, ADA).await;
    assert_eq!(ada.come_back(&callback).await.leads_to(), "/account");
}

#[tokio::test]
async fn without_a_session_there_it_says_login_required() {
    let shop = spawn_app().await;
    let guest = shop.guest();
    let answer = ask(&guest).await;
    assert_eq!(answer.name, None);
    assert_eq!(answer.problem, Some(SignInProblem::LoginRequired));
    let response = answer.trace.message(Step::AuthorizationResponse).unwrap();
    assert_eq!(response.parameter("error"), Some("login_required"));
}

#[tokio::test]
async fn an_answer_is_used_once_by_the_browser_that_asked_and_at_no_other_place() {
    let shop = spawn_app().await;
    let ada = known_to_the_provider(&shop).await;
    let answer = ask_in_a_frame(&ada).await;
    let bad = |reply: Answer| reply.expect_problem(400, kinds::BAD_REQUEST);
    bad(shop.guest().post(auth::SILENT, &answer).await);
    let state = answer["state"].as_str().unwrap();
    let code = answer["code"].as_str().unwrap();
    let elsewhere = format!("{}?state={state}&code={code}", auth::CALLBACK);
    let refused = ada.visit(&elsewhere).await;
    assert!(refused.leads_to().contains("unknown_attempt"));
    ada.post(auth::SILENT, &answer).await.expect(200);
    bad(ada.post(auth::SILENT, &answer).await);
}

#[tokio::test]
async fn only_a_frame_of_the_shops_own_page_may_ask() {
    let shop = spawn_app().await;
    let guest = shop.guest();
    let frame = || guest.navigation(auth::SILENT_LOGIN).to(Destination::Frame);
    let foreign = frame().caused_by("https://evil.example/").send().await;
    foreign.expect_problem(400, kinds::BAD_REQUEST);
    let page = guest.visit(auth::SILENT_LOGIN).await;
    page.expect_problem(400, kinds::BAD_REQUEST);
    let without_csrf = guest
        .fetch(Method::POST, auth::SILENT)
        .json(&json!({ "state": "x" }))
        .without(paths::header::CSRF);
    without_csrf.send().await.expect_problem(403, kinds::CSRF);
    assert_eq!(shop.count("login_attempt").await, 0);
}

#[tokio::test]
async fn the_landing_page_may_be_framed_by_the_shop_alone() {
    let shop = spawn_app().await;
    let guest = shop.guest();
    let landing = guest.visit(auth::SILENT).await.expect(200);
    let policy = landing.header("content-security-policy").unwrap();
    assert!(policy.contains("frame-ancestors 'self'"), "{policy}");
    let page = guest.visit("/").await;
    let policy = page.header("content-security-policy").unwrap();
    assert!(policy.contains("frame-ancestors 'none'"), "{policy}");
    let frames = format!("frame-src 'self' {}", test_idp());
    assert!(policy.contains(&frames), "{policy}");
}

#[tokio::test]
async fn whoever_signed_out_here_is_not_greeted_until_the_browser_closes() {
    let shop = spawn_app().await;
    let ada = shop.customer(ADA).await;
    assert!(!ada.session().await.silent_login_offered, "she is signed in");
    ada.sign_out(LogoutScope::Local).await;
    assert!(!ada.session().await.silent_login_offered);
    ada.close();
    assert!(ada.session().await.silent_login_offered);
    ada.sign_in(ADA).await;
    ada.drop_cookie("storezero");
    assert!(ada.session().await.silent_login_offered, "a login takes the mark away");
}

#[tokio::test]
async fn a_revoked_device_is_not_greeted() {
    let shop = spawn_app().await;
    let laptop = shop.customer(ADA).await;
    let phone = shop.customer(ADA).await;
    let sessions: Vec<SignedInSession> = laptop.get(api::ACCOUNT_SESSIONS).await.json();
    let other = sessions.iter().find(|session| !session.is_this_one).unwrap();
    let path = paths::with(api::ACCOUNT_SESSION, &other.fingerprint);
    laptop.delete(&path).await.expect(204);
    assert!(!phone.session().await.silent_login_offered);
}
