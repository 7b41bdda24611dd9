//! What one sender may ask for, and all together; and what nobody may hold for long.

use crate::support::{login_in_flight::LoginInFlight, page::ORIGIN, shopping::*, *};
use reqwest::{Method, header::COOKIE};
use shared::{
    paths::{api, auth, header, page},
    problem::{Problem, kinds},
};
use std::time::{Duration, Instant};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
    time::{interval, timeout},
};

/// Longest wait for what must happen. Never waited for in full unless the test fails.
const PATIENCE: Duration = Duration::from_secs(20);

/// A shop whose identity provider nobody is sent to in earnest, with this setting.
async fn limited(provider: &Provider, settings: &[(&str, &str)]) -> TestApp {
    let spawn = Spawn::default().with_pages_of(provider);
    settings.iter().fold(spawn, |spawn, (name, value)| spawn.setting(name, value)).spawn().await
}

async fn log_in(browser: &Browser, sender: Option<&str>) -> Answer {
    let request = browser.navigation(&format!("{}?return_to=/account/orders?page=2", auth::LOGIN));
    match sender {
        Some(sender) => request.header("x-forwarded-for", sender).send().await,
        None => request.send().await,
    }
}

#[track_caller]
fn expect_too_many_sign_ins(answer: &Answer) {
    let refused = format!(
        "{}?problem=too_many_attempts&return_to=%2Faccount%2Forders%3Fpage%3D2",
        page::SIGN_IN_PROBLEM
    );
    assert_eq!(answer.leads_to(), refused);
}

#[track_caller]
fn expect_too_many(answer: &Answer) -> Problem {
    let problem = answer.expect_problem(429, kinds::TOO_MANY_REQUESTS);
    let seconds = problem.retry_after.expect("a time to wait");
    assert!(seconds > 0, "{problem:?}");
    assert_eq!(answer.header("retry-after"), Some(seconds.to_string().as_str()));
    problem
}

#[tokio::test]
async fn logins_beyond_the_limit_are_told_so_by_a_page_that_knows_the_way_back() {
    let provider = Provider::start().await;
    let shop = limited(&provider, &[("STOREZERO_LIMIT_SIGN_INS", "2/1h")]).await;
    for _ in 0..2 {
        let answer = log_in(&shop.browser(), None).await;
        assert_eq!(
            answer.location().origin(),
            shop.app.config.oidc.issuer.parse::<reqwest::Url>().unwrap().origin()
        );
    }
    let before = shop.snapshot().await;
    expect_too_many_sign_ins(&log_in(&shop.browser(), None).await);
    let hidden = shop.browser().visit("/auth/%6Cogin").await;
    assert!(hidden.leads_to().starts_with(page::SIGN_IN_PROBLEM), "{}", hidden.leads_to());
    let silent = shop.browser().navigation(auth::SILENT_LOGIN).to(Destination::Frame).send().await;
    expect_too_many(&silent);
    assert_eq!(shop.snapshot().await, before, "nothing began");
}

#[tokio::test]
async fn what_another_site_makes_the_browser_ask_for_spends_nothing() {
    let provider = Provider::start().await;
    let settings = [("STOREZERO_LIMIT_SIGN_INS", "1/1h"), ("STOREZERO_LIMIT_CHECKOUTS", "1/1h")];
    let shop = limited(&provider, &settings).await;
    let (guest, form) = ready_to_order(&shop, TEACUP, 1).await;
    for _ in 0..3 {
        let image = guest.navigation(auth::LOGIN).caused_by("https://evil.example/");
        image.to(Destination::Image).send().await.expect(400);
        let frame = guest.navigation(auth::SILENT_LOGIN).caused_by("https://evil.example/");
        frame.to(Destination::Frame).send().await.expect(400);
        let foreign = guest.fetch(Method::POST, api::CHECKOUT).json(&form);
        foreign.caused_by("https://evil.example/").send().await.expect_problem(403, kinds::CSRF);
        let image = guest.navigation(api::CHECKOUT).caused_by("https://evil.example/");
        image.to(Destination::Image).send().await.expect(405);
        let script = guest.navigation(auth::LOGIN).caused_by("https://evil.example/");
        script.without("sec-fetch-user").send().await.expect(303);
    }
    guest.check_out(&form, &new_key()).await.expect(201);
    expect_too_many(&guest.check_out(&form, &new_key()).await);
    assert!(!log_in(&guest, None).await.location().as_str().contains(page::SIGN_IN_PROBLEM));
}

