//! Bad input for every endpoint: refused as a problem that names the field, with nothing changed.

use crate::support::{shopping::*, *};
use reqwest::Method;
use serde_json::{Value, json};
use shared::{
    paths::{api, auth, header, with},
    problem::{Problem, kinds},
};

/// What a request must be refused with.
struct Refusal {
    status: u16,
    /// The field that the problem names first.
    field: Option<&'static str>,
}

const fn field(field: &'static str) -> Refusal {
    Refusal {
        status: 422,
        field: Some(field),
    }
}

const fn status(status: u16) -> Refusal {
    Refusal {
        status,
        field: None,
    }
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

    /// Sends each request, and checks its refusal, and that nothing in the database moved.
    async fn refuses(&self, requests: impl IntoIterator<Item = (String, Request<'_>, Refusal)>) {
        for (name, request, refusal) in requests {
            let before = self.shop.snapshot().await;
            let answer = request.send().await;
            assert_eq!(answer.status, refusal.status, "{name}: {}", answer.text());
            let problem = answer.problem();
            expect_words(&name, &problem);
            if let Some(field) = refusal.field {
                let named: Vec<&str> = problem
                    .errors
                    .iter()
                    .map(|error| error.field.as_str())
                    .collect();
                assert!(
                    named.contains(&field),
                    "{name} names {named:?} and not {field}"
                );
            }
            assert_eq!(
                self.shop.snapshot().await,
                before,
                "{name} changed something"
            );
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
        for technical in [
            " at line ",
            "serde",
            "struct ",
            "u32",
            "i64",
            "u64",
            "DbErr",
            "::",
        ] {
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
    let parent = form
        .pointer_mut(parent)
        .and_then(Value::as_object_mut)
        .expect("an object");
    assert!(parent.remove(name).is_some(), "no {pointer}");
    form
}

/// Every endpoint that takes JSON, with a body that would be in order.
async fn endpoints(stage: &Stage) -> Vec<(Method, String, Value)> {
    let form = serde_json::to_value(stage.ada.order_form().await).expect("JSON");
    vec![
        (
            Method::POST,
            api::CART_ITEMS.to_owned(),
            json!({ "sku": KNIFE, "quantity": 1 }),
        ),
        (
            Method::PUT,
            with(api::CART_ITEM, KNIFE),
            json!({ "quantity": 2 }),
        ),
        (
            Method::POST,
            api::QUOTE.to_owned(),
            json!({ "delivery": "standard", "country": "DE" }),
        ),
        (Method::POST, api::CHECKOUT.to_owned(), form),
        (
            Method::POST,
            auth::LOGOUT.to_owned(),
            json!({ "scope": "local" }),
        ),
    ]
}

impl Stage {
    fn request(&self, method: &Method, path: &str) -> Request<'_> {
        self.ada
            .fetch(method.clone(), path)
            .header(header::IDEMPOTENCY_KEY, "a-key-for-a-test")
    }
}

#[tokio::test]
async fn what_is_no_json_is_refused_everywhere() {
    let stage = Stage::set().await;
    for (method, path, good) in endpoints(&stage).await {
        let good = good.to_string();
        let bodies: [(&str, Vec<u8>); 10] = [
            ("nothing", Vec::new()),
            ("half", good.as_bytes()[..good.len() / 2].to_vec()),
            ("twice", format!("{good}{good}").into_bytes()),
            ("a trailing word", format!("{good} x").into_bytes()),
            ("a text", b"\"text\"".to_vec()),
            ("null", b"null".to_vec()),
            ("a list", b"[]".to_vec()),
            ("an empty object", b"{}".to_vec()),
            ("no UTF-8", b"{\"sku\": \"\xff\xfe\"}".to_vec()),
            (
                "deep",
                format!("{}{}", "[".repeat(10_000), "]".repeat(10_000)).into_bytes(),
            ),
        ];
        let mut requests = Vec::new();
        for (name, body) in bodies {
            let request = stage.request(&method, &path).body("application/json", body);
            requests.push((format!("{method} {path} with {name}"), request));
        }
        for (name, request) in requests {
            let before = stage.shop.snapshot().await;
            let answer = request.send().await;
            assert!(
                matches!(answer.status.as_u16(), 400 | 422),
                "{name}: {} {}",
                answer.status,
                answer.text()
            );
            expect_words(&name, &answer.problem());
            assert_eq!(
                stage.shop.snapshot().await,
                before,
                "{name} changed something"
            );
        }
    }
}

#[tokio::test]
async fn another_content_type_is_refused_everywhere() {
    let stage = Stage::set().await;
    for (method, path, good) in endpoints(&stage).await {
        let requests = [
            "text/plain",
            "application/x-www-form-urlencoded",
            "application/xml",
            "x",
        ]
        .map(|content_type| {
            let request = stage
                .request(&method, &path)
                .body(content_type, good.to_string());
            (
                format!("{method} {path} as {content_type}"),
                request,
                status(415),
            )
        });
        stage.refuses(requests).await;
        let request = stage
            .request(&method, &path)
            .json(&good)
            .without("content-type");
        stage
            .refuses([(format!("{method} {path} as nothing"), request, status(415))])
            .await;
    }
}

#[tokio::test]
async fn a_body_that_is_too_large_is_refused_everywhere() {
    let stage = Stage::set().await;
    for (method, path, good) in endpoints(&stage).await {
        for size in [65 * 1024, 2_000_000] {
            let mut large = good.clone();
            large["padding"] = "x".repeat(size).into();
            let request = stage.request(&method, &path).json(&large);
            stage
                .refuses([(
                    format!("{method} {path} with {size} bytes"),
                    request,
                    status(413),
                )])
                .await;
        }
    }
}

#[tokio::test]
async fn a_field_that_does_not_exist_is_named_everywhere() {
    let stage = Stage::set().await;
    for (method, path, mut body) in endpoints(&stage).await {
        body["surprise"] = json!(1);
        let request = stage.request(&method, &path).json(&body);
        stage
            .refuses([(format!("{method} {path}"), request, field("surprise"))])
            .await;
    }
}

#[tokio::test]
async fn what_changes_something_needs_the_csrf_header_everywhere() {
    let stage = Stage::set().await;
    let mut all = endpoints(&stage).await;
    all.push((Method::DELETE, with(api::CART_ITEM, KNIFE), json!({})));
    all.push((
        Method::POST,
        with(api::ORDER_CANCEL, "7K2M-9QWX-4T0B"),
        json!({}),
    ));
    for (method, path, body) in all {
        let send = || stage.request(&method, &path).json(&body);
        stage
            .refuses([
                (
                    format!("{method} {path} without it"),
                    send().without(header::CSRF),
                    status(403),
                ),
                (
                    format!("{method} {path} with 0"),
                    send().header(header::CSRF, "0"),
                    status(403),
                ),
                (
                    format!("{method} {path} from elsewhere"),
                    send().caused_by("https://evil.example/"),
                    status(403),
                ),
            ])
            .await;
    }
}

#[tokio::test]
async fn a_wrong_method_is_told_with_the_right_ones() {
    let stage = Stage::set().await;
    for (path, known) in [
        (api::SESSION.to_owned(), "GET"),
        (api::CATEGORIES.to_owned(), "GET"),
        (api::PRODUCTS.to_owned(), "GET"),
        (with(api::PRODUCT, "kitchen-knife"), "GET"),
        (api::CART.to_owned(), "GET"),
        (api::CART_ITEMS.to_owned(), "POST"),
        (with(api::CART_ITEM, KNIFE), "PUT, DELETE"),
        (api::QUOTE.to_owned(), "POST"),
        (api::CHECKOUT.to_owned(), "POST"),
        (with(api::CHECKOUT_DONE, "7K2M-9QWX-4T0B"), "GET"),
        (api::ORDERS.to_owned(), "GET"),
        (with(api::ORDER, "7K2M-9QWX-4T0B"), "GET"),
        (with(api::ORDER_CANCEL, "7K2M-9QWX-4T0B"), "POST"),
        (api::ACCOUNT.to_owned(), "GET"),
        (auth::LOGIN.to_owned(), "GET"),
        (auth::CALLBACK.to_owned(), "GET"),
        (auth::LOGOUT.to_owned(), "POST"),
        (auth::BACKCHANNEL_LOGOUT.to_owned(), "POST"),
    ] {
        let before = stage.shop.snapshot().await;
        for method in [
            Method::GET,
            Method::POST,
            Method::PUT,
            Method::DELETE,
            Method::PATCH,
        ] {
            if known.split(", ").any(|known| known == method.as_str()) {
                continue;
            }
            let answer = stage
                .ada
                .fetch(method.clone(), &path)
                .json(&json!({}))
                .send()
                .await;
            let problem = answer.problem();
            assert_eq!(
                (problem.status, problem.kind.as_str()),
                (405, kinds::METHOD_NOT_ALLOWED),
                "{method} {path}"
            );
            let mut allowed: Vec<&str> = answer
                .header("allow")
                .unwrap_or_default()
                .split(", ")
                .collect();
            let mut known: Vec<&str> = known.split(", ").collect();
            allowed.retain(|method| *method != "HEAD");
            allowed.sort_unstable();
            known.sort_unstable();
            assert_eq!(allowed, known, "{path}");
        }
        assert_eq!(stage.shop.snapshot().await, before, "{path}");
    }
}

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
        stage
            .refuses([(
                name,
                add(json!({ "sku": sku, "quantity": 1 })),
                field("sku"),
            )])
            .await;
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
            (
                "no quantity".into(),
                add(json!({ "sku": KNIFE })),
                field("quantity"),
            ),
            (
                "a quantity twice".into(),
                stage.request(&Method::POST, api::CART_ITEMS).body(
                    "application/json",
                    r#"{"sku":"HK-KNIFE","quantity":1,"quantity":2}"#,
                ),
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
                stage
                    .request(&Method::PUT, &path)
                    .json(&json!({ "quantity": 1 })),
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
        (
            "/address",
            "address",
            vec![json!(null), json!("Torstraße 1"), json!([])],
        ),
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
        (
            "/address/city",
            "address.city",
            vec![json!(""), json!(long), json!(false)],
        ),
        (
            "/address/country",
            "address.country",
            vec![
                json!(""),
                json!("XX"),
                json!("de"),
                json!("DEU"),
                json!("Germany"),
                json!(49),
            ],
        ),
        (
            "/delivery",
            "delivery",
            vec![
                json!(""),
                json!("free"),
                json!("Standard"),
                json!(0),
                json!(null),
            ],
        ),
        (
            "/card",
            "card",
            vec![json!(null), json!("4242424242424242")],
        ),
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
            vec![
                json!(""),
                json!("12"),
                json!("12345"),
                json!("12a"),
                json!(123),
            ],
        ),
        ("/seen", "seen", vec![json!(null), json!([])]),
        ("/seen/items", "seen.items", vec![json!(null), json!({})]),
        (
            "/seen/items/0/sku",
            "seen.items[0].sku",
            vec![json!("knife"), json!(1)],
        ),
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
        (
            "/seen/total/minor",
            "seen.total.minor",
            vec![json!("1"), json!(1e300)],
        ),
    ] {
        for value in values {
            let description = format!("{pointer} as {:.60}", value.to_string());
            let request = stage
                .request(&Method::POST, api::CHECKOUT)
                .json(&changed(&form, pointer, value));
            stage.refuses([(description, request, field(name))]).await;
        }
        if !pointer.starts_with("/seen/items/") {
            let request = stage
                .request(&Method::POST, api::CHECKOUT)
                .json(&without(&form, pointer));
            stage
                .refuses([(format!("no {pointer}"), request, field(name))])
                .await;
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
    let problem = stage
        .request(&Method::POST, api::CHECKOUT)
        .json(&form)
        .send()
        .await
        .problem();
    let fields: Vec<&str> = problem
        .errors
        .iter()
        .map(|error| error.field.as_str())
        .collect();
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
    assert!(
        matches!(answer.status.as_u16(), 201 | 409 | 422),
        "{}",
        answer.text()
    );
    assert!(stage.shop.count("orders").await <= orders + 1);
}

#[tokio::test]
async fn a_quote_that_makes_no_sense_is_refused() {
    let stage = Stage::set().await;
    let quote = |body: Value| stage.request(&Method::POST, api::QUOTE).json(&body);
    let good = json!({ "delivery": "standard", "country": "DE" });
    for (pointer, name, values) in [
        (
            "/delivery",
            "delivery",
            vec![json!(""), json!("teleport"), json!(1), json!(null)],
        ),
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
                .refuses([(
                    description,
                    quote(changed(&good, pointer, value)),
                    field(name),
                )])
                .await;
        }
        stage
            .refuses([(
                format!("no {pointer}"),
                quote(without(&good, pointer)),
                field(name),
            )])
            .await;
    }
}

#[tokio::test]
async fn a_logout_of_an_unknown_scope_is_refused() {
    let stage = Stage::set().await;
    for scope in [
        json!(""),
        json!("all"),
        json!("LOCAL"),
        json!(1),
        json!(null),
        json!([]),
    ] {
        let description = format!("the scope {scope}");
        let request = stage
            .request(&Method::POST, auth::LOGOUT)
            .json(&json!({ "scope": scope }));
        stage
            .refuses([(description, request, field("scope"))])
            .await;
    }
    assert_eq!(
        stage.ada.signed_in_name().await.as_deref(),
        Some("Ada Lovelace")
    );
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
        (
            api::PRODUCTS,
            "page",
            vec!["0", "-1", "two", "1.5", "4294967296", ""],
        ),
        (api::PRODUCTS, "sort", vec!["random", "Name", ""]),
        (api::PRODUCTS, "category", vec!["NOT A SLUG", "../etc", ""]),
        (
            api::PRODUCTS,
            "max_price",
            vec!["-1", "cheap", "9223372036854775808", "1e3"],
        ),
        (api::PRODUCTS, "in_stock", vec!["yes", "1", ""]),
        (api::PRODUCTS, "featured", vec!["maybe"]),
        (api::PRODUCTS, "q", vec![long.as_str()]),
        (api::ORDERS, "page", vec!["0", "-1", "two", "4294967296"]),
        (
            api::ORDERS,
            "status",
            vec!["reserved", "lost", "Placed", ""],
        ),
        (api::ORDERS, "q", vec![long.as_str(), "\u{0}"]),
    ] {
        for value in values {
            let description = format!("{path}?{name}={value:.40}");
            stage
                .refuses([(
                    description,
                    get(path, name, value),
                    Refusal {
                        status: 422,
                        field: Some(name),
                    },
                )])
                .await;
        }
    }
    let twice = stage.ada.fetch(Method::GET, "/api/orders?page=1&page=2");
    stage
        .refuses([("a page twice".into(), twice, field("page"))])
        .await;
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
        assert!(
            answer.status.as_u16() < 500,
            "{path}: {} {}",
            answer.status,
            answer.text()
        );
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
