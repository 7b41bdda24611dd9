//! The local session: when it begins, what its cookie is like, how it slides, ends and stays ended.

use crate::support::{provider, shopping::*, under_way::UnderWay, *};
use backend::ops::sweeper;
use futures_util::future::join_all;
use reqwest::Method;
use shared::{
    paths::{api, auth, header, page},
    problem::kinds,
    session::{EndReason, SessionState, SessionView},
};

const IDLE: std::time::Duration = std::time::Duration::from_secs(30 * 60);
const ABSOLUTE: std::time::Duration = std::time::Duration::from_secs(12 * 60 * 60);

fn ended(reason: EndReason) -> SessionState {
    SessionState::None {
        ended: Some(reason),
    }
}

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
        api::ORDERS,
        api::ACCOUNT,
        "/api/nowhere",
    ] {
        let answer = guest.get(path).await;
        assert_eq!(answer.set_cookies(), Vec::<&str>::new(), "{path}");
    }
    assert_eq!(shop.snapshot().await, before);
    assert_eq!(
        guest.session().await.state,
        SessionState::None { ended: None }
    );
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
    assert_eq!(
        session.absolute_deadline - session.created_at,
        12 * 60 * 60_000
    );
    assert!(!session.persistent);
    assert_eq!(session.authenticated_at, None);
}

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
async fn a_stolen_database_opens_no_session_and_no_cart() {
    let shop = spawn_app().await;
    let guest = shop.guest();
    guest.add(TEACUP, 1).await.expect(200);
    let key = shop.session_key_of(&guest).expect("a key");
    assert_eq!(key.len(), 43, "256 random bits in base64url");
    let cart = guest
        .cookie("storezero-cart")
        .expect("a cart's cookie")
        .value;
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
    assert!(
        !ciphertext.contains('.') && !ciphertext.starts_with("eyJ"),
        "{ciphertext}"
    );
    let database = format!("{:?}", shop.snapshot().await);
    assert!(!database.contains("eyJ"), "a JWT is in the database");
}

#[tokio::test]
async fn an_ordinary_request_sets_no_cookie_again() {
    let shop = spawn_app().await;
    let ada = shop.customer(ADA).await;
    for path in [
        api::SESSION,
        api::ORDERS,
        api::ACCOUNT,
        api::CART,
        api::PRODUCTS,
    ] {
        assert_eq!(
            ada.get(path).await.expect(200).set_cookies(),
            Vec::<&str>::new(),
            "{path}"
        );
    }
    let answer = ada.add(TEACUP, 1).await.expect(200);
    assert_eq!(answer.set_cookies(), Vec::<&str>::new());
}

#[tokio::test]
async fn what_depends_on_who_asks_is_kept_by_no_cache() {
    let shop = spawn_app().await;
    let ada = shop.customer(ADA).await;
    for path in [
        api::SESSION,
        api::ORDERS,
        api::ACCOUNT,
        api::CART,
        "/api/nowhere",
    ] {
        let answer = ada.get(path).await;
        assert_eq!(answer.header("cache-control"), Some("no-store"), "{path}");
        assert!(
            answer
                .header("vary")
                .is_some_and(|vary| vary.contains("Cookie")),
            "{path}"
        );
    }
}

#[tokio::test]
async fn a_session_ends_half_an_hour_after_the_last_activity_and_says_so() {
    let shop = spawn_app().await;
    let ada = shop.customer(ADA).await;
    shop.let_session_age(&ada, IDLE).await;
    ada.get(api::ORDERS)
        .await
        .expect_problem(401, kinds::SIGN_IN_REQUIRED);
    assert_eq!(ada.session().await.state, ended(EndReason::Idle));
    assert_eq!(shop.count("session").await, 0);
    assert_eq!(shop.count("session_key").await, 0);
    assert_eq!(shop.count("session_id_token").await, 0);
}

