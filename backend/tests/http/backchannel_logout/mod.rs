//! `POST /auth/backchannel-logout`: OpenID Connect Back-Channel Logout 1.0, by the real identity provider and by
//! tokens of every wrong kind.

mod validation;

use crate::support::{
    login_in_flight::{LoginInFlight, expect_sign_in_problem},
    provider::{self, Gate, Jwt, Key, Reply},
    *,
};
use futures_util::future::{join, join_all};
use serde_json::{Value, json};
use shared::{
    paths::api,
    problem::kinds,
    session::{EndReason, SessionState, SignInProblem},
};

const EVENT: &str = "http://schemas.openid.net/event/backchannel-logout";

fn now() -> i64 {
    backend::db::now() / 1000
}

fn ended() -> SessionState {
    SessionState::None { ended: Some(EndReason::BackchannelLogout) }
}

/// The one person, signed in at a provider that can say anything of it.
struct SignedIn {
    in_flight: LoginInFlight,
}

impl SignedIn {
    async fn begin() -> Self {
        let in_flight = LoginInFlight::begin().await;
        let answer = in_flight.come_back().await;
        in_flight.expect_signed_in(&answer).await;
        Self { in_flight }
    }

    /// The same person in another session of the provider.
    async fn on_another_device(&self) -> Guest {
        let LoginInFlight { provider, shop, .. } = &self.in_flight;
        provider.issues(|token| token.with("sid", "another-session-of-sam").sign());
        let device = shop.guest();
        let login = device.start_login("/account").await;
        device.come_back(&provider.grant(&login)).await.expect(303);
        device
    }

    fn token(&self) -> Jwt {
        self.in_flight.provider.logout_token()
    }

    async fn send(&self, token: &str) -> Answer {
        self.in_flight.shop.logout_token_arrives(token).await
    }

    async fn expect_ended(&self) {
        assert_eq!(self.in_flight.guest.session().await.state, ended());
        self.in_flight.guest.get(api::ORDERS).await.expect_problem(401, kinds::SIGN_IN_REQUIRED);
    }

    async fn expect_alive(&self) {
        assert_eq!(self.in_flight.guest.signed_in_name().await.as_deref(), Some(provider::NAME));
    }
}

#[track_caller]
fn expect_accepted(answer: &Answer) {
    assert_eq!(answer.status, 200, "{}", answer.text());
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    assert_eq!(answer.set_cookies(), Vec::<&str>::new());
}

/// §2.8: 400 with an OAuth error, never stored.
#[track_caller]
fn expect_refused(answer: &Answer) {
    assert_eq!(answer.status, 400, "{}", answer.text());
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    let error: Value = serde_json::from_slice(&answer.body).expect("JSON");
    assert_eq!(error["error"], "invalid_request");
}

/// A token that is wrong in this way ends nothing.
async fn refused(make: impl FnOnce(Jwt) -> String) {
    let signed_in = SignedIn::begin().await;
    let answer = signed_in.send(&make(signed_in.token())).await;
    expect_refused(&answer);
    signed_in.expect_alive().await;
}

/// A token like this ends the session.
async fn ends(make: impl FnOnce(Jwt) -> String) {
    let signed_in = SignedIn::begin().await;
    let answer = signed_in.send(&make(signed_in.token())).await;
    expect_accepted(&answer);
    signed_in.expect_ended().await;
}

#[tokio::test]
async fn a_logout_at_the_identity_provider_ends_the_session_here() {
    let shop = spawn_app().await;
    let (ada, other_device) = (shop.customer(ADA).await, shop.customer(ADA).await);
    let page = ada.open(&format!("{}/session/end", test_idp()).parse().expect("a URL")).await;
    ada.submit(&page, &[("logout", "yes")]).await;
    assert_eq!(ada.session().await.state, ended());
    ada.get(api::ORDERS).await.expect_problem(401, kinds::SIGN_IN_REQUIRED);
    assert_eq!(
        other_device.signed_in_name().await.as_deref(),
        Some("Ada Lovelace"),
        "it has a sid of its own"
    );
}

#[tokio::test]
async fn a_token_for_a_session_ends_it_with_all_that_it_stores() {
    let signed_in = SignedIn::begin().await;
    expect_accepted(&signed_in.send(&signed_in.token().sign()).await);
    signed_in.expect_ended().await;
    let shop = &signed_in.in_flight.shop;
    for table in ["session", "session_key", "session_id_token"] {
        assert_eq!(shop.count(table).await, 0, "{table}");
    }
}

#[tokio::test]
async fn a_token_takes_effect_on_every_replica() {
    let signed_in = SignedIn::begin().await;
    let replica = signed_in.in_flight.shop.replica().await;
    expect_accepted(&replica.logout_token_arrives(&signed_in.token().sign()).await);
    signed_in.in_flight.guest.ended_session().await;
    signed_in.expect_ended().await;
}

