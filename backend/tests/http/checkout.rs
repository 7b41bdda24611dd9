//! Checkout over HTTP: agreed prices, payment, one order per intent, and stock that never falls below zero.

use crate::support::{shopping::*, *};
use futures_util::future::join_all;
use reqwest::Method;
use shared::{
    checkout::{Change, DeliveryMethod, Quote, QuoteRequest},
    ids::OrderNumber,
    money::Money,
    orders::{Order, OrderPage, OrderStatus},
    paths::{api, header, with},
    problem::kinds,
    session::LogoutScope,
};

#[tokio::test]
async fn a_guest_orders_without_an_account() {
    let shop = spawn_app().await;
    let stock = shop.stock(KNIFE).await;
    let (guest, form) = ready_to_order(&shop, KNIFE, 2).await;
    let answer = guest.check_out(&form, &new_key()).await.expect(201);
    let order: Order = answer.json();
    assert_eq!(order.summary.status, OrderStatus::Placed);
    assert_eq!(order.summary.total, Money::eur(12_980));
    assert_eq!(order.items.len(), 1);
    assert_eq!(order.items[0].quantity, 2);
    assert_eq!(order.address, form.address);
    assert_eq!(order.payment.last4, "4242");
    assert!(order.cancellable);
    assert_eq!(shop.stock(KNIFE).await, stock - 2);
    assert_eq!(guest.cart_lines().await, []);

    let path = with(api::CHECKOUT_DONE, order.summary.number.as_str());
    assert_eq!(guest.get(&path).await.json::<Order>(), order);
    // The number alone shows the order to nobody else.
    shop.guest().get(&path).await.expect_problem(404, kinds::NOT_FOUND);
    shop.customer(ADA).await.get(&path).await.expect_problem(404, kinds::NOT_FOUND);
}

#[tokio::test]
async fn a_customers_order_is_in_all_orders() {
    let shop = spawn_app().await;
    let ada = shop.customer(ADA).await;
    let before: OrderPage = ada.get(api::ORDERS).await.json();
    let order = ada.buy(KNIFE, 1).await;
    let after: OrderPage = ada.get(api::ORDERS).await.json();
    assert_eq!(after.total, before.total + 1);
    assert_eq!(after.orders[0], order.summary);
    let path = with(api::CHECKOUT_DONE, order.summary.number.as_str());
    assert_eq!(ada.get(&path).await.json::<Order>(), order);
}

#[tokio::test]
async fn a_login_keeps_this_browsers_orders_with_the_address_that_the_provider_knows_to_be_theirs()
{
    let shop = spawn_app().await;
    let guest = shop.guest();
    let own = guest.buy(KNIFE, 1).await.summary.number;
    guest.add(KNIFE, 1).await.expect(200);
    let mut form = guest.order_form().await;
    form.email = "somebody@example.com".into();
    let of_another: Order = guest.check_out(&form, &new_key()).await.json();
    let elsewhere = shop.guest().buy(KNIFE, 1).await.summary.number;

    let ada = guest.signed_in_as(ADA).await;
    let path = |number: &OrderNumber| with(api::ORDER, number.as_str());
    assert_eq!(ada.get(&path(&own)).await.json::<Order>().summary.number, own);
    let done = with(api::CHECKOUT_DONE, own.as_str());
    assert_eq!(ada.get(&done).await.json::<Order>().summary.number, own);
    for other in [of_another.summary.number, elsewhere] {
        ada.get(&path(&other)).await.expect_problem(404, kinds::NOT_FOUND);
    }
    let page: OrderPage = ada.get(api::ORDERS).await.json();
    assert_eq!(page.orders[0].number, own);
}

#[tokio::test]
async fn the_whole_journey_with_a_login_in_the_middle() {
    let shop = spawn_app().await;
    let guest = shop.guest();
    guest.add(KNIFE, 1).await.expect(200);
    guest.get(api::ORDERS).await.expect_problem(401, kinds::SIGN_IN_REQUIRED);
    let ada = guest.signed_in_as(ADA).await;
    assert_eq!(ada.cart_lines().await, [(KNIFE.to_owned(), 1)]);
    let form = ada.order_form().await;
    let order: Order = ada.check_out(&form, &new_key()).await.json();
    let page: OrderPage = ada.get(api::ORDERS).await.json();
    assert_eq!(page.orders[0].number, order.summary.number);
}