#[tokio::test]
async fn senders_are_told_apart_behind_a_trusted_proxy_alone() {
    let provider = Provider::start().await;
    let one = ("STOREZERO_LIMIT_SIGN_INS", "1/1h");
    let behind = limited(&provider, &[one, ("STOREZERO_TRUSTED_PROXIES", "127.0.0.0/8")]).await;
    let begins = |answer: Answer| !answer.location().as_str().contains(page::SIGN_IN_PROBLEM);
    assert!(begins(log_in(&behind.browser(), Some("203.0.113.7")).await));
    assert!(begins(log_in(&behind.browser(), Some("203.0.113.8")).await));
    assert!(!begins(log_in(&behind.browser(), Some("203.0.113.7")).await));
    assert!(!begins(log_in(&behind.browser(), Some("198.51.100.1, 203.0.113.8")).await));
    assert!(begins(log_in(&behind.browser(), Some("2001:db8:1:2::3")).await));
    assert!(!begins(log_in(&behind.browser(), Some("2001:db8:1:2:ffff::4")).await));

    let open = limited(&provider, &[one]).await;
    assert!(begins(log_in(&open.browser(), Some("203.0.113.7")).await));
    assert!(!begins(log_in(&open.browser(), Some("203.0.113.8")).await));
}

#[tokio::test]
async fn many_senders_together_have_a_limit_too_that_only_strangers_feel() {
    let provider = Provider::start().await;
    let settings = [
        ("STOREZERO_LIMIT_SIGN_INS", "1/1h"),
        ("STOREZERO_LIMIT_ALL_SENDERS", "2"),
        ("STOREZERO_TRUSTED_PROXIES", "127.0.0.1"),
    ];
    let shop = limited(&provider, &settings).await;
    let guest = shop.guest();
    guest.add(TEACUP, 1).await.expect(200);
    let begins = |answer: Answer| !answer.location().as_str().contains(page::SIGN_IN_PROBLEM);
    let mut begun = Vec::new();
    for sender in ["203.0.113.1", "203.0.113.1", "203.0.113.1", "203.0.113.2", "203.0.113.3"] {
        begun.push(begins(log_in(&shop.browser(), Some(sender)).await));
    }
    assert_eq!(begun, [true, false, false, true, false]);
    assert!(begins(log_in(&guest, Some("203.0.113.4")).await));
}

#[tokio::test]
async fn logout_tokens_that_nobody_signed_use_up_nothing_but_their_senders_own_limit() {
    let provider = Provider::start().await;
    let settings = [
        ("STOREZERO_LIMIT_BACKCHANNEL_LOGOUTS", "1/1h"),
        ("STOREZERO_LIMIT_ALL_SENDERS", "1"),
        ("STOREZERO_TRUSTED_PROXIES", "127.0.0.1"),
    ];
    let shop = limited(&provider, &settings).await;
    let send = async |sender: &str, site: Option<&str>, token: &str| {
        let browser = shop.browser();
        let request = browser.fetch(Method::POST, auth::BACKCHANNEL_LOGOUT);
        let form = format!("logout_token={token}");
        let request = request.body("application/x-www-form-urlencoded", form);
        let request = request.header("x-forwarded-for", sender);
        let request = match site {
            Some(site) => request.header("sec-fetch-site", site),
            None => request.without("sec-fetch-site"),
        };
        request.send().await.status.as_u16()
    };
    let token = provider.logout_token().sign();
    // A page of another site, whoever looks at it.
    assert_eq!(send("203.0.113.1", Some("cross-site"), &token).await, 400);
    assert_eq!(send("203.0.113.1", None, "x").await, 400);
    assert_eq!(send("203.0.113.1", None, "x").await, 429);
    assert_eq!(send("203.0.113.2", None, "x").await, 400);
    assert_eq!(send("203.0.113.3", None, &token).await, 200);
    let next = provider.logout_token().with("jti", "next").sign();
    assert_eq!(send("203.0.113.4", None, &next).await, 429, "all together have one");
}

