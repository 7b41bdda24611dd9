//! The session's cookie: what it is like, and what happens to one that is planted, forged or broken.
//! What others write beside it is for `cookies`.

use crate::support::{login_in_flight::LoginInFlight, provider, shopping::*, *};
use reqwest::Method;
use shared::{paths::api, problem::kinds, session::SessionState};

#[tokio::test]
async fn the_cookie_is_for_this_site_alone_and_ends_with_the_browser() {
    let shop = spawn_app().await;
    let guest = shop.guest();
    guest.add(TEACUP, 1).await.expect(200);
    let cookie = guest.cookie("storezero").expect("a session's cookie");
    assert!(cookie.http_only);
    assert_eq!(cookie.same_site.as_deref(), Some("Strict"));
    assert_eq!(cookie.path, "/");
    assert_eq!(cookie.max_age, None);
    assert!(!cookie.secure, "plain http has no secure cookies");
}

#[tokio::test]
async fn on_https_the_cookie_is_secure_and_bound_to_its_host() {
    let shop = Spawn::default().at("https://shop.example").spawn().await;
    let guest = shop.guest();
    let answer = guest.add(TEACUP, 1).await.expect(200);
    for header in answer.set_cookies() {
        assert!(header.starts_with("__Host-storezero"), "{header}");
        let cookie = Cookie::parse(header).expect("a cookie");
        assert!(cookie.secure && cookie.http_only, "{header}");
        assert_eq!(cookie.same_site.as_deref(), Some("Strict"));
        assert_eq!(cookie.path, "/");
    }
    assert!(guest.cookie("__Host-storezero").is_some());
    assert!(guest.cookie("__Host-storezero-cart").is_some());
}

#[tokio::test]
async fn an_ordinary_request_sets_no_cookie_again() {
    let shop = spawn_app().await;
    let ada = shop.customer(ADA).await;
    for path in [api::SESSION, api::ORDERS, api::ACCOUNT, api::CART, api::PRODUCTS] {
        assert_eq!(ada.get(path).await.expect(200).set_cookies(), Vec::<&str>::new(), "{path}");
    }
    let answer = ada.add(TEACUP, 1).await.expect(200);
    assert_eq!(answer.set_cookies(), Vec::<&str>::new());
}

#[tokio::test]
async fn a_planted_cookie_does_not_become_the_victims_session() {
    let in_flight = LoginInFlight::begin().await;
    let shop = &in_flight.shop;
    // The attacker begins a session and plants its cookie, signed and all, in the victim's browser.
    let attacker = shop.guest();
    attacker.add(TEACUP, 1).await.expect(200);
    let planted = attacker.cookie("storezero").expect("a session's cookie");
    let victim = shop.guest();
    victim.put_cookie(planted);
    let login = victim.start_login("/account").await;
    victim.come_back(&in_flight.provider.grant(&login)).await.expect(303);
    assert_eq!(victim.signed_in_name().await.as_deref(), Some(provider::NAME));

    assert_eq!(attacker.signed_in_name().await, None);
    attacker.get(api::ORDERS).await.expect_problem(401, kinds::SIGN_IN_REQUIRED);
}

#[tokio::test]
async fn a_session_planted_during_the_login_is_not_signed_in() {
    let in_flight = LoginInFlight::begin().await;
    let attacker = in_flight.shop.guest();
    attacker.add(TEACUP, 1).await.expect(200);
    let planted = attacker.cookie("storezero").expect("a session's cookie");
    in_flight.guest.put_cookie(planted);
    let answer = in_flight.come_back().await;
    in_flight.expect_signed_in(&answer).await;
    assert_eq!(attacker.signed_in_name().await, None);
    attacker.get(api::ORDERS).await.expect_problem(401, kinds::SIGN_IN_REQUIRED);
}

#[tokio::test]
async fn malformed_cookies_are_no_session_and_no_fault() {
    let shop = spawn_app().await;
    let ada = shop.customer(ADA).await;
    let good = ada.cookie("storezero").expect("a session's cookie").value;
    let key = shop.session_key_of(&ada).expect("a key");
    let flipped = good.replacen(|c: char| c.is_ascii_lowercase(), "A", 1);
    let unsigned =
        ["", "x", "=", "%", "%00", "%ff%fe", "\"\"", "🍪", &key, &flipped, &good[..good.len() - 1]];
    let long = "a".repeat(4_000);
    for value in unsigned.into_iter().chain([long.as_str()]) {
        let header = format!("storezero={value}");
        let answer = ada
            .fetch(Method::GET, api::ORDERS)
            .header_bytes("cookie", header.as_bytes())
            .send()
            .await;
        answer.expect_problem(401, kinds::SIGN_IN_REQUIRED);
    }
    for header in ["storezero", ";;;", "=; =", "storezero=a; storezero", "a=b;; c"] {
        let answer = ada.fetch(Method::GET, api::ORDERS).header("cookie", header).send().await;
        answer.expect_problem(401, kinds::SIGN_IN_REQUIRED);
    }
    for bytes in [&b"storezero=\xff\xfe"[..], b"storezero=\x80; x=\xc3\x28"] {
        let answer = ada.fetch(Method::GET, api::ORDERS).header_bytes("cookie", bytes).send().await;
        answer.expect_problem(401, kinds::SIGN_IN_REQUIRED);
    }
    assert_eq!(ada.signed_in_name().await.as_deref(), Some("Ada Lovelace"));
}

#[tokio::test]
async fn an_oversized_cookie_header_is_refused_and_the_server_still_answers() {
    let shop = spawn_app().await;
    let guest = shop.guest();
    let header = format!("storezero={}", "a".repeat(20_000));
    let answer = guest.fetch(Method::GET, api::ORDERS).header("cookie", &header).send().await;
    assert!(answer.status.is_client_error(), "{}", answer.status);
    let request = format!(
        "GET /api/orders HTTP/1.1\r\nHost: shop\r\nCookie: storezero={}\r\n\r\n",
        "a".repeat(300_000)
    );
    let answer = shop.raw(request.as_bytes()).await;
    assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 4"), "{answer}");
    guest.get(api::SESSION).await.expect(200);
}

#[tokio::test]
async fn a_rightly_signed_key_that_opens_nothing_is_no_session() {
    let shop = spawn_app().await;
    let ada = shop.customer(ADA).await;
    shop.execute("delete from session_key").await;
    ada.get(api::ORDERS).await.expect_problem(401, kinds::SIGN_IN_REQUIRED);
    assert_eq!(ada.session().await.state, SessionState::None { ended: None });
    // And the next thing that there is to keep begins a clean one.
    ada.add(TEACUP, 1).await.expect(200);
    assert!(matches!(ada.session().await.state, SessionState::Anonymous { .. }));
}
