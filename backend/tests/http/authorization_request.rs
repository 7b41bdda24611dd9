//! `GET /auth/login`: what leaves for the identity provider, and what does not (OIDC Core §3.1.2.1).

use crate::support::{login_in_flight::expect_sign_in_problem, *};
use shared::{paths::auth, problem::kinds, session::SignInProblem};
use std::collections::HashSet;

#[tokio::test]
async fn an_authorization_request_asks_for_a_code_with_pkce_and_is_unique() {
    let shop = spawn_app().await;
    let guest = shop.guest();
    let mut seen = HashSet::new();
    for _ in 0..3 {
        let login = guest.start_login("/").await;
        assert_eq!(login.parameter("response_type"), "code");
        assert_eq!(login.parameter("code_challenge_method"), "S256");
        assert_eq!(
            login.parameter("redirect_uri"),
            shop.app.config.public(auth::CALLBACK).as_str()
        );
        assert_eq!(login.parameter("client_id"), shop.app.config.oidc.client_id);
        let scope = login.parameter("scope");
        for wanted in ["openid", "profile", "email"] {
            assert!(scope.split(' ').any(|scope| scope == wanted), "{scope}");
        }
        for name in ["state", "nonce", "code_challenge"] {
            let value = login.parameter(name);
            // 256 bits in base64url
            assert_eq!(value.len(), 43, "{name}: {value}");
            assert!(seen.insert(value), "{name} was used before");
        }
    }
}

#[tokio::test]
async fn nothing_of_a_login_under_way_is_in_the_database_as_the_browser_has_it() {
    let shop = spawn_app().await;
    let guest = shop.guest();
    let login = guest.start_login("/").await;
    let attempts = format!("{:?}", shop.rows("select * from login_attempt").await);
    let cookie = guest.cookies().into_iter().find(|cookie| cookie.name.contains("attempt"));
    let cookie = cookie.expect("an attempt's cookie");
    assert!(!attempts.contains(&login.state()));
    assert!(!attempts.contains(&cookie.value));
    assert!(!cookie.name.contains(&login.state()));
    assert_eq!(cookie.path, "/");
    assert!(cookie.http_only);
    assert_eq!(cookie.same_site.as_deref(), Some("Lax"));
    assert_eq!(cookie.max_age, Some(10 * MINUTE));
}

#[tokio::test]
async fn a_login_begins_as_a_page_and_never_as_an_image_a_frame_or_a_scripts_fetch() {
    let shop = spawn_app().await;
    let guest = shop.guest();
    let before = shop.snapshot().await;
    for destination in [Destination::Image, Destination::Frame, Destination::Fetch] {
        let answer = guest.navigation(auth::LOGIN).to(destination).send().await;
        answer.expect_problem(400, kinds::BAD_REQUEST);
    }
    assert_eq!(shop.snapshot().await, before);
}

#[tokio::test]
async fn only_what_the_shop_itself_asks_for_reaches_the_identity_provider() {
    let shop = spawn_app().await;
    let guest = shop.guest();
    let before = shop.snapshot().await;
    for (name, value) in [
        ("prompt", "consent"),
        ("prompt", "login consent"),
        ("connection", "evil"),
        ("acr_values", "urn:example:none"),
        ("max_age", "-1"),
        ("max_age", "86401"),
        ("max_age", "soon"),
    ] {
        let query = serde_urlencoded::to_string([(name, value)]).expect("a query");
        let problem = guest.visit(&format!("{}?{query}", auth::LOGIN)).await.problem();
        assert_eq!(problem.status, 422, "{name}={value}");
        assert_eq!(problem.errors[0].field, name);
    }
    assert_eq!(shop.snapshot().await, before);
    let login = guest
        .start_login_with(&[("scope", "admin"), ("client_id", "x"), ("redirect_uri", "x")])
        .await;
    assert_eq!(login.parameter("client_id"), shop.app.config.oidc.client_id);
    assert!(!login.parameter("scope").contains("admin"));
}

