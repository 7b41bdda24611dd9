//! A guest's order, found by number and email: who sees it then, who keeps it, and what a guesser learns.

use crate::support::{shopping::*, *};
use shared::{
    ids::OrderNumber,
    orders::Order,
    paths::{api, with},
    problem::kinds,
};

/// A well-formed number that no order has.
const NO_ORDER: &str = "0000-0000-0000";

fn done(order: &Order) -> String {
    with(api::CHECKOUT_DONE, order.summary.number.as_str())
}

fn in_account(order: &Order) -> String {
    with(api::ORDER, order.summary.number.as_str())
}

async fn expect_unknown(browser: &Browser, path: &str) {
    browser.get(path).await.expect_problem(404, kinds::NOT_FOUND);
}

#[tokio::test]
async fn a_guests_order_is_found_in_another_browser_which_sees_it_from_then_on() {
    let shop = spawn_app().await;
    let guest = shop.guest();
    let order = guest.buy(KNIFE, 1).await;
    let finder = shop.guest();
    expect_unknown(&finder, &done(&order)).await;

    let typed = order.summary.number.as_str().replace('-', " ").to_lowercase();
    let found: Order = finder.look_up(&typed, " Ada@Example.COM ").await.json();
    assert_eq!(found, order);
    assert!(!found.in_account);
    let names: Vec<String> = finder.cookies().into_iter().map(|cookie| cookie.name).collect();
    assert_eq!(names, ["storezero-cart"], "to look an order up begins no session");

    // What it is seen by is the cart that the finder goes on with.
    finder.add(TEACUP, 1).await.expect(200);
    for browser in [&finder, &guest] {
        assert_eq!(browser.get(&done(&order)).await.json::<Order>(), order);
    }
    expect_unknown(&shop.guest(), &done(&order)).await;

    let again = finder.look_up(&typed, ADA).await;
    assert_eq!((again.json::<Order>(), again.set_cookies()), (order.clone(), Vec::new()));
    assert_eq!(shop.count("found_order").await, 1);
    let month = DAY.as_millis() * 30;
    shop.execute(&format!("update found_order set at = at - {month}")).await;
    backend::jobs::sweep_once(&shop.app.sessions, &shop.app.db).await.expect("a round");
    expect_unknown(&finder, &done(&order)).await;
    assert_eq!(guest.get(&done(&order)).await.json::<Order>(), order);
}

#[tokio::test]
async fn whatever_is_wrong_the_answer_is_the_same_and_nothing_begins() {
    let shop = spawn_app().await;
    let order = shop.guest().buy(KNIFE, 1).await.summary.number.to_string();
    let of_account = shop.customer(ADA).await.buy(KNIFE, 1).await.summary.number.to_string();
    let (waiting, mut form) = ready_to_order(&shop, KNIFE, 1).await;
    form.card = card("4000 0025 0000 3155");
    waiting.check_out(&form, &new_key()).await.expect(402);
    let reserved = shop.rows("select number from orders where status = 'reserved'").await;
    let reserved = reserved[0]["number"].as_str().expect("a number");

    let grace = shop.customer(GRACE).await;
    let stranger = shop.guest();
    let before = shop.snapshot().await;
    let wrong = stranger.look_up(&order, "eve@example.com").await;
    wrong.expect_problem(404, kinds::NOT_FOUND);
    for browser in [&*stranger, &*grace] {
        for (number, email) in [
            (order.as_str(), "ada@example.con"),
            (NO_ORDER, ADA),
            (NO_ORDER, "eve@example.com"),
            (&of_account, ADA),
            (&of_account, "eve@example.com"),
            (reserved, ADA),
        ] {
            let answer = browser.look_up(number, email).await;
            assert_eq!(answer.status, wrong.status, "{number} {email}");
            assert_eq!(answer.text(), wrong.text(), "{number} {email}");
            assert_eq!(answer.set_cookies(), Vec::<&str>::new(), "{number} {email}");
        }
    }
    assert_eq!(shop.snapshot().await, before);
}

#[tokio::test]
async fn what_cannot_be_a_number_or_an_address_is_told_by_its_field() {
    let shop = spawn_app().await;
    let guest = shop.guest();
    for (number, email, fields) in [
        ("", "", &["number", "email"][..]),
        ("7K2M-9QWX-4T0", ADA, &["number"]),
        ("7K2M-9QWX-4T0\u{0}", ADA, &["number"]),
        (NO_ORDER, "ada", &["email"]),
    ] {
        let problem = guest.look_up(number, email).await.expect_problem(422, kinds::VALIDATION);
        let named: Vec<&str> = problem.errors.iter().map(|error| error.field.as_str()).collect();
        assert_eq!(named, fields, "{number:?} {email:?}");
    }
}

