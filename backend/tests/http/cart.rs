//! The cart of a guest and of a customer, and how two become one at a login.

use crate::support::{shopping::*, *};
use futures_util::future::join_all;
use reqwest::Method;
use serde_json::json;
use shared::{
    cart::{Cart, MAX_LINE_ITEMS, SetQuantity},
    checkout::Change,
    money::Money,
    paths::{api, with},
    problem::kinds,
    session::LogoutScope,
};

/// Three variants of one product, to fill a cart with different things.
const SKILLET: &str = "HK-SKILLET-20CM";

async fn set(browser: &Browser, sku: &str, quantity: u32) -> Answer {
    browser.put(&with(api::CART_ITEM, sku), &SetQuantity { quantity }).await
}

#[tokio::test]
async fn a_cart_tells_what_it_holds_and_costs() {
    let shop = spawn_app().await;
    let guest = shop.guest();
    assert_eq!(guest.cart().await, Cart::default());
    guest.add(KNIFE, 1).await.expect(200);
    let cart: Cart = guest.add(TEACUP, 3).await.json();
    assert_eq!(guest.cart().await, cart);
    assert_eq!(cart.count, 4);
    assert_eq!(cart.subtotal, Money::eur(6_490 + 3 * 1_890));
    let cup = &cart.items[1];
    assert_eq!(cup.name, "Stoneware Teacup");
    assert_eq!(cup.options["Colour"], "White");
    assert_eq!(cup.unit_price, Money::eur(1_890));
    assert_eq!(cup.total, Money::eur(5_670));
    assert_eq!(cup.available, 84);
}

#[tokio::test]
async fn adding_again_adds_up_and_setting_sets() {
    let shop = spawn_app().await;
    let guest = shop.guest();
    guest.add(KNIFE, 2).await.expect(200);
    guest.add(KNIFE, 3).await.expect(200);
    assert_eq!(guest.cart_lines().await, [(KNIFE.to_owned(), 5)]);
    set(&guest, KNIFE, 2).await.expect(200);
    assert_eq!(guest.cart_lines().await, [(KNIFE.to_owned(), 2)]);
    guest.delete(&with(api::CART_ITEM, KNIFE)).await.expect(200);
    assert_eq!(guest.cart_lines().await, []);
    // Whoever removes what is gone has what they wanted.
    guest.delete(&with(api::CART_ITEM, KNIFE)).await.expect(200);
    set(&guest, KNIFE, 1).await.expect_problem(404, kinds::NOT_FOUND);
}

#[tokio::test]
async fn no_more_fits_in_than_there_is() {
    let shop = spawn_app().await;
    shop.set_stock(KNIFE, 3).await;
    let guest = shop.guest();
    guest.add(KNIFE, 2).await.expect(200);
    let problem = guest.add(KNIFE, 2).await.expect_problem(409, kinds::OUT_OF_STOCK);
    let short = Change::Short { name: "Kitchen Knife, 18 cm".into(), wanted: 4, available: 3 };
    assert_eq!(problem.changes, [short]);
    set(&guest, KNIFE, 4).await.expect_problem(409, kinds::OUT_OF_STOCK);
    assert_eq!(guest.cart_lines().await, [(KNIFE.to_owned(), 2)]);

    shop.set_stock(TEACUP, 0).await;
    guest.add(TEACUP, 1).await.expect_problem(409, kinds::OUT_OF_STOCK);
    // What sells out later stays, and says so.
    shop.set_stock(KNIFE, 1).await;
    assert!(guest.cart().await.items[0].is_short());
}

#[tokio::test]
async fn a_cart_has_an_end() {
    let shop = spawn_app().await;
    let guest = shop.guest();
    shop.set_stock(KNIFE, 1_000).await;
    guest.add(KNIFE, 99).await.expect(200);
    let problem = guest.add(KNIFE, 1).await.problem();
    assert_eq!((problem.status, problem.errors[0].field.as_str()), (422, "quantity"));
    set(&guest, KNIFE, 1).await.expect(200);

    let skus = shop
        .rows("select sku from variant where stock > 0 and sku <> 'HK-KNIFE' order by sku")
        .await;
    let skus: Vec<&str> = skus.iter().filter_map(|row| row["sku"].as_str()).collect();
    for sku in &skus[..MAX_LINE_ITEMS - 1] {
        guest.add(sku, 1).await.expect(200);
    }
    let problem = guest.add(skus[MAX_LINE_ITEMS], 1).await.problem();
    assert_eq!((problem.status, problem.errors[0].field.as_str()), (422, "sku"));
    assert_eq!(guest.cart().await.items.len(), MAX_LINE_ITEMS);
    // More of what is in it already does fit.
    guest.add(skus[0], 1).await.expect(200);

    // 51 by now, of 100 in all.
    guest.add(KNIFE, 49).await.expect(200);
    for crowded in [guest.add(KNIFE, 1).await, set(&guest, KNIFE, 51).await] {
        let problem = crowded.expect_problem(422, kinds::VALIDATION);
        assert_eq!(problem.errors[0].field, "quantity");
        assert!(problem.detail.contains("At most 100 items"), "{}", problem.detail);
    }
    set(&guest, KNIFE, 1).await.expect(200);
}

