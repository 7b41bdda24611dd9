//! What the shop serves besides its API: the built frontend, headers, health.

use crate::support::*;
use reqwest::Method;
use shared::{
    paths::{api, page},
    problem::kinds,
    session::SignInProblem,
};
use std::collections::BTreeSet;

const SCRIPT: &str = "/pkg/0123456789abcdef/frontend.js";

/// The directives of a Content-Security-Policy header.
fn policy(answer: &Answer) -> BTreeSet<String> {
    let header = answer.header("content-security-policy").expect("a policy");
    header.split(';').map(|directive| directive.trim().to_owned()).collect()
}

#[tokio::test]
async fn every_answer_is_guarded_by_the_same_headers() {
    let shop = spawn_app().await;
    let guest = shop.guest();
    for path in [
        page::HOME,
        page::ORDERS,
        SCRIPT,
        "/pictures/1f375.webp",
        "/missing.js",
        api::PRODUCTS,
        api::ORDERS,
        "/api/nowhere",
        "/auth/login",
        "/health/live",
    ] {
        let answer = guest.visit(path).await;
        let policy = policy(&answer);
        for directive in [
            "default-src 'none'",
            "script-src 'self' 'wasm-unsafe-eval'",
            "style-src 'self'",
            "connect-src 'self'",
            "base-uri 'none'",
            "form-action 'self'",
            "frame-ancestors 'none'",
        ] {
            assert!(policy.contains(directive), "{path} lacks {directive}: {policy:?}");
        }
        let text = answer.header("content-security-policy").unwrap_or_default();
        assert!(!text.contains("unsafe-inline") && !text.contains("'unsafe-eval'"), "{text}");
        assert_eq!(answer.header("x-content-type-options"), Some("nosniff"), "{path}");
        assert_eq!(answer.header("cross-origin-opener-policy"), Some("same-origin"), "{path}");
        assert!(answer.header("referrer-policy").is_some(), "{path}");
        assert!(answer.header("permissions-policy").is_some(), "{path}");
        assert_eq!(
            answer.header("strict-transport-security"),
            None,
            "plain http promises no https"
        );
        assert_eq!(answer.header("server"), None, "{path}");
        assert_eq!(answer.header("x-powered-by"), None, "{path}");
    }
}

#[tokio::test]
async fn on_https_browsers_are_told_to_stay_there() {
    let shop = Spawn::default().at("https://shop.example").spawn().await;
    let answer = shop.guest().visit("/").await;
    let header = answer.header("strict-transport-security").expect("a header");
    assert!(header.contains("max-age=63072000"), "{header}");
}

#[tokio::test]
async fn a_page_is_the_same_for_everybody_and_says_nothing_of_who_asks() {
    let shop = spawn_app().await;
    let (guest, ada) = (shop.guest(), shop.customer(ADA).await);
    for (path, status) in [
        ("/", 200),
        ("/c/home-kitchen", 200),
        ("/p/stoneware-teacup", 200),
        ("/account/orders?page=2", 200),
        ("/nowhere/at/all", 404),
    ] {
        let page = guest.visit(path).await.expect(status);
        let answer = ada.visit(path).await.expect(status);
        assert_eq!(answer.header("content-type"), Some("text/html; charset=utf-8"));
        assert_eq!(answer.body, page.body, "{path}");
        assert_eq!(answer.header("cache-control"), Some("no-cache"), "{path}");
        assert_eq!(answer.set_cookies(), Vec::<&str>::new(), "{path}");
    }
}

#[tokio::test]
async fn a_page_that_the_browser_has_is_not_sent_again() {
    let shop = spawn_app().await;
    let guest = shop.guest();
    let first = guest.visit("/cart").await.expect(200);
    let etag = first.header("etag").expect("an ETag").to_owned();
    let ask = |tag: String| guest.navigation("/cart").header("if-none-match", &tag).send();
    let strong = etag.strip_prefix("W/").expect("a weak one").to_owned();
    for known in [etag.clone(), strong, format!("\"other\", {etag}")] {
        let answer = ask(known).await.expect(304);
        assert!(answer.body.is_empty());
        assert_eq!(answer.header("etag"), Some(etag.as_str()));
        assert_eq!(answer.header("cache-control"), Some("no-cache"));
    }
    ask("\"another\"".into()).await.expect(200);
}