#[tokio::test]
async fn a_quote_is_what_the_order_costs() {
    let shop = spawn_app().await;
    let guest = shop.guest();
    guest.add(TEACUP, 1).await.expect(200);
    for (delivery, country, delivery_price, tax) in [
        // 19 % of each gross price, rounded half to even per line: 302 of 1890, 78 of 490.
        (DeliveryMethod::Standard, "DE", 490, 302 + 78),
        (DeliveryMethod::Express, "DE", 990, 302 + 158),
        // 21 %: 328 of 1890, 85 of 490.
        (DeliveryMethod::Standard, "NL", 490, 328 + 85),
    ] {
        let request = QuoteRequest { delivery, country: country.into() };
        let quote: Quote = guest.post(api::QUOTE, &request).await.json();
        assert_eq!(quote.totals.subtotal, Money::eur(1_890));
        assert_eq!(quote.totals.delivery, Money::eur(delivery_price));
        assert_eq!(quote.totals.tax, Money::eur(tax));
        assert_eq!(quote.totals.total, Money::eur(1_890 + delivery_price));
    }
    // From €50 on, standard delivery is free.
    guest.add(TEACUP, 2).await.expect(200);
    assert_eq!(guest.quote().await.totals.delivery, Money::ZERO);
    let form = guest.order_form().await;
    let order: Order = guest.check_out(&form, &new_key()).await.json();
    assert_eq!(order.totals.total, form.seen.total);
}

#[tokio::test]
async fn pressed_twice_is_one_order() {
    let shop = spawn_app().await;
    let stock = shop.stock(KNIFE).await;
    let (guest, form) = ready_to_order(&shop, KNIFE, 1).await;
    let key = new_key();
    let first: Order = guest.check_out(&form, &key).await.json();
    let second: Order = guest.check_out(&form, &key).await.json();
    assert_eq!(first, second);
    assert_eq!(shop.stock(KNIFE).await, stock - 1);
}

/// Whoever lost the answer has nothing but the cart to look at.
#[tokio::test]
async fn an_emptied_cart_tells_which_order_was_placed_of_it_to_its_shopper_alone() {
    let shop = spawn_app().await;
    let guest = shop.guest();
    let number = guest.buy(KNIFE, 1).await.summary.number;
    assert_eq!(guest.cart().await.placed.as_ref(), Some(&number));
    assert_eq!(shop.guest().cart().await.placed, None);
    shop.execute(&format!("update cart set changed_at = changed_at - {}", HOUR.as_millis())).await;
    assert_eq!(guest.cart().await.placed, None, "it is no news any more");

    guest.buy(KNIFE, 1).await;
    guest.add(TEACUP, 1).await.expect(200);
    guest.delete(&with(api::CART_ITEM, TEACUP)).await.expect(200);
    assert_eq!(guest.cart().await.placed, None, "the cart was used for something else");
    let ada = guest.signed_in_as(ADA).await;
    let number = ada.buy(KNIFE, 1).await.summary.number;
    assert_eq!(ada.cart().await.placed, Some(number));
    ada.sign_out(LogoutScope::Local).await;
    assert_eq!(ada.cart().await.placed, None, "nothing of a customer outlives the logout");
}

#[tokio::test]
async fn ten_at_once_with_one_key_are_one_order() {
    let shop = spawn_app().await;
    let stock = shop.stock(KNIFE).await;
    let orders = shop.count("orders").await;
    let (guest, form) = ready_to_order(&shop, KNIFE, 1).await;
    let key = new_key();
    let answers = join_all((0..10).map(|_| guest.check_out(&form, &key))).await;
    let numbers: Vec<_> =
        answers.iter().map(|answer| answer.json::<Order>().summary.number).collect();
    assert!(numbers.iter().all(|number| *number == numbers[0]));
    assert_eq!(shop.stock(KNIFE).await, stock - 1);
    assert_eq!(shop.count("orders").await, orders + 1);
}

#[tokio::test]
async fn a_key_is_good_for_one_order_only() {
    let shop = spawn_app().await;
    let (guest, form) = ready_to_order(&shop, KNIFE, 1).await;
    let key = new_key();
    guest.check_out(&form, &key).await.expect(201);
    guest.add(TEACUP, 1).await.expect(200);
    let other = guest.order_form().await;
    let orders = shop.count("orders").await;
    guest.check_out(&other, &key).await.expect_problem(422, kinds::IDEMPOTENCY_KEY_REUSED);
    assert_eq!(shop.count("orders").await, orders);
    assert_eq!(guest.cart_lines().await, [(TEACUP.to_owned(), 1)]);
}

#[tokio::test]
async fn what_ran_short_has_the_same_name_in_every_message() {
    let shop = spawn_app().await;
    let (guest, form) = ready_to_order(&shop, TEACUP, 2).await;
    shop.set_stock(TEACUP, 1).await;
    let problem = guest.check_out(&form, &new_key()).await.expect_problem(409, kinds::OUT_OF_STOCK);
    let name = guest.cart().await.items[0].full_name();
    assert_eq!(name, "Stoneware Teacup (White)");
    assert_eq!(problem.changes, [Change::Short { name, wanted: 2, available: 1 }]);
}

