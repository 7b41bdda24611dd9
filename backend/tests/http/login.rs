//! Signing in at the real identity provider: OIDC Core §3.1, and what it does to the local session.

use crate::support::{shopping::*, under_way::expect_sign_in_problem, *};
use futures_util::future::join;
use shared::{
    paths::auth,
    problem::kinds,
    session::{SessionState, SignInProblem},
};
use std::collections::HashSet;

#[tokio::test]
async fn a_person_signs_in_and_comes_back_to_exactly_the_page_they_asked_for() {
    let shop = spawn_app().await;
    let guest = shop.guest();
    let page = "/account/orders?page=2&q=tea%20cup#latest";
    let login = guest.start_login(page).await;
    let callback = guest.authenticate(&login, ADA).await;
    let answer = guest.come_back(&callback).await.expect(303);
    assert_eq!(answer.leads_to(), page);
    let SessionState::Customer { customer, session } = guest.session().await.state else {
        panic!("nobody is signed in");
    };
    assert_eq!(customer.name, "Ada Lovelace");
    assert_eq!(customer.email.as_deref(), Some(ADA));
    assert!(customer.email_verified);
    assert!(
        session.authenticated_at.is_some(),
        "auth_time is in every ID token"
    );
}

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
            shop.app.config.public(auth::CALLBACK)
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
    let cookie = guest
        .cookies()
        .into_iter()
        .find(|cookie| cookie.name.contains("attempt"));
    let cookie = cookie.expect("an attempt's cookie");
    assert!(!attempts.contains(&login.state()));
    assert!(!attempts.contains(&cookie.value));
    assert!(!cookie.name.contains(&login.state()));
    assert_eq!(cookie.path, auth::CALLBACK);
    assert!(cookie.http_only);
    assert_eq!(cookie.same_site.as_deref(), Some("Lax"));
    assert_eq!(cookie.max_age, Some(10 * MINUTE));
}

#[tokio::test]
async fn the_local_session_begins_before_the_redirect_and_is_updated_by_the_login() {
    let shop = spawn_app().await;
    let guest = shop.guest();
    let login = guest.start_login("/account").await;
    let before = shop.session_of(&guest).await.expect("a session");
    assert_eq!(before.customer_id, None);
    assert_eq!(before.user_agent, "Firefox on Linux");
    let callback = guest.authenticate(&login, ADA).await;
    guest.come_back(&callback).await.expect(303);
    let after = shop.session_of(&guest).await.expect("a session");
    assert_eq!(after.id, before.id);
    assert_eq!(after.created_at, before.created_at);
    assert!(after.customer_id.is_some());
    assert_eq!(after.issuer.as_deref(), Some(test_idp().as_str()));
    assert_eq!(after.subject.as_deref(), Some("ada"));
    assert_eq!(after.amr.as_deref(), Some("pwd"));
    assert!(after.sid.is_some() && after.auth_time.is_some() && after.id_token_issued_at.is_some());
    assert_eq!(shop.count("session").await, 1);
}

#[tokio::test]
async fn a_login_changes_the_session_key_and_the_old_one_opens_nothing() {
    let shop = spawn_app().await;
    let guest = shop.guest();
    let login = guest.start_login("/account").await;
    let old = guest.cookie("storezero").expect("a session");
    let callback = guest.authenticate(&login, ADA).await;
    guest.come_back(&callback).await.expect(303);
    assert_ne!(
        guest.cookie("storezero").expect("a session").value,
        old.value
    );

    let thief = shop.guest();
    thief.put_cookie(old);
    let answer = thief.get("/api/session").await;
    assert_eq!(
        answer.set_cookies(),
        Vec::<&str>::new(),
        "a superseded key is answered without a cookie"
    );
    assert_eq!(
        thief.session().await.state,
        SessionState::None { ended: None }
    );
    assert_eq!(shop.count("session_key").await, 1);
}

#[tokio::test]
async fn a_second_login_changes_the_session_key_and_keeps_session_and_cart() {
    let shop = spawn_app().await;
    let ada = shop.customer(ADA).await;
    ada.add(KNIFE, 2).await.expect(200);
    let before = shop.session_of(&ada).await.expect("a session");
    let old_key = shop.session_key_of(&ada);

    let login = ada.start_login("/account").await;
    let callback = ada.authenticate(&login, ADA).await;
    ada.come_back(&callback).await.expect(303);

    let after = shop.session_of(&ada).await.expect("a session");
    assert_eq!(after.id, before.id);
    assert_ne!(shop.session_key_of(&ada), old_key);
    assert_eq!(ada.cart_lines().await, [(KNIFE.to_owned(), 2)]);
}

