//! How logins and logouts went, as the Session Explorer is told.

use crate::support::*;
use serde_json::json;
use shared::{
    identity_provider::IdentityProviderView,
    paths::{self, api, auth},
    problem::kinds,
    session::{LogoutRequest, LogoutResponse, LogoutScope},
    trace::{Step, Trace, TraceKind},
};

async fn traces(browser: &Browser) -> Vec<Trace> {
    browser.get(api::SESSION_TRACES).await.expect(200).json()
}

fn steps(trace: &Trace) -> Vec<Step> {
    trace.messages.iter().map(|message| message.step).collect()
}

#[tokio::test]
async fn a_login_is_told_message_by_message() {
    let shop = spawn_app().await;
    let ada = shop.customer(ADA).await;
    let traces = traces(&ada).await;
    let [login] = &traces[..] else {
        panic!("one trace: {traces:?}");
    };
    assert_eq!(login.kind, TraceKind::Login);
    assert_eq!(login.asked, Some(true));
    let as_it_happened = [
        Step::LoginRequested,
        Step::SessionBegan,
        Step::AuthorizationRequest,
        Step::AuthorizationResponse,
        Step::TokenRequest,
        Step::TokenResponse,
        Step::IdTokenValidated,
        Step::SessionUpdated,
        Step::ReturnedToPage,
    ];
    assert_eq!(steps(login), as_it_happened);
    let parameter = |step, name| login.message(step).unwrap().parameter(name);
    assert_eq!(parameter(Step::LoginRequested, "return_to"), Some("/account"));
    assert_eq!(parameter(Step::SessionBegan, "signed in"), Some("false"));
    assert_eq!(parameter(Step::SessionBegan, "sid"), None);
    assert_eq!(parameter(Step::AuthorizationRequest, "response_type"), Some("code"));
    assert_eq!(
        parameter(Step::AuthorizationRequest, "state"),
        parameter(Step::AuthorizationResponse, "state")
    );
    assert!(login.messages.is_sorted_by_key(|message| message.at));
}

#[tokio::test]
async fn no_secret_of_a_login_is_told() {
    let shop = spawn_app().await;
    let guest = shop.guest();
    let login = guest.start_login("/account").await;
    let callback = guest.authenticate(&login, ADA).await;
    guest.come_back(&callback).await.expect(303);
    let told = guest.get(api::SESSION_TRACES).await.expect(200).text();
    let row = shop.session_of(&guest).await.unwrap();
    let secrets = [
        login.state(),
        login.parameter("nonce"),
        login.parameter("code_challenge"),
        parameter(&callback, "code").unwrap(),
        row.id,
        row.sid.unwrap(),
        shop.session_key_of(&guest).unwrap(),
        "eyJ".to_owned(),
    ];
    for secret in secrets {
        assert!(!told.contains(&secret), "{secret} is told");
    }
}

#[tokio::test]
async fn a_login_that_asks_for_nothing_says_so() {
    let in_flight = login_in_flight::LoginInFlight::begin().await;
    let an_hour_ago = backend::db::now() / 1000 - 3600;
    let provider = &in_flight.provider;
    provider.issues(move |token| token.with("auth_time", an_hour_ago).sign());
    let answer = in_flight.come_back().await;
    in_flight.expect_signed_in(&answer).await;
    assert_eq!(traces(&in_flight.guest).await[0].asked, Some(false));
}

