//! ID token validation, OIDC Core §3.1.3.7: each rule broken once, everything else in order.

use crate::support::{
    login_in_flight::{LoginInFlight, accepted, refused, refused_when_asking},
    provider::{self, Key},
    *,
};
use serde_json::json;
use shared::session::SignInProblem;

fn now() -> i64 {
    backend::db::now() / 1000
}

#[tokio::test]
async fn a_token_signed_with_rsa_is_accepted() {
    accepted(|token| token.with_key(Key::Rsa).sign()).await;
}

#[tokio::test]
async fn a_token_signed_with_rsa_pss_is_accepted() {
    accepted(|token| token.with_key(Key::RsaPss).sign()).await;
}

#[tokio::test]
async fn a_token_of_another_issuer_is_refused() {
    refused(|token| token.with("iss", "https://evil.example").sign()).await;
}

#[tokio::test]
async fn an_issuer_with_one_slash_more_is_another_issuer() {
    refused(|token| {
        let issuer = format!("{}/", token.claims["iss"].as_str().unwrap_or_default());
        token.with("iss", issuer).sign()
    })
    .await;
}

#[tokio::test]
async fn a_token_for_another_audience_is_refused() {
    refused(|token| token.with("aud", "another-client").sign()).await;
}

#[tokio::test]
async fn a_token_for_us_and_a_stranger_is_refused() {
    refused(|token| token.with("aud", json!([provider::CLIENT_ID, "another-client"])).sign()).await;
}

#[tokio::test]
async fn a_token_for_us_alone_in_a_list_is_accepted() {
    accepted(|token| token.with("aud", json!([provider::CLIENT_ID])).sign()).await;
}

#[tokio::test]
async fn a_token_that_was_made_for_another_party_is_refused() {
    refused(|token| token.with("azp", "another-client").sign()).await;
}

#[tokio::test]
async fn a_token_that_was_made_for_us_by_name_is_accepted() {
    accepted(|token| token.with("azp", provider::CLIENT_ID).sign()).await;
}

#[tokio::test]
async fn a_token_with_another_nonce_is_refused() {
    refused(|token| token.with("nonce", "another-nonce").sign()).await;
}

#[tokio::test]
async fn a_token_without_a_nonce_is_refused() {
    refused(|token| token.without("nonce").sign()).await;
}

#[tokio::test]
async fn the_token_of_an_earlier_login_is_refused() {
    let in_flight = LoginInFlight::begin().await;
    let earlier = std::sync::Arc::new(std::sync::Mutex::new(None::<String>));
    let kept = std::sync::Arc::clone(&earlier);
    in_flight.provider.issues(move |token| {
        let fresh = token.sign();
        kept.lock().expect("the token").get_or_insert(fresh).clone()
    });
    let other = in_flight.shop.guest();
    let login = other.start_login("/account").await;
    let callback = in_flight.provider.grant(&login);
    assert_eq!(other.come_back(&callback).await.leads_to(), "/account");

    let answer = in_flight.come_back().await;
    assert_eq!(answer.location().path(), shared::paths::page::SIGN_IN_PROBLEM);
    assert_eq!(in_flight.guest.signed_in_name().await, None);
}

#[tokio::test]
async fn a_token_that_was_changed_after_signing_is_refused() {
    refused(|token| {
        let signature = token.sign().rsplit_once('.').map(|(_, signature)| signature.to_owned());
        token.with("sub", "somebody-else").signed_by(&signature.unwrap_or_default())
    })
    .await;
}

#[tokio::test]
async fn a_token_with_an_empty_signature_is_refused() {
    refused(|token| token.signed_by("")).await;
}

#[tokio::test]
async fn a_token_with_half_a_signature_is_refused() {
    refused(|token| {
        let whole = token.sign();
        whole[..whole.len() - 43].to_owned()
    })
    .await;
}

#[tokio::test]
async fn a_key_that_the_provider_does_not_publish_is_refused() {
    refused(|token| token.with_key(Key::StrangerEc).sign()).await;
}

#[tokio::test]
async fn a_strangers_key_under_the_providers_name_is_refused() {
    refused(|token| token.with_key(Key::StrangerEc).with_header("kid", Key::Ec.kid()).sign()).await;
}

