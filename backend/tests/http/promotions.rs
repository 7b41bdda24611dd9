//! Promotion codes: given to a cart, counted at the checkout, kept by the order.

use crate::support::{shopping::*, *};
use reqwest::Method;
use shared::{
    cart::Cart,
    checkout::Change,
    money::Money,
    orders::{Order, VatShare},
    paths::{api, with},
    problem::kinds,
    promotions::GiveCode,
};

async fn give(browser: &Browser, code: &str) -> Answer {
    let code = GiveCode { code: code.to_owned() };
    browser.fetch(Method::PUT, api::CART_PROMOTION).json(&code).send().await
}

async fn refused(browser: &Browser, code: &str) -> String {
    let problem = give(browser, code).await.expect_problem(422, kinds::VALIDATION);
    let [fault] = &*problem.errors else { panic!("{problem:?}") };
    assert_eq!(fault.field, "code");
    fault.message.clone()
}

fn code_of(cart: &Cart) -> Option<&str> {
    cart.promotion.as_ref().map(|promotion| promotion.code.as_str())
}

async fn buy(browser: &Browser) -> Order {
    let form = browser.order_form().await;
    browser.check_out(&form, &new_key()).await.json()
}

#[tokio::test]
async fn a_code_lowers_cart_quote_order_and_the_vat_in_it() {
    let shop = spawn_app().await;
    let guest = shop.guest();
    guest.add(KNIFE, 1).await.expect(200);
    let cart: Cart = give(&guest, " welcome10 ").await.json();
    let promotion = cart.promotion.expect("applied");
    assert_eq!((promotion.code.as_str(), promotion.discount), ("WELCOME10", Money::eur(649)));
    let quote = guest.quote().await;
    // 64.90 − 6.49; from 50.00 on the delivery is free.
    assert_eq!(quote.totals.total, Money::eur(5_841));
    assert_eq!(quote.promotion_code.as_deref(), Some("WELCOME10"));

    let order = buy(&guest).await;
    assert_eq!((order.totals, order.promotion_code), (quote.totals, quote.promotion_code));
    // 58.41 × 19/119
    let (net, tax, gross) = (Money::eur(4_908), Money::eur(933), Money::eur(5_841));
    assert_eq!(order.vat, [VatShare { rate: 1900, net, tax, gross }]);
    let again: Order =
        guest.get(&with(api::CHECKOUT_DONE, order.summary.number.as_str())).await.json();
    assert_eq!(again.totals, order.totals);
    guest.add(KNIFE, 1).await.expect(200);
    assert_eq!(guest.cart().await.promotion, None, "it was for that order");
}

#[tokio::test]
async fn a_code_that_does_not_count_says_why_and_changes_nothing() {
    let shop = spawn_app().await;
    let guest = shop.guest();
    assert!(refused(&guest, "WELCOME10").await.contains("into the cart first"));
    guest.add(TEACUP, 1).await.expect(200);
    give(&guest, "WELCOME10").await.expect(200);
    assert!(refused(&guest, "NOSUCHCODE").await.contains("no such code"));
    assert!(refused(&guest, "").await.contains("no such code"));
    assert!(refused(&guest, "FIVEOFF").await.contains("Add €11.10 more"));
    assert!(refused(&guest, &"x".repeat(41)).await.contains("at most 40"));
    shop.execute("update promotion set ends_at = 1 where code = 'SHIPFREE'").await;
    assert!(refused(&guest, "SHIPFREE").await.contains("has ended"));
    assert_eq!(code_of(&guest.cart().await), Some("WELCOME10"));
    guest.post(api::CART_PROMOTION, &GiveCode { code: "A".into() }).await.expect(405);
    let taken: Cart = guest.delete(api::CART_PROMOTION).await.json();
    assert_eq!(taken.promotion, None);
    guest.delete(api::CART_PROMOTION).await.expect(200);
}

#[tokio::test]
async fn a_cart_that_falls_below_the_minimum_keeps_the_code_and_is_told() {
    let shop = spawn_app().await;
    let guest = shop.guest();
    guest.add(TEACUP, 2).await.expect(200);
    give(&guest, "FIVEOFF").await.expect(200);
    guest
        .fetch(Method::PUT, &with(api::CART_ITEM, TEACUP))
        .json(&serde_json::json!({"quantity": 1}))
        .send()
        .await
        .expect(200);
    let promotion = guest.cart().await.promotion.expect("still there");
    assert_eq!(promotion.discount, Money::ZERO);
    assert_eq!(
        promotion.refused.as_deref(),
        Some("Add €11.10 more to the cart, and the code counts.")
    );
    let quote = guest.quote().await;
    assert_eq!((quote.totals.discount, quote.promotion_code), (Money::ZERO, None));
}

#[tokio::test]
async fn a_code_that_ends_before_the_order_is_told_like_a_changed_price() {
    let shop = spawn_app().await;
    let guest = shop.guest();
    guest.add(KNIFE, 1).await.expect(200);
    give(&guest, "WELCOME10").await.expect(200);
    let form = guest.order_form().await;
    shop.execute("update promotion set ends_at = 1").await;
    let refused = guest.check_out(&form, &new_key()).await;
    let problem = refused.expect_problem(409, kinds::CART_CHANGED);
    let (seen, now) = (Money::eur(5_841), Money::eur(6_490));
    assert_eq!(
        problem.changes,
        [Change::Promotion { code: "WELCOME10".into() }, Change::Total { seen, now }]
    );
    let order = buy(&guest).await;
    assert_eq!((order.totals.total, order.promotion_code), (now, None));
}

#[tokio::test]
async fn at_a_login_the_customers_own_code_stays_before_the_guests() {
    let shop = spawn_app().await;
    let ada = shop.customer(ADA).await;
    ada.add(KNIFE, 1).await.expect(200);
    let guest = shop.guest();
    guest.add(TEACUP, 2).await.expect(200);
    give(&guest, "FIVEOFF").await.expect(200);
    guest.sign_in(ADA).await;
    assert_eq!(code_of(&guest.cart().await), Some("FIVEOFF"));

    let other = shop.guest();
    other.add(TEACUP, 1).await.expect(200);
    give(&other, "WELCOME10").await.expect(200);
    other.sign_in(ADA).await;
    assert_eq!(code_of(&other.cart().await), Some("FIVEOFF"));
}

#[tokio::test]
async fn codes_are_not_to_be_guessed() {
    let shop = Spawn::default().setting("STOREZERO_LIMIT_PROMOTION_CODES", "3/1h").spawn().await;
    let guest = shop.guest();
    guest.add(KNIFE, 1).await.expect(200);
    for guess in 0..3 {
        refused(&guest, &format!("GUESS{guess}")).await;
    }
    let problem = give(&guest, "WELCOME10").await.expect_problem(429, kinds::TOO_MANY_REQUESTS);
    assert!(problem.retry_after.is_some_and(|seconds| seconds > 0));
    guest.delete(api::CART_PROMOTION).await.expect(200);
}