#[tokio::test]
async fn what_never_changes_under_its_name_is_kept_for_a_year() {
    let shop = spawn_app().await;
    let guest = shop.guest();
    for (path, content_type) in [
        (SCRIPT, "text/javascript"),
        ("/pkg/0123456789abcdef/frontend_bg.wasm", "application/wasm"),
    ] {
        let answer = guest.get(path).await.expect(200);
        assert_eq!(
            answer.header("cache-control"),
            Some("public, max-age=31536000, immutable"),
            "{path}"
        );
        assert!(
            answer.header("content-type").is_some_and(|it| it.starts_with(content_type)),
            "{:?}",
            answer.headers
        );
    }
    let picture = guest.get("/pictures/1f375.webp").await.expect(200);
    assert_eq!(picture.header("content-type"), Some("image/webp"));
    assert!(!picture.header("cache-control").unwrap_or_default().contains("immutable"));
}

#[tokio::test]
async fn the_smallest_form_that_the_browser_takes_is_sent() {
    let shop = spawn_app().await;
    let guest = shop.guest();
    let (path, file) = (SCRIPT, "frontend.js");
    let whole = guest.fetch(Method::GET, path).send().await;
    assert_eq!(whole.header("content-encoding"), None);
    for (accepted, encoding) in [
        ("gzip, deflate, br, zstd", Some("br")),
        ("br", Some("br")),
        ("gzip, deflate", Some("gzip")),
        ("gzip;q=1.0, br;q=0", Some("gzip")),
        ("identity", None),
        ("deflate", None),
        ("brotli", None),
        ("", None),
    ] {
        let answer =
            guest.fetch(Method::GET, path).header("accept-encoding", accepted).send().await;
        assert_eq!(answer.header("content-encoding"), encoding, "{path} for {accepted:?}");
        let expected = match encoding {
            Some("br") => format!("{file} in brotli").into_bytes(),
            Some(_) => format!("{file} in gzip").into_bytes(),
            None => whole.body.clone(),
        };
        assert_eq!(answer.body, expected, "{path} for {accepted:?}");
        assert!(
            answer.header("vary").is_some_and(|vary| vary.contains("Accept-Encoding")),
            "{path}"
        );
        assert_eq!(
            answer.header("content-type"),
            whole.header("content-type"),
            "{path} for {accepted:?}"
        );
    }
}

#[tokio::test]
async fn a_missing_file_is_missing_and_no_page() {
    let shop = spawn_app().await;
    let guest = shop.guest();
    for path in [
        "/pkg/0123456789abcdef/other.js",
        "/pkg/fedcba9876543210/frontend.js",
        "/pkg/",
        "/pkg/0123456789abcdef",
        "/pictures/none",
        "/pictures/none.webp",
        "/favicon.ico",
        "/a/b.css",
        "/.env",
        "/index.html",
        "/index.html.br",
        "/pkg/0123456789abcdef/frontend.js.gz",
    ] {
        let answer = guest.get(path).await.expect(404);
        assert!(!answer.text().contains("<html"), "{path}");
    }
}

#[tokio::test]
async fn no_path_leads_out_of_the_site() {
    let shop = spawn_app().await;
    for path in [
        "/../shop.sqlite",
        "/../../../../etc/passwd",
        "/%2e%2e/shop.sqlite",
        "/..%2fshop.sqlite",
        "/pkg/../../shop.sqlite",
        "/pkg/..%2f..%2fshop.sqlite",
        "//etc/passwd",
        "/\\..\\shop.sqlite",
        "/pictures/%00.webp",
    ] {
        let answer = shop
            .raw(
                format!("GET {path} HTTP/1.1\r\nHost: shop\r\nConnection: close\r\n\r\n")
                    .as_bytes(),
            )
            .await;
        assert!(!answer.contains("root:") && !answer.contains("SQLite format"), "{path}: {answer}");
        let is_refused = answer.starts_with("HTTP/1.1 4");
        assert!(is_refused, "{path}: {answer}");
    }
}

