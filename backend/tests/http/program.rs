//! The program itself, as an operator runs it: started from its environment, logging, stopped by signals.

use crate::support::{shopping::*, *};
use serde_json::{Value, json};
use shared::paths::{api, auth};

#[tokio::test]
async fn an_empty_database_is_migrated_and_filled_at_the_start() {
    let program = Program::start(&[]).await;
    let answer = program.browser().get("/api/products?q=teapot").await;
    assert!(answer.json::<Value>()["total"].as_u64().is_some_and(|total| total > 0));
    program.browser().buy(KNIFE, 1).await;
}

#[tokio::test]
async fn nothing_is_seeded_where_nothing_is_wished_for() {
    let program = Program::start(&[("STOREZERO_SEED", "none")]).await;
    let answer = program.browser().get(api::PRODUCTS).await;
    assert_eq!(answer.json::<Value>()["total"], 0);
}

#[tokio::test]
async fn a_restart_keeps_sessions_and_carts() {
    let provider = Provider::start().await;
    let program = Program::start(&[("STOREZERO_OIDC_ISSUER", &provider.issuer)]).await;
    let sam = program.browser();
    let login = sam.start_login("/account").await;
    sam.come_back(&provider.grant(&login)).await.expect(303);
    sam.add(KNIFE, 2).await.expect(200);
    let program = program.restart().await;
    let again = program.browser();
    for cookie in sam.cookies() {
        again.put_cookie(cookie);
    }
    assert_eq!(again.signed_in_name().await.as_deref(), Some(provider::NAME));
    assert_eq!(again.cart_lines().await, [(KNIFE.to_owned(), 2)]);
}

#[tokio::test]
async fn it_stops_when_it_is_told_to_and_answers_what_is_under_way() {
    let provider = Provider::start().await;
    let program = Program::start(&[("STOREZERO_OIDC_ISSUER", &provider.issuer)]).await;
    let sam = program.browser();
    let login = sam.start_login("/account").await;
    let gate = provider::Gate::closed();
    provider.replies(provider::Reply::Held(gate.clone()));
    let stop = async {
        gate.arrival().await;
        program.tell("TERM");
        program.logs("told to stop").await;
        gate.open();
    };
    let callback = provider.grant(&login);
    let (answer, ()) = futures_util::future::join(sam.come_back(&callback), stop).await;
    let end = program.end().await;
    assert_eq!(answer.leads_to(), "/account", "{}", end.output);
    assert!(end.status.success(), "{end:?}");
}

#[tokio::test]
async fn ctrl_c_stops_it_too() {
    let program = Program::start(&[]).await;
    program.tell("INT");
    assert!(program.end().await.status.success());
}

#[tokio::test]
async fn a_wrong_setting_stops_the_start_and_says_how_it_is_mended() {
    for (name, value) in [
        ("STOREZERO_LISTEN", "3000"),
        ("STOREZERO_PUBLIC_URL", "shop.example"),
        ("STOREZERO_DATABASE_URL", "mysql://localhost/shop"),
        ("STOREZERO_OIDC_ISSUER", "localhost:4000"),
        ("STOREZERO_SECRET_KEY", "secret"),
        ("STOREZERO_SESSION_IDLE", "soon"),
        ("STOREZERO_SEED", "everything"),
        ("STOREZERO_LOG", "loud"),
    ] {
        let end = Program::fails_to_start(&[(name, value)]).await;
        assert_eq!(end.status.code(), Some(2), "{name}");
        assert!(end.output.contains(name), "{name}: {}", end.output);
        assert!(end.output.contains(&format!("Example: {name}=")), "{name}: {}", end.output);
        assert!(!end.output.contains("panicked"), "{name}: {}", end.output);
    }
}

#[tokio::test]
async fn a_port_in_use_is_told_with_the_variable_that_changes_it() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = taken.local_addr().expect("an address").to_string();
    let end = Program::fails_to_start(&[("STOREZERO_LISTEN", &address)]).await;
    assert_eq!(end.status.code(), Some(1));
    assert!(
        end.output.contains(&address) && end.output.contains("STOREZERO_LISTEN"),
        "{}",
        end.output
    );
}

#[tokio::test]
async fn a_database_that_cannot_be_opened_is_told_with_its_variable() {
    let end =
        Program::fails_to_start(&[("STOREZERO_DATABASE_URL", "sqlite:///nonexistent/shop.sqlite")])
            .await;
    assert_eq!(end.status.code(), Some(1));
    assert!(end.output.contains("STOREZERO_DATABASE_URL"), "{}", end.output);
}

#[tokio::test]
async fn help_lists_every_setting_and_an_unknown_argument_is_refused() {
    let help = Program::says(&["--help"]);
    assert!(help.status.success());
    for variable in backend::config::command().get_arguments().filter_map(clap::Arg::get_env) {
        let variable = variable.to_str().expect("plain text");
        assert!(help.output.contains(variable), "{variable}");
    }
    assert!(Program::says(&["--version"]).output.contains(env!("CARGO_PKG_VERSION")));
    let unknown = Program::says(&["--frobnicate"]);
    assert_eq!(unknown.status.code(), Some(2));
    assert!(unknown.output.contains("--help"), "{}", unknown.output);
}

