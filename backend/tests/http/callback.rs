//! `GET /auth/callback` in every way that it can go wrong. A refused login leaves the session as it was and
//! leads to a page that says what happened.

use crate::support::{
    login_in_flight::{LoginInFlight, expect_sign_in_problem},
    *,
};
use serde_json::json;
use shared::{
    paths::auth,
    problem::kinds,
    session::{LogoutRequest, LogoutScope, SignInProblem},
};

#[tokio::test]
async fn an_unknown_state_is_refused_without_asking_the_provider() {
    let in_flight = LoginInFlight::begin().await;
    let callback = in_flight.provider.grant(&in_flight.login);
    for state in [Some("unknown"), Some(""), None, Some("\u{0}"), Some("'; drop table session; --")]
    {
        let forged = with_parameter(&callback, "state", state);
        let answer = in_flight.guest.come_back(&forged).await;
        expect_sign_in_problem(&answer, SignInProblem::UnknownAttempt, "/");
    }
    let long = with_parameter(&callback, "state", Some(&"s".repeat(8000)));
    let answer = in_flight.guest.come_back(&long).await;
    expect_sign_in_problem(&answer, SignInProblem::UnknownAttempt, "/");
    assert_eq!(in_flight.provider.asked().for_tokens(), 0);
    // None of that used the real one up.
    let answer = in_flight.guest.come_back(&callback).await;
    in_flight.expect_signed_in(&answer).await;
}

#[tokio::test]
async fn a_login_of_another_browser_is_refused_and_stays_usable_for_its_own() {
    let in_flight = LoginInFlight::begin().await;
    let callback = in_flight.provider.grant(&in_flight.login);
    let victim = in_flight.shop.guest();
    let answer = victim.come_back(&callback).await;
    expect_sign_in_problem(&answer, SignInProblem::UnknownAttempt, "/");
    assert_eq!(victim.signed_in_name().await, None, "login CSRF");
    assert_eq!(in_flight.provider.asked().for_tokens(), 0);

    let answer = in_flight.guest.come_back(&callback).await;
    in_flight.expect_signed_in(&answer).await;
}

#[tokio::test]
async fn an_attempts_cookie_with_another_value_is_refused() {
    let in_flight = LoginInFlight::begin().await;
    let callback = in_flight.provider.grant(&in_flight.login);
    let attempts = in_flight.guest.cookies();
    let attempt = attempts
        .iter()
        .find(|cookie| cookie.name.contains("attempt"))
        .expect("an attempt's cookie");
    for value in ["", "x", &backend::crypto::token()] {
        in_flight.guest.put_cookie(Cookie { value: value.to_owned(), ..attempt.clone() });
        let answer = in_flight.guest.come_back(&callback).await;
        expect_sign_in_problem(&answer, SignInProblem::UnknownAttempt, "/");
    }
    assert_eq!(in_flight.provider.asked().for_tokens(), 0);
}

#[tokio::test]
async fn a_login_whose_cookie_was_dropped_is_refused() {
    let in_flight = LoginInFlight::begin().await;
    let callback = in_flight.provider.grant(&in_flight.login);
    for cookie in in_flight.guest.cookies() {
        if cookie.name.contains("attempt") {
            in_flight.guest.drop_cookie(&cookie.name);
        }
    }
    let answer = in_flight.guest.come_back(&callback).await;
    expect_sign_in_problem(&answer, SignInProblem::UnknownAttempt, "/");
    assert_eq!(in_flight.guest.signed_in_name().await, None);
    assert_eq!(in_flight.provider.asked().for_tokens(), 0);
}

#[tokio::test]
async fn a_login_page_that_was_left_open_for_too_long_restarts_quietly() {
    let shop = spawn_app().await;
    let guest = shop.guest();
    let login = guest
        .start_login_with(&[("return_to", "/account/orders?page=2"), ("max_age", "600")])
        .await;
    let page = guest.open_login_page(&login).await;
    shop.let_logins_age(15 * MINUTE).await;
    let idp = page.url.clone();
    let callback = guest.submit_password(&page, ADA).await.location();

    let answer = guest.come_back(&callback).await;
    assert_eq!(answer.location().path(), auth::LOGIN);
    // Nobody is asked anything again: the session at the identity provider has just begun.
    let page = guest.follow(answer, &idp).await;
    assert_eq!(page.url, guest.at_shop("/account/orders?page=2"));
    assert_eq!(guest.signed_in_name().await.as_deref(), Some("Ada Lovelace"));
}

#[tokio::test]
async fn a_login_page_that_expired_leads_to_a_new_one_for_the_page_that_was_asked_for() {
    let in_flight = LoginInFlight::begin().await;
    let answer = in_flight.provider.refuse(&in_flight.login, "login_required");
    in_flight.shop.let_logins_age(20 * HOUR).await;
    let shop = &in_flight.shop;
    backend::jobs::sweep_once(&shop.app.sessions, &shop.app.db).await.expect("a round");
    let restart = in_flight.guest.come_back(&answer).await.leads_to();
    assert!(restart.starts_with(&format!("{}?return_to=%2Faccount&", auth::LOGIN)), "{restart}");
    assert_eq!(in_flight.guest.visit(&restart).await.status, 303);
}

