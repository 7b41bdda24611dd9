//! Signing in at the real identity provider: OIDC Core §3.1, and what it does to the local session.

use crate::support::{shopping::*, *};
use futures_util::future::join;
use shared::{paths::auth, session::SessionState};

#[tokio::test]
async fn a_person_signs_in_and_comes_back_to_exactly_the_page_they_asked_for() {
    let shop = spawn_app().await;
    let guest = shop.guest();
    let page = "/account/orders?page=2&q=tea%20cup#latest";
    let login = guest.start_login(page).await;
    let callback = guest.authenticate(&login, ADA).await;
    let answer = guest.come_back(&callback).await.expect(303);
    assert_eq!(answer.leads_to(), page);
    let SessionState::Customer { customer, session } = guest.session().await.state else {
        panic!("nobody is signed in");
    };
    assert_eq!(customer.name, "Ada Lovelace");
    assert_eq!(customer.email.as_deref(), Some(ADA));
    assert!(customer.email_verified);
    assert!(session.authenticated_at.is_some(), "auth_time is in every ID token");
}

#[tokio::test]
async fn the_local_session_begins_before_the_redirect_and_is_updated_by_the_login() {
    let shop = spawn_app().await;
    let guest = shop.guest();
    let login = guest.start_login("/account").await;
    let before = shop.session_of(&guest).await.expect("a session");
    assert_eq!(before.customer_id, None);
    assert_eq!(before.user_agent, "Firefox on Linux");
    let callback = guest.authenticate(&login, ADA).await;
    guest.come_back(&callback).await.expect(303);
    let after = shop.session_of(&guest).await.expect("a session");
    assert_eq!(after.id, before.id);
    assert_eq!(after.created_at, before.created_at);
    assert!(after.customer_id.is_some());
    assert_eq!(after.issuer.as_deref(), Some(test_idp().as_str()));
    assert_eq!(after.subject.as_deref(), Some("ada"));
    assert_eq!(after.amr.as_deref(), Some("pwd"));
    assert!(after.sid.is_some() && after.auth_time.is_some() && after.id_token_issued_at.is_some());
    assert_eq!(shop.count("session").await, 1);
}

#[tokio::test]
async fn a_login_changes_the_session_key_and_the_old_one_opens_nothing() {
    let shop = spawn_app().await;
    let guest = shop.guest();
    let login = guest.start_login("/account").await;
    let old = guest.cookie("storezero").expect("a session");
    let callback = guest.authenticate(&login, ADA).await;
    guest.come_back(&callback).await.expect(303);
    assert_ne!(guest.cookie("storezero").expect("a session").value, old.value);

    let thief = shop.guest();
    thief.put_cookie(old);
    let answer = thief.get("/api/session").await;
    assert_eq!(
        answer.set_cookies(),
        Vec::<&str>::new(),
        "a superseded key is answered without a cookie"
    );
    assert_eq!(thief.session().await.state, SessionState::None { ended: None });
    assert_eq!(shop.count("session_key").await, 1);
}

#[tokio::test]
async fn a_second_login_changes_the_session_key_and_keeps_session_and_cart() {
    let shop = spawn_app().await;
    let ada = shop.customer(ADA).await;
    ada.add(KNIFE, 2).await.expect(200);
    let before = shop.session_of(&ada).await.expect("a session");
    let old_key = shop.session_key_of(&ada);

    let login = ada.start_login("/account").await;
    let callback = ada.authenticate(&login, ADA).await;
    ada.come_back(&callback).await.expect(303);

    let after = shop.session_of(&ada).await.expect("a session");
    assert_eq!(after.id, before.id);
    assert_ne!(shop.session_key_of(&ada), old_key);
    assert_eq!(ada.cart_lines().await, [(KNIFE.to_owned(), 2)]);
}

#[tokio::test]
async fn a_new_standard_login_resets_the_identity_providers_session_and_the_local_key() {
    let shop = spawn_app().await;
    let ada = shop.customer(ADA).await;
    let before = shop.session_of(&ada).await.expect("a session");
    let old_key = shop.session_key_of(&ada);

    let login = ada.start_login_with(&[("return_to", "/account"), ("prompt", "login")]).await;
    assert_eq!(login.parameter("prompt"), "login");
    let page = ada.open_login_page(&login).await.expect(200);
    let callback = ada.submit_password(&page, ADA).await.location();
    // By now the identity provider has ended the old session by back channel.
    assert_eq!(shop.session_of(&ada).await, None);

    assert_eq!(ada.come_back(&callback).await.leads_to(), "/account");
    let after = shop.session_of(&ada).await.expect("a session");
    assert_ne!(after.sid, before.sid);
    assert_ne!(shop.session_key_of(&ada), old_key);
    assert_eq!(ada.signed_in_name().await.as_deref(), Some("Ada Lovelace"));
}

#[tokio::test]
async fn a_second_person_on_the_same_browser_finds_no_trace_of_the_first() {
    let shop = spawn_app().await;
    let browser = shop.customer(ADA).await;
    browser.add(KNIFE, 1).await.expect(200);
    let before = shop.session_of(&browser).await.expect("a session");
    let orders = browser.get("/api/orders").await.json::<shared::orders::OrderPage>().total;

    browser.sign_in_anew(GRACE).await;

    assert_eq!(browser.signed_in_name().await.as_deref(), Some("Grace Hopper"));
    assert_eq!(browser.cart_lines().await, []);
    assert_ne!(browser.get("/api/orders").await.json::<shared::orders::OrderPage>().total, orders);
    let after = shop.session_of(&browser).await.expect("a session");
    assert_ne!(after.id, before.id);
    assert_eq!(shop.count("session").await, 1);
}