#[tokio::test]
async fn a_token_with_sid_alone_is_enough() {
    ends(|token| token.without("sub").sign()).await;
}

#[tokio::test]
async fn a_token_with_sub_alone_ends_every_session_of_that_person() {
    let signed_in = SignedIn::begin().await;
    let other_device = signed_in.on_another_device().await;
    expect_accepted(&signed_in.send(&signed_in.token().without("sid").sign()).await);
    signed_in.expect_ended().await;
    assert_eq!(other_device.session().await.state, ended());
}

#[tokio::test]
async fn a_token_with_sub_and_sid_ends_that_sid_alone() {
    let signed_in = SignedIn::begin().await;
    let other_device = signed_in.on_another_device().await;
    expect_accepted(&signed_in.send(&signed_in.token().sign()).await);
    signed_in.expect_ended().await;
    assert_eq!(other_device.signed_in_name().await.as_deref(), Some(provider::NAME));
}

#[tokio::test]
async fn a_token_for_nobody_here_is_accepted_and_ends_nothing() {
    for (claim, value) in [("sub", "nobody"), ("sid", "no-session")] {
        let signed_in = SignedIn::begin().await;
        expect_accepted(&signed_in.send(&signed_in.token().with(claim, value).sign()).await);
        signed_in.expect_alive().await;
    }
}

#[tokio::test]
async fn an_audience_in_a_list_is_accepted() {
    ends(|token| token.with("aud", json!([provider::CLIENT_ID, "another-client"])).sign()).await;
}

#[tokio::test]
async fn the_long_form_of_typ_is_accepted() {
    ends(|token| token.with_header("typ", "application/logout+jwt").sign()).await;
}

#[tokio::test]
async fn a_token_signed_with_rsa_is_accepted() {
    ends(|token| token.with_key(Key::Rsa).sign()).await;
}

#[tokio::test]
async fn a_token_is_used_once() {
    let signed_in = SignedIn::begin().await;
    let token = signed_in.token().sign();
    expect_accepted(&signed_in.send(&token).await);
    signed_in.expect_ended().await;
    // Recorded and sent again, it would end the next login.
    let in_flight = &signed_in.in_flight;
    let login = in_flight.guest.start_login("/account").await;
    in_flight.provider.issues(|token| token.with("iat", now() + 2).sign());
    let callback = in_flight.provider.grant(&login);
    assert_eq!(in_flight.guest.come_back(&callback).await.leads_to(), "/account");
    let before = in_flight.shop.snapshot().await;
    expect_refused(&signed_in.send(&token).await);
    assert_eq!(in_flight.shop.snapshot().await, before, "a replay leaves no trace");
    signed_in.expect_alive().await;
}

#[tokio::test]
async fn a_token_whose_sessions_could_not_be_ended_counts_when_it_is_sent_again() {
    let signed_in = SignedIn::begin().await;
    let token = signed_in.token().sign();
    let shop = &signed_in.in_flight.shop;
    shop.execute("alter table session_end rename to session_end_elsewhere").await;
    signed_in.send(&token).await.expect(500);
    shop.execute("alter table session_end_elsewhere rename to session_end").await;
    signed_in.expect_alive().await;
    expect_accepted(&signed_in.send(&token).await);
    signed_in.expect_ended().await;
}

#[tokio::test]
async fn one_token_twenty_times_at_once_is_used_once() {
    let signed_in = SignedIn::begin().await;
    let token = signed_in.token().sign();
    let answers = join_all((0..20).map(|_| signed_in.send(&token))).await;
    let accepted = answers.iter().filter(|answer| answer.status == 200).count();
    let refused = answers.iter().filter(|answer| answer.status == 400).count();
    assert_eq!((accepted, refused), (1, 19));
    signed_in.expect_ended().await;
}

#[tokio::test]
async fn a_login_after_the_token_stays() {
    let in_flight = LoginInFlight::begin().await;
    let token = in_flight.provider.logout_token().with("iat", now() - 30).sign();
    let answer = in_flight.come_back().await;
    in_flight.expect_signed_in(&answer).await;
    expect_accepted(&in_flight.shop.logout_token_arrives(&token).await);
    assert_eq!(in_flight.guest.signed_in_name().await.as_deref(), Some(provider::NAME));
}

#[tokio::test]
async fn a_logout_that_overtakes_its_own_callback_still_wins() {
    let in_flight = LoginInFlight::begin().await;
    let gate = Gate::closed();
    in_flight.provider.replies(Reply::Held(gate.clone()));
    // The provider makes its ID token first, then ends the session, and the logout token is there first.
    in_flight.provider.issues(|token| token.with("iat", now() - 5).sign());
    let logout = async {
        gate.arrival().await;
        let token = in_flight.provider.logout_token().sign();
        expect_accepted(&in_flight.shop.logout_token_arrives(&token).await);
        gate.open();
    };
    let (answer, ()) = join(in_flight.come_back(), logout).await;
    expect_sign_in_problem(&answer, SignInProblem::LoginRequired, "/account");
    assert_eq!(in_flight.guest.signed_in_name().await, None);
    assert_eq!(in_flight.shop.count("session_id_token").await, 0);
}

