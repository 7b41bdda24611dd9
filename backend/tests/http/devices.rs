//! "Where you're signed in": the list, and ending one or all others.

use crate::support::*;
use shared::{
    account::SignedInSession,
    paths::{self, api},
    problem::kinds,
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
    assert_eq!(
        listed.iter().filter(|session| session.is_this_one).count(),
        1
    );
    let id = shop.session_of(&phone).await.unwrap().id;
    assert!(
        listed
            .iter()
            .all(|session| !id.contains(&session.fingerprint))
    );
}

#[tokio::test]
async fn ending_one_session_takes_effect_on_its_next_request() {
    let shop = spawn_app().await;
    let laptop = shop.customer("ada@example.com").await;
    let phone = shop.customer("ada@example.com").await;
    let other = sessions(&laptop)
        .await
        .into_iter()
        .find(|session| !session.is_this_one)
        .unwrap();
    let path = paths::with(api::ACCOUNT_SESSION, &other.fingerprint);
    laptop.delete(&path).await.expect(204);
    phone
        .get(api::ORDERS)
        .await
        .expect_problem(401, kinds::SIGN_IN_REQUIRED);
    let revoked = SessionState::None {
        ended: Some(EndReason::Revoked),
    };
    assert_eq!(phone.session().await.state, revoked);
    laptop.get(api::ORDERS).await.expect(200);
    laptop
        .delete(&path)
        .await
        .expect_problem(404, kinds::NOT_FOUND);
}

#[tokio::test]
async fn ending_all_others_leaves_this_one() {
    let shop = spawn_app().await;
    let laptop = shop.customer("ada@example.com").await;
    let others = [
        shop.customer("ada@example.com").await,
        shop.customer("ada@example.com").await,
    ];
    laptop.delete(api::ACCOUNT_SESSIONS).await.expect(204);
    for other in &others {
        other
            .get(api::ACCOUNT)
            .await
            .expect_problem(401, kinds::SIGN_IN_REQUIRED);
    }
    assert_eq!(sessions(&laptop).await.len(), 1);
}

#[tokio::test]
async fn nobody_ends_a_session_of_somebody_else() {
    let shop = spawn_app().await;
    let ada = shop.customer("ada@example.com").await;
    let grace = shop.customer("grace@example.com").await;
    let of_ada = sessions(&ada).await.remove(0);
    let path = paths::with(api::ACCOUNT_SESSION, &of_ada.fingerprint);
    grace
        .delete(&path)
        .await
        .expect_problem(404, kinds::NOT_FOUND);
    shop.guest()
        .delete(&path)
        .await
        .expect_problem(401, kinds::SIGN_IN_REQUIRED);
    ada.get(api::ORDERS).await.expect(200);
}

#[tokio::test]
async fn a_session_that_was_ended_from_another_device_does_not_come_back_by_single_sign_on() {
    let shop = spawn_app().await;
    let laptop = shop.customer("ada@example.com").await;
    let phone = shop.customer("ada@example.com").await;
    laptop.delete(api::ACCOUNT_SESSIONS).await.expect(204);
    for _ in 0..2 {
        let login = phone.start_login("/account").await;
        assert_eq!(login.parameter("prompt"), "login");
    }
    phone.sign_in("ada@example.com").await;
    let next = phone.start_login("/account").await;
    assert_eq!(parameter(&next.authorization_url, "prompt"), None);
}
