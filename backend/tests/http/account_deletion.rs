//! Deleting the account: the shop forgets the person, on every device, and keeps its books.

use crate::support::{shopping::*, *};
use shared::{
    account::{Account, Next},
    paths::{self, api, page},
    problem::kinds,
    session::{EndReason, SessionState},
};

#[tokio::test]
async fn every_session_ends_at_once_and_says_why() {
    let shop = spawn_app().await;
    let laptop = shop.customer(ADA).await;
    let phone = shop.customer(ADA).await;
    let grace = shop.customer("grace@example.com").await;
    let Next { next } = laptop.delete(api::ACCOUNT).await.expect(200).json();
    assert_eq!(next, format!("{}?state=account-deleted", page::SIGNED_OUT));
    for device in [&laptop, &phone] {
        device.get(api::ORDERS).await.expect_problem(401, kinds::SIGN_IN_REQUIRED);
    }
    let deleted = SessionState::None { ended: Some(EndReason::AccountDeleted) };
    for device in [&laptop, &phone] {
        assert_eq!(device.session().await.state, deleted);
    }
    assert_eq!(shop.session_of(&laptop).await, None);
    grace.get(api::ORDERS).await.expect(200);
}

#[tokio::test]
async fn the_person_is_forgotten_and_the_books_are_kept() {
    let shop = spawn_app().await;
    let ada = shop.customer(ADA).await;
    let order = ada.buy(KNIFE, 2).await;
    ada.add(KNIFE, 1).await.expect(200);
    ada.wish("stoneware-teacup").await.expect(200);
    let orders = shop.count("orders").await;
    let others = shop.rows("select id from orders where email <> ''").await.len();
    let of_ada = shop
        .rows("select orders.id from orders join customer on customer.id = customer_id where customer.email = 'ada@example.com'")
        .await
        .len();
    ada.delete(api::ACCOUNT).await.expect(200);
    assert_eq!(shop.count("orders").await, orders);
    for table in ["wishlist_item", "cart_item", "session_trace"] {
        assert_eq!(shop.count(table).await, 0, "{table}");
    }
    assert_eq!(shop.count("address").await, 1, "the other demo customer's");
    let still_named = shop.rows("select id from orders where email <> ''").await.len();
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
async fn single_sign_on_does_not_begin_the_account_anew() {
    let shop = spawn_app().await;
    let laptop = shop.customer(ADA).await;
    let phone = shop.customer(ADA).await;
    let customers = shop.count("customer").await;
    laptop.delete(api::ACCOUNT).await.expect(200);
    for device in [&laptop, &phone] {
        assert!(!device.session().await.silent_login_offered);
        let login = device.start_login("/account").await;
        assert_eq!(login.parameter("prompt"), "login");
    }
    assert_eq!(shop.count("customer").await, customers - 1);
}

#[tokio::test]
async fn whoever_signs_in_again_is_a_new_customer() {
    let shop = spawn_app().await;
    let ada = shop.customer(ADA).await;
    ada.buy(KNIFE, 1).await;
    ada.delete(api::ACCOUNT).await.expect(200);
    ada.sign_in(ADA).await;
    let account: Account = ada.get(api::ACCOUNT).await.expect(200).json();
    assert_eq!(account.order_count, 0);
    assert_eq!(ada.cart_lines().await, []);
    let next = ada.start_login("/account").await;
    assert_eq!(parameter(&next.authorization_url, "prompt"), None);
}