#[tokio::test]
async fn a_new_standard_login_resets_the_identity_providers_session_and_the_local_key() {
    let shop = spawn_app().await;
    let ada = shop.customer(ADA).await;
    let before = shop.session_of(&ada).await.expect("a session");
    let old_key = shop.session_key_of(&ada);

    let login = ada
        .start_login_with(&[("return_to", "/account"), ("prompt", "login")])
        .await;
    assert_eq!(login.parameter("prompt"), "login");
    let page = ada.open_login_page(&login).await.expect(200);
    let callback = ada.submit_password(&page, ADA).await.location();
    // By now the identity provider has ended the old session by back channel.
    assert_eq!(shop.session_of(&ada).await, None);

    assert_eq!(ada.come_back(&callback).await.leads_to(), "/account");
    let after = shop.session_of(&ada).await.expect("a session");
    assert_ne!(after.sid, before.sid);
    assert_ne!(shop.session_key_of(&ada), old_key);
    assert_eq!(ada.signed_in_name().await.as_deref(), Some("Ada Lovelace"));
}

#[tokio::test]
async fn a_second_person_on_the_same_browser_finds_no_trace_of_the_first() {
    let shop = spawn_app().await;
    let browser = shop.customer(ADA).await;
    browser.add(KNIFE, 1).await.expect(200);
    let before = shop.session_of(&browser).await.expect("a session");
    let orders = browser
        .get("/api/orders")
        .await
        .json::<shared::orders::OrderPage>()
        .total;

    let login = browser
        .start_login_with(&[("return_to", "/account"), ("prompt", "login")])
        .await;
    let page = browser.open_login_page(&login).await;
    let callback = browser.submit_password(&page, GRACE).await.location();
    browser.come_back(&callback).await.expect(303);

    assert_eq!(
        browser.signed_in_name().await.as_deref(),
        Some("Grace Hopper")
    );
    assert_eq!(browser.cart_lines().await, []);
    assert_ne!(
        browser
            .get("/api/orders")
            .await
            .json::<shared::orders::OrderPage>()
            .total,
        orders
    );
    let after = shop.session_of(&browser).await.expect("a session");
    assert_ne!(after.id, before.id);
    assert_eq!(shop.count("session").await, 1);
}

#[tokio::test]
async fn several_tabs_may_sign_in_at_once_and_none_pushes_another_ones_attempt_out() {
    let shop = spawn_app().await;
    let guest = shop.guest();
    let first = guest.start_login("/account").await;
    let second = guest.start_login("/account/orders").await;
    for _ in 0..20 {
        guest.start_login("/").await;
    }
    let second_callback = guest.authenticate(&second, ADA).await;
    assert_eq!(
        guest.come_back(&second_callback).await.leads_to(),
        "/account/orders"
    );
    let first_callback = guest.authenticate(&first, ADA).await;
    assert_eq!(
        guest.come_back(&first_callback).await.leads_to(),
        "/account"
    );
    assert_eq!(
        guest.signed_in_name().await.as_deref(),
        Some("Ada Lovelace")
    );
    assert_eq!(shop.count("session").await, 1);
}

#[tokio::test]
async fn two_logins_that_race_in_two_tabs_leave_one_session_and_one_customer() {
    let shop = spawn_app().await;
    let guest = shop.guest();
    let logins = [
        guest.start_login("/account").await,
        guest.start_login("/account/orders").await,
    ];
    let first = guest.authenticate(&logins[0], ADA).await;
    let second = guest.authenticate(&logins[1], ADA).await;
    let (first, second) = join(guest.come_back(&first), guest.come_back(&second)).await;
    assert_eq!(first.leads_to(), "/account");
    assert_eq!(second.leads_to(), "/account/orders");
    assert_eq!(
        guest.signed_in_name().await.as_deref(),
        Some("Ada Lovelace")
    );
    assert_eq!(shop.count("session").await, 1);
    assert_eq!(
        shop.rows("select * from customer where subject = 'ada'")
            .await
            .len(),
        1
    );
}