#[tokio::test]
async fn the_guests_cart_has_a_cookie_of_its_own_for_thirty_days() {
    let shop = spawn_app().await;
    let guest = shop.guest();
    guest.add(KNIFE, 1).await.expect(200);
    let cookie = guest.cookie("storezero-cart").expect("a cart's cookie");
    assert_eq!(cookie.max_age, Some(30 * DAY));
    assert!(cookie.http_only);
    assert_eq!(cookie.same_site.as_deref(), Some("Strict"));
    assert_eq!(cookie.path, "/");
    guest.close();
    assert_eq!(guest.cart_lines().await, [(KNIFE.to_owned(), 1)]);
}

#[tokio::test]
async fn a_token_that_the_shop_did_not_give_out_is_not_taken_over() {
    let shop = spawn_app().await;
    let guest = shop.guest();
    guest.add(KNIFE, 1).await.expect(200);
    let cookie = guest.cookie("storezero-cart").expect("a cart's cookie");
    for planted in
        [backend::crypto::token(), "x".into(), String::new(), "%00".into(), "a".repeat(4_000)]
    {
        let victim = shop.guest();
        victim.put_cookie(Cookie { value: planted.clone(), ..cookie.clone() });
        assert_eq!(victim.cart_lines().await, []);
        victim.add(TEACUP, 1).await.expect(200);
        assert_ne!(victim.cookie("storezero-cart").expect("a cart's cookie").value, planted);
        assert_eq!(victim.cart_lines().await, [(TEACUP.to_owned(), 1)]);
    }
}

#[tokio::test]
async fn a_guests_cart_joins_the_customers_at_login_and_tells_so() {
    let shop = spawn_app().await;
    let ada = shop.customer(ADA).await;
    ada.add(KNIFE, 2).await.expect(200);
    ada.add(SKILLET, 1).await.expect(200);
    ada.sign_out(LogoutScope::Local).await;
    ada.add(KNIFE, 3).await.expect(200);
    ada.add(TEACUP, 4).await.expect(200);
    shop.set_stock(TEACUP, 3).await;

    ada.sign_in(ADA).await;
    let mut lines = ada.cart_lines().await;
    lines.sort();
    let expected = [(KNIFE, 5), (SKILLET, 1), (TEACUP, 3)];
    assert_eq!(lines, expected.map(|(sku, quantity)| (sku.to_owned(), quantity)));
    let merged = ada.cart().await.merged.expect("a report");
    assert_eq!(merged.added, 2);
    assert_eq!(merged.capped, ["Stoneware Teacup (White)"]);
    assert_eq!(ada.cookie("storezero-cart"), None);
    assert_eq!(shop.count("cart").await, 1);

    // Told until the cart is changed.
    ada.add(TEACUP, 1).await;
    assert!(ada.cart().await.merged.is_some(), "a refused change is no change");
    set(&ada, TEACUP, 1).await.expect(200);
    assert_eq!(ada.cart().await.merged, None);
}

#[tokio::test]
async fn what_a_merge_did_is_told_until_it_was_read_on_whichever_device() {
    let shop = spawn_app().await;
    let ada = shop.guest();
    ada.add(KNIFE, 1).await.expect(200);
    ada.sign_in(ADA).await;
    let elsewhere = shop.customer(ADA).await;
    assert!(elsewhere.cart().await.merged.is_some());
    shop.customer(GRACE).await.delete(api::CART_MERGE).await.expect(204);
    assert!(elsewhere.cart().await.merged.is_some(), "another one's cart");
    let before = elsewhere.cart_lines().await;

    elsewhere.delete(api::CART_MERGE).await.expect(204);
    for browser in [&ada, &elsewhere.0] {
        assert_eq!(browser.cart().await.merged, None);
    }
    assert_eq!(elsewhere.cart_lines().await, before);
    elsewhere.delete(api::CART_MERGE).await.expect(204);
    shop.guest().delete(api::CART_MERGE).await.expect_problem(401, kinds::SIGN_IN_REQUIRED);
}

