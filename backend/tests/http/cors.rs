//! Pages of other origins: those that the settings name may use the API by script, without cookies; no others.

use crate::support::{page::ORIGIN, shopping::*, *};
use reqwest::Method;
use serde_json::json;
use shared::{
    paths::{api, auth, header, with},
    problem::kinds,
};

const STRANGE: &str = "https://evil.example";

/// Any provider will do: nobody signs in here.
async fn spawn_app_with_listed_origin() -> TestApp {
    let provider = "http://localhost:1";
    Spawn::default()
        .with_issuer(provider)
        .setting("STOREZERO_CORS_ORIGINS", &format!("https://other.example, {ORIGIN}"))
        .spawn()
        .await
}

/// What a browser asks first (Fetch §4.8), before a request with these headers.
fn preflight<'a>(
    browser: &'a Browser,
    origin: &str,
    path: &str,
    method: &str,
    headers: &str,
) -> Request<'a> {
    browser
        .fetch(Method::OPTIONS, path)
        .caused_by(&format!("{origin}/"))
        .without("cookie")
        .header("origin", origin)
        .header("access-control-request-method", method)
        .header("access-control-request-headers", headers)
}

#[track_caller]
fn expect_no_leave(answer: &Answer) {
    let mut names = answer.headers.keys();
    assert!(names.all(|name| !name.as_str().starts_with("access-control-")), "{answer:?}");
    expect_varying(answer);
}

/// The same answer must not be kept for another origin (Fetch §3.2.5).
#[track_caller]
fn expect_varying(answer: &Answer) {
    let mut varies = answer.headers.get_all("vary").iter();
    assert!(varies.any(|vary| vary == "Origin"), "{answer:?}");
}

fn words(answer: &Answer, name: &str) -> Vec<String> {
    let mut words: Vec<String> =
        answer.header(name).unwrap_or_default().split(", ").map(str::to_lowercase).collect();
    words.sort_unstable();
    words
}

#[tokio::test]
async fn a_listed_origin_may_ask_with_the_methods_and_headers_that_the_api_knows() {
    let shop = spawn_app_with_listed_origin().await;
    let browser = shop.browser();
    let asked = "authorization, content-type, accept, x-storezero-csrf, x-storezero-background, \
                 idempotency-key, x-storezero-cart";
    for method in ["GET", "POST", "PUT", "DELETE"] {
        let answer = preflight(&browser, ORIGIN, api::CART_ITEMS, method, asked).send().await;
        let answer = answer.expect(200);
        assert_eq!(answer.header("access-control-allow-origin"), Some(ORIGIN));
        let methods = ["delete", "get", "post", "put"];
        assert_eq!(words(&answer, "access-control-allow-methods"), methods);
        let mut headers: Vec<&str> = asked.split(", ").collect();
        headers.sort_unstable();
        assert_eq!(words(&answer, "access-control-allow-headers"), headers);
        assert_eq!(answer.header("access-control-max-age"), Some("7200"));
        assert_eq!(answer.header("access-control-allow-credentials"), None);
        expect_varying(&answer);
        assert_eq!(answer.set_cookies(), Vec::<&str>::new());
    }
    assert_eq!(shop.count("session").await, 0);
}

#[tokio::test]
async fn what_the_api_does_not_know_is_refused_to_a_listed_origin() {
    let shop = spawn_app_with_listed_origin().await;
    let browser = shop.browser();
    for (path, method, headers) in [
        (api::CART, "PATCH", "accept"),
        (api::CART, "GET", "x-other"),
        (api::CART, "GET", "cookie"),
        // Signing in and out is for the shop's own pages.
        (auth::LOGOUT, "POST", header::CSRF),
        (auth::SILENT, "POST", header::CSRF),
    ] {
        let answer = preflight(&browser, ORIGIN, path, method, headers).send().await;
        answer.expect_problem(403, kinds::CSRF);
        expect_no_leave(&answer);
    }
}

#[tokio::test]
async fn an_unlisted_origin_gets_no_leave_whatever_it_asks() {
    let listed = spawn_app_with_listed_origin().await;
    let none = Spawn::default().with_issuer("http://localhost:1").spawn().await;
    for (shop, origin) in [
        (&listed, STRANGE),
        (&listed, "null"),
        (&listed, "http://localhost:3002"),
        (&listed, "http://localhost:3001.evil.example"),
        (&listed, "https://localhost:3001"),
        (&listed, "http://LOCALHOST:3001"),
        (&none, ORIGIN),
    ] {
        let browser = shop.browser();
        let asked = || browser.fetch(Method::OPTIONS, api::CART).without("cookie");
        let refused = asked()
            .header("origin", origin)
            .header("access-control-request-method", "GET")
            .send()
            .await;
        refused.expect_problem(403, kinds::CSRF);
        expect_no_leave(&refused);
        for path in [api::PRODUCTS, api::CART, api::ORDERS, "/api/nowhere"] {
            let answer = browser.fetch(Method::GET, path).header("origin", origin).send().await;
            expect_no_leave(&answer);
        }
        let changed = browser
            .fetch(Method::POST, api::CART_ITEMS)
            .header("origin", origin)
            .json(&json!({ "sku": KNIFE, "quantity": 1 }))
            .send()
            .await;
        changed.expect_problem(403, kinds::CSRF);
        expect_no_leave(&changed);
        assert_eq!(shop.count("cart").await, 0);
    }
}