#[tokio::test]
async fn a_login_page_that_expired_before_anybody_remembers_begins_a_login_all_the_same() {
    let in_flight = LoginInFlight::begin().await;
    let answer = in_flight.provider.refuse(&in_flight.login, "login_required");
    let forgotten = with_parameter(&answer, "state", Some("forgotten"));
    let restart = in_flight.guest.come_back(&forgotten).await.leads_to();
    assert!(restart.starts_with(&format!("{}?return_to=%2F&", auth::LOGIN)), "{restart}");
}

#[tokio::test]
async fn a_restarted_login_that_comes_too_late_again_is_told() {
    let in_flight = LoginInFlight::begin().await;
    in_flight.shop.let_logins_age(15 * MINUTE).await;
    let restart = in_flight.come_back().await.leads_to();
    let login = Login { authorization_url: in_flight.guest.visit(&restart).await.location() };
    in_flight.shop.let_logins_age(15 * MINUTE).await;
    let callback = in_flight.provider.grant(&login);
    let answer = in_flight.guest.come_back(&callback).await;
    expect_sign_in_problem(&answer, SignInProblem::UnknownAttempt, "/account");
    assert_eq!(in_flight.guest.signed_in_name().await, None);
}

#[tokio::test]
async fn the_back_button_after_a_login_goes_on_quietly() {
    let in_flight = LoginInFlight::begin().await;
    let callback = in_flight.provider.grant(&in_flight.login);
    let answer = in_flight.guest.come_back(&callback).await;
    in_flight.expect_signed_in(&answer).await;
    let key = in_flight.shop.session_key_of(&in_flight.guest);

    let again = in_flight.guest.come_back(&callback).await;
    assert_eq!(again.leads_to(), "/account");
    assert_eq!(in_flight.shop.session_key_of(&in_flight.guest), key);
    assert_eq!(in_flight.provider.asked().for_tokens(), 1, "the code is not used twice");
}

#[tokio::test]
async fn a_state_that_was_used_opens_nothing_after_a_logout() {
    let in_flight = LoginInFlight::begin().await;
    let callback = in_flight.provider.grant(&in_flight.login);
    in_flight.guest.come_back(&callback).await;
    in_flight
        .guest
        .post(auth::LOGOUT, &LogoutRequest { scope: LogoutScope::Local })
        .await
        .expect(200);
    let answer = in_flight.guest.come_back(&callback).await;
    expect_sign_in_problem(&answer, SignInProblem::UnknownAttempt, "/account");
    assert_eq!(in_flight.guest.signed_in_name().await, None);
    assert_eq!(in_flight.provider.asked().for_tokens(), 1);
}

#[tokio::test]
async fn a_state_that_was_used_signs_no_stranger_in() {
    let in_flight = LoginInFlight::begin().await;
    let callback = in_flight.provider.grant(&in_flight.login);
    in_flight.guest.come_back(&callback).await.expect(303);
    let stranger = in_flight.shop.guest();
    let answer = stranger.come_back(&callback).await;
    expect_sign_in_problem(&answer, SignInProblem::UnknownAttempt, "/account");
    assert_eq!(stranger.signed_in_name().await, None);
    assert_eq!(in_flight.provider.asked().for_tokens(), 1);
}

#[tokio::test]
async fn every_error_of_the_provider_has_its_own_words() {
    use SignInProblem::{
        AccessDenied, IdentityProviderUnavailable, InteractionRequired, LoginRequired, Refused,
    };
    let in_flight = LoginInFlight::begin().await;
    // RFC 6749 §4.1.2.1 and OIDC Core §3.1.2.6
    for (error, problem) in [
        ("access_denied", AccessDenied),
        ("login_required", LoginRequired),
        ("interaction_required", InteractionRequired),
        ("consent_required", InteractionRequired),
        ("account_selection_required", InteractionRequired),
        ("temporarily_unavailable", IdentityProviderUnavailable),
        ("server_error", IdentityProviderUnavailable),
        ("invalid_request", Refused),
        ("unauthorized_client", Refused),
        ("unsupported_response_type", Refused),
        ("invalid_scope", Refused),
        ("invalid_request_uri", Refused),
        ("invalid_request_object", Refused),
        ("request_not_supported", Refused),
        ("request_uri_not_supported", Refused),
        ("registration_not_supported", Refused),
        ("<script>alert(1)</script>", Refused),
        ("", Refused),
    ] {
        let login = in_flight.guest.start_login("/account").await;
        let answer = in_flight.guest.come_back(&in_flight.provider.refuse(&login, error)).await;
        in_flight.expect_refused(&answer, problem).await;
        assert!(!answer.location().as_str().contains("script"));
    }
    assert_eq!(in_flight.provider.asked().for_tokens(), 0);
}

