//! Line items, quotes and orders that make no sense.

use crate::support::shopping::*;
use reqwest::Method;
use serde_json::{Value, json};
use shared::paths::{api, with};

use super::{Stage, changed, field, status, without};

#[tokio::test]
async fn a_line_item_that_makes_no_sense_is_refused() {
    let stage = Stage::set().await;
    let add = |body: Value| stage.request(&Method::POST, api::CART_ITEMS).json(&body);
    let set = |quantity: Value| {
        stage
            .request(&Method::PUT, &with(api::CART_ITEM, KNIFE))
            .json(&json!({ "quantity": quantity }))
    };
    for sku in [
        json!("NO-SUCH-SKU"),
        json!("hk-knife"),
        json!(""),
        json!("A".repeat(33)),
        json!("A".repeat(60_000)),
        json!("HK-KNIFE\u{0}"),
        json!("HK KNIFE"),
        json!("'; drop table cart; --"),
        json!("🔪🔪🔪🔪"),
        json!(7),
        json!(null),
        json!(["HK-KNIFE"]),
        json!({ "sku": "HK-KNIFE" }),
    ] {
        let name = format!("the SKU {:.60}", sku.to_string());
        stage.refuses([(name, add(json!({ "sku": sku, "quantity": 1 })), field("sku"))]).await;
    }
    for quantity in [
        json!(0),
        json!(-1),
        json!(100),
        json!(u32::MAX),
        json!(u64::MAX),
        json!(i64::MIN),
        json!(1.5),
        json!(1e300),
        json!("1"),
        json!(""),
        json!(null),
        json!(true),
        json!([1]),
    ] {
        let name = format!("the quantity {quantity}");
        stage
            .refuses([
                (
                    format!("adding {name}"),
                    add(json!({ "sku": TEACUP, "quantity": quantity })),
                    field("quantity"),
                ),
                (format!("setting {name}"), set(quantity), field("quantity")),
            ])
            .await;
    }
    stage
        .refuses([
            ("no SKU".into(), add(json!({ "quantity": 1 })), field("sku")),
            ("no quantity".into(), add(json!({ "sku": KNIFE })), field("quantity")),
            (
                "a quantity twice".into(),
                stage
                    .request(&Method::POST, api::CART_ITEMS)
                    .body("application/json", r#"{"sku":"HK-KNIFE","quantity":1,"quantity":2}"#),
                field("quantity"),
            ),
            (
                "a huge number".into(),
                add(serde_json::from_str(
                    r#"{"sku":"HK-KNIFE","quantity":123456789012345678901234567890}"#,
                )
                .expect("JSON")),
                field("quantity"),
            ),
        ])
        .await;
}

#[tokio::test]
async fn a_line_item_that_is_not_in_the_cart_is_not_found() {
    let stage = Stage::set().await;
    for sku in [TEACUP, "NO-SUCH-SKU", "x", "%00", "%2e%2e", "'--"] {
        let path = with(api::CART_ITEM, sku);
        stage
            .refuses([(
                format!("setting {sku}"),
                stage.request(&Method::PUT, &path).json(&json!({ "quantity": 1 })),
                status(404),
            )])
            .await;
    }
}

#[tokio::test]
async fn a_checkout_form_with_a_fault_names_its_field() {
    let stage = Stage::set().await;
    let form = serde_json::to_value(stage.ada.order_form().await).expect("JSON");
    let long = "x".repeat(121);
    for (pointer, name, values) in [
        (
            "/email",
            "email",
            vec![
                json!(""),
                json!("ada"),
                json!("ada@example"),
                json!("a b@example.com"),
                json!("ada@example.com\u{0}"),
                json!(format!("{}@example.com", "a".repeat(250))),
                json!(7),
                json!(null),
            ],
        ),
        ("/address", "address", vec![json!(null), json!("Torstraße 1"), json!([])]),
        (
            "/address/full_name",
            "address.full_name",
            vec![
                json!(""),
                json!("   "),
                json!(long),
                json!("Ada\u{0}"),
                json!("Ada\u{1b}[31m"),
                json!(7),
            ],
        ),
        (
            "/address/street",
            "address.street",
            vec![json!(""), json!(long), json!("Torstraße\u{0}1"), json!({})],
        ),
        (
            "/address/postcode",
            "address.postcode",
            vec![
                json!(""),
                json!("1011"),
                json!("101155"),
                json!("ABCDE"),
                json!("10115\u{0}"),
                json!(10115),
            ],
        ),
        ("/address/city", "address.city", vec![json!(""), json!(long), json!(false)]),
        (
            "/address/country",
            "address.country",
            vec![json!(""), json!("XX"), json!("de"), json!("DEU"), json!("Germany"), json!(49)],
        ),
        (
            "/delivery",
            "delivery",
            vec![json!(""), json!("free"), json!("Standard"), json!(0), json!(null)],
        ),
        ("/card", "card", vec![json!(null), json!("4242424242424242")]),
        (
            "/card/number",
            "card.number",
            vec![
                json!(""),
                json!("4242 4242 4242 4241"),
                json!("42"),
                json!("4".repeat(40)),
                json!("4242-4242-4242-424x"),
                json!(4_242_424_242_424_242_u64),
            ],
        ),
        (
            "/card/expiry",
            "card.expiry",
            vec![
                json!(""),
                json!("04/20"),
                json!("13/31"),
                json!("00/31"),
                json!("4/2031"),
                json!("0431"),
                json!(431),
            ],
        ),
        (
            "/card/security_code",
            "card.security_code",
            vec![json!(""), json!("12"), json!("12345"), json!("12a"), json!(123)],
        ),
        ("/seen", "seen", vec![json!(null), json!([])]),
        ("/seen/items", "seen.items", vec![json!(null), json!({})]),
        ("/seen/items/0/sku", "seen.items[0].sku", vec![json!("knife"), json!(1)]),
        (
            "/seen/items/0/quantity",
            "seen.items[0].quantity",
            vec![json!(-1), json!(1.5), json!("1"), json!(u64::MAX)],
        ),
        (
            "/seen/items/0/unit_price/minor",
            "seen.items[0].unit_price.minor",
            vec![json!("6490"), json!(64.9), json!(u64::MAX)],
        ),
        (
            "/seen/items/0/unit_price/currency",
            "seen.items[0].unit_price.currency",
            vec![json!("USD"), json!("eur")],
        ),
        ("/seen/total/minor", "seen.total.minor", vec![json!("1"), json!(1e300)]),
    ] {
        for value in values {
            let description = format!("{pointer} as {:.60}", value.to_string());
            let request =
                stage.request(&Method::POST, api::CHECKOUT).json(&changed(&form, pointer, value));
            stage.refuses([(description, request, field(name))]).await;
        }
        if !pointer.starts_with("/seen/items/") {
            let request =
                stage.request(&Method::POST, api::CHECKOUT).json(&without(&form, pointer));
            stage.refuses([(format!("no {pointer}"), request, field(name))]).await;
        }
    }
}

#[tokio::test]
async fn every_fault_of_a_form_is_told_at_once() {
    let stage = Stage::set().await;
    let form = serde_json::to_value(stage.ada.order_form().await).expect("JSON");
    let form = changed(&form, "/email", json!("x"));
    let form = changed(&form, "/address/city", json!(""));
    let form = changed(&form, "/card/security_code", json!("1"));
    let problem = stage.request(&Method::POST, api::CHECKOUT).json(&form).send().await.problem();
    let fields: Vec<&str> = problem.errors.iter().map(|error| error.field.as_str()).collect();
    assert_eq!(fields, ["email", "address.city", "card.security_code"]);
}

#[tokio::test]
async fn more_than_a_cart_can_hold_was_not_seen() {
    let stage = Stage::set().await;
    let form = serde_json::to_value(stage.ada.order_form().await).expect("JSON");
    let item = form["seen"]["items"][0].clone();
    let many = changed(&form, "/seen/items", Value::Array(vec![item.clone(); 51]));
    let negative = changed(&form, "/seen/items/0/unit_price/minor", json!(-1));
    let extreme = changed(&form, "/seen/total/minor", json!(i64::MAX));
    let twice = changed(&form, "/seen/items", json!([item, item]));
    let send = |form: &Value| stage.request(&Method::POST, api::CHECKOUT).json(form);
    stage
        .refuses([
            ("51 items".into(), send(&many), field("seen.items")),
            ("a negative price".into(), send(&negative), status(409)),
            ("an extreme total".into(), send(&extreme), status(409)),
        ])
        .await;
    // The same line seen twice is no other cart: it is either refused or the one order, and never two.
    let orders = stage.shop.count("orders").await;
    let answer = send(&twice).send().await;
    assert!(matches!(answer.status.as_u16(), 201 | 409 | 422), "{}", answer.text());
    assert!(stage.shop.count("orders").await <= orders + 1);
}

#[tokio::test]
async fn a_quote_that_makes_no_sense_is_refused() {
    let stage = Stage::set().await;
    let quote = |body: Value| stage.request(&Method::POST, api::QUOTE).json(&body);
    let good = json!({ "delivery": "standard", "country": "DE" });
    for (pointer, name, values) in [
        ("/delivery", "delivery", vec![json!(""), json!("teleport"), json!(1), json!(null)]),
        (
            "/country",
            "country",
            vec![
                json!(""),
                json!("XX"),
                json!("de"),
                json!("D".repeat(1_000)),
                json!(1),
                json!(null),
            ],
        ),
    ] {
        for value in values {
            let description = format!("{pointer} as {:.60}", value.to_string());
            stage
                .refuses([(description, quote(changed(&good, pointer, value)), field(name))])
                .await;
        }
        stage
            .refuses([(format!("no {pointer}"), quote(without(&good, pointer)), field(name))])
            .await;
    }
}
