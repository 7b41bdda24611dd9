//! How logins and logouts went, as the Session Explorer is told.

use crate::support::*;
use serde_json::json;
use shared::{
    account::SignedInSession,
    identity_provider::IdentityProviderView,
    paths::{self, api, auth},
    session::{LogoutRequest, LogoutResponse, LogoutScope},
    trace::{Step, Trace, TraceKind},
};

async fn traces(browser: &Browser) -> Vec<Trace> {
    browser.get(api::SESSION_TRACES).await.expect(200).json()
}

fn steps(trace: &Trace) -> Vec<Step> {
    trace.messages.iter().map(|message| message.step).collect()
}

#[tokio::test]
async fn a_login_is_told_message_by_message() {
    let shop = spawn_app().await;
    let ada = shop.customer(ADA).await;
    let traces = traces(&ada).await;
    let [login] = &traces[..] else {
        panic!("one trace: {traces:?}");
    };
    assert_eq!(login.kind, TraceKind::Login);
    assert_eq!(login.asked, Some(true));
    let as_it_happened = [
        Step::LoginRequested,
        Step::SessionBegan,
        Step::AuthorizationRequest,
        Step::AuthorizationResponse,
        Step::TokenRequest,
        Step::TokenResponse,
        Step::IdTokenValidated,
        Step::SessionUpdated,
        Step::ReturnedToPage,
    ];
    assert_eq!(steps(login), as_it_happened);
    let parameter = |step, name| login.message(step).unwrap().parameter(name);
    assert_eq!(parameter(Step::LoginRequested, "return_to"), Some("/account"));
    assert_eq!(parameter(Step::SessionBegan, "signed in"), Some("false"));
    assert_eq!(parameter(Step::SessionBegan, "sid"), None);
    assert_eq!(parameter(Step::AuthorizationRequest, "response_type"), Some("code"));
    assert_eq!(
        parameter(Step::AuthorizationRequest, "state"),
        parameter(Step::AuthorizationResponse, "state")
    );
    assert!(login.messages.is_sorted_by_key(|message| message.at));
}

#[tokio::test]
async fn the_page_that_a_login_was_for_is_told_with_query_and_fragment() {
    let shop = spawn_app().await;
    let guest = shop.guest();
    let page = "/account/orders?status=shipped&q=tea%20cup#late";
    let login = guest.start_login(page).await;
    let callback = guest.authenticate(&login, ADA).await;
    guest.come_back(&callback).await.expect(303);
    let traces = traces(&guest).await;
    let parameter = |step, name| traces[0].message(step).unwrap().parameter(name);
    assert_eq!(parameter(Step::LoginRequested, "return_to"), Some(page));
    assert_eq!(parameter(Step::ReturnedToPage, "to"), Some(page));
}

#[tokio::test]
async fn no_secret_of_a_login_is_told() {
    let shop = spawn_app().await;
    let guest = shop.guest();
    let login = guest.start_login("/account").await;
    let callback = guest.authenticate(&login, ADA).await;
    guest.come_back(&callback).await.expect(303);
    let told = guest.get(api::SESSION_TRACES).await.expect(200).text();
    let row = shop.session_of(&guest).await.unwrap();
    let secrets = [
        login.state(),
        login.parameter("nonce"),
        login.parameter("code_challenge"),
        parameter(&callback, "code").unwrap(),
        row.id,
        row.sid.unwrap(),
        shop.session_key_of(&guest).unwrap(),
        "eyJ".to_owned(),
    ];
    for secret in secrets {
        assert!(!told.contains(&secret), "{secret} is told");
    }
}

#[tokio::test]
async fn a_login_that_asks_for_nothing_says_so() {
    let in_flight = login_in_flight::LoginInFlight::begin().await;
    let an_hour_ago = backend::db::now() / 1000 - 3600;
    let provider = &in_flight.provider;
    provider.issues(move |token| token.with("auth_time", an_hour_ago).sign());
    let answer = in_flight.come_back().await;
    in_flight.expect_signed_in(&answer).await;
    assert_eq!(traces(&in_flight.guest).await[0].asked, Some(false));
}