#[tokio::test]
async fn the_same_key_of_two_shoppers_is_two_orders() {
    let shop = spawn_app().await;
    let (first, form) = ready_to_order(&shop, KNIFE, 1).await;
    let (second, _) = ready_to_order(&shop, KNIFE, 1).await;
    let key = new_key();
    let one: Order = first.check_out(&form, &key).await.json();
    let other: Order = second.check_out(&form, &key).await.json();
    assert_ne!(one.summary.number, other.summary.number);
}

#[tokio::test]
async fn two_tabs_with_a_key_each_are_one_order() {
    let shop = spawn_app().await;
    let stock = shop.stock(KNIFE).await;
    let (guest, form) = ready_to_order(&shop, KNIFE, 1).await;
    let keys: Vec<String> = (0..5).map(|_| new_key()).collect();
    let answers = join_all(keys.iter().map(|key| guest.check_out(&form, key))).await;
    let placed = answers.iter().filter(|answer| answer.status == 201).count();
    assert_eq!(placed, 1);
    for answer in answers.iter().filter(|answer| answer.status != 201) {
        let problem = answer.problem();
        assert_eq!(problem.status, 409, "{problem:?}");
    }
    assert_eq!(shop.stock(KNIFE).await, stock - 1);
}

#[tokio::test]
async fn of_a_hundred_shoppers_at_two_replicas_for_ten_pieces_ten_get_one() {
    let shop = spawn_app().await;
    let replica = shop.replica().await;
    let shoppers = (0..100).map(|i| [&shop, &replica][i % 2]);
    let shoppers = join_all(shoppers.map(|at| ready_to_order(at, KNIFE, 1))).await;
    shop.set_stock(KNIFE, 10).await;
    let orders = shop.count("orders").await;
    let answers = join_all(
        shoppers.iter().map(async |(guest, form)| guest.check_out(form, &new_key()).await),
    )
    .await;
    let placed = answers.iter().filter(|answer| answer.status == 201).count();
    assert_eq!(placed, 10);
    for answer in answers.iter().filter(|answer| answer.status != 201) {
        let problem = answer.expect_problem(409, kinds::OUT_OF_STOCK);
        let short = Change::Short { name: "Kitchen Knife, 18 cm".into(), wanted: 1, available: 0 };
        assert_eq!(problem.changes, [short]);
    }
    assert_eq!(shop.stock(KNIFE).await, 0);
    assert_eq!(shop.count("orders").await, orders + 10);
}

#[tokio::test]
async fn orders_of_several_products_at_once_wait_for_each_other_and_not_forever() {
    let shop = spawn_app().await;
    let stock = (shop.stock(KNIFE).await, shop.stock(TEACUP).await);
    let shoppers = join_all((0..10).map(async |i| {
        let guest = shop.guest();
        // In both orders, as two transactions that lock rows in different order stop each other.
        let (first, second) = if i % 2 == 0 { (KNIFE, TEACUP) } else { (TEACUP, KNIFE) };
        guest.add(first, 1).await.expect(200);
        guest.add(second, 1).await.expect(200);
        let form = guest.order_form().await;
        (guest, form)
    }))
    .await;
    let answers = join_all(
        shoppers.iter().map(async |(guest, form)| guest.check_out(form, &new_key()).await),
    )
    .await;
    for answer in answers {
        answer.expect(201);
    }
    assert_eq!((shop.stock(KNIFE).await, shop.stock(TEACUP).await), (stock.0 - 10, stock.1 - 10));
}

#[tokio::test]
async fn a_price_that_changed_is_told_and_nothing_is_ordered() {
    let shop = spawn_app().await;
    let (guest, form) = ready_to_order(&shop, KNIFE, 1).await;
    shop.set_price(KNIFE, 6_990).await;
    let before = shop.snapshot().await;
    let problem = guest.check_out(&form, &new_key()).await.expect_problem(409, kinds::CART_CHANGED);
    let name = "Kitchen Knife, 18 cm".to_owned();
    assert_eq!(
        problem.changes,
        [
            Change::Price { name, seen: Money::eur(6_490), now: Money::eur(6_990) },
            Change::Total { seen: Money::eur(6_490), now: Money::eur(6_990) },
        ]
    );
    assert_eq!(shop.snapshot().await, before);
    let form = guest.order_form().await;
    guest.check_out(&form, &new_key()).await.expect(201);
}

