//! The local session: when it begins, what the page is told of it, and that every replica knows it.

use crate::support::{shopping::*, *};
use reqwest::Method;
use shared::{
    paths::{api, auth, header, page},
    problem::kinds,
    session::{EndReason, SessionState},
};

#[tokio::test]
async fn whoever_only_looks_gets_no_cookie_and_leaves_no_row() {
    let shop = spawn_app().await;
    let guest = shop.guest();
    let before = shop.snapshot().await;
    for path in [
        page::HOME,
        "/p/stoneware-teacup",
        "/account/orders",
        "/pkg/0123456789abcdef/frontend.js",
        "/health/ready",
        api::SESSION,
        api::CATEGORIES,
        api::PRODUCTS,
        "/api/products?q=tea",
        "/api/products/stoneware-teacup",
        api::CART,
        api::WISHLIST,
        api::SESSION_ACTIVITIES,
        api::RECENTLY_VIEWED,
        api::ORDERS,
        api::ACCOUNT,
        "/api/nowhere",
    ] {
        let answer = guest.get(path).await;
        assert_eq!(answer.set_cookies(), Vec::<&str>::new(), "{path}");
    }
    assert_eq!(shop.snapshot().await, before);
    assert_eq!(guest.session().await.state, SessionState::None { ended: None });
}

#[tokio::test]
async fn the_first_line_item_begins_a_session() {
    let shop = spawn_app().await;
    let guest = shop.guest();
    guest.add(TEACUP, 1).await.expect(200);
    let SessionState::Anonymous { session } = guest.session().await.state else {
        panic!("no session");
    };
    assert_eq!(session.idle_deadline - session.created_at, 30 * 60_000);
    assert_eq!(session.absolute_deadline - session.created_at, 12 * 60 * 60_000);
    assert!(!session.persistent);
    assert_eq!(session.authenticated_at, None);
}

#[tokio::test]
async fn a_stolen_database_opens_no_session_and_no_cart() {
    let shop = spawn_app().await;
    let guest = shop.guest();
    guest.add(TEACUP, 1).await.expect(200);
    let key = shop.session_key_of(&guest).expect("a key");
    assert_eq!(key.len(), 43, "256 random bits in base64url");
    let cart = guest.cookie("storezero-cart").expect("a cart's cookie").value;
    let id = shop.session_of(&guest).await.expect("a session").id;
    let database = format!("{:?}", shop.snapshot().await);
    assert!(database.contains(&id));
    assert!(!database.contains(&key));
    assert!(!database.contains(&cart));
    let cookie = guest.cookie("storezero").expect("a session's cookie").value;
    assert!(!cookie.contains(&id));
}

#[tokio::test]
async fn the_id_token_is_kept_encrypted() {
    let shop = spawn_app().await;
    shop.customer(ADA).await;
    let rows = shop.rows("select ciphertext from session_id_token").await;
    let ciphertext = rows[0]["ciphertext"].as_str().expect("a ciphertext");
    assert!(!ciphertext.contains('.') && !ciphertext.starts_with("eyJ"), "{ciphertext}");
    let database = format!("{:?}", shop.snapshot().await);
    // Where its payload begins: the same letters may come together by chance, the dot does not.
    assert!(!database.contains(".eyJ"), "a JWT is in the database");
}

#[tokio::test]
async fn what_depends_on_who_asks_is_kept_by_no_cache() {
    let shop = spawn_app().await;
    let ada = shop.customer(ADA).await;
    for path in [api::SESSION, api::ORDERS, api::ACCOUNT, api::CART, "/api/nowhere"] {
        let answer = ada.get(path).await;
        assert_eq!(answer.header("cache-control"), Some("no-store"), "{path}");
        assert!(answer.header("vary").is_some_and(|vary| vary.contains("Cookie")), "{path}");
    }
}

#[tokio::test]
async fn another_secret_key_ends_all_sessions() {
    let shop = spawn_app().await;
    let ada = shop.customer(ADA).await;
    let other = shop.replica_with(&[("STOREZERO_SECRET_KEY", &new_secret_key())]).await;
    let visitor = other.guest();
    visitor.put_cookie(ada.cookie("storezero").expect("a session's cookie"));
    assert_eq!(visitor.session().await.state, SessionState::None { ended: None });
}

#[tokio::test]
async fn a_session_is_the_same_on_every_replica() {
    let shop = spawn_app().await;
    let replica = shop.replica().await;
    let ada = shop.customer(ADA).await;
    let elsewhere = replica.guest();
    for cookie in ada.cookies() {
        elsewhere.put_cookie(cookie);
    }
    assert_eq!(elsewhere.signed_in_name().await.as_deref(), Some("Ada Lovelace"));
    let ada_there = Customer(elsewhere.0);
    ada_there.sign_out(shared::session::LogoutScope::Local).await;
    let ended = Some(EndReason::Logout);
    assert_eq!(ada.ended_session().await, SessionState::None { ended });
}

#[tokio::test]
async fn a_login_may_begin_on_one_replica_and_end_on_another() {
    let shop = spawn_app().await;
    let replica = shop.replica().await;
    let guest = shop.guest();
    let login = guest.start_login("/account").await;
    let callback = guest.authenticate(&login, ADA).await;
    let elsewhere = replica.guest();
    for cookie in guest.cookies() {
        elsewhere.put_cookie(cookie);
    }
    assert_eq!(elsewhere.come_back(&callback).await.leads_to(), "/account");
    assert_eq!(elsewhere.signed_in_name().await.as_deref(), Some("Ada Lovelace"));
}

#[tokio::test]
async fn a_session_tells_the_page_who_it_is_and_no_secret() {
    let shop = spawn_app().await;
    let ada = shop.customer(ADA).await;
    let answer = ada.get(api::SESSION).await.expect(200);
    let text = answer.text();
    let row = shop.session_of(&ada).await.expect("a session");
    for secret in [
        &row.id,
        row.sid.as_ref().expect("a sid"),
        &shop.session_key_of(&ada).expect("a key"),
        row.subject.as_ref().expect("a subject"),
    ] {
        assert!(!text.contains(&format!("\"{secret}\"")), "{secret} is in {text}");
    }
    assert!(!text.contains("eyJ"));
    assert!(ada.session().await.sign_in_available);
}

#[tokio::test]
async fn a_guest_of_another_site_is_asked_nothing_and_told_nothing() {
    let shop = Spawn::default().at("https://shop.example").spawn().await;
    let ada = shop.customer(ADA).await;
    // A page elsewhere that fetches the API gets neither a cookie along nor leave to read the answer.
    let answer =
        ada.fetch(Method::GET, api::ORDERS).caused_by("https://evil.example/").send().await;
    answer.expect_problem(401, kinds::SIGN_IN_REQUIRED);
    assert_eq!(answer.header("access-control-allow-origin"), None);
    let preflight = ada
        .fetch(Method::OPTIONS, auth::LOGOUT)
        .header("origin", "https://evil.example")
        .header("access-control-request-method", "POST")
        .header("access-control-request-headers", header::CSRF)
        .send()
        .await;
    assert_eq!(preflight.header("access-control-allow-origin"), None);
    assert_eq!(preflight.header("access-control-allow-headers"), None);
}