#[tokio::test]
async fn activity_keeps_a_session_alive() {
    let shop = spawn_app().await;
    let ada = shop.customer(ADA).await;
    for _ in 0..3 {
        shop.let_session_age(&ada, IDLE - MINUTE).await;
        ada.get(api::ORDERS).await.expect(200);
    }
    let row = shop.session_of(&ada).await.expect("a session");
    assert!(row.idle_deadline - backend::db::now() > 29 * 60_000);
    assert_eq!(row.idle_deadline - row.last_seen_at, 30 * 60_000);
}

#[tokio::test]
async fn activity_is_written_at_most_once_a_minute() {
    let shop = spawn_app().await;
    let ada = shop.customer(ADA).await;
    shop.let_session_age(&ada, 50 * SECOND).await;
    let before = shop.session_of(&ada).await;
    ada.get(api::ORDERS).await.expect(200);
    assert_eq!(shop.session_of(&ada).await, before);
    shop.let_session_age(&ada, 10 * SECOND).await;
    ada.get(api::ORDERS).await.expect(200);
    let after = shop.session_of(&ada).await.expect("a session");
    assert!(backend::db::now() - after.last_seen_at < 10_000);
}

#[tokio::test]
async fn asking_for_the_session_does_not_keep_it_alive() {
    let shop = spawn_app().await;
    let ada = shop.customer(ADA).await;
    shop.let_session_age(&ada, IDLE - MINUTE).await;
    let before = shop.session_of(&ada).await.expect("a session");
    let SessionState::Customer { session, .. } = ada.session().await.state else {
        panic!("the session is gone too early");
    };
    assert_eq!(session.idle_deadline, before.idle_deadline);
    assert_eq!(shop.session_of(&ada).await, Some(before));
}

#[tokio::test]
async fn what_no_person_caused_does_not_keep_a_session_alive() {
    let shop = spawn_app().await;
    let ada = shop.customer(ADA).await;
    shop.let_session_age(&ada, IDLE - MINUTE).await;
    let before = shop.session_of(&ada).await;
    for path in [api::ORDERS, api::CART, api::PRODUCTS] {
        ada.fetch(Method::GET, path)
            .header(header::BACKGROUND, "1")
            .send()
            .await
            .expect(200);
    }
    // Files and pages of the SPA touch no session at all.
    ada.visit(page::ORDERS).await.expect(200);
    ada.get("/health/ready").await.expect(200);
    assert_eq!(shop.session_of(&ada).await, before);
}

#[tokio::test]
async fn a_session_ends_at_its_absolute_limit_however_active_its_visitor_is() {
    let shop = spawn_app().await;
    let ada = shop.customer(ADA).await;
    let steps = ABSOLUTE.as_secs() / (IDLE - MINUTE).as_secs();
    for _ in 0..steps {
        shop.let_session_age(&ada, IDLE - MINUTE).await;
        ada.get(api::ORDERS).await.expect(200);
    }
    let row = shop.session_of(&ada).await.expect("a session");
    assert_eq!(
        row.idle_deadline, row.absolute_deadline,
        "activity goes no further than the limit"
    );
    shop.let_session_age(&ada, IDLE - MINUTE).await;
    ada.get(api::ORDERS)
        .await
        .expect_problem(401, kinds::SIGN_IN_REQUIRED);
    assert_eq!(ada.session().await.state, ended(EndReason::Absolute));
}

#[tokio::test]
async fn a_kept_session_lives_three_idle_days_and_seven_in_all() {
    let shop = spawn_app().await;
    let guest = shop.guest();
    let login = guest
        .start_login_with(&[("return_to", "/account"), ("keep", "1")])
        .await;
    let callback = guest.authenticate(&login, ADA).await;
    guest.come_back(&callback).await.expect(303);
    for _ in 0..2 {
        shop.let_session_age(&guest, 3 * DAY - MINUTE).await;
        guest.get(api::ORDERS).await.expect(200);
    }
    shop.let_session_age(&guest, DAY + 3 * MINUTE).await;
    guest
        .get(api::ORDERS)
        .await
        .expect_problem(401, kinds::SIGN_IN_REQUIRED);
    assert_eq!(guest.session().await.state, ended(EndReason::Absolute));
}

