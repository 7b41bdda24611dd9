//! Step-up: sensitive actions needs a login of the last minutes, and a second factor of whoever has one.

use crate::support::{login_in_flight::LoginInFlight, shopping::*, *};
use shared::{
    account::{AccountData, Next},
    paths::api,
    problem::{Problem, kinds},
};

const SENSITIVE: [&str; 2] = [api::ACCOUNT_DATA, api::ACCOUNT_MANAGE];

async fn let_login_age(shop: &TestApp, minutes: i64) {
    shop.execute(&format!("update session set auth_time = auth_time - {}", minutes * 60_000)).await;
}

async fn refused(customer: &Browser, path: &str) -> Problem {
    customer.get(path).await.expect_problem(401, kinds::STEP_UP_REQUIRED)
}

#[tokio::test]
async fn a_fresh_login_suffices_and_an_old_one_does_not() {
    let shop = spawn_app().await;
    let ada = shop.customer(ADA).await;
    for path in SENSITIVE {
        ada.get(path).await.expect(200);
    }
    let_login_age(&shop, 11).await;
    for path in SENSITIVE {
        let problem = refused(&ada, path).await;
        assert_eq!(problem.error.as_deref(), Some("insufficient_user_authentication"));
        assert_eq!(problem.max_age, Some(600));
        assert_eq!(problem.acr_values, None);
    }
    ada.delete(api::ACCOUNT).await.expect_problem(401, kinds::STEP_UP_REQUIRED);
    ada.delete(api::ACCOUNT_SESSIONS).await.expect_problem(401, kinds::STEP_UP_REQUIRED);
    // What is not sensitive goes on.
    ada.get(api::ACCOUNT).await.expect(200);
    ada.get(api::ORDERS).await.expect(200);
}

#[tokio::test]
async fn the_login_that_the_problem_asks_for_opens_the_door() {
    let in_flight = LoginInFlight::begin().await;
    let answer = in_flight.come_back().await;
    in_flight.expect_signed_in(&answer).await;
    let LoginInFlight { guest, shop, provider, .. } = &in_flight;
    let_login_age(shop, 30).await;
    let problem = refused(guest, api::ACCOUNT_DATA).await;
    let max_age = problem.max_age.unwrap().to_string();
    let login = guest.start_login_with(&[("return_to", "/account"), ("max_age", &max_age)]).await;
    assert_eq!(login.parameter("max_age"), "600");
    // A provider that sends the old authentication again is not believed.
    let an_hour_ago = backend::db::now() / 1000 - 3600;
    provider.issues(move |token| token.with("auth_time", an_hour_ago).sign());
    let refused_there = guest.come_back(&provider.grant(&login)).await;
    assert!(refused_there.leads_to().contains("problem=refused"));
    refused(guest, api::ACCOUNT_DATA).await;

    let now = backend::db::now() / 1000;
    provider.issues(move |token| token.with("auth_time", now).sign());
    let login = guest.start_login_with(&[("return_to", "/account"), ("max_age", &max_age)]).await;
    guest.come_back(&provider.grant(&login)).await.expect(303);
    guest.get(api::ACCOUNT_DATA).await.expect(200);
}

#[tokio::test]
async fn a_provider_that_saw_the_customer_lately_asks_for_nothing() {
    let shop = spawn_app().await;
    let ada = shop.customer(ADA).await;
    let before = shop.session_of(&ada).await.unwrap();
    let_login_age(&shop, 11).await;
    refused(&ada, api::ACCOUNT_DATA).await;
    let login = ada.start_login_with(&[("return_to", "/account"), ("max_age", "600")]).await;
    let callback = ada.open_login_page(&login).await.location();
    assert_eq!(ada.come_back(&callback).await.leads_to(), "/account");
    ada.get(api::ACCOUNT_DATA).await.expect(200);
    // The same session, in the provider's own time, under another key.
    let after = shop.session_of(&ada).await.unwrap();
    assert_eq!((after.id, after.auth_time), (before.id, before.auth_time));
}

#[tokio::test]
async fn whoever_used_a_second_factor_needs_it_for_a_sensitive_action() {
    let in_flight = LoginInFlight::begin().await;
    let LoginInFlight { guest, shop, provider, .. } = &in_flight;
    let acr = shop.app.config.oidc.acr_mfa.clone();
    let now = backend::db::now() / 1000;
    let strong = {
        let acr = acr.clone();
        move |token: provider::Jwt| token.with("acr", acr.clone()).with("auth_time", now).sign()
    };
    provider.issues(strong);
    let answer = in_flight.come_back().await;
    in_flight.expect_signed_in(&answer).await;
    guest.get(api::ACCOUNT_DATA).await.expect(200);
    // Another session of the same customer, with the password alone.
    shop.execute("update session set acr = null").await;
    let problem = refused(guest, api::ACCOUNT_DATA).await;
    assert_eq!(problem.acr_values, Some(acr.clone()));
    let login = guest
        .start_login_with(&[("return_to", "/account"), ("max_age", "600"), ("acr_values", &acr)])
        .await;
    assert_eq!(login.parameter("acr_values"), acr);
    guest.come_back(&provider.grant(&login)).await.expect(303);
    guest.get(api::ACCOUNT_DATA).await.expect(200);
}

#[tokio::test]
async fn a_stranger_is_asked_to_sign_in_and_told_nothing_of_steps() {
    let shop = spawn_app().await;
    let guest = shop.guest();
    for path in SENSITIVE {
        guest.get(path).await.expect_problem(401, kinds::SIGN_IN_REQUIRED);
    }
    guest.delete(api::ACCOUNT).await.expect_problem(401, kinds::SIGN_IN_REQUIRED);
}

#[tokio::test]
async fn changes_of_email_phone_and_password_lead_to_the_providers_account_page() {
    let shop = spawn_app().await;
    let ada = shop.customer(ADA).await;
    let Next { next } = ada.get(api::ACCOUNT_MANAGE).await.expect(200).json();
    assert_eq!(next, format!("{}/account", test_idp()));
}

#[tokio::test]
async fn the_data_is_a_file_with_all_that_is_kept_and_nothing_secret() {
    let shop = spawn_app().await;
    let ada = shop.customer(ADA).await;
    let order = ada.buy(KNIFE, 1).await;
    ada.add(KNIFE, 2).await.expect(200);
    ada.wish("stoneware-teacup").await.expect(200);
    let answer = ada.get(api::ACCOUNT_DATA).await.expect(200);
    let file = answer.header("content-disposition").unwrap();
    assert_eq!(file, "attachment; filename=\"storezero-data.json\"");
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    let text = answer.text();
    for told in [
        order.summary.number.as_str(),
        &order.address.street,
        "ada@example.com",
        KNIFE,
        "Firefox on Linux",
    ] {
        assert!(text.contains(told), "{told} is missing");
    }
    let data: AccountData = answer.json();
    assert_eq!((data.wishlist.len(), data.addresses.len()), (1, 1));
    assert!(!data.activities.is_empty());
    let row = shop.session_of(&ada).await.unwrap();
    for secret in [row.id, row.sid.unwrap(), shop.session_key_of(&ada).unwrap()] {
        assert!(!text.contains(&secret));
    }
}
