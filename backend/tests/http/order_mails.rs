//! Mails about orders: who is written to, when, and what happens while the mail server does not take them.

use crate::support::{mail_server::MailServer, shopping::*, *};
use futures_util::future::join_all;
use reqwest::Method;
use shared::{
    orders::Order,
    paths::{MAILBOX, api, with},
    problem::kinds,
};

async fn spawn_with(server: &MailServer) -> TestApp {
    Spawn::default()
        .setting("STOREZERO_SMTP_URL", &server.url)
        .setting("STOREZERO_MAIL_FROM", "storezero <orders@shop.example>")
        .spawn()
        .await
}

async fn deliver(shop: &TestApp, minutes_from_now: i64) {
    let now = backend::db::now() + minutes_from_now * 60_000;
    let sent = backend::orders::deliver_due(&shop.app.config, &shop.app.db, now).await;
    sent.expect("a round of mails");
}

async fn demo() -> TestApp {
    Spawn::default().setting("STOREZERO_DEMO", "true").spawn().await
}

#[tokio::test]
async fn an_order_is_confirmed_once_and_its_cancelling_too() {
    let server = MailServer::start().await;
    let shop = spawn_with(&server).await;
    let ada = shop.customer(ADA).await;
    let order = ada.buy(KNIFE, 1).await;
    assert!(order.mailed);
    join_all((0..4).map(|_| deliver(&shop, 0))).await;
    let [mail] = &*server.mails() else { panic!("{:?}", server.mails()) };
    let number = order.summary.number.as_str();
    for said in [
        "RCPT TO:<ada@example.com>",
        "From: storezero <orders@shop.example>",
        &format!("Subject: Your order {number}"),
        "Auto-Submitted: auto-generated",
        "text/plain",
        "text/html",
    ] {
        assert!(mail.contains(said), "{said} is not in:\n{mail}");
    }
    ada.fetch(Method::POST, &with(api::ORDER_CANCEL, number)).send().await.expect(200);
    deliver(&shop, 0).await;
    deliver(&shop, 600).await;
    let mails = server.mails();
    assert_eq!(mails.len(), 2);
    assert!(
        mails[1].contains(&format!("Subject: Your order {number} is cancelled")),
        "{}",
        mails[1]
    );
}

#[tokio::test]
async fn a_mail_that_is_not_taken_now_goes_later_and_one_refused_for_good_does_not() {
    let server = MailServer::start().await;
    let shop = spawn_with(&server).await;
    server.refuse(Some("450 come back later"));
    shop.guest().buy(KNIFE, 1).await;
    for minutes in [0, 0, 2] {
        deliver(&shop, minutes).await;
    }
    assert_eq!(shop.rows("select tries from order_mail").await[0]["tries"], 2);
    server.refuse(None);
    deliver(&shop, 3).await;
    assert_eq!(server.mails().len(), 0, "the wait has doubled");
    deliver(&shop, 5).await;
    assert_eq!(server.mails().len(), 1);

    server.refuse(Some("550 no such mailbox"));
    shop.guest().buy(KNIFE, 1).await;
    deliver(&shop, 0).await;
    server.refuse(None);
    deliver(&shop, 100_000).await;
    assert_eq!(server.mails().len(), 1);
    assert_eq!(shop.rows("select id from order_mail where due_at is not null").await.len(), 0);
}

#[tokio::test]
async fn no_answer_waits_for_the_mail_server_and_nothing_is_lost_with_it() {
    let server = MailServer::start().await;
    let shop = Spawn::default()
        .setting("STOREZERO_SMTP_URL", "smtp://127.0.0.1:1")
        .setting("STOREZERO_MAIL_FROM", "orders@shop.example")
        .spawn()
        .await;
    assert!(shop.guest().buy(KNIFE, 1).await.mailed);
    deliver(&shop, 0).await;
    let repaired = shop.replica_with(&[("STOREZERO_SMTP_URL", &server.url)]).await;
    deliver(&repaired, 2).await;
    assert_eq!(server.mails().len(), 1);
}

#[tokio::test]
async fn a_deleted_account_is_not_written_to() {
    let server = MailServer::start().await;
    let shop = spawn_with(&server).await;
    let ada = shop.customer(ADA).await;
    ada.buy(KNIFE, 1).await;
    ada.delete(api::ACCOUNT).await.expect(200);
    deliver(&shop, 0).await;
    assert_eq!(server.mails().len(), 0);
    assert_eq!(shop.count("order_mail").await, 0);
}

#[tokio::test]
async fn without_a_mail_server_nothing_is_promised() {
    let shop = spawn_app().await;
    assert!(!shop.guest().buy(KNIFE, 1).await.mailed);
    assert_eq!(shop.count("order_mail").await, 0);
    shop.guest().get(MAILBOX).await.expect_problem(404, kinds::NOT_FOUND);
}

#[tokio::test]
async fn a_demo_shows_what_it_would_send_to_who_comes_by_its_own_address() {
    let shop = demo().await;
    let guest = shop.guest();
    let order: Order = guest.buy(TEACUP, 2).await;
    assert!(order.mailed);
    let mailbox = guest.get(MAILBOX).await.expect(200).text();
    assert!(
        mailbox.contains(&format!("<h2>Your order {}</h2>", order.summary.number)),
        "{mailbox}"
    );
    assert!(mailbox.contains("2 × Stoneware Teacup"), "{mailbox}");
    let (_, rest) = mailbox.split_once("href=\"/mailbox/").expect("a link to the mail");
    let (id, _) = rest.split_once('"').expect("its end");
    let letter = guest.get(&format!("{MAILBOX}/{id}")).await.expect(200);
    assert!(letter.header("content-security-policy").expect("a policy").contains("sandbox"));
    guest.get(&format!("{MAILBOX}/0")).await.expect_problem(404, kinds::NOT_FOUND);
    let request =
        format!("GET {MAILBOX} HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n");
    assert!(shop.raw(request.as_bytes()).await.starts_with("HTTP/1.1 421 "));
}