#[tokio::test]
async fn the_shops_own_pages_need_no_leave_and_go_on_as_ever() {
    let shop = spawn_app_with_listed_origin().await;
    let guest = shop.guest();
    let added = guest.add(KNIFE, 1).await.expect(200);
    expect_no_leave(&added);
    assert_eq!(added.set_cookies().len(), 2, "a session and a cart");
    assert_eq!(added.header(header::CART), None);
    assert_eq!(shop.count("session").await, 1);
}

#[tokio::test]
async fn a_listed_origin_may_read_refusals_as_well() {
    let shop = spawn_app_with_listed_origin().await;
    let page = shop.page();
    for (method, path, status) in [
        (Method::GET, api::PRODUCTS, 200),
        (Method::GET, "/api/nowhere", 404),
        (Method::POST, api::PRODUCTS, 405),
        (Method::GET, api::ORDERS, 401),
        (Method::POST, api::CART_ITEMS, 415),
        (Method::GET, "/api/products?page=x", 422),
    ] {
        let answer = page.send(page.fetch(method, path)).await.expect(status);
        let exposed = ["date", "www-authenticate", "x-storezero-cart"];
        assert_eq!(words(&answer, "access-control-expose-headers"), exposed, "{path}");
        expect_varying(&answer);
    }
    let without_leave = page.fetch(Method::GET, "/auth/login").send().await;
    expect_no_leave(&without_leave);
}

#[tokio::test]
async fn a_change_from_a_listed_origin_needs_the_csrf_header_and_brings_no_cookie() {
    let shop = spawn_app_with_listed_origin().await;
    let page = shop.page();
    let add = || {
        let item = json!({ "sku": KNIFE, "quantity": 1 });
        page.fetch(Method::POST, api::CART_ITEMS).json(&item)
    };
    for request in [
        add().without(header::CSRF),
        add().header(header::CSRF, "0"),
        // Of whatever kind: a page that asks rightly sends none.
        shop.browser()
            .fetch(Method::POST, api::CART_ITEMS)
            .header("origin", ORIGIN)
            .header("sec-fetch-site", "same-site")
            .header("cookie", "another=1")
            .json(&json!({ "sku": KNIFE, "quantity": 1 })),
    ] {
        page.send(request).await.expect_problem(403, kinds::CSRF);
    }
    assert_eq!(shop.count("cart").await, 0);
    page.send(add().header("sec-fetch-site", "cross-site")).await.expect(200);
    assert_eq!(shop.count("cart").await, 1);
}

#[tokio::test]
async fn a_listed_origin_that_brings_the_shops_cookies_is_refused() {
    let shop = spawn_app_with_listed_origin().await;
    let guest = shop.guest();
    guest.add(KNIFE, 1).await.expect(200);
    shop.let_session_age(&guest, 10 * MINUTE).await;
    let before = shop.snapshot().await;
    for name in ["storezero", "storezero-cart"] {
        let value = guest.cookie(name).expect("a cookie").value;
        for (method, path) in [(Method::GET, api::CART), (Method::DELETE, api::CART_ITEM)] {
            let path = with(path, KNIFE);
            let request = shop.page();
            let request = request.fetch(method, &path).header("cookie", &format!("{name}={value}"));
            // `without("cookie")` is the page's: this one sends them all the same.
            let answer = request.with("cookie").send().await;
            answer.expect_problem(400, kinds::MIXED_CREDENTIALS);
            assert_eq!(answer.set_cookies(), Vec::<&str>::new());
        }
    }
    assert_eq!(shop.snapshot().await, before);
}

#[tokio::test]
async fn a_guest_on_a_page_elsewhere_never_gets_a_session() {
    let shop = spawn_app_with_listed_origin().await;
    let page = shop.page();
    page.add(KNIFE, 1).await.expect(200);
    page.get(api::SESSION).await.expect(200);
    page.post(api::SESSION_TOUCH, &json!({})).await.expect(200);
    page.put(&with(api::WISHLIST_ITEM, "stoneware-teacup"))
        .await
        .expect_problem(401, kinds::SIGN_IN_REQUIRED);
    assert_eq!(page.get(api::WISHLIST).await.expect(200).text(), "[]");
    page.delete(&with(api::WISHLIST_ITEM, "stoneware-teacup")).await.expect(200);
    page.post(
        api::SESSION_ACTIVITIES,
        &json!({ "activities": [{ "name": "page-viewed", "details": "/" }] }),
    )
    .await;
    assert_eq!(shop.count("session").await, 0);
}