#[tokio::test]
async fn a_shop_on_another_site_than_its_identity_provider_signs_people_in_and_keeps_their_cart() {
    let shop = Spawn::default().at("https://shop.example").spawn().await;
    let guest = shop.guest();
    guest.add(KNIFE, 3).await.expect(200);
    let before = shop.session_of(&guest).await.expect("a session");
    let login = guest.start_login("/account").await;
    let attempt = guest
        .cookies()
        .into_iter()
        .find(|cookie| cookie.name.contains("attempt"));
    let attempt = attempt.expect("an attempt's cookie");
    assert!(attempt.name.starts_with("__Secure-") && attempt.secure);

    let callback = guest.authenticate(&login, ADA).await;
    // The callback comes from the other site: no Strict cookie is sent with it.
    let answer = guest.come_back(&callback).await.expect(303);
    assert_eq!(answer.leads_to(), "/account");
    assert_eq!(
        guest.signed_in_name().await.as_deref(),
        Some("Ada Lovelace")
    );
    assert_eq!(
        shop.session_of(&guest).await.expect("a session").id,
        before.id
    );
    assert_eq!(shop.count("session").await, 1);
    assert_eq!(guest.cart_lines().await, [(KNIFE.to_owned(), 3)]);
}

#[tokio::test]
async fn a_login_that_begins_by_a_link_elsewhere_replaces_no_session_and_is_not_kept() {
    let shop = Spawn::default().at("https://shop.example").spawn().await;
    let ada = shop.customer(ADA).await;
    let before = shop.state_of(&ada).await;
    let answer = ada
        .navigation(&format!("{}?return_to=/account&keep=1", auth::LOGIN))
        .caused_by("https://news.example/")
        .send()
        .await
        .expect(303);
    assert!(
        !answer
            .set_cookies()
            .iter()
            .any(|cookie| cookie.contains("storezero="))
    );
    assert_eq!(shop.state_of(&ada).await, before);
    let attempts = shop
        .rows("select keep, session_id from login_attempt order by created_at desc")
        .await;
    assert!(attempts[0]["session_id"].is_null());
    assert!(matches!(
        attempts[0]["keep"].to_string().as_str(),
        "false" | "0"
    ));
}

#[tokio::test]
async fn keep_me_signed_in_makes_the_cookie_outlive_the_browser() {
    let shop = spawn_app().await;
    let guest = shop.guest();
    let login = guest
        .start_login_with(&[("return_to", "/account"), ("keep", "1")])
        .await;
    let callback = guest.authenticate(&login, ADA).await;
    guest.come_back(&callback).await.expect(303);
    let cookie = guest.cookie("storezero").expect("a session");
    let max_age = cookie.max_age.expect("a Max-Age");
    assert!(
        max_age > 7 * DAY - MINUTE && max_age <= 7 * DAY,
        "{max_age:?}"
    );
    let row = shop.session_of(&guest).await.expect("a session");
    assert!(row.persistent);
    guest.close();
    assert_eq!(
        guest.signed_in_name().await.as_deref(),
        Some("Ada Lovelace")
    );
}

#[tokio::test]
async fn closing_the_browser_ends_a_login_that_was_not_kept() {
    let shop = spawn_app().await;
    let ada = shop.customer(ADA).await;
    assert_eq!(ada.cookie("storezero").expect("a session").max_age, None);
    ada.close();
    assert_eq!(
        ada.session().await.state,
        SessionState::None { ended: None }
    );
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
        let problem = guest
            .visit(&format!("{}?{query}", auth::LOGIN))
            .await
            .problem();
        assert_eq!(problem.status, 422, "{name}={value}");
        assert_eq!(problem.errors[0].field, name);
    }
    assert_eq!(shop.snapshot().await, before);
    let login = guest
        .start_login_with(&[
            ("scope", "admin"),
            ("client_id", "x"),
            ("redirect_uri", "x"),
        ])
        .await;
    assert_eq!(login.parameter("client_id"), shop.app.config.oidc.client_id);
    assert!(!login.parameter("scope").contains("admin"));
}

#[tokio::test]
async fn max_age_makes_the_identity_provider_ask_again() {
    let shop = spawn_app().await;
    let ada = shop.customer(ADA).await;
    let login = ada
        .start_login_with(&[("return_to", "/account"), ("max_age", "0")])
        .await;
    assert_eq!(login.parameter("max_age"), "0");
    let page = ada.open_login_page(&login).await.expect(200);
    let callback = ada.submit_password(&page, ADA).await.location();
    assert_eq!(ada.come_back(&callback).await.leads_to(), "/account");
}

#[tokio::test]
async fn a_silent_login_meets_no_session_and_says_so() {
    let shop = spawn_app().await;
    let guest = shop.guest();
    let login = guest
        .start_login_with(&[("return_to", "/account"), ("prompt", "none")])
        .await;
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
                backend::random::fingerprint(&login.state())
            ))
            .await;
        let location = guest.at_shop(rows[0]["return_to"].as_str().expect("a path"));
        assert_eq!(location.origin(), guest.at_shop("/").origin(), "{text}");
    }
}