#[tokio::test]
async fn an_unknown_path_of_the_api_is_a_problem_and_no_page() {
    let shop = spawn_app().await;
    let guest = shop.guest();
    for path in
        ["/api", "/api/", "/api/nowhere", "/api/orders/x/y/z", "/auth", "/auth/", "/auth/nowhere"]
    {
        guest.visit(path).await.expect_problem(404, kinds::NOT_FOUND);
        guest.post(path, &()).await.expect_problem(404, kinds::NOT_FOUND);
    }
    // What only begins like the API is a page, if an unknown one.
    for path in ["/apis", "/authors", "/api-docs"] {
        let page = guest.visit(path).await.expect(404);
        assert_eq!(page.header("content-type"), Some("text/html; charset=utf-8"), "{path}");
    }
}

#[tokio::test]
async fn a_head_request_is_answered_without_a_body() {
    let shop = spawn_app().await;
    let guest = shop.guest();
    for path in ["/", SCRIPT, "/health/live"] {
        let get = guest.get(path).await.expect(200);
        let head = guest.fetch(Method::HEAD, path).send().await.expect(200);
        assert!(head.body.is_empty(), "{path}");
        assert_eq!(head.header("content-type"), get.header("content-type"), "{path}");
    }
}

#[tokio::test]
async fn only_reading_makes_sense_of_a_file() {
    let shop = spawn_app().await;
    let guest = shop.guest();
    for method in [Method::POST, Method::PUT, Method::DELETE, Method::PATCH] {
        for path in ["/", SCRIPT, "/account/orders"] {
            let answer = guest.fetch(method.clone(), path).send().await.expect(405);
            assert_eq!(answer.header("allow"), Some("GET, HEAD"));
        }
    }
}

#[tokio::test]
async fn a_shop_without_a_built_frontend_still_answers_its_api() {
    let shop = Spawn::default().setting("STOREZERO_SITE", "/nonexistent").spawn().await;
    let guest = shop.guest();
    guest.get(api::PRODUCTS).await.expect(200);
    guest.visit("/").await.expect(404);
}

#[tokio::test]
async fn health_tells_live_and_ready() {
    let shop = spawn_app().await;
    let guest = shop.guest();
    for path in ["/health/live", "/health/ready"] {
        let answer = guest.get(path).await.expect(200);
        assert_eq!(answer.set_cookies(), Vec::<&str>::new());
    }
    shop.app.db.close_by_ref().await.expect("the database closes");
    guest.get("/health/live").await.expect(200);
    guest.get("/health/ready").await.expect_problem(503, kinds::UNAVAILABLE);
    guest.fetch(Method::HEAD, "/health/ready").send().await.expect(503);
}

#[tokio::test]
async fn connections_that_the_database_server_cut_are_replaced_unnoticed() {
    let shop = spawn_app().await;
    let ada = shop.customer(ADA).await;
    shop.cut_connections().await;
    for _ in 0..20 {
        ada.get(api::ORDERS).await.expect(200);
    }
}

#[tokio::test]
async fn a_database_that_is_gone_is_a_problem_and_the_log_knows_more() {
    let shop = spawn_app().await;
    let ada = shop.customer(ADA).await;
    shop.app.db.close_by_ref().await.expect("the database closes");
    for path in [api::SESSION, api::ORDERS, api::CART] {
        let problem = ada.get(path).await.problem();
        assert_eq!(problem.status, 503, "{path}");
        assert_eq!(problem.kind, kinds::UNAVAILABLE);
        let text = format!("{problem:?}").to_lowercase();
        for inside in ["sql", "pool", "connection", "dberr"] {
            assert!(!text.contains(inside), "{path}: {text}");
        }
    }
    ada.visit("/").await.expect(200);
    // A login that fails by our own fault is a page too.
    let answer = ada.visit("/auth/login?return_to=/account").await;
    let problem = SignInProblem::ShopUnavailable;
    login_in_flight::expect_sign_in_problem(&answer, problem, "/account");
}
