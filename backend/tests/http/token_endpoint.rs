//! The exchange of a code for tokens (OIDC Core §3.1.3), in every way that it can go wrong.

use crate::support::{
    provider::{Gate, Reply},
    under_way::UnderWay,
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
    let under_way = UnderWay::begin().await;
    let answer = under_way.come_back().await;
    under_way.expect_signed_in(&answer).await;
    assert_eq!(under_way.provider.asked().for_tokens(), 1);
}

#[tokio::test]
async fn twenty_callbacks_at_once_are_one_exchange() {
    let under_way = UnderWay::begin().await;
    let callback = under_way.provider.grant(&under_way.login);
    let answers = join_all((0..20).map(|_| under_way.guest.come_back(&callback))).await;
    assert!(answers.iter().all(|answer| answer.status == 303));
    let signed_in = answers
        .iter()
        .filter(|answer| answer.leads_to() == "/account")
        .count();
    assert!(signed_in >= 1);
    assert_eq!(under_way.provider.asked().for_tokens(), 1);
    assert_eq!(
        under_way.guest.signed_in_name().await.as_deref(),
        Some(provider::NAME)
    );
    assert_eq!(under_way.shop.count("session").await, 1);
    assert_eq!(under_way.shop.count("session_key").await, 1);
}

#[tokio::test]
async fn a_code_that_the_provider_does_not_know_is_refused() {
    let under_way = UnderWay::begin().await;
    let callback = with_parameter(
        &under_way.provider.grant(&under_way.login),
        "code",
        Some("another-code"),
    );
    let answer = under_way.guest.come_back(&callback).await;
    under_way
        .expect_refused(&answer, SignInProblem::Refused)
        .await;
}

#[tokio::test]
async fn the_code_of_another_login_is_refused() {
    let under_way = UnderWay::begin().await;
    let other = under_way.guest.start_login("/account").await;
    let stolen = under_way.provider.grant(&other);
    let code = parameter(&stolen, "code");
    let callback = with_parameter(
        &under_way.provider.grant(&under_way.login),
        "code",
        code.as_deref(),
    );
    // The provider of the test binds no code to its PKCE challenge: the nonce is what is left, and catches it.
    let answer = under_way.guest.come_back(&callback).await;
    under_way
        .expect_refused(&answer, SignInProblem::Refused)
        .await;
}

#[tokio::test]
async fn a_token_endpoint_that_fails_is_told_and_changes_nothing() {
    use SignInProblem::{IdentityProviderUnavailable, Refused};
    let under_way = UnderWay::begin().await;
    let elsewhere = Provider::start().await;
    for (answer, problem) in [
        (
            Reply::Text(500, "<h1>Internal Server Error</h1>"),
            IdentityProviderUnavailable,
        ),
        (Reply::Text(503, ""), IdentityProviderUnavailable),
        (
            Reply::Text(200, "<h1>Welcome</h1>"),
            IdentityProviderUnavailable,
        ),
        (Reply::Text(200, ""), IdentityProviderUnavailable),
        (Reply::Json(200, json!({})), IdentityProviderUnavailable),
        (Reply::Json(200, json!([])), IdentityProviderUnavailable),
        (
            Reply::Json(200, json!({ "access_token": 1, "token_type": "Bearer" })),
            IdentityProviderUnavailable,
        ),
        (
            Reply::Json(400, json!({ "error": "invalid_grant" })),
            Refused,
        ),
        (
            Reply::Json(401, json!({ "error": "invalid_client" })),
            Refused,
        ),
        (
            Reply::Json(200, json!({ "access_token": "a", "token_type": "Bearer" })),
            Refused,
        ),
        (
            Reply::Redirect(format!("{}/token", elsewhere.issuer)),
            IdentityProviderUnavailable,
        ),
        (Reply::Flood, IdentityProviderUnavailable),
    ] {
        let name = format!("{answer:?}");
        under_way.provider.replies(answer);
        let login = under_way.guest.start_login("/account").await;
        let callback = under_way.provider.grant(&login);
        let answer = under_way.guest.come_back(&callback).await;
        println!("{name}");
        under_way.expect_refused(&answer, problem).await;
    }
    assert_eq!(
        elsewhere.asked().for_tokens(),
        0,
        "the client's secret went to another server"
    );

    under_way.provider.replies(Reply::InOrder);
    let answer = under_way.come_back().await;
    under_way.expect_signed_in(&answer).await;
}

#[tokio::test]
async fn a_token_endpoint_that_never_ends_its_answer_is_given_up_after_ten_seconds() {
    let (silent, stalled) = join(UnderWay::begin(), UnderWay::begin()).await;
    silent.provider.replies(Reply::Silence);
    stalled.provider.replies(Reply::Stall);
    let began = Instant::now();
    let answers = join(silent.come_back(), stalled.come_back()).await;
    let took = began.elapsed();
    assert!(took > 9 * SECOND && took < 20 * SECOND, "{took:?}");
    silent
        .expect_refused(&answers.0, SignInProblem::IdentityProviderUnavailable)
        .await;
    stalled
        .expect_refused(&answers.1, SignInProblem::IdentityProviderUnavailable)
        .await;
}

#[tokio::test]
async fn a_provider_that_went_away_during_the_login_is_told() {
    let under_way = UnderWay::begin().await;
    let callback = under_way.provider.grant(&under_way.login);
    under_way.provider.stop().await;
    let answer = under_way.guest.come_back(&callback).await;
    under_way
        .expect_refused(&answer, SignInProblem::IdentityProviderUnavailable)
        .await;
}

#[tokio::test]
async fn a_login_that_a_logout_overtakes_begins_a_session_of_its_own() {
    let under_way = UnderWay::begin().await;
    let before = under_way
        .shop
        .session_of(&under_way.guest)
        .await
        .expect("a session");
    let old_cookie = under_way.guest.cookie("storezero").expect("a session");
    let gate = Gate::closed();
    under_way.provider.replies(Reply::Held(gate.clone()));
    let logout = async {
        gate.arrival().await;
        under_way
            .guest
            .post(
                auth::LOGOUT,
                &LogoutRequest {
                    scope: LogoutScope::Local,
                },
            )
            .await
            .expect(200);
        assert_eq!(under_way.shop.count("session").await, 0);
        gate.open();
    };
    let (answer, ()) = join(under_way.come_back(), logout).await;
    assert_eq!(answer.leads_to(), "/account");
    let after = under_way
        .shop
        .session_of(&under_way.guest)
        .await
        .expect("a session");
    assert_ne!(after.id, before.id, "the session that ended came back");
    assert_eq!(under_way.shop.count("session").await, 1);

    let old = under_way.shop.guest();
    old.put_cookie(old_cookie);
    let state = old.session().await.state;
    assert_eq!(
        state,
        SessionState::None {
            ended: Some(shared::session::EndReason::Logout)
        }
    );
}