#[tokio::test]
async fn a_strangers_rsa_key_under_the_providers_name_is_refused() {
    refused(|token| token.with_key(Key::StrangerRsa).with_header("kid", Key::Rsa.kid()).sign())
        .await;
}

#[tokio::test]
async fn a_key_that_the_token_brings_along_is_refused() {
    refused(|token| {
        token.with_key(Key::StrangerEc).with_header("jwk", Key::StrangerEc.public()).sign()
    })
    .await;
}

#[tokio::test]
async fn a_token_without_signature_by_alg_none_is_refused() {
    for none in ["none", "None", "NONE"] {
        refused(move |token| token.with_header("alg", none).signed_by("")).await;
    }
}

#[tokio::test]
async fn a_token_signed_with_the_clients_secret_is_refused() {
    refused(|token| token.with_key(Key::ClientSecret).sign()).await;
}

#[tokio::test]
async fn a_token_signed_with_the_clients_secret_and_no_kid_is_refused() {
    refused(|mut token| {
        token = token.with_key(Key::ClientSecret);
        token.header.as_object_mut().expect("a header").remove("kid");
        token.sign()
    })
    .await;
}

#[tokio::test]
async fn a_token_signed_with_the_public_key_as_a_secret_is_refused() {
    refused(|token| token.with_key(Key::PublicRsa).sign()).await;
}

#[tokio::test]
async fn an_algorithm_that_is_not_the_keys_is_refused() {
    refused(|token| token.with_header("alg", "RS256").sign()).await;
}

#[tokio::test]
async fn an_expired_token_is_refused() {
    refused(|token| token.with("exp", now() - 120).sign()).await;
}

#[tokio::test]
async fn a_token_issued_in_the_future_is_refused() {
    refused(|token| token.with("iat", now() + 120).with("exp", now() + 600).sign()).await;
}

#[tokio::test]
async fn a_clock_that_is_some_seconds_ahead_is_forgiven() {
    accepted(|token| token.with("iat", now() + 30).sign()).await;
}

#[tokio::test]
async fn a_token_without_a_required_claim_is_refused() {
    for claim in ["iss", "sub", "aud", "exp", "iat"] {
        refused(move |token| token.without(claim).sign()).await;
    }
}

#[tokio::test]
async fn a_required_claim_of_the_wrong_type_is_refused() {
    for claim in ["iss", "sub", "exp", "iat", "nonce"] {
        refused(move |token| token.with(claim, json!({})).sign()).await;
    }
}

#[tokio::test]
async fn a_token_for_another_access_token_is_refused() {
    refused(|token| token.with("at_hash", "AAAAAAAAAAAAAAAAAAAAAA").sign()).await;
}

#[tokio::test]
async fn a_token_without_at_hash_is_accepted() {
    // OIDC Core §3.1.3.6: optional in the code flow.
    accepted(|token| token.without("at_hash").sign()).await;
}

#[tokio::test]
async fn what_is_no_token_is_refused() {
    for text in ["", "x", "a.b.c", "..", "a.b.c.d", "{}"] {
        let in_flight = LoginInFlight::begin().await;
        in_flight.provider.issues(move |_| text.to_owned());
        let answer = in_flight.come_back().await;
        assert_eq!(answer.location().path(), shared::paths::page::SIGN_IN_PROBLEM, "{text}");
        assert_eq!(in_flight.guest.signed_in_name().await, None);
    }
}

#[tokio::test]
async fn an_authentication_older_than_max_age_is_refused() {
    let query = [("return_to", "/account"), ("max_age", "600")];
    refused_when_asking(&query, |token| token.with("auth_time", now() - 700).sign()).await;
}

#[tokio::test]
async fn an_authentication_without_a_time_is_refused_when_one_was_asked_for() {
    let query = [("return_to", "/account"), ("max_age", "600")];
    refused_when_asking(&query, |token| token.without("auth_time").sign()).await;
}

#[tokio::test]
async fn an_authentication_from_before_the_login_is_refused_when_a_new_one_was_asked_for() {
    let query = [("return_to", "/account"), ("prompt", "login")];
    refused_when_asking(&query, |token| token.with("auth_time", now() - 600).sign()).await;
}

#[tokio::test]
async fn an_old_authentication_is_accepted_when_nobody_asked_for_a_new_one() {
    accepted(|token| token.with("auth_time", now() - 86_400).sign()).await;
}

