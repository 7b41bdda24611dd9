//! `POST /auth/logout`: the local session always ends; where the browser goes next depends on the scope.

use crate::support::{shopping::*, *};
use futures_util::future::{join, join_all};
use reqwest::Method;
use serde_json::json;
use shared::{
    paths::{api, auth, header},
    problem::kinds,
    session::{EndReason, LogoutRequest, LogoutScope, SessionState},
};

const LOCAL: LogoutRequest = LogoutRequest { scope: LogoutScope::Local };

#[tokio::test]
async fn signing_out_ends_the_session_and_takes_its_cookie_away() {
    let shop = spawn_app().await;
    let ada = shop.customer(ADA).await;
    let cookie = ada.cookie("storezero").expect("a session's cookie");
    assert_eq!(ada.sign_out(LogoutScope::Local).await, "/signed-out?state=local");
    assert_eq!(ada.cookie("storezero"), None);
    assert_eq!(shop.count("session").await, 0);
    assert_eq!(shop.count("session_key").await, 0);
    assert_eq!(shop.count("session_id_token").await, 0);
    assert_eq!(ada.session().await.state, SessionState::None { ended: None });

    // Another tab that still has the cookie, or a thief, is told and let in no more.
    ada.put_cookie(cookie);
    ada.get(api::ORDERS).await.expect_problem(401, kinds::SIGN_IN_REQUIRED);
    assert_eq!(ada.session().await.state, SessionState::None { ended: Some(EndReason::Logout) });
}

#[tokio::test]
async fn after_a_local_logout_the_next_login_asks_for_nothing() {
    let shop = spawn_app().await;
    let ada = shop.customer(ADA).await;
    ada.sign_out(LogoutScope::Local).await;
    let login = ada.start_login("/account").await;
    let callback = ada.open_login_page(&login).await.location();
    assert_eq!(ada.come_back(&callback).await.leads_to(), "/account");
    assert_eq!(ada.signed_in_name().await.as_deref(), Some("Ada Lovelace"));
}

#[tokio::test]
async fn a_logout_at_the_identity_provider_ends_both_sessions_without_a_question() {
    let shop = spawn_app().await;
    let ada = shop.customer(ADA).await;
    let next = ada.sign_out(LogoutScope::Idp).await;
    assert_eq!(next, format!("{}?scope=idp", auth::END_SESSION), "no ID token in an address");
    assert_eq!(shop.count("session").await, 0);
    let page = ada.take_logout_to_provider(&next).await;
    assert_eq!(page.url, ada.at_shop("/signed-out?state=idp"));
    let login = ada.start_login("/account").await;
    let page = ada.open_login_page(&login).await.expect(200);
    let callback = ada.submit_password(&page, ADA).await.location();
    assert_eq!(ada.come_back(&callback).await.leads_to(), "/account");
}

#[tokio::test]
async fn whoever_has_no_session_signs_out_all_the_same() {
    let shop = spawn_app().await;
    let guest = shop.guest();
    let answer = guest.post(auth::LOGOUT, &LOCAL).await;
    assert_eq!(answer.json::<serde_json::Value>()["next"], "/signed-out?state=local");
    let answer = guest.post(auth::LOGOUT, &json!({ "scope": "idp" })).await;
    let next: url::Url =
        answer.json::<shared::session::LogoutResponse>().next.parse().expect("a URL");
    assert_eq!(parameter(&next, "id_token_hint"), None);
    assert_eq!(shop.count("session").await, 0);
}

#[tokio::test]
async fn signing_out_twice_is_signing_out() {
    let shop = spawn_app().await;
    let ada = shop.customer(ADA).await;
    let (first, second) =
        join(ada.post(auth::LOGOUT, &LOCAL), ada.post(auth::LOGOUT, &LOCAL)).await;
    first.expect(200);
    second.expect(200);
    assert_eq!(shop.count("session").await, 0);
}