#[tokio::test]
async fn a_login_in_the_second_of_a_logout_of_the_person_restarts_quietly_once() {
    let in_flight = LoginInFlight::begin().await;
    let second = now();
    in_flight.provider.issues(move |token| token.with("iat", second).sign());
    let token = in_flight.provider.logout_token().with("iat", second).without("sid").sign();
    expect_accepted(&in_flight.shop.logout_token_arrives(&token).await);
    // Which came first, nobody can tell: the provider is asked once more.
    let asked = in_flight.come_back().await.expect(303);
    let again = Login { authorization_url: asked.location() };
    assert_eq!(parameter(&again.authorization_url, "prompt"), None);
    assert_eq!(in_flight.guest.signed_in_name().await, None);
    let answer = in_flight.guest.come_back(&in_flight.provider.grant(&again)).await;
    in_flight.expect_signed_in(&answer).await;
}

#[tokio::test]
async fn a_logout_that_races_its_own_callback_wins_however_close_they_are() {
    let in_flight = LoginInFlight::begin().await;
    let shop = &in_flight.shop;
    in_flight.provider.issues(|token| token.with("iat", now() - 5).sign());
    for _ in 0..3 {
        // Ten at a time, so that they meet at every step of each other.
        let races = (0..10).map(async |i: u32| {
            let sid = format!("session-{i}-{}", backend::crypto::token());
            let guest = shop.guest();
            let login = guest.start_login("/account").await;
            let callback = in_flight.provider.grant_in(&login, &sid);
            let token = in_flight.provider.logout_token().with("sid", sid).sign();
            let (_, logout) = join(guest.come_back(&callback), async {
                for _ in 0..i * 3 {
                    tokio::task::yield_now().await;
                }
                shop.logout_token_arrives(&token).await
            })
            .await;
            expect_accepted(&logout);
            assert_eq!(guest.signed_in_name().await, None);
        });
        join_all(races).await;
    }
    let left = shop.rows("select id from session where customer_id is not null").await;
    assert!(left.is_empty(), "{left:?}");
}

#[tokio::test]
async fn a_logout_of_another_session_overtakes_nothing() {
    let in_flight = LoginInFlight::begin().await;
    let token = in_flight.provider.logout_token().with("sid", "another-session-of-sam").sign();
    expect_accepted(&in_flight.shop.logout_token_arrives(&token).await);
    let answer = in_flight.come_back().await;
    in_flight.expect_signed_in(&answer).await;
}

#[tokio::test]
async fn an_ended_session_is_not_brought_back_by_requests_in_flight() {
    let signed_in = SignedIn::begin().await;
    let guest = &signed_in.in_flight.guest;
    signed_in.in_flight.shop.let_session_age(guest, 10 * MINUTE).await;
    let requests = join_all((0..20).map(|_| guest.get(api::ORDERS)));
    let (answers, logout) =
        join(requests, async { signed_in.send(&signed_in.token().sign()).await }).await;
    expect_accepted(&logout);
    assert!(answers.iter().all(|answer| answer.status == 200 || answer.status == 401));
    signed_in.expect_ended().await;
    assert_eq!(signed_in.in_flight.shop.count("session").await, 0);
}

#[tokio::test]
async fn unknown_keys_in_logout_tokens_cost_one_fetch_however_many_arrive() {
    let signed_in = SignedIn::begin().await;
    for _ in 0..10 {
        let token = signed_in.token().with_header("kid", backend::crypto::token()).sign();
        expect_refused(&signed_in.send(&token).await);
    }
    assert_eq!(signed_in.in_flight.provider.asked().for_keys(), 1);
}

#[tokio::test]
async fn ended_logins_are_remembered_for_ten_minutes() {
    let signed_in = SignedIn::begin().await;
    let shop = &signed_in.in_flight.shop;
    expect_accepted(&signed_in.send(&signed_in.token().sign()).await);
    backend::jobs::sweep_once(&shop.app.sessions, &shop.app.db).await.expect("a round");
    assert_eq!(shop.count("ended_login").await, 1);
    shop.execute(&format!(
        "update ended_login set at = at - {}",
        (10 * MINUTE + SECOND).as_millis()
    ))
    .await;
    backend::jobs::sweep_once(&shop.app.sessions, &shop.app.db).await.expect("a round");
    assert_eq!(shop.count("ended_login").await, 0);
}
