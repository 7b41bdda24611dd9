//! How a session came to be what it is, as the page /sessions is told: its keys, its logins, and the session before it.

use crate::support::{shopping::*, *};
use shared::{
    paths::api,
    session::{AgeSession, EndReason, LogoutScope, SessionState},
    session_history::{SessionEnd, SessionHistory},
};

async fn history(browser: &Browser) -> SessionHistory {
    browser.get(api::SESSION_HISTORY).await.expect(200).json()
}

async fn name_and_sid(browser: &Browser) -> (String, Option<String>) {
    match browser.session().await.state {
        SessionState::Anonymous { session } | SessionState::Customer { session, .. } => {
            (session.fingerprint, session.sid)
        }
        SessionState::None { .. } => panic!("no session"),
    }
}

#[tokio::test]
async fn a_login_replaces_the_key_on_screen_and_keeps_the_sessions_name() {
    let shop = spawn_app().await;
    let guest = shop.guest();
    guest.add(TEACUP, 1).await.expect(200);
    let before = history(&guest).await;
    let (name, _) = name_and_sid(&guest).await;
    assert_eq!((&before.former_key, before.login_began_at), (&None, None));
    assert!(before.key.is_some() && before.key_since.is_some());

    guest.sign_in(ADA).await;
    let after = history(&guest).await;
    assert_eq!(name_and_sid(&guest).await.0, name);
    assert_ne!(after.key, before.key);
    assert_eq!(after.former_key, before.key);
    assert!(after.key_since >= before.key_since);
    assert_eq!(after.ended, None);
}

#[tokio::test]
async fn no_key_and_no_id_is_told() {
    let shop = spawn_app().await;
    let ada = shop.customer(ADA).await;
    let text = ada.get(api::SESSION_HISTORY).await.expect(200).text();
    let key = shop.session_key_of(&ada).expect("a key");
    let row = shop.session_of(&ada).await.expect("a session");
    let hash = backend::crypto::fingerprint(&key);
    for secret in [&key, &hash, &row.id, row.sid.as_ref().expect("a sid")] {
        assert!(!text.contains(secret.as_str()), "{secret} is in {text}");
    }
}

#[tokio::test]
async fn a_reset_at_the_provider_shows_the_old_sid_beside_the_new_one_and_how_the_old_session_ended()
 {
    let shop = spawn_app().await;
    let ada = shop.customer(ADA).await;
    let (_, old_sid) = name_and_sid(&ada).await;
    let old_key = history(&ada).await.key;
    ada.sign_in_anew(ADA).await;
    let (_, new_sid) = name_and_sid(&ada).await;
    let told = history(&ada).await;
    assert_ne!(new_sid, old_sid);
    assert_eq!((told.former_sid, told.former_key), (old_sid, old_key));
    let end = told.ended.expect("the session before it ended");
    assert_eq!((end.reason, end.was_guest), (EndReason::BackchannelLogout, false));
    assert!(Some(end.at) >= told.login_began_at);
}

#[tokio::test]
async fn a_second_person_on_the_same_browser_is_told_nothing_of_the_first_ones_session() {
    let shop = spawn_app().await;
    let browser = shop.customer(ADA).await;
    browser.sign_in_anew(GRACE).await;
    let told = history(&browser).await;
    assert_eq!((told.former_sid, told.former_key, told.ended), (None, None, None));
}

#[tokio::test]
async fn single_sign_on_brings_the_auth_time_of_an_earlier_login() {
    let shop = spawn_app().await;
    let ada = shop.customer(ADA).await;
    let times = async || {
        let authenticated_at = shop.session_of(&ada).await.expect("a session").auth_time;
        (authenticated_at.expect("auth_time"), history(&ada).await.login_began_at.expect("a login"))
    };
    let (authenticated_at, began_at) = times().await;
    // In whole seconds.
    assert!(authenticated_at > began_at - 1000, "asked in this login");
    ada.sign_out(LogoutScope::Local).await;
    let login = ada.start_login("/account").await;
    let callback = ada.open_login_page(&login).await.location();
    assert_eq!(ada.come_back(&callback).await.leads_to(), "/account");
    let (again, began_again_at) = times().await;
    assert_eq!(again, authenticated_at);
    assert!(began_again_at > began_at);
}

#[tokio::test]
async fn a_session_that_was_made_older_says_by_how_much_and_keeps_saying_so() {
    let shop = Spawn::default().setting("STOREZERO_DEMO", "true").spawn().await;
    let guest = shop.guest();
    guest.add(TEACUP, 1).await.expect(200);
    let young = history(&guest).await;
    assert_eq!(young.aged_by, 0);
    for minutes in [5, 7] {
        guest.post(api::SESSION_AGE, &AgeSession { minutes, in_use: false }).await.expect(204);
    }
    let old = history(&guest).await;
    assert_eq!(old.aged_by, 12 * 60_000);
    assert_eq!(old.key_since, young.key_since, "the key is no older for it");
    guest.sign_in(ADA).await;
    assert_eq!(history(&guest).await.aged_by, 12 * 60_000);
}

#[tokio::test]
async fn an_end_is_told_with_its_time_and_whether_anybody_was_signed_in() {
    let shop = spawn_app().await;
    let guest = shop.guest();
    guest.add(TEACUP, 1).await.expect(200);
    let ada = shop.customer(ADA).await;
    for (browser, was_guest) in [(&*guest, true), (&*ada, false)] {
        shop.let_session_age(browser, 31 * MINUTE).await;
        let view = browser.session().await;
        assert_eq!(view.state, SessionState::None { ended: Some(EndReason::Idle) });
        assert_eq!(view.ended_as_guest, was_guest);
        let first = history(browser).await.ended.expect("an end");
        let expected = SessionEnd { reason: EndReason::Idle, at: first.at, was_guest };
        assert_eq!(first, expected);
        assert_eq!(history(browser).await.ended, Some(expected), "of that moment");
        assert!(view.now - first.at < 10_000);
    }
}

#[tokio::test]
async fn the_cookies_that_the_browser_still_holds_are_named() {
    let shop = spawn_app().await;
    let guest = shop.guest();
    assert_eq!(history(&guest).await, SessionHistory::default());
    guest.add(TEACUP, 1).await.expect(200);
    let mut held = history(&guest).await.cookies;
    held.sort();
    assert_eq!(held, ["storezero", "storezero-cart"]);
    shop.let_session_age(&guest, 31 * MINUTE).await;
    assert!(history(&guest).await.cookies.contains(&"storezero".to_owned()), "held after the end");
}

#[tokio::test]
async fn asking_for_it_keeps_no_session_alive() {
    let shop = spawn_app().await;
    let ada = shop.customer(ADA).await;
    shop.let_session_age(&ada, 10 * MINUTE).await;
    let before = shop.session_of(&ada).await.expect("a session");
    history(&ada).await;
    assert_eq!(shop.session_of(&ada).await.expect("a session"), before);
}