#[tokio::test]
async fn a_clean_visitor_begins_after_a_logout() {
    let shop = spawn_app().await;
    let ada = shop.customer(ADA).await;
    ada.add(KNIFE, 2).await.expect(200);
    ada.sign_out(LogoutScope::Local).await;
    assert_eq!(cookie_names(&ada), ["storezero-signed-out"]);
    assert_eq!(ada.cart_lines().await, []);
    ada.get(api::ACCOUNT).await.expect_problem(401, kinds::SIGN_IN_REQUIRED);
    // The customer's own cart waits for the next login.
    ada.sign_in(ADA).await;
    assert_eq!(ada.cart_lines().await, [(KNIFE.to_owned(), 2)]);
}

#[tokio::test]
async fn a_guests_cart_ends_with_a_logout_too() {
    let shop = spawn_app().await;
    let guest = shop.guest();
    guest.add(KNIFE, 2).await.expect(200);
    guest.post(auth::LOGOUT, &LOCAL).await.expect(200);
    assert_eq!(cookie_names(&guest), ["storezero-signed-out"]);
    assert_eq!(guest.cart_lines().await, []);
}

fn cookie_names(browser: &Browser) -> Vec<String> {
    let cookies = browser.cookies().into_iter();
    cookies.map(|cookie| cookie.name).collect()
}

#[tokio::test]
async fn no_other_site_signs_anybody_out() {
    let shop = spawn_app().await;
    let ada = shop.customer(ADA).await;
    let logout = || ada.fetch(Method::POST, auth::LOGOUT).json(&LOCAL);
    for (name, request) in [
        ("without the header", logout().without(header::CSRF)),
        ("with another value of it", logout().header(header::CSRF, "0")),
        ("from another site", logout().caused_by("https://evil.example/")),
        ("from the identity provider", logout().caused_by(&test_idp())),
        ("from another origin", logout().header("origin", "http://localhost:9")),
        ("from nowhere", logout().header("origin", "null")),
    ] {
        let answer = request.send().await;
        let problem = answer.problem();
        assert_eq!((problem.status, problem.kind.as_str()), (403, kinds::CSRF), "{name}");
    }
    ada.get(auth::LOGOUT).await.expect_problem(405, kinds::METHOD_NOT_ALLOWED);
    ada.visit(auth::LOGOUT).await.expect_problem(405, kinds::METHOD_NOT_ALLOWED);
    assert_eq!(ada.signed_in_name().await.as_deref(), Some("Ada Lovelace"));
}

#[tokio::test]
async fn a_form_of_another_site_signs_nobody_out() {
    let shop = spawn_app().await;
    let ada = shop.customer(ADA).await;
    for content_type in
        ["application/x-www-form-urlencoded", "text/plain", "multipart/form-data; boundary=x"]
    {
        let answer = ada
            .fetch(Method::POST, auth::LOGOUT)
            .without(header::CSRF)
            .caused_by("https://evil.example/")
            .to(Destination::Document)
            .body(content_type, "{\"scope\":\"local\"}")
            .send()
            .await;
        answer.expect_problem(403, kinds::CSRF);
    }
    assert_eq!(ada.signed_in_name().await.as_deref(), Some("Ada Lovelace"));
}

#[tokio::test]
async fn a_logout_that_overtakes_requests_in_flight_stays_a_logout() {
    let shop = spawn_app().await;
    for _ in 0..5 {
        let ada = shop.customer(ADA).await;
        let cookie = ada.cookie("storezero").expect("a session's cookie");
        shop.let_session_age(&ada, 10 * MINUTE).await;
        let work = join_all((0..10).map(|_| async {
            let (orders, added) = join(ada.get(api::ORDERS), ada.add(TEACUP, 1)).await;
            assert!(orders.status == 200 || orders.status == 401, "{}", orders.status);
            assert!(added.status.is_success(), "{}: {}", added.status, added.text());
        }));
        let (_, logout) = join(work, ada.post(auth::LOGOUT, &LOCAL)).await;
        logout.expect(200);
        let thief = shop.guest();
        thief.put_cookie(cookie);
        assert_eq!(
            thief.session().await.state,
            SessionState::None { ended: Some(EndReason::Logout) }
        );
        let left = shop.rows("select id from session where customer_id is not null").await;
        assert!(left.is_empty(), "{left:?}");
    }
}

