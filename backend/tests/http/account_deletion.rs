//! Deleting the account: the shop forgets the person, on every device, and keeps its books.

use crate::support::{shopping::*, *};
use shared::{
    paths::{self, api},
    problem::kinds,
    session::{EndReason, SessionState},
};

#[tokio::test]
async fn every_session_ends_at_once_and_says_why() {
    let shop = spawn_app().await;
    let laptop = shop.customer(ADA).await;
    let phone = shop.customer(ADA).await;
    let grace = shop.customer("grace@example.com").await;
    laptop.delete(api::ACCOUNT).await.expect(204);
    for device in [&laptop, &phone] {
        device
            .get(api::ORDERS)
            .await
            .expect_problem(401, kinds::SIGN_IN_REQUIRED);
    }
    let deleted = SessionState::None {
        ended: Some(EndReason::AccountDeleted),
    };
    assert_eq!(phone.session().await.state, deleted);
    grace.get(api::ORDERS).await.expect(200);
}

#[tokio::test]
async fn the_person_is_forgotten_and_the_books_are_kept() {
    let shop = spawn_app().await;
    let ada = shop.customer(ADA).await;
    let order = ada.buy(KNIFE, 2).await;
    ada.add(KNIFE, 1).await.expect(200);
    let orders = shop.count("orders").await;
    let others = shop
        .rows("select id from orders where email <> ''")
        .await
        .len();
    let of_ada = shop
        .rows("select orders.id from orders join customer on customer.id = customer_id where customer.email = 'ada@example.com'")
        .await
        .len();
    ada.delete(api::ACCOUNT).await.expect(204);
    assert_eq!(shop.count("orders").await, orders);
    let still_named = shop
        .rows("select id from orders where email <> ''")
        .await
        .len();
    assert_eq!(still_named, others - of_ada);
    let database = format!("{:?}", shop.snapshot().await);
    for personal in ["ada@example.com", "Ada Lovelace", &order.address.street] {
        assert!(!database.contains(personal), "{personal} is still known");
    }
    assert!(database.contains(order.summary.number.as_str()));
    let shown = paths::with(api::CHECKOUT_DONE, order.summary.number.as_str());
    ada.get(&shown).await.expect_problem(404, kinds::NOT_FOUND);
}

#[tokio::test]
async fn whoever_signs_in_again_is_a_new_customer() {
    let shop = spawn_app().await;
    let ada = shop.customer(ADA).await;
    ada.buy(KNIFE, 1).await;
    ada.delete(api::ACCOUNT).await.expect(204);
    ada.sign_in(ADA).await;
    let account: shared::account::Account = ada.get(api::ACCOUNT).await.expect(200).json();
    assert_eq!(account.order_count, 0);
    assert_eq!(ada.cart_lines().await, []);
}