#[tokio::test]
async fn a_stranger_begins_so_many_carts_and_whoever_has_one_goes_on() {
    let provider = Provider::start().await;
    let shop = limited(&provider, &[("STOREZERO_LIMIT_FIRST_CARTS", "3/1h")]).await;
    let guest = shop.guest();
    guest.add(TEACUP, 1).await.expect(200);
    shop.guest().wish("stoneware-teacup").await.expect(200);
    // A session is no leave for any number of carts.
    guest.drop_cookie("storezero-cart");
    guest.add(TEACUP, 1).await.expect(200);
    let before = shop.snapshot().await;
    for cart in ["", "x", &"x".repeat(43)] {
        let stranger = shop.guest();
        let cookie = Cookie::parse(&format!("storezero-cart={cart}")).expect("a cookie");
        stranger.put_cookie(cookie);
        expect_too_many(&stranger.add(TEACUP, 1).await);
        expect_too_many(&stranger.wish("stoneware-teacup").await);
    }
    expect_too_many(&shop.page().add(TEACUP, 1).await);
    assert_eq!(shop.snapshot().await, before, "nothing was kept");
    guest.add(KNIFE, 1).await.expect(200);
    // Nor is a cart a leave for any number of sessions.
    guest.drop_cookie("storezero");
    expect_too_many(&guest.add(KNIFE, 1).await);
}

#[tokio::test]
async fn one_sender_has_so_many_lookups_and_so_has_one_order_of_all_senders() {
    let provider = Provider::start().await;
    let settings =
        [("STOREZERO_LIMIT_ORDER_LOOKUPS", "2/1h"), ("STOREZERO_TRUSTED_PROXIES", "127.0.0.1")];
    let shop = limited(&provider, &settings).await;
    let order = shop.guest().buy(KNIFE, 1).await.summary.number;
    let look_up = async |number: &str, email: &str, sender: &str| {
        let browser = shop.browser();
        let request = browser.fetch(Method::POST, api::ORDER_LOOKUP).json(&lookup(number, email));
        request.header("x-forwarded-for", sender).send().await
    };
    for number in ["0000-0000-0001", "0000-0000-0002"] {
        look_up(number, "ada@example.com", "203.0.113.1").await.expect(404);
    }
    expect_too_many(&look_up(order.as_str(), "ada@example.com", "203.0.113.1").await);
    // Of an order that exists, and of one that does not, in whatever form its number is typed.
    for number in [order.as_str(), "0000-0000-0000"] {
        look_up(number, "a@example.com", "203.0.113.2").await.expect(404);
        look_up(&number.to_lowercase(), "b@example.com", "203.0.113.3").await.expect(404);
        let plain = number.replace('-', "");
        expect_too_many(&look_up(&plain, "ada@example.com", "203.0.113.4").await);
    }
}

#[tokio::test]
async fn a_stream_too_many_ends_the_oldest_of_the_session() {
    let provider = Provider::start().await;
    let shop = limited(&provider, &[("STOREZERO_LIMIT_STREAMS", "2")]).await;
    let guest = shop.guest();
    guest.add(TEACUP, 1).await.expect(200);
    let cookie = format!("storezero={}", shop.session_cookie_of(&guest).expect("a session"));
    let open = async || {
        let stream = reqwest::Client::new()
            .get(format!("http://{}{}", shop.address, api::SESSION_EVENTS))
            .header(COOKIE, &cookie)
            .send();
        let mut stream = stream.await.expect("an answer");
        assert!(stream.chunk().await.expect("a stream").is_some(), "it is open");
        stream
    };
    let (mut first, mut second, mut third) = (open().await, open().await, open().await);
    let end = timeout(PATIENCE, first.chunk()).await.expect("its end");
    assert!(end.expect("a whole stream").is_none());
    shop.app.sessions.live.publish(&[shop.session_of(&guest).await.expect("a session").id]).await;
    for stream in [&mut second, &mut third] {
        let news = timeout(PATIENCE, stream.chunk()).await.expect("news").expect("a stream");
        assert_eq!(news.as_deref(), Some(b"data: changed\n\n".as_slice()));
    }
}

