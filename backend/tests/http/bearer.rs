//! The API for whoever brings an access token (RFC 6750, RFC 9068) in the place of a session.

use crate::support::{
    page::ORIGIN,
    provider::{AUDIENCE, Jwt, Key, NAME, Reply},
    shopping::*,
    *,
};
use futures_util::future::{join, join_all};
use reqwest::Method;
use serde_json::json;
use shared::{
    account::{Account, AccountData, SignedInSession},
    checkout::Address,
    orders::{Order, OrderPage},
    paths::{api, with},
    problem::kinds,
    session::{EndReason, SessionState, TokenUse},
};

const TEACUP_PAGE: &str = "stoneware-teacup";

fn now() -> i64 {
    backend::db::now() / 1000
}

/// The shop of a misbehaving provider, whose tokens are what a test wants them to be.
async fn shop_and_provider() -> (TestApp, Provider) {
    let provider = Provider::start().await;
    let shop = Spawn::default().with_pages_of(&provider).spawn().await;
    (shop, provider)
}

fn challenge(answer: &Answer) -> &str {
    answer.header("www-authenticate").unwrap_or_default()
}

#[track_caller]
fn expect_invalid(answer: &Answer, words: &str) {
    let problem = answer.expect_problem(401, kinds::INVALID_TOKEN);
    assert!(problem.detail.contains(words), "{}, not {words}", problem.detail);
    let start = "Bearer realm=\"storezero\", error=\"invalid_token\", error_description=\"";
    let challenge = challenge(answer);
    assert!(challenge.starts_with(start) && challenge.contains(words), "{challenge}");
    assert_eq!(answer.header("cache-control"), Some("no-store"));
}

#[tokio::test]
async fn a_customer_who_signed_in_on_a_page_elsewhere_sees_account_and_orders() {
    let shop = spawn_app_with_pages().await;
    let ada = shop.customer_on_page(ADA).await;
    let account: Account = ada.get(api::ACCOUNT).await.json();
    assert_eq!(account.customer.name, "Ada Lovelace");
    let page: OrderPage = ada.get(api::ORDERS).await.json();
    assert_eq!(account.order_count, page.total);
    for summary in &page.orders {
        let order: Order = ada.get(&with(api::ORDER, summary.number.as_str())).await.json();
        assert_eq!(order.summary, *summary);
    }
    ada.add(KNIFE, 1).await.expect(200);
    ada.put(&with(api::WISHLIST_ITEM, TEACUP_PAGE)).await.expect(200);
    assert_eq!(shop.count("session").await, 0);
    assert_eq!(shop.count("activity").await, 0);
}

#[tokio::test]
async fn a_token_and_a_session_of_one_customer_show_the_same() {
    let shop = spawn_app_with_pages().await;
    let elsewhere = shop.customer_on_page(ADA).await;
    let here = shop.customer(ADA).await;

    here.add(KNIFE, 1).await.expect(200);
    elsewhere.add(TEACUP, 2).await.expect(200);
    let mut both = [(KNIFE.to_owned(), 1), (TEACUP.to_owned(), 2)];
    both.sort_unstable();
    for mut lines in [here.cart_lines().await, elsewhere.cart_lines().await] {
        lines.sort_unstable();
        assert_eq!(lines, both);
    }
    let form = elsewhere.order_form().await;
    let ordered: Order = elsewhere.check_out(&form, &new_key()).await.expect(201).json();
    assert_eq!(here.cart_lines().await, []);
    let path = with(api::ORDER, ordered.summary.number.as_str());
    assert_eq!(here.get(&path).await.json::<Order>(), ordered);

    let ordered = here.buy(KNIFE, 1).await;
    let path = with(api::ORDER, ordered.summary.number.as_str());
    assert_eq!(elsewhere.get(&path).await.json::<Order>(), ordered);
    let done = with(api::CHECKOUT_DONE, ordered.summary.number.as_str());
    assert_eq!(elsewhere.get(&done).await.json::<Order>(), ordered);
    let cancel = with(api::ORDER_CANCEL, ordered.summary.number.as_str());
    elsewhere.post(&cancel, &json!({})).await.expect(200);

    let work = Address { street: "Lindenallee 7".into(), ..form.address };
    let saved = elsewhere.post(api::ACCOUNT_ADDRESSES, &work).await.expect(200);
    assert_eq!(here.get(api::ACCOUNT_ADDRESSES).await.text(), saved.text());

    let wished = elsewhere.put(&with(api::WISHLIST_ITEM, TEACUP_PAGE)).await.expect(200);
    assert_eq!(here.get(api::WISHLIST).await.text(), wished.text());
    here.unwish(TEACUP_PAGE).await.expect(200);
    assert_eq!(elsewhere.get(api::WISHLIST).await.text(), "[]");
    here.wish(TEACUP_PAGE).await.expect(200);
    let left = elsewhere.delete(&with(api::WISHLIST_ITEM, TEACUP_PAGE)).await.expect(200);
    assert_eq!(left.text(), "[]");
}