#[tokio::test]
async fn a_login_and_an_order_leave_no_secret_in_the_log() {
    let provider = Provider::start().await;
    let program = Program::start(&[
        ("STOREZERO_OIDC_ISSUER", &provider.issuer),
        ("STOREZERO_LOG", "json"),
        ("RUST_LOG", "trace,h2=off,hyper_util=info,mio=off,polling=off"),
    ])
    .await;
    let sam = program.browser();
    let login = sam.start_login("/account?secret=in-the-address").await;
    let attempt = sam.cookies().into_iter().find(|cookie| cookie.name.contains("attempt"));
    let callback = provider.grant(&login);
    sam.come_back(&callback).await.expect(303);
    sam.buy(KNIFE, 1).await;
    sam.get("/api/orders?q=what-sam-looks-for").await.expect(200);
    let number = "7K2M-9QWX-4T0B";
    sam.look_up(number, "ada@example.com").await.expect(404);
    let session = sam.cookie("storezero").expect("a session").value;
    let token = provider.logout_token().sign();
    let signature = token.rsplit('.').next().expect("a signature").to_owned();
    program.logout_token_arrives(&token).await.expect(200);
    let output = program.stop().await.output;

    let secrets = [
        ("the state", login.state()),
        ("the nonce", login.parameter("nonce")),
        ("the code", parameter(&callback, "code").expect("a code")),
        ("the attempt's cookie", attempt.expect("an attempt").value),
        ("the session's cookie", session),
        ("the client's secret", provider::CLIENT_SECRET.to_owned()),
        ("the secret key", "5a5a5a5a5a".to_owned()),
        ("the logout token", signature),
        ("an ID token", "eyJ".to_owned()),
        ("the card's number", "4242424242424242".to_owned()),
        ("the card's number as typed", APPROVED.to_owned()),
        ("what was looked for", "what-sam-looks-for".to_owned()),
        ("the address's query", "in-the-address".to_owned()),
        ("the e-mail", "ada@example.com".to_owned()),
        ("the number of the order that was looked up", number.to_owned()),
    ];
    for (name, secret) in secrets {
        let line = output.lines().find(|line| line.contains(&secret));
        assert_eq!(line, None, "{name} is in the log");
    }
}

#[tokio::test]
async fn a_log_that_no_terminal_shows_has_no_colours() {
    let output = Program::start(&[]).await.stop().await.output;
    assert!(
        output.contains("the shop is open") && output.contains("the shop is closed"),
        "{output}"
    );
    assert!(!output.contains('\u{1b}'), "{output}");
}

#[tokio::test]
async fn a_refused_login_is_one_line_with_a_request_id_and_no_secret() {
    let provider = Provider::start().await;
    let program =
        Program::start(&[("STOREZERO_OIDC_ISSUER", &provider.issuer), ("STOREZERO_LOG", "json")])
            .await;
    provider.issues(|token| token.with("aud", "another-client").sign());
    let guest = program.browser();
    let login = guest.start_login("/account").await;
    let callback = provider.grant(&login);
    guest.come_back(&callback).await.expect(303);
    let refused = guest.start_login("/account").await;
    guest.come_back(&provider.refuse(&refused, "the-text-of-anybody")).await.expect(303);
    guest.come_back(&with_parameter(&callback, "state", Some("made-up-state"))).await.expect(303);
    program.logout_token_arrives("not.a.token").await.expect(400);
    let output = program.stop().await.output;

    let lines: Vec<Value> =
        output.lines().filter_map(|line| serde_json::from_str(line).ok()).collect();
    let told = |message: &str| {
        lines
            .iter()
            .filter(|line| line["message"].as_str().is_some_and(|it| it.contains(message)))
            .collect::<Vec<_>>()
    };
    let refusals = told("a login was refused");
    assert_eq!(refusals.len(), 2, "{output}");
    for line in &refusals {
        let span = &line["span"];
        assert!(span["id"].as_str().is_some_and(|id| id.len() == 36), "{line}");
        assert_eq!(span["path"], auth::CALLBACK, "{line}");
    }
    assert_eq!(refusals[0]["reason"], "aud is not this client alone");
    assert_eq!(told("a state that this browser did not send").len(), 1, "{output}");
    assert_eq!(told("a logout token was refused").len(), 1, "{output}");
    for secret in ["the-text-of-anybody", "made-up-state", "not.a.token", &login.state(), "eyJ"] {
        assert!(!output.contains(secret), "{secret} is in the log");
    }
}

#[tokio::test]
async fn two_that_start_at_once_on_one_database_seed_it_once() {
    let program = Program::start(&[("STOREZERO_SEED", "none")]).await;
    let database = program.database_url();
    let settings = [("STOREZERO_DATABASE_URL", database.as_str()), ("STOREZERO_SEED", "demo")];
    let (first, second) =
        futures_util::future::join(Program::start(&settings), Program::start(&settings)).await;
    let total = |program: &Program| {
        let browser = program.browser();
        async move { browser.get(api::PRODUCTS).await.json::<Value>()["total"].clone() }
    };
    assert_eq!(total(&first).await, total(&second).await);
    assert_ne!(total(&first).await, json!(0));
}