#[tokio::test]
async fn a_customer_keeps_what_they_find_if_the_address_is_verified_to_be_theirs() {
    let shop = spawn_app().await;
    let guest = shop.guest();
    let order = guest.buy(KNIFE, 1).await;
    let number = order.summary.number.as_str();
    let (ada, grace) = (shop.customer(ADA).await, shop.customer(GRACE).await);

    // Another address, and one that nobody has verified: they see it, and it stays a guest's.
    let is_verified = async |verified: bool| {
        let set = format!("update customer set email_verified = {verified} where email = '{ADA}'");
        shop.execute(&set).await;
    };
    is_verified(false).await;
    for customer in [&grace, &ada] {
        assert_eq!(customer.look_up(number, ADA).await.json::<Order>(), order);
        assert_eq!(customer.get(&done(&order)).await.json::<Order>(), order);
        expect_unknown(customer, &in_account(&order)).await;
    }

    is_verified(true).await;
    for _ in 0..2 {
        let kept: Order = ada.look_up(number, ADA).await.json();
        assert_eq!(kept, Order { in_account: true, ..order.clone() });
        assert_eq!(ada.get(&in_account(&order)).await.json::<Order>(), kept);
    }

    // An account's order is its customer's alone, whoever placed or found it before.
    for browser in [&*grace, &*guest] {
        expect_unknown(browser, &done(&order)).await;
        browser.look_up(number, ADA).await.expect_problem(404, kinds::NOT_FOUND);
    }
    let rival = shop.rows("select id from customer where email = 'grace@example.com'").await;
    let rival = rival[0]["id"].as_i64().expect("an id");
    let verify =
        format!("update customer set email = '{ADA}', email_verified = true where id = {rival}");
    shop.execute(&verify).await;
    grace.look_up(number, ADA).await.expect_problem(404, kinds::NOT_FOUND);
    expect_unknown(&grace, &in_account(&order)).await;
}

#[tokio::test]
async fn a_login_keeps_what_its_browser_found_and_a_deleted_account_leaves_it_to_nobody() {
    let shop = spawn_app().await;
    let order = shop.guest().buy(KNIFE, 1).await;
    let number = order.summary.number.as_str();
    let (finder, other) = (shop.guest(), shop.guest());
    for browser in [&finder, &other] {
        browser.look_up(number, ADA).await.expect(200);
    }
    let ada = finder.signed_in_as(ADA).await;
    assert!(ada.get(&in_account(&order)).await.json::<Order>().in_account);
    expect_unknown(&other, &done(&order)).await;

    ada.delete(api::ACCOUNT).await.expect(200);
    expect_unknown(&other, &done(&order)).await;
    other.look_up(number, ADA).await.expect_problem(404, kinds::NOT_FOUND);
}

#[tokio::test]
async fn a_token_that_nobody_gave_out_sees_nothing_of_what_is_found_with_it() {
    let shop = spawn_app().await;
    let order = shop.guest().buy(KNIFE, 1).await;
    let planted = Cookie::parse(&format!("storezero-cart={}", "x".repeat(43))).expect("a cookie");
    let (finder, neighbour) = (shop.guest(), shop.guest());
    for browser in [&finder, &neighbour] {
        browser.put_cookie(planted.clone());
    }
    finder.look_up(order.summary.number.as_str(), ADA).await.expect(200);
    assert_eq!(finder.get(&done(&order)).await.json::<Order>(), order);
    expect_unknown(&neighbour, &done(&order)).await;
}

#[tokio::test]
async fn a_page_without_cookies_finds_an_order_and_its_customer_keeps_it() {
    let provider = Provider::start().await;
    let shop = Spawn::default().with_pages_of(&provider).spawn().await;
    let (guest, mut form) = ready_to_order(&shop, KNIFE, 1).await;
    form.email = "sam@example.com".into();
    let order: Order = guest.check_out(&form, &new_key()).await.json();
    let asked = lookup(order.summary.number.as_str(), &form.email);

    let page = shop.page();
    assert_eq!(page.post(api::ORDER_LOOKUP, &asked).await.json::<Order>(), order);
    assert_eq!(page.get(&done(&order)).await.json::<Order>(), order);

    let page = shop.page_with(provider.access_token().sign());
    assert!(page.post(api::ORDER_LOOKUP, &asked).await.json::<Order>().in_account);
    let number: OrderNumber = page.get(&in_account(&order)).await.json::<Order>().summary.number;
    assert_eq!(number, order.summary.number);
}