#[tokio::test]
async fn each_fault_of_a_token_is_refused_in_its_words_and_changes_nothing() {
    let (shop, provider) = shop_and_provider().await;
    let token = || provider.access_token();
    let hour = 3600;
    let signature = "signature";
    let altered = {
        let good = token().sign();
        let forged = token().with("sub", "somebody-else").signed_by("");
        let signature = good.rsplit('.').next().expect("a signature").to_owned();
        format!("{forged}{signature}")
    };
    let faults: Vec<(&str, String)> = vec![
        ("no signed JWT", "abc".into()),
        ("no signed JWT", "a.b.c".into()),
        ("no signed JWT", token().with_header("alg", "none").signed_by("")),
        ("another type", token().with_header("typ", "JWT").sign()),
        ("another type", token().with_header("typ", "logout+jwt").sign()),
        ("another type", token().with_header("typ", "x/at+jwt").sign()),
        ("another type", token().with_header("typ", json!(null)).sign()),
        ("a way that is not accepted", token().with_key(Key::ClientSecret).sign()),
        ("a way that is not accepted", token().with_key(Key::PublicRsa).sign()),
        ("a way that is not accepted", token().with_header("crit", json!(["exp"])).sign()),
        (signature, altered),
        (signature, token().with_key(Key::StrangerEc).sign()),
        (signature, token().with_key(Key::StrangerEc).with_header("kid", Key::Ec.kid()).sign()),
        (signature, token().with_key(Key::StrangerRsa).with_header("kid", Key::Rsa.kid()).sign()),
        (signature, token().with_header("kid", Key::Rsa.kid()).sign()),
        (signature, token().with_header("alg", "RS256").sign()),
        ("claim", token().with("exp", "soon").sign()),
        ("claim", token().with("sub", 7).sign()),
        ("claim", token().with("scope", json!(["orders"])).sign()),
        ("claim", token().without("exp").sign()),
        ("claim", token().without("iat").sign()),
        ("claim", token().without("aud").sign()),
        ("claim", token().without("iss").sign()),
        ("another issuer", token().with("iss", "https://evil.example").sign()),
        ("another issuer", token().with("iss", format!("{}/", provider.issuer)).sign()),
        ("another audience", token().with("aud", "storezero").sign()),
        ("another audience", token().with("aud", json!([])).sign()),
        ("another audience", token().with("aud", json!([format!("{AUDIENCE}/"), "x"])).sign()),
        ("has expired", token().with("exp", now() - hour).sign()),
        ("not valid yet", token().with("nbf", now() + hour).sign()),
        ("in the future", token().with("iat", now() + hour).sign()),
        ("names nobody", token().with("sub", "").sign()),
        ("names nobody", token().without("sub").sign()),
        ("names nobody", token().with("sub", "a".repeat(256)).sign()),
        ("no text", token().with("name", "x\0y").sign()),
        ("names nobody", token().with("sub", "x\0y").sign()),
    ];
    let before = shop.snapshot().await;
    for (words, token) in faults {
        let page = shop.page_with(token.clone());
        for path in [api::CATEGORIES, api::CART, api::ACCOUNT] {
            let answer = page.get(path).await;
            expect_invalid(&answer, words);
            let told = format!("{:?}{}", answer.headers, answer.text());
            assert!(token.split('.').filter(|part| part.len() > 5).all(|it| !told.contains(it)));
        }
    }
    assert_eq!(shop.snapshot().await, before);
    shop.page_with(token().sign()).get(api::ACCOUNT).await.expect(200);
}