#[tokio::test]
async fn a_single_factor_is_refused_when_two_were_asked_for() {
    let mfa = "http://schemas.openid.net/pape/policies/2007/06/multi-factor";
    let query = [("return_to", "/account"), ("acr_values", mfa)];
    refused_when_asking(&query, |token| token.with("acr", "pwd").sign()).await;
    refused_when_asking(&query, |token| token.sign()).await;
}

#[tokio::test]
async fn an_email_that_is_not_verified_is_not_taken_as_verified() {
    let in_flight = LoginInFlight::begin().await;
    in_flight.provider.issues(|token| token.with("email_verified", false).sign());
    let answer = in_flight.come_back().await;
    in_flight.expect_signed_in(&answer).await;
    let rows =
        in_flight.shop.rows("select email_verified from customer where subject = 'sam'").await;
    assert!(matches!(rows[0]["email_verified"].to_string().as_str(), "false" | "0"), "{rows:?}");
}

/// OIDC Core §5.7: a person is issuer and subject, and an address may be given to somebody else.
#[tokio::test]
async fn the_same_address_under_another_subject_is_another_customer() {
    let in_flight = LoginInFlight::begin().await;
    let answer = in_flight.come_back().await;
    in_flight.expect_signed_in(&answer).await;
    let LoginInFlight { shop, provider, .. } = &in_flight;
    provider.issues(|token| token.with("sub", "who-has-the-address-now").sign());
    let guest = shop.guest();
    let login = guest.start_login("/account").await;
    guest.come_back(&provider.grant(&login)).await.expect(303);
    let rows = shop.rows("select subject from customer where email = 'sam@example.com'").await;
    assert_eq!(rows.len(), 2, "{rows:?}");
}

#[tokio::test]
async fn an_unknown_key_costs_one_fetch_of_the_keys_however_many_tokens_name_one() {
    let provider = Provider::start().await;
    let shop = Spawn::default().with_provider(&provider).spawn().await;
    provider.issues(|token| token.with_header("kid", backend::crypto::token()).sign());
    for _ in 0..10 {
        let guest = shop.guest();
        let login = guest.start_login("/account").await;
        let answer = guest.come_back(&provider.grant(&login)).await;
        login_in_flight::expect_sign_in_problem(&answer, SignInProblem::Refused, "/account");
    }
    assert_eq!(provider.asked().for_keys(), 1, "the keys were fetched within the last minute");
    assert_eq!(provider.asked().for_discovery(), 1);
}

#[tokio::test]
async fn a_token_that_is_not_valid_yet_is_refused() {
    refused(|token| token.with("nbf", now() + 120).sign()).await;
    accepted(|token| token.with("nbf", now()).sign()).await;
}

#[tokio::test]
async fn a_claim_that_is_no_text_of_a_person_is_refused() {
    for subject in ["", "sam\0", &"s".repeat(256)] {
        let subject = subject.to_owned();
        refused(move |token| token.with("sub", subject.clone()).sign()).await;
    }
    for claim in ["name", "email", "sid", "acr", "provider"] {
        for value in ["nul\0", &"x".repeat(1001)] {
            let value = value.to_owned();
            refused(move |token| token.with(claim, value.clone()).sign()).await;
        }
    }
}

#[tokio::test]
async fn what_providers_write_differently_is_read_alike() {
    let in_flight = LoginInFlight::begin().await;
    in_flight.provider.issues(|token| {
        token
            .with("amr", "pwd")
            .with("updated_at", "2026-05-01T12:00:00.000Z")
            .with("email_verified", "true")
            .without("name")
            .with("given_name", "Sam")
            .with("family_name", "Smith")
            .sign()
    });
    assert_eq!(in_flight.come_back().await.leads_to(), "/account");
    assert_eq!(in_flight.guest.signed_in_name().await.as_deref(), Some("Sam Smith"));
    let rows =
        in_flight.shop.rows("select email_verified from customer where subject = 'sam'").await;
    assert!(matches!(rows[0]["email_verified"].to_string().as_str(), "true" | "1"), "{rows:?}");
    let session = in_flight.shop.session_of(&in_flight.guest).await.unwrap();
    assert_eq!(session.amr.as_deref(), Some("pwd"));
}

