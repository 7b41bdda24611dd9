//! "Where you're signed in": the list, and ending one or all others.

use crate::support::*;
use futures_util::future::{join, join_all};
use shared::{
    account::SignedInSession,
    paths::{self, api},
    problem::{Problem, kinds},
    session::{EndReason, SessionState},
};

async fn sessions(customer: &Customer) -> Vec<SignedInSession> {
    customer.get(api::ACCOUNT_SESSIONS).await.expect(200).json()
}

#[tokio::test]
async fn every_living_session_of_the_customer_is_listed_and_this_one_marked() {
    let shop = spawn_app().await;
    let laptop = shop.customer("ada@example.com").await;
    let phone = shop.customer("ada@example.com").await;
    shop.customer("grace@example.com").await;
    let listed = sessions(&laptop).await;
    assert_eq!(listed.len(), 2);
    assert_eq!(listed.iter().filter(|session| session.is_this_one).count(), 1);
    let id = shop.session_of(&phone).await.unwrap().id;
    assert!(listed.iter().all(|session| !id.contains(&session.fingerprint)));
}

#[tokio::test]
async fn the_list_says_when_where_and_how_long_and_leaves_out_what_is_over() {
    let shop = spawn_app().await;
    let laptop = shop.customer("ada@example.com").await;
    let phone = shop.customer("ada@example.com").await;
    let tablet = shop.customer("ada@example.com").await;
    shop.let_session_age(&tablet, 31 * MINUTE).await;
    shop.let_session_age(&phone, 5 * MINUTE).await;
    let kept = shop.session_of(&phone).await.unwrap();
    shop.execute(&format!(
        "update session set persistent = true, provider = 'friendbook' where id = '{}'",
        kept.id
    ))
    .await;
    let listed = sessions(&laptop).await;
    assert_eq!(listed.len(), 2, "the newest first, and no expired one");
    assert!(listed[0].is_this_one && !listed[0].persistent);
    assert_eq!(listed[0].provider, None);
    let other = &listed[1];
    assert!(other.persistent && !other.is_this_one);
    assert_eq!(other.provider.as_deref(), Some("friendbook"));
    assert_eq!(other.user_agent, "Firefox on Linux");
    assert_eq!(other.last_seen_at, kept.last_seen_at);
    assert_eq!(other.authenticated_at, kept.auth_time);
}

#[tokio::test]
async fn ending_one_session_takes_effect_on_its_next_request() {
    let shop = spawn_app().await;
    let laptop = shop.customer("ada@example.com").await;
    let phone = shop.customer("ada@example.com").await;
    let other = sessions(&laptop).await.into_iter().find(|session| !session.is_this_one).unwrap();
    let path = paths::with(api::ACCOUNT_SESSION, &other.fingerprint);
    laptop.delete(&path).await.expect(204);
    phone.get(api::ORDERS).await.expect_problem(401, kinds::SIGN_IN_REQUIRED);
    let revoked = SessionState::None { ended: Some(EndReason::Revoked) };
    assert_eq!(phone.session().await.state, revoked);
    laptop.get(api::ORDERS).await.expect(200);
    laptop.delete(&path).await.expect_problem(404, kinds::NOT_FOUND);
}

#[tokio::test]
async fn a_revocation_that_overtakes_requests_in_flight_stays_one() {
    let shop = spawn_app().await;
    for _ in 0..5 {
        let laptop = shop.customer("ada@example.com").await;
        let phone = shop.customer("ada@example.com").await;
        shop.let_session_age(&phone, 10 * MINUTE).await;
        let requests = join_all((0..20).map(|_| phone.get(api::ORDERS)));
        let (answers, revocation) = join(requests, laptop.delete(api::ACCOUNT_SESSIONS)).await;
        revocation.expect(204);
        for answer in answers {
            assert!(matches!(answer.status.as_u16(), 200 | 401), "{}", answer.status);
        }
        assert_eq!(shop.session_of(&phone).await, None);
        assert_eq!(sessions(&laptop).await.len(), 1);
    }
}

#[tokio::test]
async fn ending_all_others_leaves_this_one() {
    let shop = spawn_app().await;
    let laptop = shop.customer("ada@example.com").await;
    let others = [shop.customer("ada@example.com").await, shop.customer("ada@example.com").await];
    laptop.delete(api::ACCOUNT_SESSIONS).await.expect(204);
    for other in &others {
        other.get(api::ACCOUNT).await.expect_problem(401, kinds::SIGN_IN_REQUIRED);
    }
    assert_eq!(sessions(&laptop).await.len(), 1);
}

#[tokio::test]
async fn whoever_signed_in_long_ago_sees_where_and_ends_nothing_before_a_fresh_login() {
    let shop = spawn_app().await;
    let laptop = shop.customer(ADA).await;
    let phone = shop.customer(ADA).await;
    shop.execute("update session set auth_time = auth_time - 660000").await;
    let other = sessions(&laptop).await.into_iter().find(|session| !session.is_this_one).unwrap();
    for path in [api::ACCOUNT_SESSIONS, &paths::with(api::ACCOUNT_SESSION, &other.fingerprint)] {
        let problem: Problem =
            laptop.delete(path).await.expect_problem(401, kinds::STEP_UP_REQUIRED);
        assert_eq!(problem.max_age, Some(600));
        phone.get(api::ORDERS).await.expect(200);
    }
    let login = laptop.start_login_with(&[("return_to", "/account"), ("max_age", "600")]).await;
    let callback = laptop.authenticate(&login, ADA).await;
    assert_eq!(laptop.come_back(&callback).await.leads_to(), "/account");
    laptop.delete(api::ACCOUNT_SESSIONS).await.expect(204);
    phone.get(api::ORDERS).await.expect_problem(401, kinds::SIGN_IN_REQUIRED);
}

#[tokio::test]
async fn nobody_ends_a_session_of_somebody_else() {
    let shop = spawn_app().await;
    let ada = shop.customer("ada@example.com").await;
    let grace = shop.customer("grace@example.com").await;
    let of_ada = sessions(&ada).await.remove(0);
    let path = paths::with(api::ACCOUNT_SESSION, &of_ada.fingerprint);
    grace.delete(&path).await.expect_problem(404, kinds::NOT_FOUND);
    shop.guest().delete(&path).await.expect_problem(401, kinds::SIGN_IN_REQUIRED);
    ada.get(api::ORDERS).await.expect(200);
}

#[tokio::test]
async fn a_session_that_was_ended_from_another_device_does_not_come_back_by_single_sign_on() {
    let shop = spawn_app().await;
    let laptop = shop.customer("ada@example.com").await;
    let phone = shop.customer("ada@example.com").await;
    laptop.delete(api::ACCOUNT_SESSIONS).await.expect(204);
    let login = phone.start_login("/account").await;
    assert_eq!(login.parameter("prompt"), "login");
    let callback = phone.authenticate(&login, ADA).await;
    assert_eq!(phone.come_back(&callback).await.leads_to(), "/account");
    let next = phone.start_login("/account").await;
    assert_eq!(parameter(&next.authorization_url, "prompt"), None);
}