#[tokio::test]
async fn an_id_token_is_no_access_token() {
    let (shop, provider) = shop_and_provider().await;
    let id_token = Jwt {
        header: json!({ "alg": "ES256", "kid": Key::Ec.kid(), "typ": "JWT" }),
        ..provider.access_token().with("nonce", "n")
    };
    expect_invalid(&shop.page_with(id_token.sign()).get(api::CART).await, "another type");
}

#[tokio::test]
async fn what_a_token_may_be_written_like_is_accepted() {
    let (shop, provider) = shop_and_provider().await;
    let token = || provider.access_token();
    for good in [
        token().with_header("typ", "application/at+jwt"),
        token().with_header("typ", "AT+JWT"),
        token().with_key(Key::Rsa),
        token().with_key(Key::RsaPss),
        token().with("aud", json!(["https://another.example", AUDIENCE])),
        token().with("exp", now() - 30),
        token().with("nbf", now() + 30),
        token().with("amr", "pwd"),
        token().with("email_verified", "true"),
    ] {
        shop.page_with(good.sign()).get(api::ACCOUNT).await.expect(200);
    }
    assert_eq!(provider.asked().for_keys(), 1, "keys are kept");
    let page = shop.page();
    let request = page.fetch(Method::GET, api::ACCOUNT);
    let scheme = format!("bearer {}", token().sign());
    page.send(request.header("authorization", &scheme)).await.expect(200);
}

#[tokio::test]
async fn a_token_is_good_for_what_its_scope_names() {
    let (shop, provider) = shop_and_provider().await;
    let with_scope =
        |scope: &str| shop.page_with(provider.access_token().with("scope", scope).sign());
    for (scope, missing, paths) in [
        ("openid account", "orders", vec![api::ORDERS, "/api/orders/", "/api/%6Frders"]),
        ("ordersaccount", "orders", vec!["/api/orders/7K2M-9QWX-4T0B"]),
        (
            "orders",
            "account",
            vec![api::ACCOUNT, api::ACCOUNT_DATA, api::ACCOUNT_ADDRESSES, api::ACCOUNT_SESSIONS],
        ),
        ("", "account", vec!["/api/a%63count", api::ACCOUNT_MANAGE]),
    ] {
        let page = with_scope(scope);
        for path in paths {
            let answer = page.get(path).await;
            answer.expect_problem(403, kinds::INSUFFICIENT_SCOPE);
            let expected = format!(
                "Bearer realm=\"storezero\", error=\"insufficient_scope\", scope=\"{missing}\""
            );
            assert_eq!(challenge(&answer), expected, "{path}");
        }
    }
    with_scope("orders").get(api::ORDERS).await.expect(200);
    with_scope("account").get(api::ACCOUNT).await.expect(200);
    let page = shop.page_with(provider.access_token().without("scope").sign());
    page.get(api::PRODUCTS).await.expect(200);
    page.add(KNIFE, 1).await.expect(200);
    page.put(&with(api::WISHLIST_ITEM, TEACUP_PAGE)).await.expect(200);
    let form = page.order_form().await;
    page.check_out(&form, &new_key()).await.expect(201);
    page.get(api::ORDERS).await.expect_problem(403, kinds::INSUFFICIENT_SCOPE);
}