#[tokio::test]
async fn limits_are_configuration() {
    let shop = Spawn::default()
        .setting("STOREZERO_SESSION_IDLE", "2m")
        .setting("STOREZERO_SESSION_ABSOLUTE", "1h")
        .spawn()
        .await;
    let ada = shop.customer(ADA).await;
    let row = shop.session_of(&ada).await.expect("a session");
    assert_eq!(row.idle_deadline - row.last_seen_at, 120_000);
    assert_eq!(row.absolute_deadline - row.last_seen_at, 60 * 60_000);
    shop.let_session_age(&ada, 2 * MINUTE).await;
    assert_eq!(ada.session().await.state, ended(EndReason::Idle));
}

#[tokio::test]
async fn a_guest_whose_session_ended_keeps_the_cart() {
    let shop = spawn_app().await;
    let guest = shop.guest();
    guest.add(KNIFE, 2).await.expect(200);
    shop.let_session_age(&guest, DAY).await;
    assert_eq!(guest.session().await.state, ended(EndReason::Absolute));
    assert_eq!(guest.cart_lines().await, [(KNIFE.to_owned(), 2)]);
    guest.add(KNIFE, 1).await.expect(200);
    assert!(matches!(
        guest.session().await.state,
        SessionState::Anonymous { .. }
    ));
    assert_eq!(guest.cart_lines().await, [(KNIFE.to_owned(), 3)]);
}

#[tokio::test]
async fn what_expired_is_tidied_up_and_still_known_by_its_reason_for_a_day() {
    let shop = spawn_app().await;
    let (idle, absolute, alive) = (
        shop.customer(ADA).await,
        shop.customer(ADA).await,
        shop.customer(GRACE).await,
    );
    shop.let_session_age(&idle, IDLE).await;
    shop.let_session_age(&absolute, ABSOLUTE).await;
    sweeper::round(&shop.app).await.expect("a round");
    assert_eq!(shop.count("session").await, 1);
    assert_eq!(shop.count("session_id_token").await, 1);
    assert_eq!(
        alive.signed_in_name().await.as_deref(),
        Some("Grace Hopper")
    );
    assert_eq!(idle.session().await.state, ended(EndReason::Idle));
    assert_eq!(absolute.session().await.state, ended(EndReason::Absolute));

    shop.execute(&format!(
        "update session_end set at = at - {}",
        DAY.as_millis() - 60_000
    ))
    .await;
    sweeper::round(&shop.app).await.expect("a round");
    assert_eq!(idle.session().await.state, ended(EndReason::Idle));
    shop.execute("update session_end set at = at - 60000").await;
    sweeper::round(&shop.app).await.expect("a round");
    assert_eq!(
        idle.session().await.state,
        SessionState::None { ended: None }
    );
    assert_eq!(shop.count("session_end").await, 0);
}

#[tokio::test]
async fn attempts_and_ended_logins_are_tidied_up() {
    let shop = spawn_app().await;
    let guest = shop.guest();
    guest.start_login("/").await;
    shop.let_logins_age(DAY + MINUTE).await;
    sweeper::round(&shop.app).await.expect("a round");
    assert_eq!(shop.count("login_attempt").await, 0);
}

#[tokio::test]
async fn two_hundred_requests_at_expiry_are_all_refused_and_none_fails() {
    let shop = spawn_app().await;
    let ada = shop.customer(ADA).await;
    shop.let_session_age(&ada, IDLE).await;
    let answers = join_all((0..200).map(|_| ada.get(api::ORDERS))).await;
    for answer in answers {
        answer.expect_problem(401, kinds::SIGN_IN_REQUIRED);
    }
    assert_eq!(shop.count("session").await, 0);
    assert_eq!(ada.session().await.state, ended(EndReason::Idle));
}

#[tokio::test]
async fn two_hundred_requests_of_a_living_session_slide_it_once() {
    let shop = spawn_app().await;
    let ada = shop.customer(ADA).await;
    shop.let_session_age(&ada, 10 * MINUTE).await;
    let answers = join_all((0..200).map(|_| ada.get(api::ORDERS))).await;
    assert!(answers.iter().all(|answer| answer.status == 200));
    assert!(answers.iter().all(|answer| answer.set_cookies().is_empty()));
    let row = shop.session_of(&ada).await.expect("a session");
    assert_eq!(row.idle_deadline - row.last_seen_at, 30 * 60_000);
}