#[tokio::test]
async fn an_id_token_is_told_with_its_times_and_what_vouched_for_the_person() {
    let in_flight = login_in_flight::LoginInFlight::begin().await;
    in_flight.provider.issues(|token| {
        let issued_at = token.claims["iat"].as_i64().unwrap();
        token
            .with("auth_time", issued_at - 60)
            .with("upstream_auth_time", issued_at - 3600)
            .with("provider", "friendbook")
            .with("amr", serde_json::json!(["pwd", "otp"]))
            .with("acr", "two-factors")
            .sign()
    });
    in_flight.expect_signed_in(&in_flight.come_back().await).await;
    let traces = traces(&in_flight.guest).await;
    let validated = traces[0].message(Step::IdTokenValidated).unwrap();
    let seconds = |name| validated.parameter(name).unwrap().parse::<i64>().unwrap();
    assert_eq!(seconds("auth_time"), seconds("iat") - 60);
    assert_eq!(seconds("upstream_auth_time"), seconds("iat") - 3600);
    assert_eq!(validated.parameter("amr"), Some("pwd otp"));
    assert_eq!(validated.parameter("acr"), Some("two-factors"));
    assert_eq!(validated.parameter("provider"), Some("friendbook"));
}

#[tokio::test]
async fn an_upstream_time_that_cannot_be_one_is_not_told_and_signs_in_all_the_same() {
    for odd in [serde_json::json!("yesterday"), serde_json::json!(-1), serde_json::json!(1e300)] {
        let in_flight = login_in_flight::LoginInFlight::begin().await;
        in_flight
            .provider
            .issues(move |token| token.with("upstream_auth_time", odd.clone()).sign());
        in_flight.expect_signed_in(&in_flight.come_back().await).await;
        let traces = traces(&in_flight.guest).await;
        let validated = traces[0].message(Step::IdTokenValidated).unwrap();
        assert_eq!(validated.parameter("upstream_auth_time"), None);
    }
}

#[tokio::test]
async fn a_refused_login_is_told_and_the_session_goes_on() {
    let shop = spawn_app().await;
    let ada = shop.customer(ADA).await;
    let login = ada.start_login("/account").await;
    let refused = format!(
        "{}?state={}&error=access_denied&iss={}",
        auth::CALLBACK,
        login.state(),
        test_idp()
    );
    ada.visit(&refused).await.expect(303);
    let traces = traces(&ada).await;
    assert_eq!(traces.len(), 2);
    let last = traces[0].messages.last().unwrap();
    assert_eq!(last.step, Step::LoginRefused);
    assert_eq!(last.parameter("problem"), Some("access_denied"));
    ada.get(api::ORDERS).await.expect(200);
}

#[tokio::test]
async fn a_session_remembers_its_ten_newest_flows() {
    let shop = spawn_app().await;
    let ada = shop.customer(ADA).await;
    for _ in 0..11 {
        ada.sign_in(ADA).await;
    }
    assert_eq!(traces(&ada).await.len(), 10);
    assert_eq!(shop.count("session_trace").await, 10);
}

#[tokio::test]
async fn a_logout_hands_its_flow_to_the_page_since_the_session_takes_its_own_along() {
    let shop = spawn_app().await;
    let ada = shop.customer(ADA).await;
    let request = LogoutRequest { scope: LogoutScope::Idp };
    let answer = ada.post(auth::LOGOUT, &request).await.expect(200);
    let LogoutResponse { trace, earlier, .. } = answer.json();
    let ended =
        [Step::LogoutRequested, Step::SessionEnded, Step::LogoutAnswered, Step::EndSessionRequest];
    assert_eq!(steps(&trace), ended);
    let parameter = |step, name| trace.message(step).unwrap().parameter(name);
    let next = parameter(Step::LogoutAnswered, "next");
    assert_eq!(next, Some("/auth/end-session?scope=idp"));
    assert_eq!(parameter(Step::EndSessionRequest, "state"), Some("idp"));
    let hint = parameter(Step::EndSessionRequest, "id_token_hint").unwrap();
    assert!(hint.starts_with('‹'), "{hint}");
    let [login] = &earlier[..] else {
        panic!("the login: {earlier:?}");
    };
    assert_eq!(login.kind, TraceKind::Login);
    assert_eq!(traces(&ada).await, []);
    assert_eq!(shop.count("session_trace").await, 0);
}

#[tokio::test]
async fn the_browser_of_a_session_that_the_provider_ended_is_told_how() {
    let in_flight = login_in_flight::LoginInFlight::begin().await;
    let answer = in_flight.come_back().await;
    in_flight.expect_signed_in(&answer).await;
    let token = in_flight.provider.logout_token().sign();
    in_flight.shop.logout_token_arrives(&token).await.expect(200);
    let traces = traces(&in_flight.guest).await;
    let [trace, login] = &traces[..] else {
        panic!("the end and the login: {traces:?}");
    };
    assert_eq!(trace.kind, TraceKind::BackchannelLogout);
    assert_eq!(login.kind, TraceKind::Login);
    let as_it_happened = [
        Step::LogoutToken,
        Step::LogoutTokenValidated,
        Step::SessionEnded,
        Step::LogoutTokenAnswered,
    ];
    assert_eq!(steps(trace), as_it_happened);
}

