//! The shop starts and sells while its identity provider is down; only a login says so.

use crate::support::{login_in_flight::expect_sign_in_problem, provider::Reply, shopping::*, *};
use futures_util::future::{join, join_all};
use serde_json::json;
use shared::{
    paths::auth,
    session::{LogoutResponse, SignInProblem},
};
use std::time::Instant;

/// Nothing listens there.
const NOBODY: &str = "http://localhost:1";

async fn expect_no_login(guest: &Browser) {
    let answer = guest.visit(&format!("{}?return_to=/account", auth::LOGIN)).await;
    expect_sign_in_problem(&answer, SignInProblem::IdentityProviderUnavailable, "/account");
}

#[tokio::test]
async fn the_shop_sells_without_its_identity_provider() {
    let shop = Spawn::default().with_issuer(NOBODY).spawn().await;
    let guest = shop.guest();
    guest.get("/health/ready").await.expect(200);
    let order = guest.buy(KNIFE, 1).await;
    assert_eq!(order.items.len(), 1);
}

#[tokio::test]
async fn a_login_says_that_the_identity_provider_does_not_answer() {
    let shop = Spawn::default().with_issuer(NOBODY).spawn().await;
    let guest = shop.guest();
    assert!(guest.session().await.sign_in_available, "nobody has asked yet");
    let before = shop.snapshot().await;
    expect_no_login(&guest).await;
    assert_eq!(shop.snapshot().await, before);
    assert!(!guest.session().await.sign_in_available);
}

#[tokio::test]
async fn a_login_works_as_soon_as_the_identity_provider_is_back() {
    let provider = Provider::start().await;
    provider.stop().await;
    let shop = Spawn::default().with_provider(&provider).spawn().await;
    let guest = shop.guest();
    expect_no_login(&guest).await;
    provider.start_again().await;
    let login = guest.start_login("/account").await;
    assert_eq!(guest.come_back(&provider.grant(&login)).await.leads_to(), "/account");
    assert!(guest.session().await.sign_in_available);
}

#[tokio::test]
async fn whoever_is_signed_in_stays_so_while_the_identity_provider_is_down() {
    let provider = Provider::start().await;
    let shop = Spawn::default().with_provider(&provider).spawn().await;
    let guest = shop.guest();
    let login = guest.start_login("/account").await;
    guest.come_back(&provider.grant(&login)).await.expect(303);
    provider.stop().await;
    assert_eq!(guest.signed_in_name().await.as_deref(), Some(provider::NAME));
    guest.buy(KNIFE, 1).await;
}

#[tokio::test]
async fn a_logout_ends_the_local_session_whatever_the_identity_provider_does() {
    let shop = Spawn::default().with_issuer(NOBODY).spawn().await;
    let guest = shop.guest();
    guest.add(KNIFE, 1).await.expect(200);
    let answer = guest.post(auth::LOGOUT, &json!({ "scope": "idp" })).await;
    assert_eq!(answer.json::<LogoutResponse>().next, "/signed-out?state=local");
    assert_eq!(shop.count("session").await, 0);
}

#[tokio::test]
async fn a_provider_without_a_logout_leaves_the_local_one() {
    let provider = Provider::start().await;
    provider.discovers(|document| {
        document.as_object_mut().expect("a document").remove("end_session_endpoint");
    });
    let shop = Spawn::default().with_provider(&provider).spawn().await;
    let guest = shop.guest();
    let login = guest.start_login("/account").await;
    guest.come_back(&provider.grant(&login)).await.expect(303);
    let answer = guest.post(auth::LOGOUT, &json!({ "scope": "idp" })).await;
    assert_eq!(answer.json::<LogoutResponse>().next, "/signed-out?state=local");
    assert_eq!(guest.signed_in_name().await, None);
}

#[tokio::test]
async fn fifty_logins_that_start_together_cost_the_provider_one_look() {
    let provider = Provider::start().await;
    let shop = Spawn::default().with_provider(&provider).spawn().await;
    let guests: Vec<Guest> = (0..50).map(|_| shop.guest()).collect();
    join_all(guests.iter().map(|guest| guest.start_login("/"))).await;
    assert_eq!(provider.asked().for_discovery(), 1);
    assert_eq!(provider.asked().for_keys(), 1);
}

#[tokio::test]
async fn a_discovery_document_that_cannot_be_trusted_is_no_provider() {
    for (name, change) in [
        ("another issuer's", json!({ "issuer": "https://evil.example" })),
        ("with a slash more", json!({ "issuer": null })),
        ("without an authorization endpoint", json!({ "authorization_endpoint": null })),
        ("without keys", json!({ "jwks_uri": null })),
        (
            "with keys elsewhere that nobody answers for",
            json!({ "jwks_uri": "http://localhost:1/jwks" }),
        ),
    ] {
        let provider = Provider::start().await;
        provider.discovers(|document| {
            for (key, value) in change.as_object().expect("changes") {
                document[key] = value.clone();
            }
        });
        let shop = Spawn::default().with_provider(&provider).spawn().await;
        println!("a document {name}");
        expect_no_login(&shop.guest()).await;
        // It may be mended meanwhile: the next login looks again.
        provider.discovers(|document| {
            document["issuer"] = json!(provider.issuer);
            document["authorization_endpoint"] = json!(format!("{}/auth", provider.issuer));
            document["jwks_uri"] = json!(format!("{}/jwks", provider.issuer));
        });
        shop.guest().start_login("/").await;
    }
}

#[tokio::test]
async fn a_discovery_document_without_an_end_is_given_up() {
    let provider = Provider::start().await;
    let shop = Spawn::default().with_provider(&provider).spawn().await;
    let elsewhere = Provider::start().await;
    let document = "/.well-known/openid-configuration";
    for reply in [
        Reply::Flood,
        Reply::Text(200, "<h1>Welcome</h1>"),
        Reply::Text(500, ""),
        Reply::Json(200, json!([])),
        Reply::Redirect(format!("{}{document}", elsewhere.issuer)),
    ] {
        println!("{reply:?}");
        provider.replies_to_discovery(reply);
        expect_no_login(&shop.guest()).await;
    }
    assert_eq!(elsewhere.asked().for_discovery(), 0);
    provider.replies_to_discovery(Reply::InOrder);
    shop.guest().start_login("/").await;
}

#[tokio::test]
async fn a_discovery_document_that_does_not_come_costs_ten_seconds_once_however_many_wait_for_it() {
    let provider = Provider::start().await;
    provider.replies_to_discovery(Reply::Silence);
    let shop = Spawn::default().with_provider(&provider).spawn().await;
    let (guest, waiting) = (shop.guest(), [0; 5].map(|_| shop.guest()));
    let began = Instant::now();
    let logins = join_all(waiting.iter().map(|guest| expect_no_login(guest)));
    let sells = async {
        guest.buy(KNIFE, 1).await;
        assert!(began.elapsed() < 9 * SECOND, "the shop waits too");
    };
    join(logins, sells).await;
    assert!(began.elapsed() < 20 * SECOND, "{:?}", began.elapsed());
}

#[tokio::test]
async fn an_address_that_is_no_provider_is_told_as_one_that_does_not_answer() {
    // A shop is a fine server, but its answer to the discovery document is a missing file.
    let other = spawn_app().await;
    let issuer = format!("http://{}", other.address);
    let shop = Spawn::default().with_issuer(&issuer).spawn().await;
    expect_no_login(&shop.guest()).await;
}
