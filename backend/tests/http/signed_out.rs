//! Signed out means signed out: what a person ended here does not come back by single sign-on unless they ask for it.

use crate::support::{login_in_flight::expect_sign_in_problem, *};
use shared::{
    paths::{api, auth},
    session::{LogoutScope, SignInProblem, SilentLogin},
    trace::Step,
};

const ELSEWHERE: &str = "https://news.example/";

/// Presses a link of another site that signs in.
async fn follow_link(browser: &Browser) -> Login {
    let link = browser.navigation(&format!("{}?return_to=/account", auth::LOGIN));
    let left = link.caused_by(ELSEWHERE).send().await.expect(303);
    assert_eq!(parameter(&left.location(), "prompt"), None, "the shop cannot know yet");
    Login { authorization_url: left.location() }
}

/// Single sign-on answers this login without a question, the shop has it asked all the same, and the password signs in.
async fn expect_asked(browser: &Browser, login: &Login) {
    let page = browser.open_login_page(login).await;
    let asked = browser.come_back(&page.expect(303).location()).await.expect(303);
    assert_eq!(browser.signed_in_name().await, None);
    let login = Login { authorization_url: asked.location() };
    assert_eq!(login.parameter("prompt"), "login");
    let page = browser.open_login_page(&login).await.expect(200);
    let callback = browser.submit_password(&page, ADA).await.location();
    assert_eq!(browser.come_back(&callback).await.leads_to(), "/account");
    assert_eq!(browser.signed_in_name().await.as_deref(), Some("Ada Lovelace"));
}

async fn expect_not_asked(browser: &Browser, login: &Login) {
    let page = browser.open_login_page(login).await;
    let callback = page.expect(303).location();
    assert_eq!(browser.come_back(&callback).await.leads_to(), "/account");
    assert_eq!(browser.signed_in_name().await.as_deref(), Some("Ada Lovelace"));
}

/// A device whose session was ended from another one, and which has nothing of the shop any more.
async fn revoked_device(shop: &TestApp) -> Customer {
    let (laptop, phone) = (shop.customer(ADA).await, shop.customer(ADA).await);
    laptop.delete(api::ACCOUNT_SESSIONS).await.expect(204);
    phone.drop_cookie("storezero");
    phone
}

#[tokio::test]
async fn a_revoked_device_does_not_come_back_by_a_link_on_another_site() {
    let shop = spawn_app().await;
    let phone = revoked_device(&shop).await;
    let login = follow_link(&phone).await;
    expect_asked(&phone, &login).await;
    // That was a proof: from now on single sign-on is as good as ever.
    phone.drop_cookie("storezero");
    let login = follow_link(&phone).await;
    expect_not_asked(&phone, &login).await;
}

#[tokio::test]
async fn a_revoked_device_that_forgot_its_cookies_is_asked_at_the_shops_own_door_too() {
    let shop = spawn_app().await;
    let phone = revoked_device(&shop).await;
    let login = phone.start_login("/account").await;
    expect_asked(&phone, &login).await;
}

#[tokio::test]
async fn a_revoked_device_that_forgot_its_cookies_greets_nobody() {
    let shop = spawn_app().await;
    let phone = revoked_device(&shop).await;
    let frame = phone.navigation(auth::SILENT_LOGIN).to(Destination::Frame);
    let login = Login { authorization_url: frame.send().await.expect(303).location() };
    let landing = phone.open_login_page(&login).await.location();
    let answer = ["state", "code", "iss"].map(|name| (name, parameter(&landing, name)));
    let answer = std::collections::BTreeMap::from(answer);
    let answer: SilentLogin = phone.post(auth::SILENT, &answer).await.expect(200).json();
    assert_eq!(answer.name, None);
    assert_eq!(answer.problem, Some(SignInProblem::LoginRequired));
}

#[tokio::test]
async fn a_deleted_account_does_not_begin_anew_by_a_link_on_another_site() {
    let shop = spawn_app().await;
    let (laptop, phone) = (shop.customer(ADA).await, shop.customer(ADA).await);
    laptop.delete(api::ACCOUNT).await.expect(200);
    for device in [&laptop, &phone] {
        device.drop_cookie("storezero");
        let login = follow_link(device).await;
        let page = device.open_login_page(&login).await;
        let asked = device.come_back(&page.expect(303).location()).await.expect(303);
        assert_eq!(parameter(&asked.location(), "prompt").as_deref(), Some("login"));
    }
    assert!(shop.rows("select * from customer where subject = 'ada'").await.is_empty());
    for kept in shop.rows("select * from signed_out_login").await {
        let columns = kept.as_object().unwrap().keys();
        assert!(columns.eq(["at", "authenticated_until", "elsewhere", "login_hash"]), "{kept}");
        assert_eq!(kept["login_hash"].as_str().unwrap().len(), 64, "a hash, and no person");
    }
}