#[tokio::test]
async fn whoever_brings_nothing_is_asked_to_sign_in_and_told_by_what() {
    let (shop, provider) = shop_and_provider().await;
    let page = shop.page();
    for path in [api::ORDERS, api::ACCOUNT, api::ACCOUNT_DATA] {
        let answer = page.get(path).await;
        answer.expect_problem(401, kinds::SIGN_IN_REQUIRED);
        assert_eq!(challenge(&answer), "Bearer realm=\"storezero\"");
        // Another scheme is none of ours.
        let basic = page.fetch(Method::GET, path).header("authorization", "Basic YWRhOng=");
        page.send(basic).await.expect_problem(401, kinds::SIGN_IN_REQUIRED);
    }
    // Only the header counts.
    let token = provider.access_token().sign();
    let answer = page.get(&format!("{}?access_token={token}", api::ORDERS)).await;
    answer.expect_problem(401, kinds::SIGN_IN_REQUIRED);
    let form = "application/x-www-form-urlencoded";
    let in_body = page.fetch(Method::POST, api::CART_MERGE);
    let in_body = page.send(in_body.body(form, format!("access_token={token}"))).await;
    in_body.expect_problem(401, kinds::SIGN_IN_REQUIRED);
    assert_eq!(provider.asked().for_keys(), 0);
}

#[tokio::test]
async fn what_is_no_single_token_is_a_bad_request() {
    let (shop, provider) = shop_and_provider().await;
    let page = shop.page();
    let good = format!("Bearer {}", provider.access_token().sign());
    for value in ["Bearer", "Bearer \"x\"", "Bearer x y", &format!("{good}, {good}")] {
        let request = page.fetch(Method::GET, api::CART).header("authorization", value);
        let answer = page.send(request).await;
        answer.expect_problem(400, kinds::BAD_REQUEST);
        assert!(challenge(&answer).contains("error=\"invalid_request\""), "{value}");
    }
    let host = shop.address;
    let twice = format!(
        "GET /api/cart HTTP/1.1\r\nHost: {host}\r\nAuthorization: {good}\r\nAuthorization: {good}\r\n\
         Connection: close\r\n\r\n"
    );
    assert!(shop.raw(twice.as_bytes()).await.starts_with("HTTP/1.1 400"));
}

#[tokio::test]
async fn a_token_with_the_shops_cookies_is_refused_and_moves_no_session() {
    let provider = Provider::start().await;
    let shop = Spawn::default().with_pages_of(&provider).spawn().await;
    let guest = shop.guest();
    guest.add(KNIFE, 1).await.expect(200);
    shop.let_session_age(&guest, 10 * MINUTE).await;
    let before = shop.snapshot().await;
    let token = format!("Bearer {}", provider.access_token().sign());
    // Of no other origin: as the shop's own page would send it.
    let mixed = || guest.fetch(Method::GET, api::CART).header("authorization", &token);
    mixed().send().await.expect_problem(400, kinds::MIXED_CREDENTIALS);
    let cart = guest.cookie("storezero-cart").expect("a cart");
    guest.drop_cookie("storezero-cart");
    mixed().send().await.expect_problem(400, kinds::MIXED_CREDENTIALS);
    guest.drop_cookie("storezero");
    guest.put_cookie(cart);
    mixed().send().await.expect_problem(400, kinds::MIXED_CREDENTIALS);
    assert_eq!(shop.snapshot().await, before);
    // Of somebody else on the same host.
    guest.drop_cookie("storezero-cart");
    let answer = mixed().header("cookie", "another=1").send().await.expect(200);
    assert_eq!(answer.set_cookies(), Vec::<&str>::new());
}

#[tokio::test]
async fn a_token_without_an_origin_is_of_a_program_and_gets_no_cookie_either() {
    let (shop, provider) = shop_and_provider().await;
    let program = shop.browser();
    let token = format!("Bearer {}", provider.access_token().sign());
    let item = json!({ "sku": KNIFE, "quantity": 1 });
    let add = || program.fetch(Method::POST, api::CART_ITEMS).header("authorization", &token);
    let answer = add().without("origin").json(&item).send().await.expect(200);
    assert_eq!(answer.set_cookies(), Vec::<&str>::new());
    assert_eq!(shop.count("session").await, 0);
    let unlisted = add().header("origin", "https://evil.example").json(&item).send().await;
    unlisted.expect_problem(403, kinds::CSRF);
}

