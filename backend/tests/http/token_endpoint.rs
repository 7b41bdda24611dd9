//! The exchange of a code for tokens (OIDC Core §3.1.3), in every way that it can go wrong.

use crate::support::{
    login_in_flight::LoginInFlight,
    provider::{Gate, Reply},
    *,
};
use futures_util::future::{join, join_all};
use serde_json::json;
use shared::{
    paths::auth,
    session::{LogoutRequest, LogoutScope, SessionState, SignInProblem},
};
use std::time::Instant;

#[tokio::test]
async fn a_code_is_exchanged_and_the_person_is_signed_in() {
    let in_flight = LoginInFlight::begin().await;
    let answer = in_flight.come_back().await;
    in_flight.expect_signed_in(&answer).await;
    assert_eq!(in_flight.provider.asked().for_tokens(), 1);
}

#[tokio::test]
async fn twenty_callbacks_at_once_are_one_exchange() {
    let in_flight = LoginInFlight::begin().await;
    let callback = in_flight.provider.grant(&in_flight.login);
    let answers = join_all((0..20).map(|_| in_flight.guest.come_back(&callback))).await;
    assert!(answers.iter().all(|answer| answer.status == 303));
    let signed_in = answers.iter().filter(|answer| answer.leads_to() == "/account").count();
    assert!(signed_in >= 1);
    assert_eq!(in_flight.provider.asked().for_tokens(), 1);
    assert_eq!(in_flight.guest.signed_in_name().await.as_deref(), Some(provider::NAME));
    assert_eq!(in_flight.shop.count("session").await, 1);
    assert_eq!(in_flight.shop.count("session_key").await, 1);
}

#[tokio::test]
async fn a_code_that_the_provider_does_not_know_is_refused() {
    let in_flight = LoginInFlight::begin().await;
    let callback =
        with_parameter(&in_flight.provider.grant(&in_flight.login), "code", Some("another-code"));
    let answer = in_flight.guest.come_back(&callback).await;
    in_flight.expect_refused(&answer, SignInProblem::Refused).await;
}

#[tokio::test]
async fn the_code_of_another_login_is_refused() {
    let in_flight = LoginInFlight::begin().await;
    let other = in_flight.guest.start_login("/account").await;
    let stolen = in_flight.provider.grant(&other);
    let code = parameter(&stolen, "code");
    let callback =
        with_parameter(&in_flight.provider.grant(&in_flight.login), "code", code.as_deref());
    // The provider of the test binds no code to its PKCE challenge: the nonce is what is left, and catches it.
    let answer = in_flight.guest.come_back(&callback).await;
    in_flight.expect_refused(&answer, SignInProblem::Refused).await;
}

#[tokio::test]
async fn a_token_endpoint_that_fails_is_told_and_changes_nothing() {
    use SignInProblem::{IdentityProviderUnavailable, Refused};
    let in_flight = LoginInFlight::begin().await;
    let elsewhere = Provider::start().await;
    for (answer, problem) in [
        (Reply::Text(500, "<h1>Internal Server Error</h1>"), IdentityProviderUnavailable),
        (Reply::Text(503, ""), IdentityProviderUnavailable),
        (Reply::Text(200, "<h1>Welcome</h1>"), IdentityProviderUnavailable),
        (Reply::Text(200, ""), IdentityProviderUnavailable),
        (Reply::Json(200, json!({})), IdentityProviderUnavailable),
        (Reply::Json(200, json!([])), IdentityProviderUnavailable),
        (
            Reply::Json(200, json!({ "access_token": 1, "token_type": "Bearer" })),
            IdentityProviderUnavailable,
        ),
        (Reply::Json(400, json!({ "error": "invalid_grant" })), Refused),
        (Reply::Json(401, json!({ "error": "invalid_client" })), Refused),
        (Reply::Json(200, json!({ "access_token": "a", "token_type": "Bearer" })), Refused),
        (Reply::Redirect(format!("{}/token", elsewhere.issuer)), IdentityProviderUnavailable),
        (Reply::Flood, IdentityProviderUnavailable),
    ] {
        let name = format!("{answer:?}");
        in_flight.provider.replies(answer);
        let login = in_flight.guest.start_login("/account").await;
        let callback = in_flight.provider.grant(&login);
        let answer = in_flight.guest.come_back(&callback).await;
        println!("{name}");
        in_flight.expect_refused(&answer, problem).await;
    }
    assert_eq!(elsewhere.asked().for_tokens(), 0, "the client's secret went to another server");

    in_flight.provider.replies(Reply::InOrder);
    let answer = in_flight.come_back().await;
    in_flight.expect_signed_in(&answer).await;
}

#[tokio::test]
async fn a_token_endpoint_that_never_ends_its_answer_is_given_up_after_ten_seconds() {
    let (silent, stalled) = join(LoginInFlight::begin(), LoginInFlight::begin()).await;
    silent.provider.replies(Reply::Silence);
    stalled.provider.replies(Reply::Stall);
    let began = Instant::now();
    let answers = join(silent.come_back(), stalled.come_back()).await;
    let took = began.elapsed();
    assert!(took > 9 * SECOND && took < 20 * SECOND, "{took:?}");
    silent.expect_refused(&answers.0, SignInProblem::IdentityProviderUnavailable).await;
    stalled.expect_refused(&answers.1, SignInProblem::IdentityProviderUnavailable).await;
}

#[tokio::test]
async fn a_provider_that_went_away_during_the_login_is_told() {
    let in_flight = LoginInFlight::begin().await;
    let callback = in_flight.provider.grant(&in_flight.login);
    in_flight.provider.stop().await;
    let answer = in_flight.guest.come_back(&callback).await;
    in_flight.expect_refused(&answer, SignInProblem::IdentityProviderUnavailable).await;
}

#[tokio::test]
async fn a_login_that_a_logout_overtakes_begins_a_session_of_its_own() {
    let in_flight = LoginInFlight::begin().await;
    let before = in_flight.shop.session_of(&in_flight.guest).await.expect("a session");
    let old_cookie = in_flight.guest.cookie("storezero").expect("a session");
    let gate = Gate::closed();
    in_flight.provider.replies(Reply::Held(gate.clone()));
    let logout = async {
        gate.arrival().await;
        in_flight
            .guest
            .post(auth::LOGOUT, &LogoutRequest { scope: LogoutScope::Local })
            .await
            .expect(200);
        assert_eq!(in_flight.shop.count("session").await, 0);
        gate.open();
    };
    let (answer, ()) = join(in_flight.come_back(), logout).await;
    assert_eq!(answer.leads_to(), "/account");
    let after = in_flight.shop.session_of(&in_flight.guest).await.expect("a session");
    assert_ne!(after.id, before.id, "the session that ended came back");
    assert_eq!(in_flight.shop.count("session").await, 1);

    let old = in_flight.shop.guest();
    old.put_cookie(old_cookie);
    let state = old.session().await.state;
    assert_eq!(state, SessionState::None { ended: Some(shared::session::EndReason::Logout) });
}
