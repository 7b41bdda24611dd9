//! The demo's control: this session grows older, by the rules that time itself follows.

use crate::support::*;
use shared::{
    paths::api,
    problem::kinds,
    session::{AgeSession, EndReason, SessionState},
};

async fn demo() -> TestApp {
    Spawn::default().setting("STOREZERO_DEMO", "true").spawn().await
}

async fn age(browser: &Browser, minutes: i64) -> Answer {
    browser.post(api::SESSION_AGE, &AgeSession { minutes, in_use: false }).await
}

async fn age_in_use(browser: &Browser, minutes: i64) -> Answer {
    browser.post(api::SESSION_AGE, &AgeSession { minutes, in_use: true }).await
}

#[tokio::test]
async fn half_an_hour_of_idleness_ends_this_session_and_no_other() {
    let shop = demo().await;
    let ada = shop.customer(ADA).await;
    let other = shop.customer(ADA).await;
    assert!(ada.session().await.is_demo);
    age(&ada, 29).await.expect(204);
    ada.get(api::ORDERS).await.expect(200);
    age(&ada, 31).await.expect(204);
    ada.get(api::ORDERS).await.expect_problem(401, kinds::SIGN_IN_REQUIRED);
    let idle = SessionState::None { ended: Some(EndReason::Idle) };
    assert_eq!(ada.session().await.state, idle);
    other.get(api::ORDERS).await.expect(200);
}

#[tokio::test]
async fn half_a_day_of_use_ends_it_by_the_other_limit() {
    let shop = demo().await;
    let ada = shop.customer(ADA).await;
    let before = shop.session_of(&ada).await.unwrap();
    age_in_use(&ada, 11 * 60).await.expect(204);
    let used = shop.session_of(&ada).await.unwrap();
    assert_eq!(used.created_at, before.created_at - 660 * 60_000);
    assert_eq!(used.absolute_deadline, before.absolute_deadline - 660 * 60_000);
    assert_eq!(
        (used.last_seen_at, used.idle_deadline),
        (before.last_seen_at, before.idle_deadline)
    );

    age_in_use(&ada, 45).await.expect(204);
    let nearly = shop.session_of(&ada).await.unwrap();
    assert_eq!(nearly.idle_deadline, nearly.absolute_deadline, "no limit lies past the last one");
    ada.get(api::ORDERS).await.expect(200);

    age_in_use(&ada, 15).await.expect(204);
    ada.get(api::ORDERS).await.expect_problem(401, kinds::SIGN_IN_REQUIRED);
    let absolute = SessionState::None { ended: Some(EndReason::Absolute) };
    assert_eq!(ada.session().await.state, absolute);
}

#[tokio::test]
async fn ageing_itself_is_no_activity_and_leaves_the_login_as_it_was() {
    let shop = demo().await;
    let ada = shop.customer(ADA).await;
    let before = shop.session_of(&ada).await.unwrap();
    age(&ada, 10).await.expect(204);
    age(&ada, 10).await.expect(204);
    let after = shop.session_of(&ada).await.unwrap();
    assert_eq!(after.idle_deadline, before.idle_deadline - 20 * 60_000);
    assert_eq!(after.absolute_deadline, before.absolute_deadline - 20 * 60_000);
    assert_eq!(after.auth_time, before.auth_time);
}

#[tokio::test]
async fn a_real_shop_ages_no_session() {
    let shop = spawn_app().await;
    let ada = shop.customer(ADA).await;
    assert!(!ada.session().await.is_demo);
    let before = shop.session_of(&ada).await;
    age(&ada, 31).await.expect_problem(404, kinds::NOT_FOUND);
    assert_eq!(shop.session_of(&ada).await, before);
}

#[tokio::test]
async fn only_a_sensible_time_of_a_living_session_can_pass() {
    let shop = demo().await;
    let ada = shop.customer(ADA).await;
    for minutes in [0, -5, 10_081, i64::MAX] {
        age(&ada, minutes).await.expect_problem(422, kinds::VALIDATION);
    }
    age(&shop.guest(), 5).await.expect_problem(404, kinds::NOT_FOUND);
}

#[tokio::test]
async fn the_demo_answers_to_its_own_name_alone() {
    let shop = demo().await;
    let ada = shop.customer(ADA).await;
    let before = shop.session_of(&ada).await;
    let cookie = shop.session_cookie_of(&ada).expect("a session");
    let ask = async |host: &str| {
        let body = r#"{"minutes":1}"#;
        let request = format!(
            "POST {} HTTP/1.1\r\nHost: {host}\r\nCookie: storezero={cookie}\r\nX-Storezero-CSRF: 1\r\n\
             Content-Type: application/json\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
            api::SESSION_AGE,
            body.len()
        );
        shop.raw(request.as_bytes()).await
    };
    let port = shop.address.port();
    // Names that somebody has lead to this machine (DNS rebinding).
    for host in [
        format!("evil.example:{port}"),
        format!("localhost.evil.example:{port}"),
        "localhost:1".to_owned(),
    ] {
        let answer = ask(&host).await;
        assert!(
            answer.starts_with("HTTP/1.1 421 ") && answer.contains(kinds::MISDIRECTED),
            "{answer}"
        );
    }
    assert_eq!(shop.session_of(&ada).await, before);
    assert!(ask(&format!("localhost:{port}")).await.starts_with("HTTP/1.1 204 "));
}
