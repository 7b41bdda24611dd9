//! What is wrong for every endpoint alike.

use crate::support::shopping::*;
use reqwest::Method;
use serde_json::json;
use shared::{
    paths::{api, auth, header, with},
    problem::kinds,
};

use super::{Stage, endpoints, expect_words, field, status};

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
            ("deep", format!("{}{}", "[".repeat(10_000), "]".repeat(10_000)).into_bytes()),
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
            assert_eq!(stage.shop.snapshot().await, before, "{name} changed something");
        }
    }
}

#[tokio::test]
async fn another_content_type_is_refused_everywhere() {
    let stage = Stage::set().await;
    for (method, path, good) in endpoints(&stage).await {
        let requests = ["text/plain", "application/x-www-form-urlencoded", "application/xml", "x"]
            .map(|content_type| {
                let request = stage.request(&method, &path).body(content_type, good.to_string());
                (format!("{method} {path} as {content_type}"), request, status(415))
            });
        stage.refuses(requests).await;
        let request = stage.request(&method, &path).json(&good).without("content-type");
        stage.refuses([(format!("{method} {path} as nothing"), request, status(415))]).await;
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
                .refuses([(format!("{method} {path} with {size} bytes"), request, status(413))])
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
        stage.refuses([(format!("{method} {path}"), request, field("surprise"))]).await;
    }
}

#[tokio::test]
async fn what_changes_something_needs_the_csrf_header_everywhere() {
    let stage = Stage::set().await;
    let mut all = endpoints(&stage).await;
    for path in [
        with(api::CART_ITEM, KNIFE),
        with(api::WISHLIST_ITEM, "stoneware-teacup"),
        api::CART_PROMOTION.to_owned(),
        api::SESSION_PAGE_VIEWS.to_owned(),
        api::ACCOUNT.to_owned(),
        api::ACCOUNT_SESSIONS.to_owned(),
        with(api::ACCOUNT_SESSION, "0123456789ab"),
        with(api::ACCOUNT_ADDRESS, "1"),
    ] {
        all.push((Method::DELETE, path, json!({})));
    }
    for path in [api::SESSION_TOUCH, api::SESSION_AGE, api::CART_MERGE, auth::SILENT] {
        all.push((Method::POST, path.to_owned(), json!({})));
    }
    all.push((Method::PUT, with(api::WISHLIST_ITEM, "stoneware-teacup"), json!({})));
    all.push((Method::PUT, with(api::ACCOUNT_ADDRESS_DEFAULT, "1"), json!({})));
    all.push((Method::POST, with(api::ORDER_CANCEL, "7K2M-9QWX-4T0B"), json!({})));
    for (method, path, body) in all {
        let send = || stage.request(&method, &path).json(&body);
        stage
            .refuses([
                (format!("{method} {path} without it"), send().without(header::CSRF), status(403)),
                (format!("{method} {path} with 0"), send().header(header::CSRF, "0"), status(403)),
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
        (api::SESSION_ACTIVITIES.to_owned(), "GET, POST"),
        (api::SESSION_PAGE_VIEWS.to_owned(), "DELETE"),
        (api::RECENTLY_VIEWED.to_owned(), "GET"),
        (api::CATEGORIES.to_owned(), "GET"),
        (api::PRODUCTS.to_owned(), "GET"),
        (with(api::PRODUCT, "kitchen-knife"), "GET"),
        (with(api::REVIEWS, "kitchen-knife"), "GET"),
        (with(api::OWN_REVIEW, "kitchen-knife"), "PUT, DELETE"),
        (api::CART.to_owned(), "GET"),
        (api::CART_ITEMS.to_owned(), "POST"),
        (with(api::CART_ITEM, KNIFE), "PUT, DELETE"),
        (api::CART_PROMOTION.to_owned(), "PUT, DELETE"),
        (api::CART_MERGE.to_owned(), "POST, DELETE"),
        (api::WISHLIST.to_owned(), "GET"),
        (with(api::WISHLIST_ITEM, "stoneware-teacup"), "PUT, DELETE"),
        (api::QUOTE.to_owned(), "POST"),
        (api::CHECKOUT.to_owned(), "POST"),
        (with(api::CHECKOUT_DONE, "7K2M-9QWX-4T0B"), "GET"),
        (api::ORDERS.to_owned(), "GET"),
        (with(api::ORDER, "7K2M-9QWX-4T0B"), "GET"),
        (with(api::ORDER_CANCEL, "7K2M-9QWX-4T0B"), "POST"),
        (api::ACCOUNT.to_owned(), "GET, DELETE"),
        (api::ACCOUNT_DATA.to_owned(), "GET"),
        (api::ACCOUNT_MANAGE.to_owned(), "GET"),
        (api::ACCOUNT_ADDRESSES.to_owned(), "GET, POST"),
        (with(api::ACCOUNT_ADDRESS, "1"), "PUT, DELETE"),
        (with(api::ACCOUNT_ADDRESS_DEFAULT, "1"), "PUT"),
        (api::ACCOUNT_SESSIONS.to_owned(), "GET, DELETE"),
        (with(api::ACCOUNT_SESSION, "0123456789ab"), "DELETE"),
        (api::IDENTITY_PROVIDER.to_owned(), "GET"),
        (api::SESSION_TOUCH.to_owned(), "POST"),
        (api::SESSION_HISTORY.to_owned(), "GET"),
        (api::SESSION_TRACES.to_owned(), "GET"),
        (api::SESSION_AGE.to_owned(), "POST"),
        (auth::SILENT_LOGIN.to_owned(), "GET"),
        (auth::SILENT.to_owned(), "GET, POST"),
        (auth::LOGIN.to_owned(), "GET"),
        (auth::CALLBACK.to_owned(), "GET"),
        (auth::LOGOUT.to_owned(), "POST"),
        (auth::BACKCHANNEL_LOGOUT.to_owned(), "POST"),
    ] {
        let before = stage.shop.snapshot().await;
        for method in [Method::GET, Method::POST, Method::PUT, Method::DELETE, Method::PATCH] {
            if known.split(", ").any(|known| known == method.as_str()) {
                continue;
            }
            let answer = stage.ada.fetch(method.clone(), &path).json(&json!({})).send().await;
            let problem = answer.problem();
            assert_eq!(
                (problem.status, problem.kind.as_str()),
                (405, kinds::METHOD_NOT_ALLOWED),
                "{method} {path}"
            );
            let mut allowed: Vec<&str> =
                answer.header("allow").unwrap_or_default().split(", ").collect();
            let mut known: Vec<&str> = known.split(", ").collect();
            allowed.retain(|method| *method != "HEAD");
            allowed.sort_unstable();
            known.sort_unstable();
            assert_eq!(allowed, known, "{path}");
        }
        assert_eq!(stage.shop.snapshot().await, before, "{path}");
    }
}
