//! Paying with the sandbox's cards: approved, declined, to be confirmed, and a provider that is down.

use crate::support::{shopping::*, *};
use backend::jobs::sweep_once;
use shared::{
    checkout::CheckoutRequest,
    orders::{Order, OrderPage, OrderStatus},
    paths::{api, with},
    problem::kinds,
};

const DECLINED: &str = "4000 0000 0000 0002";
const NEEDS_CONFIRMATION: &str = "4000 0025 0000 3155";
const PROVIDER_DOWN: &str = "4000 0000 0000 0119";

fn with_card(form: &CheckoutRequest, number: &str) -> CheckoutRequest {
    CheckoutRequest { card: card(number), ..form.clone() }
}

#[tokio::test]
async fn a_declined_card_orders_nothing_and_gives_the_stock_back() {
    let shop = spawn_app().await;
    let stock = shop.stock(KNIFE).await;
    let orders = shop.count("orders").await;
    let (guest, form) = ready_to_order(&shop, KNIFE, 1).await;
    let declined = with_card(&form, DECLINED);
    let key = new_key();
    for _ in 0..2 {
        guest.check_out(&declined, &key).await.expect_problem(402, kinds::PAYMENT_DECLINED);
    }
    assert_eq!(shop.stock(KNIFE).await, stock);
    assert_eq!(shop.count("orders").await, orders);
    assert_eq!(guest.cart_lines().await, [(KNIFE.to_owned(), 1)]);
    guest.check_out(&form, &new_key()).await.expect(201);
}

#[tokio::test]
async fn a_card_that_wants_a_confirmation_holds_the_stock_until_it_has_one() {
    let shop = spawn_app().await;
    let stock = shop.stock(KNIFE).await;
    let (guest, form) = ready_to_order(&shop, KNIFE, 1).await;
    let mut form = with_card(&form, NEEDS_CONFIRMATION);
    let key = new_key();
    let asked = guest
        .check_out(&form, &key)
        .await
        .expect_problem(402, kinds::PAYMENT_AUTHENTICATION_REQUIRED);
    let challenge = asked.challenge.expect("a challenge");
    assert_eq!(shop.stock(KNIFE).await, stock - 1);

    for wrong in ["x".to_owned(), String::new(), "00".repeat(32)] {
        form.challenge = Some(wrong);
        let again = guest.check_out(&form, &key).await;
        again.expect_problem(402, kinds::PAYMENT_AUTHENTICATION_REQUIRED);
    }
    form.challenge = Some(challenge.clone());
    let order: Order = guest.check_out(&form, &key).await.json();
    assert_eq!(order.summary.status, OrderStatus::Placed);
    assert_eq!(shop.stock(KNIFE).await, stock - 1);

    // One confirmation is good for one order.
    guest.add(KNIFE, 1).await.expect(200);
    let mut next = with_card(&guest.order_form().await, NEEDS_CONFIRMATION);
    next.challenge = Some(challenge);
    let refused = guest.check_out(&next, &new_key()).await;
    refused.expect_problem(402, kinds::PAYMENT_AUTHENTICATION_REQUIRED);
}

#[tokio::test]
async fn an_order_that_waits_for_its_confirmation_is_shown_to_nobody() {
    let shop = spawn_app().await;
    let ada = shop.customer(ADA).await;
    let before: OrderPage = ada.get(api::ORDERS).await.json();
    ada.add(KNIFE, 1).await.expect(200);
    let form = with_card(&ada.order_form().await, NEEDS_CONFIRMATION);
    ada.check_out(&form, &new_key())
        .await
        .expect_problem(402, kinds::PAYMENT_AUTHENTICATION_REQUIRED);
    let after: OrderPage = ada.get(api::ORDERS).await.json();
    assert_eq!(after, before);
    let reserved = shop.rows("select number from orders where status = 'reserved'").await;
    let number = reserved[0]["number"].as_str().expect("a number");
    ada.get(&with(api::ORDER, number)).await.expect_problem(404, kinds::NOT_FOUND);
    ada.get(&with(api::CHECKOUT_DONE, number)).await.expect_problem(404, kinds::NOT_FOUND);
}