#[tokio::test]
async fn a_logout_on_one_device_leaves_the_others_signed_in() {
    let shop = spawn_app().await;
    let (phone, laptop) = (shop.customer(ADA).await, shop.customer(ADA).await);
    phone.sign_out(LogoutScope::Local).await;
    assert_eq!(laptop.signed_in_name().await.as_deref(), Some("Ada Lovelace"));
}

#[tokio::test]
async fn a_federated_logout_asks_the_identity_provider_to_end_the_social_session_too() {
    let shop = spawn_app().await;
    let ada = shop.customer(ADA).await;
    assert!(ada.session().await.federated_logout_available);
    let next = ada.sign_out(LogoutScope::Federated).await;
    let back = ada.take_logout_to_provider(&next).await;
    assert_eq!(back.url, ada.at_shop("/signed-out?state=federated"));
    ada.get(api::ORDERS).await.expect_problem(401, kinds::SIGN_IN_REQUIRED);
}

#[tokio::test]
async fn the_hint_travels_in_a_form_that_no_script_of_a_page_reads() {
    let shop = spawn_app().await;
    let ada = shop.customer(ADA).await;
    let next = ada.sign_out(LogoutScope::Idp).await;
    let cookie = ada.cookie("storezero-leaving").expect("the hint's cookie");
    assert!(cookie.http_only && cookie.max_age == Some(MINUTE));
    assert!(!cookie.value.contains('.'), "no token, but a sealed one");
    for destination in [Destination::Fetch, Destination::Frame, Destination::Image] {
        let answer = ada.navigation(&next).to(destination).send().await;
        answer.expect_problem(400, kinds::BAD_REQUEST);
    }
    let page = ada.visit(&next).await.expect(200);
    assert!(page.text().contains("name=\"id_token_hint\""));
    assert!(page.header("content-security-policy").unwrap().starts_with("default-src 'none'"));
    let used = ada.cookie("storezero-leaving").expect("that it was used");
    assert!(used.value == "used" && used.max_age.is_none());
    assert_eq!(ada.visit(&next).await.leads_to(), "/");
}

#[tokio::test]
async fn whoever_takes_longer_than_the_hint_lives_is_signed_out_at_the_provider_without_it() {
    let shop = spawn_app().await;
    let ada = shop.customer(ADA).await;
    let next = ada.sign_out(LogoutScope::Idp).await;
    ada.drop_cookie("storezero-leaving");
    let foreign = ada.navigation(&next).caused_by("https://evil.example/");
    assert_eq!(foreign.send().await.leads_to(), "/");
    let page = ada.visit(&next).await.expect(200);
    assert!(!page.text().contains("id_token_hint"));
    assert!(page.text().contains("name=\"client_id\""));
}

#[tokio::test]
async fn a_hint_that_is_too_long_is_left_out() {
    let provider = Provider::start().await;
    provider.discovers(|document| {
        let issuer = document["issuer"].as_str().unwrap().to_owned();
        document["end_session_endpoint"] = format!("{issuer}/logout").into();
    });
    provider.issues(|token| token.with("groups", vec!["a-group-of-many".to_owned(); 200]).sign());
    let shop = Spawn::default().with_provider(&provider).spawn().await;
    let sam = shop.guest();
    let login = sam.start_login("/account").await;
    sam.come_back(&provider.grant(&login)).await.expect(303);
    let answer = sam.post(auth::LOGOUT, &json!({ "scope": "idp" })).await.expect(200);
    let next: shared::session::LogoutResponse = answer.json();
    let next: url::Url = next.next.parse().expect("the provider's address");
    assert_eq!(parameter(&next, "id_token_hint"), None);
    assert_eq!(parameter(&next, "client_id").as_deref(), Some(provider::CLIENT_ID));
    assert!(next.as_str().len() < 4096);
}
