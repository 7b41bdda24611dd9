//! The header `Cookie`, in which others write too: neighbours on the same host, and on plain http anybody there.

use crate::support::{shopping::*, *};
use reqwest::Method;
use shared::{
    cart::Cart,
    paths::{api, page},
    problem::kinds,
    session::{SessionState, SessionView},
};

/// `Cookie` as a browser with these pairs sends it, as bytes.
fn header(pairs: &[&[u8]]) -> Vec<u8> {
    pairs.join(b"; ".as_slice())
}

async fn ask(browser: &Browser, path: &str, cookies: &[u8]) -> Answer {
    browser.fetch(Method::GET, path).header_bytes("cookie", cookies).send().await
}

#[tokio::test]
async fn a_neighbours_malformed_cookie_signs_nobody_out() {
    let shop = spawn_app().await;
    let ada = shop.customer(ADA).await;
    let session = format!("storezero={}", shop.session_cookie_of(&ada).expect("a session"));
    for neighbour in
        [b"caf\xe9=1".as_slice(), b"lang=\xff", b"a=%FF%FE", b"=x", b"nameless", b"", b"=", b"a=%"]
    {
        for cookies in
            [header(&[neighbour, session.as_bytes()]), header(&[session.as_bytes(), neighbour])]
        {
            let answer = ask(&ada, api::ORDERS, &cookies).await;
            assert_eq!(answer.status, 200, "{}", cookies.escape_ascii());
            assert_eq!(answer.set_cookies(), Vec::<&str>::new());
        }
    }
}

#[tokio::test]
async fn a_neighbours_malformed_cookie_empties_no_cart() {
    let shop = spawn_app().await;
    let guest = shop.guest();
    guest.add(TEACUP, 2).await.expect(200);
    let cart = format!("storezero-cart={}", guest.cookie("storezero-cart").expect("a cart").value);
    let cookies = header(&[b"x=\xe9", cart.as_bytes(), b"=\xff"]);
    let cart: Cart = ask(&guest, api::CART, &cookies).await.json();
    assert_eq!(lines(cart), [(TEACUP.to_owned(), 2)]);
}

#[tokio::test]
async fn two_session_cookies_are_nobodys_and_end_nothing() {
    let shop = spawn_app().await;
    let ada = shop.customer(ADA).await;
    let grace = shop.customer(GRACE).await;
    let cookie = |value: String| format!("storezero={value}");
    let hers = cookie(shop.session_cookie_of(&ada).expect("a session"));
    let planted = cookie(shop.session_cookie_of(&grace).expect("a session"));
    let (hers, planted) = (hers.as_str(), planted.as_str());
    let before = shop.snapshot().await;
    for both in [
        [hers, planted],
        [planted, hers],
        [hers, hers],
        [hers, "storezero=x"],
        ["storezero=", hers],
    ] {
        let cookies = header(&both.map(str::as_bytes));
        let refused = ask(&ada, api::ORDERS, &cookies).await;
        refused.expect_problem(401, kinds::SIGN_IN_REQUIRED);
        assert_eq!(refused.set_cookies(), Vec::<&str>::new(), "the right one stays");
        let view: SessionView = ask(&ada, api::SESSION, &cookies).await.json();
        assert_eq!(view.state, SessionState::None { ended: None });
    }
    assert_eq!(shop.snapshot().await, before);
    ada.get(api::ORDERS).await.expect(200);
}

#[tokio::test]
async fn two_cart_cookies_are_nobodys() {
    let shop = spawn_app().await;
    let (guest, other) = (shop.guest(), shop.guest());
    guest.add(TEACUP, 2).await.expect(200);
    other.add(KNIFE, 1).await.expect(200);
    let token = |browser: &Browser| browser.cookie("storezero-cart").expect("a cart").value;
    let both = format!("storezero-cart={}; storezero-cart={}", token(&other), token(&guest));
    let cart: Cart = ask(&guest, api::CART, both.as_bytes()).await.json();
    assert_eq!(lines(cart), []);
    assert_eq!(guest.cart_lines().await, [(TEACUP.to_owned(), 2)]);
}

#[tokio::test]
async fn a_name_that_only_a_server_reads_as_ours_is_not_ours() {
    let shop = Spawn::default().at("https://shop.example").spawn().await;
    let mallory = shop.guest();
    mallory.add(TEACUP, 1).await.expect(200);
    let planted = shop.session_cookie_of(&mallory).expect("a session");
    let victim = shop.guest();
    let good = format!("__Host-storezero={planted}");
    let anonymous: SessionView = ask(&victim, api::SESSION, good.as_bytes()).await.json();
    assert!(matches!(anonymous.state, SessionState::Anonymous { .. }), "it is a good one");
    for name in [
        "%5F%5FHost-storezero",
        "__Host-%73torezero",
        "\u{2000}__Host-storezero",
        "\u{a0}__Host-storezero",
        "__Host-storezero\u{3000}",
    ] {
        let cookies = format!("{name}={planted}");
        let view: SessionView = ask(&victim, api::SESSION, cookies.as_bytes()).await.json();
        assert_eq!(view.state, SessionState::None { ended: None }, "{name}");
    }
    victim.visit(page::HOME).await.expect(200);
}