#[tokio::test]
async fn a_token_of_somebody_new_makes_them_a_customer_once() {
    let (shop, provider) = shop_and_provider().await;
    let customers = shop.count("customer").await;
    let page = shop.page_with(provider.access_token().sign());
    let first = join_all((0..10).map(|_| page.get(api::ACCOUNT))).await;
    for answer in first {
        let account: Account = answer.json();
        assert_eq!(account.customer.name, NAME);
        assert_eq!(account.customer.email.as_deref(), Some("sam@example.com"));
        assert!(account.customer.email_verified);
    }
    assert_eq!(shop.count("customer").await, customers + 1);
    // A token tells nothing anew.
    let later = provider.access_token().with("name", "Another").without("email").sign();
    let account: Account = shop.page_with(later).get(api::ACCOUNT).await.json();
    assert_eq!(account.customer.name, NAME);
    assert_eq!(account.customer.email.as_deref(), Some("sam@example.com"));
}

#[tokio::test]
async fn a_token_that_says_nothing_of_the_person_is_a_customers_all_the_same() {
    let (shop, provider) = shop_and_provider().await;
    let token = provider.access_token().without("name").without("email");
    let account: Account = shop.page_with(token.sign()).get(api::ACCOUNT).await.json();
    assert_eq!(account.customer.name, "Customer");
    assert_eq!(account.customer.email, None);
    assert!(!account.customer.email_verified);
}

#[tokio::test]
async fn a_sensitive_action_needs_a_token_of_a_fresh_login() {
    let (shop, provider) = shop_and_provider().await;
    let fresh = shop.page_with(provider.access_token().sign());
    let data: AccountData = fresh.get(api::ACCOUNT_DATA).await.expect(200).json();
    assert_eq!(data.customer.name, NAME);
    for token in [
        provider.access_token().with("auth_time", now() - 11 * 60),
        provider.access_token().without("auth_time"),
    ] {
        let page = shop.page_with(token.sign());
        for request in [
            page.fetch(Method::GET, api::ACCOUNT_DATA),
            page.fetch(Method::GET, api::ACCOUNT_MANAGE),
            page.fetch(Method::DELETE, api::ACCOUNT),
        ] {
            let answer = page.send(request).await;
            let problem = answer.expect_problem(401, kinds::STEP_UP_REQUIRED);
            assert_eq!(problem.max_age, Some(600));
            let challenge = challenge(&answer);
            let error = "Bearer realm=\"storezero\", error=\"insufficient_user_authentication\"";
            assert!(challenge.starts_with(error), "{challenge}");
            assert!(challenge.ends_with("max_age=\"600\""), "{challenge}");
        }
        page.get(api::ACCOUNT).await.expect(200);
    }
}

#[tokio::test]
async fn whoever_used_a_second_factor_needs_it_in_the_token_as_well() {
    let (shop, provider) = shop_and_provider().await;
    let acr = shop.app.config.oidc.acr_mfa.clone();
    let strong = || provider.access_token().with("acr", acr.clone());
    shop.page_with(strong().sign()).get(api::ACCOUNT_DATA).await.expect(200);
    let by_methods = provider.access_token().with("amr", json!(["pwd", "otp"]));
    shop.page_with(by_methods.sign()).get(api::ACCOUNT_DATA).await.expect(200);
    let answer = shop.page_with(provider.access_token().sign()).get(api::ACCOUNT_DATA).await;
    answer.expect_problem(401, kinds::STEP_UP_REQUIRED);
    let wanted = format!("max_age=\"600\", acr_values=\"{acr}\"");
    assert!(challenge(&answer).ends_with(&wanted), "{}", challenge(&answer));
}

#[tokio::test]
async fn a_step_up_of_a_session_has_no_challenge_for_tokens() {
    let (shop, provider) = shop_and_provider().await;
    let sam = shop.guest();
    let login = sam.start_login("/account").await;
    sam.come_back(&provider.grant(&login)).await.expect(303);
    shop.execute("update session set auth_time = 0").await;
    let answer = sam.get(api::ACCOUNT_DATA).await;
    answer.expect_problem(401, kinds::STEP_UP_REQUIRED);
    assert_eq!(answer.header("www-authenticate"), None);
}