#[tokio::test]
async fn of_two_keys_with_one_name_either_may_have_signed() {
    let provider = Provider::start().await;
    let namesake = |key: Key, kid: Key| {
        let mut public = key.public();
        public["kid"] = kid.kid().into();
        public
    };
    provider.publishes(vec![
        namesake(Key::StrangerEc, Key::Ec),
        Key::Ec.public(),
        Key::Rsa.public(),
        namesake(Key::StrangerRsa, Key::Rsa),
    ]);
    let shop = Spawn::default().with_provider(&provider).spawn().await;
    for (key, kid) in [(Key::Ec, Key::Ec), (Key::StrangerEc, Key::Ec), (Key::StrangerRsa, Key::Rsa)]
    {
        provider.issues(move |token| token.with_key(key).with_header("kid", kid.kid()).sign());
        let guest = shop.guest();
        let login = guest.start_login("/account").await;
        let answer = guest.come_back(&provider.grant(&login)).await;
        assert_eq!(answer.leads_to(), "/account", "{key:?}");
    }
}

/// RFC 7517 §4.4
#[tokio::test]
async fn a_key_that_is_for_another_algorithm_is_refused() {
    let provider = Provider::start().await;
    let mut key = Key::Rsa.public();
    key["alg"] = "RS256".into();
    provider.publishes(vec![key]);
    let shop = Spawn::default().with_provider(&provider).spawn().await;
    let come_back = async |key: Key| {
        provider.issues(move |token| token.with_key(key).sign());
        let guest = shop.guest();
        let login = guest.start_login("/account").await;
        guest.come_back(&provider.grant(&login)).await
    };
    let answer = come_back(Key::RsaPss).await;
    login_in_flight::expect_sign_in_problem(&answer, SignInProblem::Refused, "/account");
    assert_eq!(come_back(Key::Rsa).await.leads_to(), "/account");
}

/// RFC 8725 §3.11: nor is what wraps another token or wants to be understood.
#[tokio::test]
async fn a_token_that_says_to_be_something_else_is_refused() {
    for (name, value) in [
        ("typ", json!("at+jwt")),
        ("typ", json!("logout+jwt")),
        ("cty", json!("JWT")),
        ("crit", json!(["exp"])),
    ] {
        refused(move |token| token.with_header(name, value.clone()).sign()).await;
    }
    for typ in ["JWT", "jwt", "application/jwt"] {
        accepted(move |token| token.with_header("typ", typ).sign()).await;
    }
}

#[tokio::test]
async fn keys_that_are_of_no_use_here_are_passed_over() {
    let provider = Provider::start().await;
    let encryption = |key: Key| {
        let mut key = key.public();
        key["use"] = "enc".into();
        key
    };
    provider.publishes(vec![
        json!({ "kty": "OKP", "crv": "Ed448", "kid": "curve", "x": "AA" }),
        json!({ "kty": "PQC", "kid": "next", "use": "sig" }),
        encryption(Key::Ec),
        encryption(Key::Rsa),
        Key::Ec.public(),
        Key::Ec.public(),
        Key::Rsa.public(),
    ]);
    let shop = Spawn::default().with_provider(&provider).spawn().await;
    let guest = shop.guest();
    let login = guest.start_login("/account").await;
    assert_eq!(guest.come_back(&provider.grant(&login)).await.leads_to(), "/account");
    let token = provider.logout_token().sign();
    shop.logout_token_arrives(&token).await.expect(200);
    assert_eq!(guest.signed_in_name().await, None);
}

#[tokio::test]
async fn a_login_with_less_does_not_lower_what_is_asked_later() {
    let in_flight = LoginInFlight::begin().await;
    in_flight.provider.issues(|token| token.with("amr", json!(["pwd", "otp"])).sign());
    assert_eq!(in_flight.come_back().await.leads_to(), "/account");
    in_flight.provider.issues(|token| token.with("amr", json!(["pwd"])).sign());
    let login = in_flight.guest.start_login("/account").await;
    let callback = in_flight.provider.grant(&login);
    assert_eq!(in_flight.guest.come_back(&callback).await.leads_to(), "/account");
    let rows =
        in_flight.shop.rows("select second_factor from customer where subject = 'sam'").await;
    assert!(matches!(rows[0]["second_factor"].to_string().as_str(), "true" | "1"), "{rows:?}");
}