#[tokio::test]
async fn a_planted_cookie_does_not_become_the_victims_session() {
    let under_way = UnderWay::begin().await;
    let shop = &under_way.shop;
    // The attacker begins a session and plants its cookie, signed and all, in the victim's browser.
    let attacker = shop.guest();
    attacker.add(TEACUP, 1).await.expect(200);
    let planted = attacker.cookie("storezero").expect("a session's cookie");
    let victim = shop.guest();
    victim.put_cookie(planted);
    let login = victim.start_login("/account").await;
    victim
        .come_back(&under_way.provider.grant(&login))
        .await
        .expect(303);
    assert_eq!(
        victim.signed_in_name().await.as_deref(),
        Some(provider::NAME)
    );

    assert_eq!(attacker.signed_in_name().await, None);
    attacker
        .get(api::ORDERS)
        .await
        .expect_problem(401, kinds::SIGN_IN_REQUIRED);
}

#[tokio::test]
async fn a_session_planted_during_the_login_is_not_signed_in() {
    let under_way = UnderWay::begin().await;
    let attacker = under_way.shop.guest();
    attacker.add(TEACUP, 1).await.expect(200);
    let planted = attacker.cookie("storezero").expect("a session's cookie");
    under_way.guest.put_cookie(planted);
    let answer = under_way.come_back().await;
    under_way.expect_signed_in(&answer).await;
    assert_eq!(attacker.signed_in_name().await, None);
    attacker
        .get(api::ORDERS)
        .await
        .expect_problem(401, kinds::SIGN_IN_REQUIRED);
}

#[tokio::test]
async fn malformed_cookies_are_no_session_and_no_fault() {
    let shop = spawn_app().await;
    let ada = shop.customer(ADA).await;
    let good = ada.cookie("storezero").expect("a session's cookie").value;
    let key = shop.session_key_of(&ada).expect("a key");
    let flipped = good.replacen(|c: char| c.is_ascii_lowercase(), "A", 1);
    let unsigned = [
        "",
        "x",
        "=",
        "%",
        "%00",
        "%ff%fe",
        "\"\"",
        "🍪",
        &key,
        &flipped,
        &good[..good.len() - 1],
    ];
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
    for header in [
        "storezero",
        ";;;",
        "=; =",
        "storezero=a; storezero",
        "a=b;; c",
    ] {
        let answer = ada
            .fetch(Method::GET, api::ORDERS)
            .header("cookie", header)
            .send()
            .await;
        answer.expect_problem(401, kinds::SIGN_IN_REQUIRED);
    }
    for bytes in [&b"storezero=\xff\xfe"[..], b"storezero=\x80; x=\xc3\x28"] {
        let answer = ada
            .fetch(Method::GET, api::ORDERS)
            .header_bytes("cookie", bytes)
            .send()
            .await;
        answer.expect_problem(401, kinds::SIGN_IN_REQUIRED);
    }
    assert_eq!(ada.signed_in_name().await.as_deref(), Some("Ada Lovelace"));
}

#[tokio::test]
async fn an_oversized_cookie_header_is_refused_and_the_server_still_answers() {
    let shop = spawn_app().await;
    let guest = shop.guest();
    let header = format!("storezero={}", "a".repeat(20_000));
    let answer = guest
        .fetch(Method::GET, api::ORDERS)
        .header("cookie", &header)
        .send()
        .await;
    assert!(answer.status.is_client_error(), "{}", answer.status);
    let request = format!(
        "GET /api/orders HTTP/1.1\r\nHost: shop\r\nCookie: storezero={}\r\n\r\n",
        "a".repeat(300_000)
    );
    let answer = shop.raw(request.as_bytes()).await;
    assert!(
        answer.is_empty() || answer.starts_with("HTTP/1.1 4"),
        "{answer}"
    );
    guest.get(api::SESSION).await.expect(200);
}