#[tokio::test]
async fn a_local_logout_tells_the_page_that_the_shop_itself_leads_to() {
    let shop = spawn_app().await;
    let ada = shop.customer(ADA).await;
    let request = LogoutRequest { scope: LogoutScope::Local };
    let LogoutResponse { trace, next, .. } =
        ada.post(auth::LOGOUT, &request).await.expect(200).json();
    assert_eq!(steps(&trace), [Step::LogoutRequested, Step::SessionEnded, Step::LogoutAnswered]);
    let answered = trace.message(Step::LogoutAnswered).unwrap();
    assert_eq!(answered.parameter("next"), Some("/signed-out?state=local"));
    assert_eq!(next, "/signed-out?state=local");
}

#[tokio::test]
async fn a_session_that_ended_by_itself_leaves_its_flows_to_its_browser() {
    let shop = spawn_app().await;
    let ada = shop.customer(ADA).await;
    let before = traces(&ada).await;
    shop.let_session_age(&ada, 31 * MINUTE).await;
    assert_eq!(traces(&ada).await, before);
    assert_eq!(shop.count("session_trace").await, 0);
    assert_eq!(traces(&shop.guest()).await, []);
}

async fn revoke_the_other(browser: &Browser) -> SignedInSession {
    let sessions: Vec<SignedInSession> = browser.get(api::ACCOUNT_SESSIONS).await.json();
    let other = sessions.into_iter().find(|session| !session.is_this_one).expect("another session");
    let path = paths::with(api::ACCOUNT_SESSION, &other.fingerprint);
    browser.delete(&path).await.expect(204);
    other
}

#[tokio::test]
async fn a_revocation_is_told_to_who_revokes_and_to_who_was_revoked() {
    let shop = spawn_app().await;
    let laptop = shop.customer(ADA).await;
    let phone = shop.customer(ADA).await;
    let other = revoke_the_other(&laptop).await;

    let here = &traces(&laptop).await[0];
    assert_eq!(here.kind, TraceKind::Revocation);
    let as_it_happened = [Step::RevocationRequested, Step::SessionEnded, Step::RevocationAnswered];
    assert_eq!(steps(here), as_it_happened);
    let ended = here.message(Step::SessionEnded).unwrap();
    assert_eq!(ended.parameter("session"), Some(&*other.fingerprint));
    assert_eq!(ended.parameter("browser"), Some("Firefox on Linux"));

    let told = traces(&phone).await;
    let [there, login] = &told[..] else {
        panic!("the end and the login: {told:?}");
    };
    assert_eq!((there.kind, login.kind), (TraceKind::Revocation, TraceKind::Login));
    assert_eq!(steps(there), [Step::RevokedElsewhere, Step::SessionEnded]);
    let revoked = there.message(Step::RevokedElsewhere).unwrap();
    assert_eq!(revoked.parameter("by"), Some("Firefox on Linux"));
}

#[tokio::test]
async fn all_others_that_end_together_are_one_flow() {
    let shop = spawn_app().await;
    let laptop = shop.customer(ADA).await;
    let others = [shop.customer(ADA).await, shop.customer(ADA).await];
    laptop.delete(api::ACCOUNT_SESSIONS).await.expect(204);
    let here = traces(&laptop).await.remove(0);
    let ended = steps(&here).into_iter().filter(|step| *step == Step::SessionEnded).count();
    assert_eq!(ended, 2);
    for other in &others {
        assert_eq!(traces(other).await[0].kind, TraceKind::Revocation);
    }
}

#[tokio::test]
async fn of_a_deleted_account_no_flow_is_left_anywhere() {
    let shop = spawn_app().await;
    let laptop = shop.customer(ADA).await;
    let phone = shop.customer(ADA).await;
    laptop.delete(api::ACCOUNT).await.expect(200);
    assert_eq!(traces(&phone).await, []);
    assert_eq!(shop.count("session_trace").await, 0);
    assert_eq!(shop.count("session_end where trace is not null").await, 0);
}

