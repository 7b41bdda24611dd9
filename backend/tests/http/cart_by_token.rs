//! The cart of a guest on a page elsewhere: kept by the page, by a token in a header, and not by a cookie.

use crate::support::{page::ORIGIN, shopping::*, *};
use futures_util::future::join_all;
use reqwest::Method;
use serde_json::json;
use shared::{
    cart::Cart,
    orders::Order,
    paths::{api, header, with},
    problem::kinds,
};

async fn spawn() -> (TestApp, Provider) {
    let provider = Provider::start().await;
    let shop = Spawn::default().with_pages_of(&provider).spawn().await;
    (shop, provider)
}

fn cart_token(page: &Page) -> Option<String> {
    page.cart_token.lock().expect("a token").clone()
}

#[tokio::test]
async fn a_first_line_item_answers_a_token_that_opens_the_cart() {
    let (shop, _provider) = spawn().await;
    let page = shop.page();
    assert_eq!(page.get(api::CART).await.json::<Cart>(), Cart::default());
    assert_eq!(cart_token(&page), None);
    page.add(KNIFE, 1).await.expect(200);
    let token = cart_token(&page).expect("a token");
    let answer = page.add(TEACUP, 2).await.expect(200);
    assert_eq!(answer.header(header::CART), None, "the cart is known already");
    let line = with(api::CART_ITEM, KNIFE);
    let set = page.fetch(Method::PUT, &line).json(&json!({ "quantity": 3 }));
    page.send(set).await.expect(200);
    page.delete(&with(api::CART_ITEM, TEACUP)).await.expect(200);
    assert_eq!(page.cart_lines().await, [(KNIFE.to_owned(), 3)]);
    assert_eq!(shop.count("session").await, 0);
    let database = format!("{:?}", shop.snapshot().await);
    assert!(!database.contains(&token), "the database knows its hash alone");
}

#[tokio::test]
async fn a_token_that_nobody_gave_out_opens_no_cart_and_is_not_taken_over() {
    let (shop, _provider) = spawn().await;
    for planted in ["x".repeat(43), "x".to_owned(), String::new()] {
        let page = shop.page();
        *page.cart_token.lock().expect("a token") = Some(planted.clone());
        assert_eq!(page.cart_lines().await, []);
        page.add(KNIFE, 1).await.expect(200);
        assert_ne!(cart_token(&page), Some(planted));
        assert_eq!(page.cart_lines().await, [(KNIFE.to_owned(), 1)]);
    }
}

#[tokio::test]
async fn the_shops_own_page_has_its_cart_by_the_cookie_alone() {
    let (shop, _provider) = spawn().await;
    let page = shop.page();
    page.add(KNIFE, 1).await.expect(200);
    let token = cart_token(&page).expect("a token");
    let guest = shop.guest();
    let by_header = guest.fetch(Method::GET, api::CART).header(header::CART, &token);
    assert_eq!(by_header.send().await.json::<Cart>(), Cart::default());
    let from_elsewhere = guest
        .fetch(Method::GET, api::CART)
        .header("origin", ORIGIN)
        .header("cookie", &format!("storezero-cart={token}"))
        .send()
        .await;
    from_elsewhere.expect_problem(400, kinds::MIXED_CREDENTIALS);
}

#[tokio::test]
async fn a_guest_elsewhere_orders_once_however_often_it_is_sent() {
    let (shop, _provider) = spawn().await;
    let page = shop.page();
    page.add(KNIFE, 2).await.expect(200);
    let stock = shop.stock(KNIFE).await;
    let form = page.order_form().await;
    let key = new_key();
    let answers = join_all((0..5).map(|_| page.check_out(&form, &key))).await;
    let mut orders: Vec<Order> =
        answers.iter().filter(|it| it.status == 201).map(Answer::json).collect();
    let again: Order = page.check_out(&form, &key).await.expect(201).json();
    orders.push(again.clone());
    assert!(orders.iter().all(|order| *order == again));
    assert_eq!(shop.stock(KNIFE).await, stock - 2);
    assert_eq!(page.cart_lines().await, []);

    let done = with(api::CHECKOUT_DONE, again.summary.number.as_str());
    assert_eq!(page.get(&done).await.json::<Order>(), again);
    shop.page().get(&done).await.expect_problem(404, kinds::NOT_FOUND);
    assert_eq!(shop.count("session").await, 0);
}

#[tokio::test]
async fn a_guests_cart_joins_the_customers_once() {
    let (shop, provider) = spawn().await;
    let mut page = shop.page();
    page.add(KNIFE, 2).await.expect(200);
    page.access_token = Some(provider.access_token().sign());
    // Until they are merged the customer's own is meant.
    assert_eq!(page.cart_lines().await, []);
    page.add(TEACUP, 1).await.expect(200);
    let merged: Cart = page.merge().await.json();
    let mut held = lines(merged.clone());
    held.sort_unstable();
    assert_eq!(held, [(KNIFE.to_owned(), 2), (TEACUP.to_owned(), 1)]);
    assert_eq!(merged.merged.expect("a report").added, 1);
    for again in join_all((0..3).map(|_| page.merge())).await {
        assert_eq!(again.json::<Cart>().count, 3);
    }
    page.access_token = None;
    assert_eq!(page.cart_lines().await, [], "the guest's cart is gone");
}

#[tokio::test]
async fn two_pages_that_merge_at_once_merge_once() {
    let (shop, provider) = spawn().await;
    let mut page = shop.page();
    page.add(KNIFE, 2).await.expect(200);
    page.access_token = Some(provider.access_token().sign());
    for answer in join_all((0..5).map(|_| page.merge())).await {
        answer.expect(200);
    }
    assert_eq!(page.cart_lines().await, [(KNIFE.to_owned(), 2)]);
}

#[tokio::test]
async fn a_merge_without_a_guests_cart_changes_nothing_and_needs_a_customer() {
    let (shop, provider) = spawn().await;
    let mut page = shop.page();
    page.merge().await.expect_problem(401, kinds::SIGN_IN_REQUIRED);
    page.access_token = Some(provider.access_token().sign());
    page.get(api::CART).await.expect(200);
    let before = shop.snapshot().await;
    assert_eq!(page.merge().await.json::<Cart>(), Cart::default());
    *page.cart_token.lock().expect("a token") = Some("x".repeat(43));
    assert_eq!(page.merge().await.json::<Cart>(), Cart::default());
    assert_eq!(shop.snapshot().await, before);
}

#[tokio::test]
async fn a_guests_order_stays_in_reach_after_they_signed_in() {
    let (shop, provider) = spawn().await;
    let mut page = shop.page();
    page.add(KNIFE, 1).await.expect(200);
    let form = page.order_form().await;
    let order: Order = page.check_out(&form, &new_key()).await.expect(201).json();
    page.access_token = Some(provider.access_token().sign());
    let done = with(api::CHECKOUT_DONE, order.summary.number.as_str());
    assert_eq!(page.get(&done).await.json::<Order>(), order);
}