#[tokio::test]
async fn a_forged_twin_of_the_cookie_signs_nobody_in() {
    let shop = spawn_app().await;
    let (ada, attacker) = (shop.customer(ADA).await, shop.guest());
    attacker.add(TEACUP, 1).await.expect(200);
    let good = ada.cookie("storezero").expect("a session's cookie").value;
    let planted = attacker
        .cookie("storezero")
        .expect("a session's cookie")
        .value;
    for (header, is_signed_in) in [
        (format!("storezero={good}; storezero=x"), true),
        (format!("storezero={good}; storezero={planted}"), true),
        // Whoever gets in first is believed (cookie tossing on plain http): a session, but nobody else's orders.
        (format!("storezero={planted}; storezero={good}"), false),
    ] {
        let answer = ada
            .fetch(Method::GET, api::ORDERS)
            .header("cookie", &header)
            .send()
            .await;
        assert_eq!(answer.status == 200, is_signed_in, "{header}");
        assert!(answer.status == 200 || answer.status == 401);
    }
}

#[tokio::test]
async fn a_rightly_signed_key_that_opens_nothing_is_no_session() {
    let shop = spawn_app().await;
    let ada = shop.customer(ADA).await;
    shop.execute("delete from session_key").await;
    ada.get(api::ORDERS)
        .await
        .expect_problem(401, kinds::SIGN_IN_REQUIRED);
    assert_eq!(
        ada.session().await.state,
        SessionState::None { ended: None }
    );
    // And the next thing that there is to keep begins a clean one.
    ada.add(TEACUP, 1).await.expect(200);
    assert!(matches!(
        ada.session().await.state,
        SessionState::Anonymous { .. }
    ));
}

#[tokio::test]
async fn another_secret_key_ends_all_sessions() {
    let shop = spawn_app().await;
    let ada = shop.customer(ADA).await;
    let other = shop
        .replica_with(&[("STOREZERO_SECRET_KEY", &"a5".repeat(32))])
        .await;
    let visitor = other.guest();
    visitor.put_cookie(ada.cookie("storezero").expect("a session's cookie"));
    assert_eq!(
        visitor.session().await.state,
        SessionState::None { ended: None }
    );
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
    assert_eq!(
        elsewhere.signed_in_name().await.as_deref(),
        Some("Ada Lovelace")
    );
    let ada_there = Customer(elsewhere.0);
    ada_there
        .sign_out(shared::session::LogoutScope::Local)
        .await;
    assert_eq!(ada.session().await.state, ended(EndReason::Logout));
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
    assert_eq!(
        elsewhere.signed_in_name().await.as_deref(),
        Some("Ada Lovelace")
    );
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
        assert!(
            !text.contains(&format!("\"{secret}\"")),
            "{secret} is in {text}"
        );
    }
    assert!(!text.contains("eyJ"));
    assert!(ada.session().await.sign_in_available);
}

#[tokio::test]
async fn a_guest_of_another_site_is_asked_nothing_and_told_nothing() {
    let shop = Spawn::default().at("https://shop.example").spawn().await;
    let ada = shop.customer(ADA).await;
    // A page elsewhere that fetches the API gets neither a cookie along nor leave to read the answer.
    let answer = ada
        .fetch(Method::GET, api::ORDERS)
        .caused_by("https://evil.example/")
        .send()
        .await;
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

#[tokio::test]
async fn stay_signed_in_moves_the_idle_limit_and_tells_it() {
    let shop = spawn_app().await;
    let ada = shop.customer("ada@example.com").await;
    shop.let_session_age(&ada, IDLE - std::time::Duration::from_secs(90))
        .await;
    let touched: SessionView = ada.post(api::SESSION_TOUCH, &()).await.expect(200).json();
    let SessionState::Customer { session, .. } = touched.state else {
        panic!("{touched:?}");
    };
    let left = session.idle_deadline - touched.now;
    assert!((1_795_000..=1_800_000).contains(&left), "{left} ms");
}
