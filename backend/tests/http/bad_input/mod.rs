//! Bad input for every endpoint: refused as a problem that names the field, with nothing changed.

mod cart_and_checkout;
mod everywhere;

use crate::support::{shopping::*, *};
use reqwest::Method;
use serde_json::{Value, json};
use shared::{
    account::SavedAddress,
    paths::{api, auth, header, with},
    problem::Problem,
};

/// What a request must be refused with.
struct Refusal {
    status: u16,
    /// The field that the problem names first.
    field: Option<&'static str>,
}

const fn field(field: &'static str) -> Refusal {
    Refusal { status: 422, field: Some(field) }
}

const fn status(status: u16) -> Refusal {
    Refusal { status, field: None }
}

/// A customer with a line item in the cart, so that every endpoint would do something if it were asked rightly.
struct Stage {
    shop: TestApp,
    ada: Customer,
}

impl Stage {
    async fn set() -> Self {
        let shop = spawn_app().await;
        let ada = shop.customer(ADA).await;
        ada.add(KNIFE, 1).await.expect(200);
        Self { shop, ada }
    }

    fn request(&self, method: &Method, path: &str) -> Request<'_> {
        self.ada.fetch(method.clone(), path).header(header::IDEMPOTENCY_KEY, "a-key-for-a-test")
    }

    /// Sends each request, and checks its refusal, and that nothing in the database moved.
    async fn refuses(&self, requests: impl IntoIterator<Item = (String, Request<'_>, Refusal)>) {
        for (name, request, refusal) in requests {
            let before = self.shop.snapshot().await;
            let answer = request.send().await;
            assert_eq!(answer.status, refusal.status, "{name}: {}", answer.text());
            let problem = answer.problem();
            expect_words(&name, &problem);
            if let Some(field) = refusal.field {
                let named: Vec<&str> =
                    problem.errors.iter().map(|error| error.field.as_str()).collect();
                assert!(named.contains(&field), "{name} names {named:?} and not {field}");
            }
            assert_eq!(self.shop.snapshot().await, before, "{name} changed something");
        }
        self.ada.get(api::SESSION).await.expect(200);
    }
}

/// A problem is for a person: no type names, no line numbers, no source.
fn expect_words(name: &str, problem: &Problem) {
    let told =
        std::iter::once(&problem.detail).chain(problem.errors.iter().map(|error| &error.message));
    for text in told {
        assert!(!text.is_empty(), "{name}");
        for technical in [" at line ", "serde", "struct ", "u32", "i64", "u64", "DbErr", "::"] {
            assert!(!text.contains(technical), "{name}: {text}");
        }
    }
}

/// The JSON with one place replaced: `/address/city` (RFC 6901).
fn changed(form: &Value, pointer: &str, value: Value) -> Value {
    let mut form = form.clone();
    match form.pointer_mut(pointer) {
        Some(place) => *place = value,
        None => panic!("no {pointer} in {form}"),
    }
    form
}

fn without(form: &Value, pointer: &str) -> Value {
    let (parent, name) = pointer.rsplit_once('/').expect("a pointer");
    let mut form = form.clone();
    let parent = form.pointer_mut(parent).and_then(Value::as_object_mut).expect("an object");
    assert!(parent.remove(name).is_some(), "no {pointer}");
    form
}

/// Every endpoint that takes JSON, with a body that would be in order.
async fn endpoints(stage: &Stage) -> Vec<(Method, String, Value)> {
    let form = serde_json::to_value(stage.ada.order_form().await).expect("JSON");
    let address = form["address"].clone();
    let saved: Vec<SavedAddress> = stage.ada.get(api::ACCOUNT_ADDRESSES).await.json();
    vec![
        (Method::POST, api::CART_ITEMS.to_owned(), json!({ "sku": KNIFE, "quantity": 1 })),
        (Method::PUT, with(api::CART_ITEM, KNIFE), json!({ "quantity": 2 })),
        (Method::PUT, api::CART_PROMOTION.to_owned(), json!({ "code": "WELCOME10" })),
        (Method::POST, api::QUOTE.to_owned(), json!({ "delivery": "standard", "country": "DE" })),
        (Method::POST, api::CHECKOUT.to_owned(), form),
        (Method::POST, api::ACCOUNT_ADDRESSES.to_owned(), address.clone()),
        (Method::PUT, with(api::ACCOUNT_ADDRESS, saved[0].id.to_string()), address),
        (
            Method::POST,
            api::ORDER_LOOKUP.to_owned(),
            json!({ "number": "7K2M-9QWX-4T0B", "email": "ada@example.com" }),
        ),
        (
            Method::POST,
            api::SESSION_ACTIVITIES.to_owned(),
            json!({ "activities": [{ "kind": "page-view", "name": "page-viewed", "details": "/cart" }] }),
        ),
        (Method::POST, auth::LOGOUT.to_owned(), json!({ "scope": "local" })),
    ]
}