#[tokio::test]
async fn whoever_signed_out_is_asked_when_a_link_on_another_site_signs_in() {
    let shop = spawn_app().await;
    let ada = shop.customer(ADA).await;
    ada.sign_out(LogoutScope::Local).await;
    let login = follow_link(&ada).await;
    expect_asked(&ada, &login).await;
}

#[tokio::test]
async fn whoever_signed_out_and_presses_sign_in_in_the_shop_wants_single_sign_on() {
    let shop = spawn_app().await;
    let ada = shop.customer(ADA).await;
    ada.sign_out(LogoutScope::Local).await;
    let login = ada.start_login("/account").await;
    expect_not_asked(&ada, &login).await;
    // And is as signed in as before.
    ada.drop_cookie("storezero");
    let login = follow_link(&ada).await;
    expect_not_asked(&ada, &login).await;
}

#[tokio::test]
async fn a_login_that_was_under_way_does_not_undo_a_sign_out() {
    let shop = spawn_app().await;
    let ada = shop.customer(ADA).await;
    let login = ada.start_login_with(&[("return_to", "/account"), ("keep", "1")]).await;
    ada.sign_out(LogoutScope::Local).await;
    expect_asked(&ada, &login).await;
    let row = shop.session_of(&ada).await.expect("a session");
    assert!(row.persistent, "what the login was asked for, it has been asked for still");
    let traces = format!("{:?}", shop.rows("select trace from session_trace").await);
    let began_anew = serde_json::to_string(&Step::LoginBeginsAnew).unwrap();
    assert!(traces.contains(began_anew.trim_matches('"')), "the Explorer shows it");
}

#[tokio::test]
async fn a_sign_out_that_meets_its_login_at_the_same_moment_stays_one() {
    let shop = spawn_app().await;
    for _ in 0..10 {
        let ada = shop.customer(ADA).await;
        let login = ada.start_login("/account").await;
        let callback = ada.open_login_page(&login).await.expect(303).location();
        let (answer, _) =
            futures_util::future::join(ada.come_back(&callback), ada.sign_out(LogoutScope::Local))
                .await;
        // Either the login was first and the sign-out ended it, or it is asked anew.
        let is_asked = parameter(&answer.location(), "prompt").as_deref() == Some("login");
        assert!(is_asked || answer.leads_to() == "/account");
        assert_eq!(
            shop.rows("select id from session where customer_id is not null").await.len(),
            0
        );
    }
}

#[tokio::test]
async fn a_script_of_another_site_signs_nobody_in() {
    let shop = spawn_app().await;
    let ada = shop.customer(ADA).await;
    ada.sign_out(LogoutScope::Local).await;
    let before = shop.snapshot().await;
    for site in [ELSEWHERE, test_idp().as_str()] {
        let script = ada.navigation(&format!("{}?return_to=/account", auth::LOGIN)).caused_by(site);
        let answer = script.without("sec-fetch-user").send().await;
        expect_sign_in_problem(&answer, SignInProblem::ConfirmationRequired, "/account");
    }
    assert_eq!(shop.snapshot().await, before);
}

#[tokio::test]
async fn what_a_browser_fetches_ahead_begins_nothing() {
    let shop = spawn_app().await;
    let guest = shop.guest();
    let before = shop.snapshot().await;
    for (name, value) in [
        ("sec-purpose", "prefetch"),
        ("sec-purpose", "prefetch;prerender"),
        ("sec-purpose", "prefetch;anonymous-client-ip"),
        ("purpose", "prefetch"),
    ] {
        let ahead = guest.navigation(auth::LOGIN).header(name, value).send().await;
        ahead.expect_problem(400, shared::problem::kinds::BAD_REQUEST);
    }
    assert_eq!(shop.snapshot().await, before);
    assert!(guest.cookies().is_empty());
}

#[tokio::test]
async fn logins_that_were_signed_out_are_remembered_for_thirty_days() {
    let shop = spawn_app().await;
    let ada = shop.customer(ADA).await;
    ada.sign_out(LogoutScope::Local).await;
    let sweep = async || {
        backend::jobs::sweep_once(&shop.app.sessions, &shop.app.db).await.expect("a round");
        shop.count("signed_out_login").await
    };
    assert_eq!(sweep().await, 1);
    let by = (30 * DAY + SECOND).as_millis();
    shop.execute(&format!("update signed_out_login set at = at - {by}")).await;
    assert_eq!(sweep().await, 0);
}