#[tokio::test]
async fn a_login_that_another_site_sent_back_without_the_cookie_is_told_when_it_is_refused() {
    let in_flight = login_in_flight::LoginInFlight::begin().await;
    let refusal = in_flight.provider.refuse(&in_flight.login, "access_denied");
    let callback = in_flight.guest.coming_back(&refusal).caused_by("http://id.example/");
    callback.send().await.expect(303);
    let traces = traces(&in_flight.guest).await;
    let last = traces[0].messages.last().unwrap();
    assert_eq!(last.step, Step::LoginRefused);
}

#[tokio::test]
async fn every_parameter_that_is_told_has_its_line() {
    let shop = spawn_app().await;
    let ada = shop.customer(ADA).await;
    let phone = shop.customer(ADA).await;
    let query = [("return_to", "/"), ("keep", "1"), ("max_age", "600"), ("prompt", "login")];
    let login = phone.start_login_with(&query).await;
    let page = phone.open_login_page(&login).await;
    let callback = phone.submit_password(&page, ADA).await.location();
    phone.come_back(&callback).await.expect(303);
    revoke_the_other(&ada).await;
    let mut told = [traces(&ada).await, traces(&phone).await].concat();
    let request = LogoutRequest { scope: LogoutScope::Federated };
    let LogoutResponse { trace, .. } = ada.post(auth::LOGOUT, &request).await.expect(200).json();
    told.push(trace);
    let in_flight = login_in_flight::LoginInFlight::begin().await;
    in_flight.expect_signed_in(&in_flight.come_back().await).await;
    let token = in_flight.provider.logout_token().sign();
    in_flight.shop.logout_token_arrives(&token).await.expect(200);
    told.extend(traces(&in_flight.guest).await);
    for message in told.iter().flat_map(|trace| &trace.messages) {
        for parameter in &message.parameters {
            let meaning = message.step.meaning(&parameter.name);
            assert!(meaning.is_some(), "{:?}: {}", message.step, parameter.name);
        }
    }
}

#[tokio::test]
async fn looking_at_the_flows_does_not_keep_the_session_alive() {
    let shop = spawn_app().await;
    let ada = shop.customer(ADA).await;
    shop.let_session_age(&ada, 2 * MINUTE).await;
    let before = shop.session_of(&ada).await;
    traces(&ada).await;
    ada.get(api::IDENTITY_PROVIDER).await.expect(200);
    assert_eq!(shop.session_of(&ada).await, before);
}

#[tokio::test]
async fn the_shop_tells_what_it_knows_of_its_provider() {
    let shop = spawn_app().await;
    let view: IdentityProviderView = shop.guest().get(api::IDENTITY_PROVIDER).await.json();
    assert_eq!(view.issuer, test_idp());
    assert!(view.backchannel_logout_supported);
    assert!(view.session_lifetimes.is_some_and(|limits| limits.idle < limits.absolute));
}

#[tokio::test]
async fn a_new_standard_login_tells_the_session_that_it_replaces_at_the_provider_and_the_one_that_it_begins()
 {
    let shop = spawn_app().await;
    let ada = shop.customer(ADA).await;
    let first = traces(&ada).await.remove(0);
    ada.sign_in_anew(ADA).await;
    let second = traces(&ada).await.remove(0);
    let sid =
        |trace: &Trace, step| trace.message(step).unwrap().parameter("sid").map(str::to_owned);
    let began = second.message(Step::SessionBegan).unwrap();
    assert_eq!(began.parameter("signed in"), Some("true"));
    assert_eq!(sid(&second, Step::SessionBegan), sid(&first, Step::IdTokenValidated));
    assert_ne!(sid(&second, Step::SessionBegan), sid(&second, Step::IdTokenValidated));
}

#[tokio::test]
async fn a_reset_at_the_provider_is_told_with_its_reason_where_the_provider_says_it() {
    for (said, told) in [
        (json!("password_changed"), Some("password_changed")),
        (json!("Password changed!"), None),
        (json!(""), None),
        (json!("a".repeat(41)), None),
        (json!(7), None),
        (json!(null), None),
    ] {
        let in_flight = login_in_flight::LoginInFlight::begin().await;
        let answer = in_flight.come_back().await;
        in_flight.expect_signed_in(&answer).await;
        let token = in_flight.provider.logout_token().with("reason", said.clone()).sign();
        in_flight.shop.logout_token_arrives(&token).await.expect(200);
        let trace = traces(&in_flight.guest).await.remove(0);
        let validated = trace.message(Step::LogoutTokenValidated).unwrap();
        assert_eq!(validated.parameter("reason"), told, "{said}");
    }
}