#[tokio::test]
async fn a_reservation_that_nobody_confirms_ends_by_itself() {
    let shop = spawn_app().await;
    let stock = shop.stock(KNIFE).await;
    let orders = shop.count("orders").await;
    let (guest, form) = ready_to_order(&shop, KNIFE, 1).await;
    let mut form = with_card(&form, NEEDS_CONFIRMATION);
    let key = new_key();
    let asked = guest
        .check_out(&form, &key)
        .await
        .expect_problem(402, kinds::PAYMENT_AUTHENTICATION_REQUIRED);
    sweep_once(&shop.app.sessions, &shop.app.db).await.expect("a round");
    assert_eq!(shop.stock(KNIFE).await, stock - 1);

    shop.execute(&format!(
        "update checkout_attempt set until = until - {}",
        (5 * MINUTE).as_millis()
    ))
    .await;
    sweep_once(&shop.app.sessions, &shop.app.db).await.expect("a round");
    assert_eq!(shop.stock(KNIFE).await, stock);
    assert_eq!(shop.count("orders").await, orders);
    // A confirmation takes what is there by then.
    form.challenge = asked.challenge;
    shop.set_stock(KNIFE, 0).await;
    guest.check_out(&form, &key).await.expect_problem(409, kinds::OUT_OF_STOCK);
    shop.set_stock(KNIFE, 1).await;
    guest.check_out(&form, &key).await.expect(201);
}

#[tokio::test]
async fn what_one_cart_reserves_is_little_and_not_for_long() {
    let shop = spawn_app().await;
    shop.set_stock(KNIFE, 129).await;
    let (guest, form) = ready_to_order(&shop, KNIFE, 99).await;
    guest.add(TEACUP, 1).await.expect(200);
    let crowded = guest.add(TEACUP, 1).await.expect_problem(422, kinds::VALIDATION);
    assert!(crowded.detail.contains("At most 100 items fit into a cart"), "{}", crowded.detail);
    guest.delete(&with(api::CART_ITEM, TEACUP)).await.expect(200);

    let form = with_card(&form, NEEDS_CONFIRMATION);
    for _ in 0..3 {
        let asked = guest.check_out(&form, &new_key()).await;
        asked.expect_problem(402, kinds::PAYMENT_AUTHENTICATION_REQUIRED);
        assert_eq!(shop.stock(KNIFE).await, 30, "it holds nothing twice");
        assert_eq!(guest.cart().await.items[0].available, 99, "to them it is there");
    }
    let by = (5 * MINUTE).as_millis();
    shop.execute(&format!("update checkout_attempt set until = until - {by}")).await;
    shop.execute(&format!("update cart set held_since = held_since - {by}")).await;
    let asked = guest.check_out(&form, &new_key()).await;
    let asked = asked.expect_problem(402, kinds::PAYMENT_AUTHENTICATION_REQUIRED);
    assert!(asked.detail.contains("on sale again"), "{}", asked.detail);
    assert_eq!(shop.stock(KNIFE).await, 129, "it holds nothing anew without paying");
}

#[tokio::test]
async fn one_sender_keeps_no_more_carts_waiting_and_may_still_buy() {
    let shop = Spawn::default().setting("STOREZERO_LIMIT_HOLDS", "2/1h").spawn().await;
    let stock = shop.stock(KNIFE).await;
    let mut last = None;
    for kept in [1, 2, 2] {
        let (guest, form) = ready_to_order(&shop, KNIFE, 1).await;
        let form = with_card(&form, NEEDS_CONFIRMATION);
        let key = new_key();
        let mut answer = None;
        // A cart that keeps items begins nothing when it asks again.
        for _ in 0..2 {
            let asked = guest.check_out(&form, &key).await;
            let asked = asked.expect_problem(402, kinds::PAYMENT_AUTHENTICATION_REQUIRED);
            assert_eq!(shop.stock(KNIFE).await, stock - kept);
            answer = Some(asked);
        }
        last = Some((answer.expect("one of two"), guest, form, key));
    }
    let (asked, guest, mut form, key) = last.expect("the third");
    assert!(asked.detail.contains("are not kept for you"), "{}", asked.detail);
    form.challenge = asked.challenge;
    guest.check_out(&form, &key).await.expect(201);
    let (other, form) = ready_to_order(&shop, KNIFE, 1).await;
    other.check_out(&form, &new_key()).await.expect(201);
}

