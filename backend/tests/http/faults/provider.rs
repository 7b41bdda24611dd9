//! An identity provider whose keys do not come, or are none. What it does at its other endpoints is in `idp_down` and
//! `token_endpoint`.

use crate::support::{login_in_flight::expect_sign_in_problem, provider::Reply, shopping::*, *};
use serde_json::json;
use shared::{
    paths::{api, auth},
    session::SignInProblem,
};
use std::time::Instant;

async fn expect_no_login(guest: &Browser) {
    let answer = guest.visit(&format!("{}?return_to=/account", auth::LOGIN)).await;
    expect_sign_in_problem(&answer, SignInProblem::IdentityProviderUnavailable, "/account");
}

#[tokio::test]
async fn keys_that_are_none_are_no_provider_and_cost_no_time() {
    let provider = Provider::start().await;
    let shop = Spawn::default().with_provider(&provider).spawn().await;
    for reply in [
        Reply::Flood,
        Reply::Text(200, "<h1>Welcome</h1>"),
        Reply::Text(500, ""),
        Reply::Text(200, ""),
        Reply::Json(200, json!([])),
        Reply::Json(200, json!({})),
        Reply::Json(200, json!({ "keys": 1 })),
        Reply::Json(404, json!({ "error": "not found" })),
        Reply::Redirect(format!("{}/jwks", provider.issuer)),
    ] {
        println!("{reply:?}");
        provider.replies_to_keys(reply);
        let began = Instant::now();
        expect_no_login(&shop.guest()).await;
        assert!(began.elapsed() < 9 * SECOND, "{:?}", began.elapsed());
        shop.guest().get(api::PRODUCTS).await.expect(200);
    }
    provider.replies_to_keys(Reply::InOrder);
    let guest = shop.guest();
    let login = guest.start_login("/account").await;
    assert_eq!(guest.come_back(&provider.grant(&login)).await.leads_to(), "/account");
}

#[tokio::test]
async fn keys_that_do_not_come_are_given_up_after_ten_seconds_while_the_shop_sells() {
    let provider = Provider::start().await;
    provider.replies_to_keys(Reply::Stall);
    let shop = Spawn::default().with_provider(&provider).spawn().await;
    let (guest, buyer) = (shop.guest(), shop.guest());
    let began = Instant::now();
    let sells = async {
        buyer.buy(KNIFE, 1).await;
        assert!(began.elapsed() < 9 * SECOND, "the shop waits too");
    };
    futures_util::future::join(expect_no_login(&guest), sells).await;
    assert!(began.elapsed() < 20 * SECOND, "{:?}", began.elapsed());
}

/// OpenID Connect Discovery 1.0 §4.2: the document is `application/json`.
#[tokio::test]
async fn a_discovery_document_that_says_to_be_a_page_is_none() {
    let provider = Provider::start().await;
    let document = reqwest::get(format!("{}/.well-known/openid-configuration", provider.issuer));
    let document = document.await.expect("a document").text().await.expect("a text");
    provider.replies_to_discovery(Reply::Text(200, Box::leak(document.into_boxed_str())));
    let shop = Spawn::default().with_provider(&provider).spawn().await;
    expect_no_login(&shop.guest()).await;
    provider.replies_to_discovery(Reply::InOrder);
    shop.guest().start_login("/").await;
}