#[tokio::test]
async fn an_error_beside_a_code_is_an_error() {
    let in_flight = LoginInFlight::begin().await;
    let callback = in_flight.provider.grant(&in_flight.login);
    let both = with_parameter(&callback, "error", Some("access_denied"));
    let answer = in_flight.guest.come_back(&both).await;
    in_flight.expect_refused(&answer, SignInProblem::AccessDenied).await;
    assert_eq!(in_flight.provider.asked().for_tokens(), 0);
}

#[tokio::test]
async fn an_answer_of_another_issuer_is_refused_before_its_code_goes_anywhere() {
    let in_flight = LoginInFlight::begin().await;
    let issuer = in_flight.provider.issuer.clone();
    // RFC 9207 §2.4: compared as text.
    for iss in [Some("https://evil.example"), Some(&format!("{issuer}/")), Some(""), None] {
        let login = in_flight.guest.start_login("/account").await;
        let callback = with_parameter(&in_flight.provider.grant(&login), "iss", iss);
        let answer = in_flight.guest.come_back(&callback).await;
        in_flight.expect_refused(&answer, SignInProblem::Refused).await;
    }
    assert_eq!(in_flight.provider.asked().for_tokens(), 0);
}

#[tokio::test]
async fn a_provider_that_promises_no_iss_need_not_send_one() {
    let provider = Provider::start().await;
    provider.discovers(|document| {
        document["authorization_response_iss_parameter_supported"] = json!(false);
    });
    let shop = Spawn::default().with_provider(&provider).spawn().await;
    let guest = shop.guest();
    let login = guest.start_login("/account").await;
    let callback = with_parameter(&provider.grant(&login), "iss", None);
    assert_eq!(guest.come_back(&callback).await.leads_to(), "/account");
}

#[tokio::test]
async fn neither_code_nor_error_is_refused() {
    let in_flight = LoginInFlight::begin().await;
    for code in [None, Some("")] {
        let login = in_flight.guest.start_login("/account").await;
        let callback = with_parameter(&in_flight.provider.grant(&login), "code", code);
        let answer = in_flight.guest.come_back(&callback).await;
        in_flight.expect_refused(&answer, SignInProblem::Refused).await;
    }
}

#[tokio::test]
async fn a_callback_is_a_page_and_an_image_or_frame_does_not_use_the_attempt_up() {
    let in_flight = LoginInFlight::begin().await;
    let callback = in_flight.provider.grant(&in_flight.login);
    for destination in [Destination::Image, Destination::Frame, Destination::Fetch] {
        let answer = in_flight.guest.coming_back(&callback).to(destination).send().await;
        answer.expect_problem(400, kinds::BAD_REQUEST);
    }
    let answer = in_flight.guest.come_back(&callback).await;
    in_flight.expect_signed_in(&answer).await;
}

#[tokio::test]
async fn a_refused_login_takes_its_cookie_away() {
    let in_flight = LoginInFlight::begin().await;
    let callback = in_flight.provider.refuse(&in_flight.login, "access_denied");
    in_flight.guest.come_back(&callback).await;
    assert!(!in_flight.guest.cookies().iter().any(|cookie| cookie.name.contains("attempt")));
}

#[tokio::test]
async fn only_a_get_is_a_callback() {
    let shop = spawn_app().await;
    let guest = shop.guest();
    let answer = guest.post(auth::CALLBACK, &json!({})).await;
    answer.expect_problem(405, kinds::METHOD_NOT_ALLOWED);
}

#[tokio::test]
async fn an_attempt_that_is_used_keeps_no_secret_and_goes_after_ten_minutes() {
    let in_flight = LoginInFlight::begin().await;
    let answer = in_flight.come_back().await;
    in_flight.expect_signed_in(&answer).await;
    let LoginInFlight { shop, .. } = &in_flight;
    let attempts = shop.rows("select nonce, pkce_verifier from login_attempt").await;
    assert_eq!(attempts, [json!({ "nonce": "", "pkce_verifier": "" })]);
    let left_after = async |by: std::time::Duration| {
        shop.execute(&format!("update login_attempt set used_at = used_at - {}", by.as_millis()))
            .await;
        backend::jobs::sweep_once(&shop.app.sessions, &shop.app.db).await.expect("a round");
        shop.count("login_attempt").await
    };
    assert_eq!(left_after(9 * MINUTE).await, 1);
    assert_eq!(left_after(2 * MINUTE).await, 0);
}

#[tokio::test]
async fn however_many_logins_are_in_flight_one_cookie_binds_them() {
    let in_flight = LoginInFlight::begin().await;
    let guest = &in_flight.guest;
    let attempts =
        || guest.cookies().into_iter().filter(|cookie| cookie.name.contains("attempt")).count();
    for _ in 0..20 {
        guest.start_login("/").await;
        assert_eq!(attempts(), 1);
    }
    let answer = in_flight.come_back().await;
    in_flight.expect_signed_in(&answer).await;
    assert_eq!(attempts(), 1, "the others may still come back");
}
