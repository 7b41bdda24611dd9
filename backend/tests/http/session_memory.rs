//! What the shop remembers of a session between two requests must never outlive the session.

use crate::support::*;
use reqwest::{Method, StatusCode};
use sea_orm::{ConnectionTrait as _, DbBackend};
use shared::{paths::api, session::LogoutScope};
use std::{
    sync::atomic::{AtomicUsize, Ordering::SeqCst},
    time::{Duration, Instant},
};

/// How long a change may stay unnoticed that no message tells of.
const NOTICED_WITHIN: Duration = Duration::from_secs(1);

async fn orders(browser: &Browser) -> StatusCode {
    browser.fetch(Method::GET, api::ORDERS).send().await.status
}

#[tokio::test]
async fn of_two_hundred_requests_that_race_a_logout_none_that_follows_it_is_let_in() {
    let shop = spawn_app().await;
    let ada = shop.customer("ada@example.com").await;
    let tabs: Vec<Browser> = (0..10).map(|_| ada.at(&shop)).collect();
    let (is_over, let_in, refused) =
        (AtomicUsize::new(0), AtomicUsize::new(0), AtomicUsize::new(0));
    let ask = async |tab: &Browser| {
        for _ in 0..20 {
            let is_after = is_over.load(SeqCst) == 1;
            match orders(tab).await {
                StatusCode::OK if is_after => panic!("let in after the logout"),
                StatusCode::OK => let_in.fetch_add(1, SeqCst),
                StatusCode::UNAUTHORIZED => refused.fetch_add(1, SeqCst),
                other => panic!("{other}"),
            };
        }
    };
    let sign_out = async {
        // In the middle of it, however fast the machine is.
        while let_in.load(SeqCst) < 60 {
            tokio::task::yield_now().await;
        }
        ada.sign_out(LogoutScope::Local).await;
        is_over.store(1, SeqCst);
    };
    tokio::join!(futures_util::future::join_all(tabs.iter().map(ask)), sign_out);
    assert_eq!(let_in.load(SeqCst) + refused.load(SeqCst), 200);
    assert!(refused.load(SeqCst) > 0, "the logout came after all of them");
}

#[tokio::test]
async fn a_session_that_ends_elsewhere_is_refused_here_at_once() {
    let shop = spawn_app().await;
    let laptop = shop.customer("ada@example.com").await;
    let phone = shop.customer("ada@example.com").await;
    assert_eq!(orders(&phone).await, StatusCode::OK);
    laptop.delete(api::ACCOUNT_SESSIONS).await.expect(204);
    assert_eq!(orders(&phone).await, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn a_session_that_another_replica_ended_is_refused_within_a_second() {
    let shop = spawn_app().await;
    if shop.app.db.get_database_backend() != DbBackend::Postgres {
        return;
    }
    let replica = shop.replica().await;
    for is_cut in [false, true] {
        let laptop = shop.customer("ada@example.com").await;
        let phone = shop.customer("ada@example.com").await;
        let phone_there = phone.at(&replica);
        assert_eq!(orders(&phone_there).await, StatusCode::OK);
        if is_cut {
            // With those that replicas hear of changes by.
            shop.cut_connections().await;
        }
        laptop.delete(api::ACCOUNT_SESSIONS).await.expect(204);
        let ended_at = Instant::now();
        loop {
            let sent_at = Instant::now();
            match orders(&phone_there).await {
                StatusCode::UNAUTHORIZED => break,
                status => assert!(
                    status != StatusCode::OK || sent_at - ended_at < NOTICED_WITHIN,
                    "let in {:?} after the end",
                    sent_at - ended_at
                ),
            }
        }
    }
}

#[tokio::test]
async fn a_name_that_a_login_elsewhere_tells_anew_is_shown_here_at_once() {
    let shop = spawn_app().await;
    let laptop = shop.customer("ada@example.com").await;
    let before = laptop.session().await;
    shop.app.db.execute_unprepared("update customer set name = 'Somebody'").await.unwrap();
    shop.customer("ada@example.com").await;
    assert_eq!(laptop.session().await.state, before.state);
}
