//! The event stream: what a browser hears of its session, and on which replica.

use crate::support::*;
use backend::session::cookie_name;
use reqwest::header::COOKIE;
use sea_orm::DbBackend;
use shared::{
    paths::api,
    session::{EndReason, LogoutScope, SessionState, SessionView},
};
use std::time::Duration;

/// Longest wait for an event. Never waited for in full unless the test fails.
const DEADLINE: Duration = Duration::from_secs(10);

/// An open stream of a browser's session.
struct Events {
    stream: reqwest::Response,
    heard: String,
    shop: String,
    cookie: String,
}

impl Events {
    async fn of(shop: &TestApp, browser: &Browser) -> Self {
        let cookie = shop.session_cookie_of(browser).expect("a session");
        let cookie = format!("{}={cookie}", cookie_name(&shop.app.config));
        let shop = format!("http://{}", shop.address);
        let stream = reqwest::Client::new()
            .get(format!("{shop}{}", api::SESSION_EVENTS))
            .header(COOKIE, &cookie)
            .send()
            .await
            .expect("a stream");
        let mut events = Self { stream, heard: String::new(), shop, cookie };
        events.wait_for(": open").await;
        events
    }

    async fn wait_for(&mut self, text: &str) {
        let wait = async {
            while !self.heard.contains(text) {
                let more = self.stream.chunk().await.expect("the stream goes on");
                let more = more.expect("the stream has not ended");
                self.heard.push_str(&String::from_utf8_lossy(&more));
            }
        };
        let waited = tokio::time::timeout(DEADLINE, wait).await;
        assert!(waited.is_ok(), "{text:?} was not heard, but {:?}", self.heard);
    }

    /// Hears that something changed; what, the browser asks for with the cookie that it had.
    async fn hear_of_change(&mut self) {
        self.wait_for("data: changed\n").await;
    }

    async fn expect_ended(&mut self, reason: EndReason) {
        self.hear_of_change().await;
        let session = reqwest::Client::new()
            .get(format!("{}{}", self.shop, api::SESSION))
            .header(COOKIE, &self.cookie)
            .send()
            .await
            .expect("an answer");
        let view: SessionView = session.json().await.expect("a session's view");
        expect_ended(&view, reason);
    }
}

#[track_caller]
fn expect_ended(view: &SessionView, reason: EndReason) {
    let ended = Some(reason);
    assert_eq!(view.state, SessionState::None { ended });
}

#[tokio::test]
async fn a_stream_tells_of_the_logout_and_why() {
    let shop = spawn_app().await;
    let ada = shop.customer("ada@example.com").await;
    let mut events = Events::of(&shop, &ada).await;
    ada.sign_out(LogoutScope::Local).await;
    events.expect_ended(EndReason::Logout).await;
}

#[tokio::test]
async fn a_revoked_session_hears_of_it_on_every_replica() {
    let shop = spawn_app().await;
    // Replicas share PostgreSQL; with SQLite there is one process.
    let replica = match shop.app.db.get_database_backend() {
        DbBackend::Postgres => Some(shop.replica().await),
        _ => None,
    };
    let laptop = shop.customer("ada@example.com").await;
    let phone = shop.customer("ada@example.com").await;
    let mut events = Events::of(replica.as_ref().unwrap_or(&shop), &phone).await;
    laptop.delete(api::ACCOUNT_SESSIONS).await.expect(204);
    events.expect_ended(EndReason::Revoked).await;
    expect_ended(&phone.session().await, EndReason::Revoked);
}

#[tokio::test]
async fn a_stream_neither_slides_a_session_nor_begins_one() {
    let shop = spawn_app().await;
    let guest = shop.guest();
    let stream = guest.fetch(reqwest::Method::GET, api::SESSION_EVENTS).send().await;
    assert_eq!(stream.set_cookies(), Vec::<&str>::new());
    let ada = shop.customer("ada@example.com").await;
    shop.let_session_age(&ada, Duration::from_secs(300)).await;
    let before = shop.session_of(&ada).await;
    Events::of(&shop, &ada).await;
    assert_eq!(shop.session_of(&ada).await, before);
}

#[tokio::test]
async fn a_stream_says_when_the_idle_limit_is_reached() {
    let shop = spawn_app().await;
    let ada = shop.customer("ada@example.com").await;
    shop.let_session_age(&ada, Duration::from_secs(30 * 60 - 1)).await;
    let mut events = Events::of(&shop, &ada).await;
    events.expect_ended(EndReason::Idle).await;
    expect_ended(&ada.session().await, EndReason::Idle);
}
