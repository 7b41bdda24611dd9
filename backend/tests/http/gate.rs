//! What needs a customer is refused to everybody else, as a problem and never as a redirect.

use crate::support::{shopping::*, *};
use reqwest::Method;
use shared::{
    account::Account,
    orders::{Order, OrderPage},
    paths::{api, with},
    problem::kinds,
};

/// What only a customer may ask for.
fn gated() -> [(Method, String); 9] {
    [
        (Method::GET, api::ORDERS.to_owned()),
        (Method::GET, with(api::ORDER, "7K2M-9QWX-4T0B")),
        (Method::POST, with(api::ORDER_CANCEL, "7K2M-9QWX-4T0B")),
        (Method::GET, api::ACCOUNT.to_owned()),
        (Method::GET, api::ACCOUNT_ADDRESSES.to_owned()),
        (Method::POST, api::ACCOUNT_ADDRESSES.to_owned()),
        (Method::PUT, with(api::ACCOUNT_ADDRESS, "1")),
        (Method::DELETE, with(api::ACCOUNT_ADDRESS, "1")),
        (Method::PUT, with(api::ACCOUNT_ADDRESS_DEFAULT, "1")),
    ]
}

async fn expect_gates_closed(browser: &Browser) {
    for (method, path) in gated() {
        let answer = browser.fetch(method, &path).send().await;
        let problem = answer.expect_problem(401, kinds::SIGN_IN_REQUIRED);
        assert_eq!(problem.detail, "Sign in to see this.", "{path}");
        assert_eq!(answer.header("location"), None, "{path}");
        // `Basic` or `Bearer` would make a browser ask by itself.
        assert_eq!(answer.header("www-authenticate"), None, "{path}");
        assert_eq!(answer.header("cache-control"), Some("no-store"), "{path}");
    }
}

#[tokio::test]
async fn a_visitor_without_a_session_is_asked_to_sign_in() {
    let shop = spawn_app().await;
    expect_gates_closed(&shop.guest()).await;
    assert_eq!(shop.count("session").await, 0);
}

#[tokio::test]
async fn a_guest_with_a_session_is_asked_to_sign_in() {
    let shop = spawn_app().await;
    let guest = shop.guest();
    guest.add(TEACUP, 1).await.expect(200);
    expect_gates_closed(&guest).await;
}

#[tokio::test]
async fn a_customer_whose_session_ended_is_asked_to_sign_in() {
    let shop = spawn_app().await;
    let ada = shop.customer(ADA).await;
    shop.let_session_age(&ada, HOUR).await;
    expect_gates_closed(&ada).await;
}

#[tokio::test]
async fn a_customer_sees_their_account_and_orders() {
    let shop = spawn_app().await;
    let ada = shop.customer(ADA).await;
    let account: Account = ada.get(api::ACCOUNT).await.json();
    assert_eq!(account.customer.name, "Ada Lovelace");
    assert_eq!(account.customer.email.as_deref(), Some(ADA));
    assert_eq!(account.recent_orders.len(), 3);
    let page: OrderPage = ada.get(api::ORDERS).await.json();
    assert_eq!(account.order_count, page.total);
    assert_eq!(account.recent_orders, page.orders[..3]);
    for summary in &page.orders {
        let order: Order = ada.get(&with(api::ORDER, summary.number.as_str())).await.json();
        assert_eq!(order.summary, *summary);
    }
}

#[tokio::test]
async fn another_customers_order_looks_like_one_that_never_was() {
    let shop = spawn_app().await;
    let (ada, grace) = (shop.customer(ADA).await, shop.customer(GRACE).await);
    let page: OrderPage = ada.get(api::ORDERS).await.json();
    let placed = &page.orders[0];
    assert_eq!(placed.status, shared::orders::OrderStatus::Placed);
    let before = shop.snapshot().await;
    let theirs = grace.get(&with(api::ORDER, placed.number.as_str())).await;
    let never = grace.get(&with(api::ORDER, "0000-0000-0000")).await;
    let malformed = grace.get(&with(api::ORDER, "x")).await;
    theirs.expect_problem(404, kinds::NOT_FOUND);
    assert_eq!(theirs.body, never.body);
    assert_eq!(theirs.body, malformed.body);
    let cancel =
        grace.fetch(Method::POST, &with(api::ORDER_CANCEL, placed.number.as_str())).send().await;
    cancel.expect_problem(404, kinds::NOT_FOUND);
    grace
        .get(&with(api::CHECKOUT_DONE, placed.number.as_str()))
        .await
        .expect_problem(404, kinds::NOT_FOUND);
    assert_eq!(shop.snapshot().await, before);
}

#[tokio::test]
async fn what_anybody_may_see_needs_no_session() {
    let shop = spawn_app().await;
    let guest = shop.guest();
    for path in
        [api::SESSION, api::CATEGORIES, api::PRODUCTS, "/api/products/kitchen-knife", api::CART]
    {
        guest.get(path).await.expect(200);
    }
}