#[tokio::test]
async fn an_id_token_is_told_with_its_times_and_what_vouched_for_the_person() {
    let in_flight = login_in_flight::LoginInFlight::begin().await;
    in_flight.provider.issues(|token| {
        let issued_at = token.claims["iat"].as_i64().unwrap();
        token
            .with("auth_time", issued_at - 60)
            .with("upstream_auth_time", issued_at - 3600)
            .with("provider", "friendbook")
            .with("amr", serde_json::json!(["pwd", "otp"]))
            .with("acr", "two-factors")
            .sign()
    });
    in_flight.expect_signed_in(&in_flight.come_back().await).await;
    let traces = traces(&in_flight.guest).await;
    let validated = traces[0].message(Step::IdTokenValidated).unwrap();
    let seconds = |name| validated.parameter(name).unwrap().parse::<i64>().unwrap();
    assert_eq!(seconds("auth_time"), seconds("iat") - 60);
    assert_eq!(seconds("upstream_auth_time"), seconds("iat") - 3600);
    assert_eq!(validated.parameter("amr"), Some("pwd otp"));
    assert_eq!(validated.parameter("acr"), Some("two-factors"));
    assert_eq!(validated.parameter("provider"), Some("friendbook"));
}

#[tokio::test]
async fn an_upstream_time_that_cannot_be_one_is_not_told_and_signs_in_all_the_same() {
    for odd in [serde_json::json!("yesterday"), serde_json::json!(-1), serde_json::json!(1e300)] {
        let in_flight = login_in_flight::LoginInFlight::begin().await;
        in_flight
            .provider
            .issues(move |token| token.with("upstream_auth_time", odd.clone()).sign());
        in_flight.expect_signed_in(&in_flight.come_back().await).await;
        let traces = traces(&in_flight.guest).await;
        let validated = traces[0].message(Step::IdTokenValidated).unwrap();
        assert_eq!(validated.parameter("upstream_auth_time"), None);
    }
}

#[tokio::test]
async fn a_refused_login_is_told_and_the_session_goes_on() {
    let shop = spawn_app().await;
    let ada = shop.customer(ADA).await;
    let login = ada.start_login("/account").await;
    let refused = format!(
        "{}?state={}&error=access_denied&iss={}",
        auth::CALLBACK,
        login.state(),
        test_idp()
    );
    ada.visit(&refused).await.expect(303);
    let traces = traces(&ada).await;
    assert_eq!(traces.len(), 2);
    let last = traces[0].messages.last().unwrap();
    assert_eq!(last.step, Step::LoginRefused);
    assert_eq!(last.parameter("problem"), Some("access_denied"));
    ada.get(api::ORDERS).await.expect(200);
}

#[tokio::test]
async fn a_session_remembers_its_ten_newest_flows() {
    let shop = spawn_app().await;
    let ada = shop.customer(ADA).await;
    for _ in 0..11 {
        ada.sign_in(ADA).await;
    }
    assert_eq!(traces(&ada).await.len(), 10);
    assert_eq!(shop.count("session_trace").await, 10);
}

#[tokio::test]
async fn a_logout_hands_its_flow_to_the_page_since_the_session_takes_its_own_along() {
    let shop = spawn_app().await;
    let ada = shop.customer(ADA).await;
    let request = LogoutRequest { scope: LogoutScope::Idp };
    let answer = ada.post(auth::LOGOUT, &request).await.expect(200);
    let LogoutResponse { trace, .. } = answer.json();
    let ended = [Step::LogoutRequested, Step::SessionEnded, Step::EndSessionRequest];
    assert_eq!(steps(&trace), ended);
    let hint = trace.messages[2].parameter("id_token_hint").unwrap();
    assert!(hint.starts_with('‹'), "{hint}");
    assert_eq!(traces(&ada).await, []);
    assert_eq!(shop.count("session_trace").await, 0);
}

#[tokio::test]
async fn the_browser_of_a_session_that_the_provider_ended_is_told_how() {
    let in_flight = login_in_flight::LoginInFlight::begin().await;
    let answer = in_flight.come_back().await;
    in_flight.expect_signed_in(&answer).await;
    let token = in_flight.provider.logout_token().sign();
    in_flight.shop.logout_token_arrives(&token).await.expect(200);
    let traces = traces(&in_flight.guest).await;
    let [trace] = &traces[..] else {
        panic!("one trace: {traces:?}");
    };
    assert_eq!(trace.kind, TraceKind::BackchannelLogout);
    let as_it_happened = [
        Step::LogoutToken,
        Step::LogoutTokenValidated,
        Step::SessionEnded,
        Step::LogoutTokenAnswered,
    ];
    assert_eq!(steps(trace), as_it_happened);
}