#[tokio::test]
async fn sessions_elsewhere_are_listed_with_none_that_is_this_one_and_all_end() {
    let (shop, provider) = shop_and_provider().await;
    let sam = shop.guest();
    let login = sam.start_login("/account").await;
    sam.come_back(&provider.grant(&login)).await.expect(303);
    let page = shop.page_with(provider.access_token().sign());
    let listed: Vec<SignedInSession> = page.get(api::ACCOUNT_SESSIONS).await.json();
    assert_eq!(listed.len(), 1);
    assert!(!listed[0].is_this_one);
    page.delete(api::ACCOUNT_SESSIONS).await.expect(204);
    let revoked = SessionState::None { ended: Some(EndReason::Revoked) };
    assert_eq!(sam.session().await.state, revoked);
    page.get(api::ACCOUNT).await.expect(200);
}

#[tokio::test]
async fn a_token_cannot_be_checked_by_a_shop_that_never_reached_the_provider() {
    let (shop, provider) = shop_and_provider().await;
    let page = shop.page_with(provider.access_token().sign());
    provider.stop().await;
    for _ in 0..2 {
        let answer = page.get(api::CART).await;
        let problem = answer.expect_problem(503, kinds::UNAVAILABLE);
        assert!(problem.detail.contains("identity provider"), "{}", problem.detail);
        assert_eq!(answer.header("www-authenticate"), None);
    }
    shop.page().get(api::CART).await.expect(200);
    provider.start_again().await;
    // It is asked again after a pause.
    let recovered = async {
        while page.get(api::CART).await.status != 200 {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(10 * SECOND, recovered).await.expect("the token is checked again");
}

#[tokio::test]
async fn requests_that_no_key_fits_ask_a_failing_provider_once_and_are_not_refused() {
    let (shop, provider) = shop_and_provider().await;
    let page = shop.page_with(provider.access_token().sign());
    provider.replies_to_discovery(Reply::Text(500, "out of order"));
    let began = std::time::Instant::now();
    let answers = join_all((0..20).map(|_| page.get(api::CART))).await;
    for answer in answers {
        answer.expect_problem(503, kinds::UNAVAILABLE);
    }
    let pauses = u32::try_from(began.elapsed().as_secs()).expect("seconds");
    assert!(provider.asked().for_discovery() <= 1 + pauses);
}

#[tokio::test]
async fn a_token_is_checked_by_the_keys_that_are_known_while_the_provider_is_down() {
    let (shop, provider) = shop_and_provider().await;
    let page = shop.page_with(provider.access_token().sign());
    page.get(api::CART).await.expect(200);
    provider.replies_to_discovery(Reply::Text(500, "out of order"));
    page.get(api::ACCOUNT).await.expect(200);
    // An unknown key cannot be looked for, so it is unknown whether the provider has it.
    let stranger = provider.access_token().with_key(Key::StrangerEc).sign();
    let unknown = shop.page_with(stranger).get(api::CART).await;
    assert_eq!(unknown.status, 401, "within the minute nobody is asked");
    page.get(api::ACCOUNT).await.expect(200);
}

#[tokio::test]
async fn whoever_deletes_the_account_by_a_token_is_not_begun_anew_by_it() {
    let (shop, provider) = shop_and_provider().await;
    let customers = shop.count("customer").await;
    let page = shop.page_with(provider.access_token().sign());
    page.add(KNIFE, 1).await.expect(200);
    page.delete(api::ACCOUNT).await.expect(200);
    for _ in 0..2 {
        expect_invalid(&page.get(api::ACCOUNT).await, "was deleted");
        expect_invalid(&page.get(api::CART).await, "was deleted");
    }
    assert_eq!(shop.count("customer").await, customers);
    let database = format!("{:?}", shop.snapshot().await);
    assert!(!database.contains("sam@example.com") && !database.contains(NAME));

    // A login after it is a beginning, and does not make the tokens of before good again.
    let new = provider.access_token().with("iat", now() + 2).sign();
    let account: Account = shop.page_with(new).get(api::ACCOUNT).await.expect(200).json();
    assert_eq!(account.order_count, 0);
    assert_eq!(shop.count("customer").await, customers + 1);
    expect_invalid(&page.get(api::ACCOUNT).await, "was deleted");
}

#[tokio::test]
async fn nor_where_the_providers_clock_is_ahead() {
    let (shop, provider) = shop_and_provider().await;
    let page = shop.page_with(provider.access_token().with("iat", now() + 30).sign());
    page.delete(api::ACCOUNT).await.expect(200);
    expect_invalid(&page.get(api::ACCOUNT).await, "was deleted");
}

#[tokio::test]
async fn a_token_does_not_outlive_an_account_that_its_session_deleted() {
    let (shop, provider) = shop_and_provider().await;
    let sam = shop.guest();
    let login = sam.start_login("/account").await;
    sam.come_back(&provider.grant(&login)).await.expect(303);
    let page = shop.page_with(provider.access_token().sign());
    page.get(api::ACCOUNT).await.expect(200);
    sam.delete(api::ACCOUNT).await.expect(200);
    expect_invalid(&page.get(api::ORDERS).await, "was deleted");
}

#[tokio::test]
async fn requests_that_race_a_deletion_do_not_begin_the_account_anew() {
    let (shop, provider) = shop_and_provider().await;
    let customers = shop.count("customer").await;
    for turn in 1..=5 {
        let token = provider.access_token().with("sub", format!("sam-{turn}"));
        let page = shop.page_with(token.sign());
        page.get(api::ACCOUNT).await.expect(200);
        let requests = join_all((0..20).map(|_| page.get(api::ACCOUNT)));
        let (answers, deletion) = join(requests, page.delete(api::ACCOUNT)).await;
        deletion.expect(200);
        for answer in answers {
            assert!(matches!(answer.status.as_u16(), 200 | 401), "{}", answer.text());
        }
        assert_eq!(shop.count("customer").await, customers);
    }
}

#[tokio::test]
async fn a_deletion_is_remembered_for_a_day() {
    let (shop, provider) = shop_and_provider().await;
    let page = shop.page_with(provider.access_token().sign());
    page.delete(api::ACCOUNT).await.expect(200);
    let sweep = || backend::jobs::sweep_once(&shop.app.sessions, &shop.app.db);
    let hours = |hours: i64| format!("update deleted_customer set at = at - {}", hours * 3_600_000);
    shop.execute(&hours(23)).await;
    sweep().await.unwrap();
    assert_eq!(shop.count("deleted_customer").await, 1);
    shop.execute(&hours(2)).await;
    sweep().await.unwrap();
    assert_eq!(shop.count("deleted_customer").await, 0);
}

#[tokio::test]
async fn a_token_counts_at_the_api_alone() {
    let (shop, provider) = shop_and_provider().await;
    let token = format!("Bearer {}", provider.access_token().sign());
    let guest = shop.guest();
    let login = guest
        .navigation("/auth/login?return_to=/account")
        .header("authorization", &token)
        .header("origin", ORIGIN)
        .send()
        .await;
    assert_eq!(login.expect(303).set_cookies().len(), 2, "an attempt and a session");
}

#[tokio::test]
async fn a_customer_with_a_session_is_told_when_the_api_last_answered_a_token_of_theirs() {
    let shop = spawn_app_with_pages().await;
    let here = shop.customer(ADA).await;
    let last_use = async |browser: &Browser| {
        browser.get(api::SESSION_TOKEN_USE).await.expect(200).json::<TokenUse>().last_at
    };
    let page = shop.customer_on_page(ADA).await;
    shop.page_with("a.b.c".into()).get(api::ORDERS).await.expect(401);
    page.get(&with(api::ORDER, "0000-0000-0000")).await.expect(404);
    assert_eq!(last_use(&here).await, None, "a refusal is no answer");

    let began = backend::db::now();
    let sessions = shop.count("session").await;
    page.get(api::ORDERS).await.expect(200);
    assert!(last_use(&here).await.is_some_and(|at| at >= began));
    assert_eq!(shop.count("session").await, sessions, "no session began for it");
    assert_eq!(last_use(&shop.guest()).await, None);
}