#[tokio::test]
async fn a_cart_that_changed_in_another_tab_is_told() {
    let shop = spawn_app().await;
    let (guest, form) = ready_to_order(&shop, KNIFE, 1).await;
    guest.add(KNIFE, 1).await.expect(200);
    guest.add(TEACUP, 1).await.expect(200);
    let problem = guest.check_out(&form, &new_key()).await.expect_problem(409, kinds::CART_CHANGED);
    let quantity = |name: &str, seen, now| Change::Quantity { name: name.into(), seen, now };
    assert!(
        problem.changes.contains(&quantity("Kitchen Knife, 18 cm", 1, 2)),
        "{:?}",
        problem.changes
    );
    assert!(
        problem.changes.contains(&quantity("Stoneware Teacup (White)", 0, 1)),
        "{:?}",
        problem.changes
    );

    guest.delete(&with(api::CART_ITEM, KNIFE)).await.expect(200);
    let problem = guest.check_out(&form, &new_key()).await.expect_problem(409, kinds::CART_CHANGED);
    let gone = Change::Gone { name: "Kitchen Knife, 18 cm".into() };
    assert!(problem.changes.contains(&gone), "{:?}", problem.changes);
}

#[tokio::test]
async fn a_total_that_the_shopper_made_up_is_refused() {
    let shop = spawn_app().await;
    let (guest, form) = ready_to_order(&shop, KNIFE, 1).await;
    let mut cheap = form.clone();
    cheap.seen.total = Money::eur(1);
    cheap.seen.items[0].unit_price = Money::eur(1);
    guest.check_out(&cheap, &new_key()).await.expect_problem(409, kinds::CART_CHANGED);
}

#[tokio::test]
async fn an_empty_cart_is_no_order() {
    let shop = spawn_app().await;
    let (guest, form) = ready_to_order(&shop, KNIFE, 1).await;
    let stranger = shop.guest();
    stranger.check_out(&form, &new_key()).await.expect_problem(409, kinds::CART_EMPTY);
    guest.delete(&with(api::CART_ITEM, KNIFE)).await.expect(200);
    let request = QuoteRequest { delivery: DeliveryMethod::Standard, country: "DE".into() };
    guest.post(api::QUOTE, &request).await.expect_problem(409, kinds::CART_EMPTY);
    stranger.post(api::QUOTE, &request).await.expect_problem(409, kinds::CART_EMPTY);
}

#[tokio::test]
async fn an_order_needs_a_key() {
    let shop = spawn_app().await;
    let (guest, form) = ready_to_order(&shop, KNIFE, 1).await;
    let before = shop.snapshot().await;
    for key in [None, Some(""), Some("short"), Some("with a space"), Some(&*"k".repeat(129))] {
        let mut request = guest.fetch(Method::POST, api::CHECKOUT).json(&form);
        if let Some(key) = key {
            request = request.header(header::IDEMPOTENCY_KEY, key);
        }
        let problem = request.send().await.expect_problem(400, kinds::BAD_REQUEST);
        assert_eq!(problem.errors[0].field, header::IDEMPOTENCY_KEY);
    }
    assert_eq!(shop.snapshot().await, before);
}

#[tokio::test]
async fn a_postcode_is_kept_as_its_country_writes_it_and_an_impossible_one_is_refused() {
    let shop = spawn_app().await;
    let (guest, mut form) = ready_to_order(&shop, KNIFE, 1).await;
    for impossible in ["00000", "A-1010", "10-115"] {
        form.address.postcode = impossible.into();
        let problem =
            guest.check_out(&form, &new_key()).await.expect_problem(422, kinds::VALIDATION);
        assert_eq!(problem.errors[0].field, "address.postcode");
        assert_eq!(problem.detail, "Enter a postcode of Germany, like 10115.");
    }
    form.address.postcode = "d\u{2011}１０１１５\u{a0}".into();
    let key = new_key();
    let order: Order = guest.check_out(&form, &key).await.json();
    assert_eq!(order.address.postcode, "10115");
    // Typed in another way it is the same request.
    form.address.postcode = "10115".into();
    assert_eq!(guest.check_out(&form, &key).await.json::<Order>(), order);
}

#[tokio::test]
async fn later_changes_of_the_catalogue_do_not_reach_an_order() {
    let shop = spawn_app().await;
    let ada = shop.customer(ADA).await;
    let order = ada.buy(KNIFE, 1).await;
    shop.set_price(KNIFE, 9_999).await;
    shop.execute("update product set name = 'Renamed' where slug = 'kitchen-knife'").await;
    let path = with(api::ORDER, order.summary.number.as_str());
    assert_eq!(ada.get(&path).await.json::<Order>(), order);
}