#[tokio::test]
async fn several_tabs_may_sign_in_at_once_and_none_pushes_another_ones_attempt_out() {
    let shop = spawn_app().await;
    let guest = shop.guest();
    let first = guest.start_login("/account").await;
    let second = guest.start_login("/account/orders").await;
    for _ in 0..20 {
        guest.start_login("/").await;
    }
    let second_callback = guest.authenticate(&second, ADA).await;
    assert_eq!(guest.come_back(&second_callback).await.leads_to(), "/account/orders");
    let first_callback = guest.authenticate(&first, ADA).await;
    assert_eq!(guest.come_back(&first_callback).await.leads_to(), "/account");
    assert_eq!(guest.signed_in_name().await.as_deref(), Some("Ada Lovelace"));
    assert_eq!(shop.count("session").await, 1);
}

#[tokio::test]
async fn two_logins_that_race_in_two_tabs_leave_one_session_and_one_customer() {
    let shop = spawn_app().await;
    let guest = shop.guest();
    let logins = [guest.start_login("/account").await, guest.start_login("/account/orders").await];
    let first = guest.authenticate(&logins[0], ADA).await;
    let second = guest.authenticate(&logins[1], ADA).await;
    let (first, second) = join(guest.come_back(&first), guest.come_back(&second)).await;
    assert_eq!(first.leads_to(), "/account");
    assert_eq!(second.leads_to(), "/account/orders");
    assert_eq!(guest.signed_in_name().await.as_deref(), Some("Ada Lovelace"));
    assert_eq!(shop.count("session").await, 1);
    assert_eq!(shop.rows("select * from customer where subject = 'ada'").await.len(), 1);
}

#[tokio::test]
async fn of_two_logins_that_began_together_either_answer_may_reach_the_browser_last() {
    let shop = spawn_app().await;
    let guest = shop.guest();
    let session = backend::session::cookie_name(&shop.app.config);
    let logins = [guest.start_login("/account").await, guest.start_login("/account/orders").await];
    let mut keys = Vec::new();
    for login in &logins {
        let callback = guest.authenticate(login, ADA).await;
        guest.come_back(&callback).await.expect(303);
        keys.push(guest.cookie(&session).expect("a session's cookie"));
    }
    for key in &keys {
        guest.put_cookie(key.clone());
        assert!(guest.signed_in_name().await.is_some(), "{key:?}");
    }
    // The next login begins with one of them and leaves neither.
    guest.sign_in(ADA).await;
    for key in keys {
        guest.put_cookie(key);
        assert_eq!(guest.signed_in_name().await, None);
    }
}

#[tokio::test]
async fn a_shop_on_another_site_than_its_identity_provider_signs_people_in_and_keeps_their_cart() {
    let shop = Spawn::default().at("https://shop.example").spawn().await;
    let guest = shop.guest();
    guest.add(KNIFE, 3).await.expect(200);
    let before = shop.session_of(&guest).await.expect("a session");
    let login = guest.start_login("/account").await;
    let attempt = guest.cookies().into_iter().find(|cookie| cookie.name.contains("attempt"));
    let attempt = attempt.expect("an attempt's cookie");
    assert!(attempt.name.starts_with("__Host-") && attempt.secure && attempt.path == "/");

    let callback = guest.authenticate(&login, ADA).await;
    // The callback comes from the other site: no Strict cookie is sent with it.
    let answer = guest.come_back(&callback).await.expect(303);
    assert_eq!(answer.leads_to(), "/account");
    assert_eq!(guest.signed_in_name().await.as_deref(), Some("Ada Lovelace"));
    assert_eq!(shop.session_of(&guest).await.expect("a session").id, before.id);
    assert_eq!(shop.count("session").await, 1);
    assert_eq!(guest.cart_lines().await, [(KNIFE.to_owned(), 3)]);
}

#[tokio::test]
async fn a_login_that_begins_by_a_link_elsewhere_replaces_no_session_and_is_not_kept() {
    let shop = Spawn::default().at("https://shop.example").spawn().await;
    let ada = shop.customer(ADA).await;
    let before = shop.state_of(&ada).await;
    let answer = ada
        .navigation(&format!("{}?return_to=/account&keep=1", auth::LOGIN))
        .caused_by("https://news.example/")
        .send()
        .await
        .expect(303);
    assert!(!answer.set_cookies().iter().any(|cookie| cookie.contains("storezero=")));
    assert_eq!(shop.state_of(&ada).await, before);
    let attempts =
        shop.rows("select keep, session_id from login_attempt order by created_at desc").await;
    assert!(attempts[0]["session_id"].is_null());
    assert!(matches!(attempts[0]["keep"].to_string().as_str(), "false" | "0"));
}

#[tokio::test]
async fn keep_me_signed_in_makes_the_cookie_outlive_the_browser() {
    let shop = spawn_app().await;
    let guest = shop.guest();
    let login = guest.start_login_with(&[("return_to", "/account"), ("keep", "1")]).await;
    let callback = guest.authenticate(&login, ADA).await;
    guest.come_back(&callback).await.expect(303);
    let cookie = guest.cookie("storezero").expect("a session");
    let max_age = cookie.max_age.expect("a Max-Age");
    assert!(max_age > 7 * DAY - MINUTE && max_age <= 7 * DAY, "{max_age:?}");
    let row = shop.session_of(&guest).await.expect("a session");
    assert!(row.persistent);
    guest.close();
    assert_eq!(guest.signed_in_name().await.as_deref(), Some("Ada Lovelace"));
}

#[tokio::test]
async fn closing_the_browser_ends_a_login_that_was_not_kept() {
    let shop = spawn_app().await;
    let ada = shop.customer(ADA).await;
    assert_eq!(ada.cookie("storezero").expect("a session").max_age, None);
    ada.close();
    assert_eq!(ada.session().await.state, SessionState::None { ended: None });
}