#[tokio::test]
async fn a_login_without_a_guests_cart_merges_nothing() {
    let shop = spawn_app().await;
    let ada = shop.customer(ADA).await;
    assert_eq!(ada.cart().await, Cart::default());
    assert_eq!(ada.cart().await.merged, None);
}

#[tokio::test]
async fn a_customers_cart_is_the_same_on_every_device() {
    let shop = spawn_app().await;
    let (phone, laptop) = (shop.customer(ADA).await, shop.customer(ADA).await);
    phone.add(KNIFE, 1).await.expect(200);
    laptop.add(TEACUP, 2).await.expect(200);
    assert_eq!(phone.cart().await, laptop.cart().await);
    assert_eq!(shop.customer(GRACE).await.cart_lines().await, []);
}

#[tokio::test]
async fn twenty_clicks_at_once_add_up() {
    let shop = spawn_app().await;
    let ada = shop.customer(ADA).await;
    let answers = join_all((0..20).map(|_| ada.add(KNIFE, 1))).await;
    assert!(answers.iter().all(|answer| answer.status == 200));
    assert_eq!(ada.cart_lines().await, [(KNIFE.to_owned(), 20)]);
    assert_eq!(shop.count("cart").await, 1);

    let guest = shop.guest();
    guest.add(KNIFE, 1).await.expect(200);
    let answers = join_all((0..20).map(|_| guest.add(KNIFE, 1))).await;
    assert!(answers.iter().all(|answer| answer.status == 200));
    assert_eq!(guest.cart_lines().await, [(KNIFE.to_owned(), 21)]);
}

#[tokio::test]
async fn clicks_that_race_never_hold_more_than_there_is() {
    let shop = spawn_app().await;
    shop.set_stock(KNIFE, 5).await;
    let ada = shop.customer(ADA).await;
    let answers = join_all((0..20).map(|_| ada.add(KNIFE, 1))).await;
    assert_eq!(answers.iter().filter(|answer| answer.status == 200).count(), 5);
    assert_eq!(answers.iter().filter(|answer| answer.status == 409).count(), 15);
    assert_eq!(ada.cart_lines().await, [(KNIFE.to_owned(), 5)]);
}

#[tokio::test]
async fn prices_in_the_cart_are_those_of_now() {
    let shop = spawn_app().await;
    let guest = shop.guest();
    guest.add(KNIFE, 2).await.expect(200);
    shop.set_price(KNIFE, 7_000).await;
    assert_eq!(guest.cart().await.subtotal, Money::eur(14_000));
}

#[tokio::test]
async fn another_site_puts_nothing_into_the_cart() {
    let shop = spawn_app().await;
    let guest = shop.guest();
    guest.add(KNIFE, 1).await.expect(200);
    let before = shop.snapshot().await;
    let item = json!({ "sku": KNIFE, "quantity": 1 });
    for (method, path) in [
        (Method::POST, api::CART_ITEMS.to_owned()),
        (Method::PUT, with(api::CART_ITEM, KNIFE)),
        (Method::DELETE, with(api::CART_ITEM, KNIFE)),
    ] {
        let forged = guest.fetch(method, &path).json(&item).caused_by("https://evil.example/");
        forged.send().await.expect_problem(403, kinds::CSRF);
    }
    assert_eq!(shop.snapshot().await, before);
}

#[tokio::test]
async fn cart_and_order_show_the_colour_that_was_chosen() {
    let shop = spawn_app().await;
    let guest = shop.guest();
    guest.add("HK-TEACUP-BLUE", 1).await.expect(200);
    guest.add(TEACUP, 1).await.expect(200);
    let pictures = ["/pictures/1f375-blue.webp", "/pictures/1f375.webp"];
    let in_cart: Vec<_> = guest.cart().await.items.into_iter().map(|item| item.picture).collect();
    assert_eq!(in_cart, pictures);
    let order = shop.customer(ADA).await.buy("HK-TEACUP-BLUE", 1).await;
    assert_eq!(order.items[0].picture, pictures[0]);
    assert_eq!(order.summary.pictures, pictures[..1]);
}