#[tokio::test]
async fn max_age_makes_the_identity_provider_ask_again() {
    let shop = spawn_app().await;
    let ada = shop.customer(ADA).await;
    let login = ada.start_login_with(&[("return_to", "/account"), ("max_age", "0")]).await;
    assert_eq!(login.parameter("max_age"), "0");
    let page = ada.open_login_page(&login).await.expect(200);
    let callback = ada.submit_password(&page, ADA).await.location();
    assert_eq!(ada.come_back(&callback).await.leads_to(), "/account");
}

#[tokio::test]
async fn a_silent_login_meets_no_session_and_says_so() {
    let shop = spawn_app().await;
    let guest = shop.guest();
    let login = guest.start_login_with(&[("return_to", "/account"), ("prompt", "none")]).await;
    let callback = guest.open_login_page(&login).await.location();
    let before = shop.state_of(&guest).await;
    let answer = guest.come_back(&callback).await;
    expect_sign_in_problem(&answer, SignInProblem::LoginRequired, "/account");
    assert_eq!(shop.state_of(&guest).await, before);
}

#[tokio::test]
async fn the_back_button_of_the_identity_providers_login_page_is_told_as_a_refusal() {
    let shop = spawn_app().await;
    let guest = shop.guest();
    let login = guest.start_login("/account").await;
    let page = guest.open_login_page(&login).await;
    let callback = guest.submit(&page, &[("cancel", "yes")]).await.location();
    let answer = guest.come_back(&callback).await;
    expect_sign_in_problem(&answer, SignInProblem::AccessDenied, "/account");
    assert_eq!(guest.signed_in_name().await, None);
}

#[tokio::test]
async fn a_hostile_return_to_leads_to_the_home_page() {
    let shop = spawn_app().await;
    let guest = shop.guest();
    let hostile = [
        "",
        "evil.example",
        "//evil.example",
        "///evil.example",
        "////evil.example",
        "/\\evil.example",
        "\\/evil.example",
        "\\\\evil.example",
        "/\\/evil.example",
        "https://evil.example",
        "https:evil.example",
        "https:/evil.example",
        "http:\\\\evil.example",
        "HTTPS://evil.example",
        "ftp://evil.example",
        "javascript:alert(1)",
        "data:text/html,x",
        "/\t/evil.example",
        "\t//evil.example",
        "/\n/evil.example",
        "/\r\n/evil.example",
        " //evil.example",
        "\u{a0}//evil.example",
        "/x\0y",
        "/..//evil.example",
        "/.//evil.example",
        "/a/..//evil.example",
        "/%2e%2e//evil.example",
        "//user@evil.example",
        "//localhost@evil.example",
        "@evil.example",
        "?next=//evil.example",
        "#//evil.example",
        "\u{ff0f}\u{ff0f}evil.example",
        "/\u{85}/evil.example",
        "/auth/login",
        "/auth/callback?state=x",
        "/api/cart",
        "/x/../auth/callback",
    ];
    for text in hostile {
        guest.start_login(text).await;
    }
    let stored = shop.rows("select return_to from login_attempt").await;
    assert_eq!(stored.len(), hostile.len());
    for row in stored {
        assert_eq!(row["return_to"], "/", "{row}");
    }

    let login = guest.start_login("//evil.example/account").await;
    let callback = guest.authenticate(&login, ADA).await;
    assert_eq!(guest.come_back(&callback).await.leads_to(), "/");
}

#[tokio::test]
async fn a_return_to_that_only_looks_hostile_stays_within_the_shop() {
    let shop = spawn_app().await;
    let guest = shop.guest();
    for text in [
        "/%2F/evil.example",
        "/%5C/evil.example",
        "/\u{2044}\u{2044}evil.example",
        "/search?q=//evil.example",
    ] {
        let login = guest.start_login(text).await;
        let rows = shop
            .rows(&format!(
                "select return_to from login_attempt where state_hash = '{}'",
                backend::crypto::fingerprint(&login.state())
            ))
            .await;
        let location = guest.at_shop(rows[0]["return_to"].as_str().expect("a path"));
        assert_eq!(location.origin(), guest.at_shop("/").origin(), "{text}");
    }
}