/// Sends the head, then a byte at a time, until the server ends the connection; answers what it said.
async fn dribble(shop: &TestApp, head: &str, byte: &[u8]) -> String {
    let stream = TcpStream::connect(shop.address).await.expect("a connection");
    let (mut read, mut write) = stream.into_split();
    write.write_all(head.as_bytes()).await.expect("a connection");
    let mut answer = Vec::new();
    let mut beat = interval(Duration::from_millis(50));
    let ended = timeout(PATIENCE, async {
        let mut buffer = [0; 4096];
        loop {
            tokio::select! {
                read = read.read(&mut buffer) => match read {
                    Ok(0) | Err(_) => return,
                    Ok(count) => answer.extend_from_slice(&buffer[..count]),
                },
                _ = beat.tick() => if write.write_all(byte).await.is_err() { return },
            }
        }
    });
    let is_ended = ended.await.is_ok();
    let answer = String::from_utf8_lossy(&answer).into_owned();
    assert!(is_ended, "the connection goes on:\n{answer}");
    answer
}

#[tokio::test]
async fn a_body_that_never_ends_holds_no_connection_for_ever() {
    let provider = Provider::start().await;
    let shop = limited(&provider, &[("STOREZERO_LIMIT_BODY", "1s")]).await;
    let host = "Host: localhost\r\nX-Storezero-CSRF: 1\r\nContent-Type: application/json\r\n";
    let long = "Content-Length: 10000\r\n\r\n";
    let chunked = "Transfer-Encoding: chunked\r\n\r\n";
    // A handler that waits for the body.
    for (length, byte) in [(long, b" ".as_slice()), (chunked, b"1\r\n \r\n")] {
        let began = Instant::now();
        let head = format!("POST {} HTTP/1.1\r\n{host}{length}", api::CART_ITEMS);
        let answer = dribble(&shop, &head, byte).await;
        assert!(answer.starts_with("HTTP/1.1 408 "), "{answer}");
        assert!(answer.contains(kinds::TOO_SLOW), "{answer}");
        assert!(began.elapsed() >= Duration::from_secs(1), "it has its time");
    }
    // Those that do not.
    for path in [api::CART, "/", "/health/live", "/auth/nowhere"] {
        for (length, byte) in [(long, b" ".as_slice()), (chunked, b"1\r\n \r\n")] {
            let head = format!("GET {path} HTTP/1.1\r\n{host}{length}");
            let answer = dribble(&shop, &head, byte).await;
            assert!(answer.starts_with("HTTP/1.1 "), "{path}: {answer}");
        }
    }
}

#[tokio::test]
async fn a_body_that_takes_its_time_within_the_limit_is_read() {
    let provider = Provider::start().await;
    let shop = limited(&provider, &[]).await;
    let body = format!("{{\"sku\":\"{TEACUP}\",\"quantity\":1}}");
    let head = format!(
        "POST {} HTTP/1.1\r\nHost: localhost\r\nX-Storezero-CSRF: 1\r\nContent-Type: application/json\r\n\
         Connection: close\r\nContent-Length: {}\r\n\r\n",
        api::CART_ITEMS,
        body.len()
    );
    let mut stream = TcpStream::connect(shop.address).await.expect("a connection");
    for part in [head.as_bytes(), &body.as_bytes()[..5], &body.as_bytes()[5..]] {
        stream.write_all(part).await.expect("a connection");
        stream.flush().await.expect("a connection");
        tokio::task::yield_now().await;
    }
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.expect("an answer");
    assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
}

/// `Browser` counts the headers of every answer in every test; here are the longest that there can be.
#[tokio::test]
async fn no_answer_has_more_than_4_kb_of_headers() {
    let in_flight = LoginInFlight::begin().await;
    let shop = &in_flight.shop;
    let guest = shop.guest();
    guest.add(TEACUP, 1).await.expect(200);
    for return_to in [
        format!("/{}", "a".repeat(1_023)),
        format!("/a{}", "/".repeat(1_022)),
        format!("/a?{}", "&".repeat(1_021)),
        format!("/{}", "ä".repeat(170)),
        format!("/a?{}", "&".repeat(1_900)),
        format!("/{}", "a".repeat(4_000)),
    ] {
        let login = guest.start_login_with(&[("return_to", &return_to), ("keep", "1")]).await;
        let refused = in_flight.provider.refuse(&login, "access_denied");
        guest.come_back(&refused).await.expect(303);
        let login = guest.start_login_with(&[("return_to", &return_to)]).await;
        shop.let_logins_age(11 * MINUTE).await;
        guest.come_back(&in_flight.provider.grant(&login)).await.expect(303);
    }
    let foreign = guest.fetch(Method::POST, api::CART_ITEMS).header("origin", ORIGIN);
    foreign.header(header::CSRF, "1").send().await.expect(403);
}
