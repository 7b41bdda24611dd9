//! How long a session lives: idle and absolute limits, what slides them, and what is left when they are passed.

use crate::support::{shopping::*, *};
use backend::jobs::sweep_once;
use futures_util::future::join_all;
use reqwest::Method;
use shared::{
    paths::{api, header, page},
    problem::kinds,
    session::{EndReason, SessionState, SessionView},
};

const IDLE: std::time::Duration = std::time::Duration::from_secs(30 * 60);
const ABSOLUTE: std::time::Duration = std::time::Duration::from_secs(12 * 60 * 60);

fn ended(reason: EndReason) -> SessionState {
    SessionState::None { ended: Some(reason) }
}

#[tokio::test]
async fn a_session_ends_half_an_hour_after_the_last_activity_and_says_so() {
    let shop = spawn_app().await;
    let ada = shop.customer(ADA).await;
    shop.let_session_age(&ada, IDLE).await;
    ada.get(api::ORDERS).await.expect_problem(401, kinds::SIGN_IN_REQUIRED);
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
        ada.fetch(Method::GET, path).header(header::BACKGROUND, "1").send().await.expect(200);
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
    assert_eq!(row.idle_deadline, row.absolute_deadline, "activity goes no further than the limit");
    shop.let_session_age(&ada, IDLE - MINUTE).await;
    ada.get(api::ORDERS).await.expect_problem(401, kinds::SIGN_IN_REQUIRED);
    assert_eq!(ada.session().await.state, ended(EndReason::Absolute));
}

#[tokio::test]
async fn a_kept_session_lives_three_idle_days_and_seven_in_all() {
    let shop = spawn_app().await;
    let guest = shop.guest();
    let login = guest.start_login_with(&[("return_to", "/account"), ("keep", "1")]).await;
    let callback = guest.authenticate(&login, ADA).await;
    guest.come_back(&callback).await.expect(303);
    for _ in 0..2 {
        shop.let_session_age(&guest, 3 * DAY - MINUTE).await;
        guest.get(api::ORDERS).await.expect(200);
    }
    shop.let_session_age(&guest, DAY + 3 * MINUTE).await;
    guest.get(api::ORDERS).await.expect_problem(401, kinds::SIGN_IN_REQUIRED);
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
    assert!(matches!(guest.session().await.state, SessionState::Anonymous { .. }));
    assert_eq!(guest.cart_lines().await, [(KNIFE.to_owned(), 3)]);
}

#[tokio::test]
async fn what_expired_is_tidied_up_and_still_known_by_its_reason_for_a_day() {
    let shop = spawn_app().await;
    let (idle, absolute, alive) =
        (shop.customer(ADA).await, shop.customer(ADA).await, shop.customer(GRACE).await);
    shop.let_session_age(&idle, IDLE).await;
    shop.let_session_age(&absolute, ABSOLUTE).await;
    sweep_once(&shop.app.sessions, &shop.app.db).await.expect("a round");
    assert_eq!(shop.count("session").await, 1);
    assert_eq!(shop.count("session_id_token").await, 1);
    assert_eq!(alive.signed_in_name().await.as_deref(), Some("Grace Hopper"));
    assert_eq!(idle.session().await.state, ended(EndReason::Idle));
    assert_eq!(absolute.session().await.state, ended(EndReason::Absolute));

    shop.execute(&format!("update session_end set at = at - {}", DAY.as_millis() - 60_000)).await;
    sweep_once(&shop.app.sessions, &shop.app.db).await.expect("a round");
    assert_eq!(idle.session().await.state, ended(EndReason::Idle));
    shop.execute("update session_end set at = at - 60000").await;
    sweep_once(&shop.app.sessions, &shop.app.db).await.expect("a round");
    assert_eq!(idle.session().await.state, SessionState::None { ended: None });
    assert_eq!(shop.count("session_end").await, 0);
}

#[tokio::test]
async fn attempts_and_ended_logins_are_tidied_up() {
    let shop = spawn_app().await;
    let guest = shop.guest();
    guest.start_login("/").await;
    shop.let_logins_age(DAY + MINUTE).await;
    sweep_once(&shop.app.sessions, &shop.app.db).await.expect("a round");
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
async fn stay_signed_in_moves_the_idle_limit_and_tells_it() {
    let shop = spawn_app().await;
    let ada = shop.customer("ada@example.com").await;
    shop.let_session_age(&ada, IDLE - std::time::Duration::from_secs(90)).await;
    let touched: SessionView = ada.post(api::SESSION_TOUCH, &()).await.expect(200).json();
    let SessionState::Customer { session, .. } = touched.state else {
        panic!("{touched:?}");
    };
    let left = session.idle_deadline - touched.now;
    assert!((1_795_000..=1_800_000).contains(&left), "{left} ms");
}

#[tokio::test]
async fn a_login_too_many_ends_the_session_that_was_unused_the_longest_and_says_why() {
    let shop = Spawn::default().setting("STOREZERO_SESSIONS_PER_CUSTOMER", "2").spawn().await;
    let (laptop, phone) = (shop.customer(ADA).await, shop.customer(ADA).await);
    let grace = shop.customer(GRACE).await;
    shop.let_session_age(&grace, 20 * MINUTE).await;
    shop.let_session_age(&phone, 10 * MINUTE).await;
    // Signing in again where one is signed in takes no place.
    laptop.sign_in_anew(ADA).await;
    phone.get(api::SESSION).await.expect(200);
    assert!(phone.signed_in_name().await.is_some());
    let tablet = shop.customer(ADA).await;
    assert_eq!(phone.session().await.state, ended(EndReason::TooManySessions));
    phone.get(api::ORDERS).await.expect_problem(401, kinds::SIGN_IN_REQUIRED);
    for customer in [&laptop, &tablet, &grace] {
        customer.get(api::ORDERS).await.expect(200);
    }
    // Whoever was signed out may come back, and then another one goes.
    shop.let_session_age(&laptop, 5 * MINUTE).await;
    phone.sign_in(ADA).await;
    assert_eq!(laptop.session().await.state, ended(EndReason::TooManySessions));
}

#[tokio::test]
async fn logins_at_the_same_time_leave_no_more_sessions_than_there_may_be() {
    let provider = Provider::start().await;
    let spawn = Spawn::default().with_provider(&provider);
    let shop = spawn.setting("STOREZERO_SESSIONS_PER_CUSTOMER", "2").spawn().await;
    let guests: Vec<Guest> = (0..6).map(|_| shop.guest()).collect();
    join_all(guests.iter().map(async |guest| {
        let login = guest.start_login("/account").await;
        guest.come_back(&provider.grant(&login)).await.expect(303);
    }))
    .await;
    let signed_in = shop.rows("select id from session where customer_id is not null").await;
    assert_eq!(signed_in.len(), 2);
}