#[tokio::test]
async fn a_logout_of_an_unknown_scope_is_refused() {
    let stage = Stage::set().await;
    for scope in [json!(""), json!("all"), json!("LOCAL"), json!(1), json!(null), json!([])] {
        let description = format!("the scope {scope}");
        let request = stage.request(&Method::POST, auth::LOGOUT).json(&json!({ "scope": scope }));
        stage.refuses([(description, request, field("scope"))]).await;
    }
    assert_eq!(stage.ada.signed_in_name().await.as_deref(), Some("Ada Lovelace"));
}

#[tokio::test]
async fn a_query_that_makes_no_sense_names_its_parameter() {
    let stage = Stage::set().await;
    let long = "x".repeat(101);
    let get = |path: &str, name: &str, value: &str| {
        let query = serde_urlencoded::to_string([(name, value)]).expect("a query");
        stage.ada.fetch(Method::GET, &format!("{path}?{query}"))
    };
    for (path, name, values) in [
        (api::PRODUCTS, "page", vec!["0", "-1", "two", "1.5", "4294967296", ""]),
        (api::PRODUCTS, "sort", vec!["random", "Name", ""]),
        (api::PRODUCTS, "category", vec!["NOT A SLUG", "../etc", ""]),
        (api::PRODUCTS, "max_price", vec!["-1", "cheap", "9223372036854775808", "1e3"]),
        (api::PRODUCTS, "in_stock", vec!["yes", "1", ""]),
        (api::PRODUCTS, "featured", vec!["maybe"]),
        (api::PRODUCTS, "q", vec![long.as_str()]),
        (api::ORDERS, "page", vec!["0", "-1", "two", "4294967296"]),
        (api::ORDERS, "status", vec!["reserved", "lost", "Placed", ""]),
        (api::ORDERS, "q", vec![long.as_str(), "\u{0}"]),
    ] {
        for value in values {
            let description = format!("{path}?{name}={value:.40}");
            stage
                .refuses([(
                    description,
                    get(path, name, value),
                    Refusal { status: 422, field: Some(name) },
                )])
                .await;
        }
    }
    let twice = stage.ada.fetch(Method::GET, "/api/orders?page=1&page=2");
    stage.refuses([("a page twice".into(), twice, field("page"))]).await;
}

#[tokio::test]
async fn an_address_that_is_odd_is_no_fault() {
    let stage = Stage::set().await;
    for path in [
        "/api/products?q=%ff%fe",
        "/api/products?%",
        "/api/products?=&&=",
        "/api/orders?q=%F0%9F%8D%B5",
        "/auth/login?return_to=%ff",
        "/auth/callback?state=%ff&code=%00",
        "/auth/callback",
        "/api/orders/%ff",
        "/api/orders/%00",
        "/api/orders/7K2M-9QWX-4T0B%00",
        "/api/checkout/done/%2e%2e",
        "/api/products/%F0%9F%8D%B5",
    ] {
        let answer = stage.ada.visit(path).await;
        assert!(answer.status.as_u16() < 500, "{path}: {} {}", answer.status, answer.text());
    }
    let long = format!("/api/products?q={}", "x".repeat(30_000));
    let answer = stage.ada.get(&long).await;
    assert!(answer.status.is_client_error(), "{}", answer.status);
}

#[tokio::test]
async fn what_is_no_http_is_refused_and_the_server_still_answers() {
    let shop = spawn_app().await;
    let guest = shop.guest();
    for request in [
        &b"GARBAGE\r\n\r\n"[..],
        b"GET / HTTP/9.9\r\n\r\n",
        b"GET /api/session HTTP/1.1\r\nHost: a\r\nContent-Length: x\r\n\r\n",
        b"POST /api/cart/items HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello",
        b"POST /api/cart/items HTTP/1.1\r\nHost: a\r\nX-Storezero-CSRF: 1\r\nTransfer-Encoding: chunked\r\nContent-Type: application/json\r\n\r\nZZZ\r\n",
        b"POST /api/cart/items HTTP/1.1\r\nHost: a\r\nX-Storezero-CSRF: 1\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{\"sku\"",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
        b"\0\0\0\0",
    ] {
        let answer = shop.raw(request).await;
        assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 4") || answer.starts_with("HTTP/1.0 4"), "{answer}");
        guest.get(api::SESSION).await.expect(200);
    }
}
