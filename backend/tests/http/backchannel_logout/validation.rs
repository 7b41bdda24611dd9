//! Logout tokens of every wrong kind (§2.6): each is refused and ends nothing.

use crate::support::{
    provider::{Jwt, Key},
    *,
};
use reqwest::Method;
use serde_json::json;
use shared::{paths::auth, problem::kinds};

use super::{EVENT, SignedIn, ends, expect_accepted, expect_refused, now, refused};

#[tokio::test]
async fn an_id_token_is_no_logout_token() {
    refused(|token| token.with_header("typ", "JWT").with("nonce", "n").without("events").sign())
        .await;
}

#[tokio::test]
async fn a_token_of_another_type_is_refused() {
    for typ in ["at+jwt", "logout", "logout+jwt+x", "secevent+jwt"] {
        refused(|token| token.with_header("typ", typ).sign()).await;
    }
}

#[tokio::test]
async fn a_token_that_does_not_say_its_type_is_taken_unless_the_shop_wants_one() {
    let untyped = |mut token: Jwt| {
        token.header.as_object_mut().expect("a header").remove("typ");
        token.sign()
    };
    ends(|token| token.with_header("typ", "JWT").sign()).await;
    ends(untyped).await;
    let provider = Provider::start().await;
    let shop = Spawn::default()
        .with_provider(&provider)
        .setting("STOREZERO_OIDC_LOGOUT_TOKEN_TYPE_REQUIRED", "true")
        .spawn()
        .await;
    for token in
        [provider.logout_token().with_header("typ", "JWT").sign(), untyped(provider.logout_token())]
    {
        expect_refused(&shop.logout_token_arrives(&token).await);
    }
    expect_accepted(&shop.logout_token_arrives(&provider.logout_token().sign()).await);
}

#[tokio::test]
async fn a_token_that_is_not_valid_yet_is_refused() {
    refused(|token| token.with("nbf", now() + 120).sign()).await;
    ends(|token| token.with("nbf", now()).sign()).await;
}

#[tokio::test]
async fn a_subject_or_session_that_can_be_nobodys_is_refused() {
    for (claim, value) in
        [("sub", ""), ("sub", "sam\0"), ("sub", &"s".repeat(256)), ("sid", ""), ("sid", "\0")]
    {
        refused(|token| token.with(claim, value).sign()).await;
    }
}

#[tokio::test]
async fn a_token_without_signature_is_refused() {
    refused(|token| token.with_header("alg", "none").signed_by("")).await;
    refused(|token| token.signed_by("")).await;
}

#[tokio::test]
async fn a_token_signed_with_a_secret_is_refused() {
    refused(|token| token.with_key(Key::ClientSecret).sign()).await;
    refused(|token| token.with_key(Key::PublicRsa).sign()).await;
}

#[tokio::test]
async fn a_token_of_a_stranger_is_refused() {
    refused(|token| token.with_key(Key::StrangerEc).sign()).await;
    refused(|token| token.with_key(Key::StrangerEc).with_header("kid", Key::Ec.kid()).sign()).await;
    refused(|token| token.with_key(Key::StrangerRsa).with_header("kid", Key::Rsa.kid()).sign())
        .await;
}

#[tokio::test]
async fn an_algorithm_that_is_not_the_keys_is_refused() {
    refused(|token| token.with_header("alg", "RS256").sign()).await;
}

#[tokio::test]
async fn a_token_of_another_issuer_is_refused() {
    refused(|token| token.with("iss", "https://evil.example").sign()).await;
}

#[tokio::test]
async fn a_token_for_another_client_is_refused() {
    refused(|token| token.with("aud", "another-client").sign()).await;
    refused(|token| token.with("aud", json!([])).sign()).await;
}

#[tokio::test]
async fn an_expired_token_is_refused() {
    refused(|token| token.with("exp", now() - 120).sign()).await;
}

#[tokio::test]
async fn a_token_from_the_future_is_refused() {
    refused(|token| token.with("iat", now() + 120).sign()).await;
}

#[tokio::test]
async fn an_old_token_is_refused_however_long_it_says_that_it_lives() {
    refused(|token| token.with("iat", now() - 3600).with("exp", now() + 3600).sign()).await;
}

#[tokio::test]
async fn a_token_with_a_nonce_is_refused() {
    refused(|token| token.with("nonce", "n").sign()).await;
    refused(|token| token.with("nonce", json!(null)).sign()).await;
}

#[tokio::test]
async fn a_token_without_the_event_is_refused() {
    refused(|token| token.without("events").sign()).await;
    refused(|token| token.with("events", json!({})).sign()).await;
    refused(|token| token.with("events", json!({ EVENT: "yes" })).sign()).await;
    refused(|token| token.with("events", json!([EVENT])).sign()).await;
    refused(|token| token.with("events", EVENT).sign()).await;
}

/// §2.4
#[tokio::test]
async fn claims_and_members_that_are_unknown_are_ignored() {
    ends(|token| token.with("tenant", json!({ "exp": 0 })).with("reason", json!(null)).sign())
        .await;
    let event = json!({ "initiator": "admin", "nonce": "n" });
    let other = "http://schemas.openid.net/event/that-is-not-yet";
    ends(|token| token.with("events", json!({ EVENT: event, other: "any" })).sign()).await;
}

#[tokio::test]
async fn a_token_that_names_nobody_is_refused() {
    refused(|token| token.without("sub").without("sid").sign()).await;
}

#[tokio::test]
async fn a_token_without_a_required_claim_is_refused() {
    for claim in ["iss", "aud", "iat", "exp", "jti"] {
        refused(|token| token.without(claim).sign()).await;
    }
}

#[tokio::test]
async fn extreme_times_are_refused_and_no_fault() {
    for (claim, value) in [
        ("iat", json!(i64::MAX)),
        ("iat", json!(i64::MIN)),
        ("exp", json!(i64::MIN)),
        ("iat", json!(1e300)),
        ("iat", json!("soon")),
    ] {
        refused(|token| token.with(claim, value).sign()).await;
    }
    // It only says that it lives long; what counts is that it is fresh.
    ends(|token| token.with("exp", i64::MAX).sign()).await;
}

#[tokio::test]
async fn what_is_no_token_is_refused() {
    for text in ["", "x", "..", "a.b.c", "a.b.c.d", "\u{0}"] {
        refused(|_| text.to_owned()).await;
    }
}

#[tokio::test]
async fn only_a_form_with_a_token_is_taken() {
    let signed_in = SignedIn::begin().await;
    let token = signed_in.token().sign();
    let stranger = signed_in.in_flight.shop.guest();
    let post = || {
        let post = stranger.fetch(Method::POST, auth::BACKCHANNEL_LOGOUT);
        post.without("sec-fetch-site")
    };
    let form = "application/x-www-form-urlencoded";
    for request in [
        post().json(&json!({ "logout_token": token })),
        post().body("text/plain", format!("logout_token={token}")),
        post().body(form, ""),
        post().body(form, "token=x"),
        post(),
    ] {
        expect_refused(&request.send().await);
    }
    let get = stranger.get(&format!("{}?logout_token={token}", auth::BACKCHANNEL_LOGOUT)).await;
    get.expect_problem(405, kinds::METHOD_NOT_ALLOWED);
    let huge = post().body(form, format!("logout_token={}", "a".repeat(1_000_000))).send().await;
    assert!(matches!(huge.status.as_u16(), 400 | 413), "{}", huge.status);
    signed_in.expect_alive().await;
    // The same token, rightly sent, was in order all the time.
    expect_accepted(&signed_in.send(&token).await);
    signed_in.expect_ended().await;
}
