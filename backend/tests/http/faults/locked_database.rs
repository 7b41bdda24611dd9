//! Another program holds SQLite's lock, as a backup or a person at a prompt may do for half a minute.

use super::{expect_put_off, is_sqlite};
use crate::support::{shopping::*, *};
use backend::db;
use futures_util::future::join_all;
use serde_json::Value;
use shared::paths::{api, auth, page, with};
use std::time::{Duration, Instant};

/// The shop's patience and what a busy machine takes.
const BOUND: Duration = Duration::from_secs(15);

#[tokio::test]
async fn while_it_is_locked_reading_goes_on_and_writing_is_put_off() {
    let provider = Provider::start().await;
    let shop = Spawn::default().with_provider(&provider).spawn().await;
    if !is_sqlite(&shop) {
        return;
    }
    let sam = shop.guest();
    let login = sam.start_login("/account").await;
    sam.come_back(&provider.grant(&login)).await.expect(303);
    let order = sam.buy(KNIFE, 1).await;
    sam.add(KNIFE, 1).await.expect(200);
    let guests: Vec<Guest> = (0..30).map(|_| shop.guest()).collect();
    let form = sam.order_form().await;
    // Long enough ago that the next request moves the session's deadline, which is a write.
    shop.let_session_age(&sam, 5 * MINUTE).await;

    let before = shop.snapshot().await;
    let stock = shop.stock(KNIFE).await;
    let other = db::connect(&shop.app.config.database_url).await.expect("another connection");
    let lock = db::begin_write(&other).await.expect("the lock");
    let writing = async {
        let refused = join_all(guests.iter().map(async |guest| {
            let began = Instant::now();
            let answer = guest.add(KNIFE, 1).await;
            assert!(began.elapsed() < BOUND, "{:?}", began.elapsed());
            answer
        }));
        let bought = sam.check_out(&form, "the-key-of-sam");
        let (refused, bought) = futures_util::future::join(refused, bought).await;
        for answer in refused.iter().chain([&bought]) {
            expect_put_off(answer);
        }
    };
    let reading = async {
        for _ in 0..3 {
            for path in [
                api::PRODUCTS.to_owned(),
                "/api/products?q=teapot".to_owned(),
                with(api::PRODUCT, "kitchen-knife"),
                api::CART.to_owned(),
                api::ORDERS.to_owned(),
                with(api::ORDER, order.summary.number.as_str()),
                api::SESSION.to_owned(),
                "/health/ready".to_owned(),
            ] {
                let began = Instant::now();
                sam.get(&path).await.expect(200);
                assert!(began.elapsed() < 4 * SECOND, "{path}: {:?}", began.elapsed());
            }
        }
    };
    futures_util::future::join(writing, reading).await;
    let login = shop.guest().visit(auth::LOGIN).await;
    assert_eq!(login.location().path(), page::SIGN_IN_PROBLEM, "a person gets a page");
    lock.rollback().await.expect("the lock is given up");

    let mut after = shop.snapshot().await;
    let mut kept = before.clone();
    // Sam's searches, and the deadline that moves with what comes next.
    for table in ["activity", "session"] {
        after.remove(table);
        kept.remove(table);
    }
    assert_eq!(after, kept, "what was put off left something behind");
    for guest in &guests {
        guest.add(KNIFE, 1).await.expect(200);
    }
    sam.check_out(&form, "the-key-of-sam").await.expect(201);
    assert_eq!(shop.stock(KNIFE).await, stock - 1);
    // What happened meanwhile is not lost.
    let told = async {
        while !sam.get(api::SESSION_ACTIVITIES).await.json::<Value>().to_string().contains("teapot")
        {
        }
    };
    tokio::time::timeout(BOUND, told).await.expect("the searches are written");
}
