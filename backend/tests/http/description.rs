//! The API's description: as a document, as a page, and whether it is true. Each other test adds to the last
//! (`support/description.rs`).

use crate::{
    faults::every_route::routes,
    support::{description, *},
};
use reqwest::{Method, StatusCode, header::HeaderMap};
use serde_json::{Value, json};
use shared::{
    paths::{api, is_of_api},
    problem::{self, kinds},
};
use std::collections::BTreeSet;

fn answer(path: &str, status: u16, content_type: &str, body: &Value) -> Answer {
    let mut headers = HeaderMap::new();
    headers.insert("content-type", content_type.parse().expect("a type"));
    Answer {
        url: format!("http://shop.test{path}").parse().expect("an address"),
        status: StatusCode::from_u16(status).expect("a status"),
        headers,
        body: body.to_string().into_bytes(),
    }
}

#[test]
fn an_answer_or_a_body_that_is_not_described_is_found() {
    let cart = json!({ "items": [], "count": 0, "subtotal": { "minor": 0, "currency": "EUR" } });
    let check = |answer: &Answer| description::check(&Method::GET, b"", answer);
    assert_eq!(check(&answer(api::CART, 200, "application/json", &cart)), Ok(()));
    let mut wrong = cart.clone();
    wrong["subtotal"]["currency"] = json!("XXX");
    for undescribed in [
        answer(api::CART, 200, "application/json", &wrong),
        answer(api::CART, 200, "application/json", &json!({ "items": [] })),
        answer(api::CART, 200, "text/plain", &cart),
        answer(api::CART, 202, "application/json", &cart),
        answer("/api/nowhere", 200, "application/json", &cart),
    ] {
        assert!(check(&undescribed).is_err(), "{undescribed:?}");
    }

    let refused = |kind: &str, status: u16| {
        let body = json!({ "type": kind, "title": "No", "status": status, "detail": "Not so." });
        check(&answer(api::ORDERS, status, problem::CONTENT_TYPE, &body))
    };
    assert_eq!(refused(kinds::SIGN_IN_REQUIRED, 401), Ok(()));
    assert!(
        refused(kinds::STEP_UP_REQUIRED, 401).is_err(),
        "a list of orders needs no fresh login"
    );

    let accepted = answer(api::CART_ITEMS, 200, "application/json", &cart);
    let sent = |body: &[u8]| description::check(&Method::POST, body, &accepted);
    assert_eq!(sent(br#"{"sku": "HK-CUP", "quantity": 1}"#), Ok(()));
    assert!(sent(br#"{"sku": "HK-CUP"}"#).is_err());
    assert!(sent(br#"{"sku": "HK-CUP", "quantity": 1, "price": 0}"#).is_err());
}

#[tokio::test]
async fn the_description_has_every_route_of_the_api_and_no_other() {
    let shop = spawn_app().await;
    let guest = shop.guest();
    let described: BTreeSet<(String, String)> =
        description::operations().map(|(method, path)| (method, path.to_owned())).collect();
    let mut paths: BTreeSet<String> = routes().into_iter().filter(|path| is_of_api(path)).collect();
    paths.extend(described.iter().map(|(_, path)| path.clone()));
    let mut answered = BTreeSet::new();
    for path in paths {
        let filled: Vec<&str> =
            path.split('/').map(|part| if part.starts_with('{') { "x" } else { part }).collect();
        for method in [Method::GET, Method::POST, Method::PUT, Method::PATCH, Method::DELETE] {
            let answer = guest.fetch(method.clone(), &filled.join("/")).send().await;
            let is_unknown = match answer.status.as_u16() {
                405 => true,
                404 => answer.problem().detail == "There is nothing at this address.",
                _ => false,
            };
            if !is_unknown {
                answered.insert((method.to_string(), path.clone()));
            }
        }
    }
    assert_eq!(answered, described);
}

#[tokio::test]
async fn the_document_is_openapi_and_the_page_shows_every_operation_without_a_script() {
    let shop = spawn_app().await;
    let guest = shop.guest();
    let document: Value = guest.get(api::OPENAPI).await.json();
    assert_eq!(document["openapi"], "3.1.0");
    let answer = guest.visit(api::DOCS).await.expect(200);
    assert!(answer.set_cookies().is_empty());
    let page = answer.text();
    assert!(page.contains("<meta name=\"robots\" content=\"noindex\">"));
    assert!(!page.contains("<script") && !page.contains("<style") && !page.contains(" style="));
    for (method, path) in description::operations() {
        assert!(page.contains(&format!("<code>{method} {path}</code>")), "{method} {path}");
    }
}

#[tokio::test]
async fn a_problems_type_leads_to_its_place_on_the_page() {
    let shop = spawn_app().await;
    let guest = shop.guest();
    let refused = guest.get(api::ORDERS).await.expect_problem(401, kinds::SIGN_IN_REQUIRED);
    let place = guest.visit(&refused.kind).await.expect(303).leads_to();
    assert_eq!(place, format!("{}#sign-in-required", api::DOCS));
    assert!(guest.visit(api::DOCS).await.text().contains("id=\"sign-in-required\""));
    guest.visit("/problems/nothing").await.expect(404);
}
