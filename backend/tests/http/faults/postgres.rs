//! A PostgreSQL that restarts in the middle, becomes a standby, or speaks TLS or does not. Each test has a server of its
//! own; on a run with SQLite there is nothing to do.

use super::expect_put_off;
use crate::support::{
    cluster::{Cluster, authority},
    shopping::*,
    *,
};
use futures_util::future::join_all;
use sea_orm::ConnectionTrait as _;
use serde_json::Value;
use shared::paths::api;
use std::{
    sync::atomic::{AtomicBool, Ordering},
    time::{Duration, Instant},
};

/// The shop's patience and what a busy machine takes.
const BOUND: Duration = Duration::from_secs(20);

const END_OTHERS: &str = "select pg_terminate_backend(pid) from pg_stat_activity \
                          where datname = current_database() and pid <> pg_backend_pid()";

#[tokio::test]
async fn a_restart_in_the_middle_loses_no_order_and_the_shop_goes_on() {
    let Some(mut cluster) = Cluster::start(false).await else { return };
    let provider = Provider::start().await;
    let shop = Spawn::default()
        .with_provider(&provider)
        .setting("STOREZERO_DATABASE_URL", &cluster.url())
        .spawn()
        .await;
    shop.set_stock(KNIFE, 100_000).await;
    let sold_before = sold(&shop).await;
    shop.guest().get(api::PRODUCTS).await.expect(200);
    let is_over = AtomicBool::new(false);
    let shoppers = join_all((0..8).map(async |_| {
        let mut orders = Vec::new();
        while !is_over.load(Ordering::Relaxed) {
            let guest = shop.guest();
            let began = Instant::now();
            let Some(order) = try_to_buy(&guest).await else {
                assert!(began.elapsed() < 3 * BOUND, "{:?}", began.elapsed());
                continue;
            };
            orders.push(order);
        }
        orders
    }));
    let operator = async {
        let placed = || shop.count("orders");
        let begun = placed().await;
        while placed().await < begun + 8 {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        cluster.stop();
        let guest = shop.guest();
        expect_put_off(&guest.add(KNIFE, 1).await);
        // The catalogue is still shown, as it was.
        assert!(guest.get(api::PRODUCTS).await.json::<Value>()["total"].as_u64() > Some(0));
        cluster.begin().await;
        // Without a word to the shop.
        shop.guest().buy(KNIFE, 1).await;
        is_over.store(true, Ordering::Relaxed);
    };
    let (orders, ()) = futures_util::future::join(shoppers, operator).await;
    let orders: Vec<String> = orders.into_iter().flatten().collect();
    for number in &orders {
        let sql = format!("select status from orders where number = '{number}'");
        assert_eq!(shop.rows(&sql).await[0]["status"], "placed", "{number}");
    }
    // Of what was put off, some may be reserved, and some even placed, where the answer alone was lost.
    let sold = sold(&shop).await - sold_before;
    assert!(sold > i64::try_from(orders.len()).expect("a number"), "{sold}");
    assert_eq!(shop.stock(KNIFE).await, 100_000 - sold);
}

async fn sold(shop: &TestApp) -> i64 {
    let sql = format!(
        "select coalesce(sum(quantity), 0)::bigint as sold from order_line where sku = '{KNIFE}'"
    );
    shop.rows(&sql).await[0]["sold"].as_i64().expect("a number")
}

/// The whole purchase, or `None` where any part of it was put off.
async fn try_to_buy(guest: &Browser) -> Option<String> {
    let taken = |answer: Answer| {
        if answer.status == 503 {
            expect_put_off(&answer);
            return None;
        }
        assert!(answer.status.is_success(), "{} {}", answer.status, answer.text());
        Some(answer)
    };
    taken(guest.add(KNIFE, 1).await)?;
    let request = serde_json::json!({ "delivery": "standard", "country": "DE" });
    let quote = taken(guest.post(api::QUOTE, &request).await)?;
    let order = taken(guest.check_out(&form(&quote.json()), &new_key()).await)?;
    order.json::<Value>()["number"].as_str().map(str::to_owned)
}

#[tokio::test]
async fn on_a_standby_reading_goes_on_and_writing_is_put_off() {
    let Some(cluster) = Cluster::start(false).await else { return };
    let provider = Provider::start().await;
    let shop = Spawn::default()
        .with_provider(&provider)
        .setting("STOREZERO_DATABASE_URL", &cluster.url())
        .spawn()
        .await;
    let (guest, form) = ready_to_order(&shop, KNIFE, 1).await;
    // What is set for a database holds for the connections that come, and this one was here before.
    let admin = backend::db::connect(&cluster.url()).await.expect("a connection");
    let read_only = async |value: &str| {
        let set = format!(
            "begin; set transaction read write; \
             alter database postgres set default_transaction_read_only = {value}; commit"
        );
        admin.execute_unprepared(&set).await.expect("it is set");
        admin.execute_unprepared(END_OTHERS).await.expect("the others end");
    };
    read_only("on").await;
    expect_put_off(&guest.check_out(&form, "the-key-of-a-test").await);
    guest.get(api::CART).await.expect(200);
    let end = Program::fails_to_start(&[("STOREZERO_DATABASE_URL", &cluster.url())]).await;
    assert!(end.output.contains("must be able to write"), "{}", end.output);
    read_only("off").await;
    guest.check_out(&form, "the-key-of-a-test").await.expect(201);
}

#[tokio::test]
async fn tls_is_what_the_url_asks_for() {
    let Some(cluster) = Cluster::start(true).await else { return };
    let trusted = authority("ca.crt");
    let url = format!("{}?sslmode=verify-full&sslrootcert={}", cluster.url(), trusted.display());
    let program = Program::start(&[("STOREZERO_DATABASE_URL", &url)]).await;
    program.browser().buy(KNIFE, 1).await;
    let plain = backend::db::connect(&format!("{}?sslmode=disable", cluster.url())).await;
    let plain = plain.expect("the server takes both");
    let connections = "select count(*) as open from pg_stat_ssl join pg_stat_activity using (pid) \
                       where ssl and datname = 'postgres' and pid <> pg_backend_pid()";
    let statement = sea_orm::Statement::from_string(sea_orm::DbBackend::Postgres, connections);
    let row = plain.query_one_raw(statement).await.expect("a count").expect("a row");
    assert!(row.try_get::<i64>("", "open").expect("a number") > 0, "none is encrypted");
}

#[tokio::test]
async fn a_server_that_is_not_the_one_or_speaks_no_tls_is_refused_in_words() {
    let (Some(with_tls), Some(without)) = (Cluster::start(true).await, Cluster::start(false).await)
    else {
        return;
    };
    let stranger = authority("stranger.crt");
    let stranger = format!("?sslmode=verify-full&sslrootcert={}", stranger.display());
    let trusted = authority("ca.crt");
    let trusted = format!("?sslmode=verify-full&sslrootcert={}", trusted.display());
    let other_name = with_tls.url().replace("localhost", "127.0.0.1");
    for (url, told) in [
        (without.url() + "?sslmode=require", "TLS"),
        (without.url() + "?sslmode=verify-full", "TLS"),
        (with_tls.url() + &stranger, "certificate"),
        (with_tls.url() + "?sslmode=verify-full", "certificate"),
        (other_name + &trusted, "certificate"),
    ] {
        let end = Program::fails_to_start(&[("STOREZERO_DATABASE_URL", &url)]).await;
        assert_eq!(end.status.code(), Some(1), "{url}: {}", end.output);
        let words = &end.output;
        assert!(words.contains("STOREZERO_DATABASE_URL") && words.contains(told), "{url}: {words}");
    }
}