#[tokio::test]
async fn every_message_names_the_function_that_handled_it_and_the_source_has_it() {
    let shop = spawn_app().await;
    let ada = shop.customer(ADA).await;
    let request = LogoutRequest { scope: LogoutScope::Idp };
    let mut told = traces(&ada).await;
    let LogoutResponse { trace, .. } = ada.post(auth::LOGOUT, &request).await.expect(200).json();
    told.push(trace);
    for message in told.iter().flat_map(|trace| &trace.messages) {
        let place = message.step.handled_by();
        let source = ada.get(&paths::with(paths::SOURCE, place.file)).await.expect(200);
        let content_type = source.header("content-type").unwrap();
        assert_eq!(content_type, "text/plain; charset=utf-8");
        let function = format!("fn {}", place.function);
        assert!(source.text().contains(&function), "{place:?}");
    }
    for file in ["backend/src/config/mod.rs", "Cargo.toml", ""] {
        let missing = ada.get(&paths::with(paths::SOURCE, file)).await;
        missing.expect_problem(404, kinds::NOT_FOUND);
    }
}

#[tokio::test]
async fn looking_at_the_flows_does_not_keep_the_session_alive() {
    let shop = spawn_app().await;
    let ada = shop.customer(ADA).await;
    shop.let_session_age(&ada, 2 * MINUTE).await;
    let before = shop.session_of(&ada).await;
    traces(&ada).await;
    ada.get(api::IDENTITY_PROVIDER).await.expect(200);
    assert_eq!(shop.session_of(&ada).await, before);
}

#[tokio::test]
async fn the_shop_tells_what_it_knows_of_its_provider() {
    let shop = spawn_app().await;
    let view: IdentityProviderView = shop.guest().get(api::IDENTITY_PROVIDER).await.json();
    assert_eq!(view.issuer, test_idp());
    assert!(view.backchannel_logout_supported);
    assert!(view.session_lifetimes.is_some_and(|limits| limits.idle < limits.absolute));
}

#[tokio::test]
async fn a_new_standard_login_tells_the_session_that_it_replaces_at_the_provider_and_the_one_that_it_begins()
 {
    let shop = spawn_app().await;
    let ada = shop.customer(ADA).await;
    let first = traces(&ada).await.remove(0);
    ada.sign_in_anew(ADA).await;
    let second = traces(&ada).await.remove(0);
    let sid =
        |trace: &Trace, step| trace.message(step).unwrap().parameter("sid").map(str::to_owned);
    let began = second.message(Step::SessionBegan).unwrap();
    assert_eq!(began.parameter("signed in"), Some("true"));
    assert_eq!(sid(&second, Step::SessionBegan), sid(&first, Step::IdTokenValidated));
    assert_ne!(sid(&second, Step::SessionBegan), sid(&second, Step::IdTokenValidated));
}

#[tokio::test]
async fn a_reset_at_the_provider_is_told_with_its_reason_where_the_provider_says_it() {
    for (said, told) in [
        (json!("password_changed"), Some("password_changed")),
        (json!("Password changed!"), None),
        (json!(""), None),
        (json!("a".repeat(41)), None),
        (json!(7), None),
        (json!(null), None),
    ] {
        let in_flight = login_in_flight::LoginInFlight::begin().await;
        let answer = in_flight.come_back().await;
        in_flight.expect_signed_in(&answer).await;
        let token = in_flight.provider.logout_token().with("reason", said.clone()).sign();
        in_flight.shop.logout_token_arrives(&token).await.expect(200);
        let trace = traces(&in_flight.guest).await.remove(0);
        let validated = trace.message(Step::LogoutTokenValidated).unwrap();
        assert_eq!(validated.parameter("reason"), told, "{said}");
    }
}