#[tokio::test]
async fn after_five_declined_cards_in_a_row_a_cart_pauses_on_every_replica() {
    let shop = spawn_app().await;
    let replica = shop.replica().await;
    let (guest, form) = ready_to_order(&shop, KNIFE, 1).await;
    let declined = with_card(&form, DECLINED);
    for _ in 0..4 {
        guest.check_out(&declined, &new_key()).await.expect_problem(402, kinds::PAYMENT_DECLINED);
    }
    // A success ends the row.
    guest.check_out(&form, &new_key()).await.expect(201);
    guest.add(KNIFE, 1).await.expect(200);
    for _ in 0..5 {
        guest.check_out(&declined, &new_key()).await.expect_problem(402, kinds::PAYMENT_DECLINED);
    }
    let elsewhere = replica.browser();
    for cookie in guest.cookies() {
        elsewhere.put_cookie(cookie);
    }
    let answer = elsewhere.check_out(&form, &new_key()).await;
    let problem = answer.expect_problem(429, kinds::PAYMENT_PAUSED);
    assert!(problem.detail.contains("Order again in 15 minutes."), "{}", problem.detail);
    let seconds: u32 = answer.header("retry-after").expect("a time").parse().expect("seconds");
    assert!((880..=900).contains(&seconds), "{seconds}");

    let by = (15 * MINUTE).as_millis();
    shop.execute(&format!("update checkout_attempt set until = until - {by}")).await;
    elsewhere.check_out(&form, &new_key()).await.expect(201);
}

#[tokio::test]
async fn a_new_cart_is_no_new_row_of_cards_to_try() {
    let shop = Spawn::default().setting("STOREZERO_LIMIT_DECLINED", "2/1h").spawn().await;
    let stock = shop.stock(KNIFE).await;
    for expected in [402, 402, 429] {
        let (guest, form) = ready_to_order(&shop, KNIFE, 1).await;
        guest.check_out(&form, &new_key()).await.expect(if expected == 402 { 201 } else { 429 });
        guest.add(KNIFE, 1).await.expect(200);
        let form = with_card(&guest.order_form().await, DECLINED);
        guest.check_out(&form, &new_key()).await.expect(expected);
    }
    assert_eq!(shop.stock(KNIFE).await, stock - 2, "nothing waits");
}

#[tokio::test]
async fn a_payment_provider_that_is_down_costs_nothing_and_the_same_request_may_try_again() {
    let shop = spawn_app().await;
    let stock = shop.stock(KNIFE).await;
    let orders = shop.count("orders").await;
    let (guest, form) = ready_to_order(&shop, KNIFE, 1).await;
    let form = with_card(&form, PROVIDER_DOWN);
    let key = new_key();
    for _ in 0..2 {
        guest.check_out(&form, &key).await.expect_problem(503, kinds::PAYMENT_UNAVAILABLE);
    }
    assert_eq!(shop.stock(KNIFE).await, stock);
    assert_eq!(shop.count("orders").await, orders);
    assert_eq!(guest.cart_lines().await, [(KNIFE.to_owned(), 1)]);
}

#[tokio::test]
async fn what_was_put_in_during_the_payment_stays_in_the_cart() {
    let shop = spawn_app().await;
    let (guest, form) = ready_to_order(&shop, KNIFE, 1).await;
    let mut form = with_card(&form, NEEDS_CONFIRMATION);
    let key = new_key();
    let asked = guest
        .check_out(&form, &key)
        .await
        .expect_problem(402, kinds::PAYMENT_AUTHENTICATION_REQUIRED);
    guest.add(KNIFE, 2).await.expect(200);
    guest.add(TEACUP, 1).await.expect(200);
    form.challenge = asked.challenge;
    guest.check_out(&form, &key).await.expect(201);
    assert_eq!(guest.cart_lines().await, [(KNIFE.to_owned(), 2), (TEACUP.to_owned(), 1)]);
}

#[tokio::test]
async fn a_cards_number_and_code_are_kept_nowhere() {
    let shop = spawn_app().await;
    let guest = shop.guest();
    guest.add(KNIFE, 1).await.expect(200);
    let mut form = guest.order_form().await;
    form.card.security_code = "8531".into();
    let answer = guest.check_out(&form, &new_key()).await.expect(201);
    let database = format!("{:?}", shop.snapshot().await);
    // As a word of its own: four digits also occur by chance within an id or a hash.
    let holds = |text: &str, secret: &str| {
        text.split(|c: char| !c.is_ascii_alphanumeric()).any(|word| word == secret)
    };
    for secret in ["4242424242424242", "8531"] {
        assert!(!holds(&database, secret), "{secret} is in the database");
        assert!(!holds(&answer.text(), secret), "{secret} is in the answer");
    }
    assert!(!database.contains("4242 4242 4242 4242"));
    assert!(!answer.text().contains("4242 4242 4242 4242"));
}
