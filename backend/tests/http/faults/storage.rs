//! A disk that is full, a file that may only be read, and one that others could read. Of SQLite; a PostgreSQL that may
//! only be read is in `postgres`.

use super::{expect_put_off, is_sqlite, on_each_connection};
use crate::support::{shopping::*, *};
use futures_util::future::join_all;
use serde_json::Value;
use shared::paths::api;
use std::{fs::Permissions, os::unix::fs::PermissionsExt as _};

/// Everything that only reads.
async fn expect_reading(guest: &Browser) {
    assert!(guest.get(api::PRODUCTS).await.json::<Value>()["total"].as_u64() > Some(0));
    guest.get(api::CART).await.expect(200);
    guest.get(api::SESSION).await.expect(200);
    guest.get("/health/ready").await.expect(200);
}

/// `PRAGMA max_page_count` makes SQLite answer `SQLITE_FULL`, as it does where the disk has no room.
#[tokio::test]
async fn on_a_full_disk_reading_goes_on_and_nothing_is_half_written() {
    let shop = spawn_app().await;
    if !is_sqlite(&shop) {
        return;
    }
    let (guest, form) = ready_to_order(&shop, KNIFE, 1).await;
    let ready = join_all((0..40).map(|_| ready_to_order(&shop, KNIFE, 1))).await;
    let stock = shop.stock(KNIFE).await;
    shop.app.sessions.activities.flush().await;
    let fill = || on_each_connection(&shop.app.db, "pragma max_page_count = 1");
    fill().await;

    let mut bought = 0;
    // What is still free in the file's last pages is used up first.
    let put_off = loop {
        let other = shop.guest();
        let answer = other.add(KNIFE, 1).await;
        if answer.status == 503 {
            break other;
        }
        answer.expect(200);
        bought += 1;
        assert!(bought < 1000, "the disk is never full");
    };
    // More often than there are connections: one that was refused is no worse afterwards, or is replaced.
    for _ in 0..20 {
        fill().await;
        expect_put_off(&put_off.add(KNIFE, 1).await);
        expect_reading(&guest).await;
    }
    fill().await;
    let mut placed = 0;
    let mut refused = None;
    for (buyer, form) in &ready {
        let key = new_key();
        let answer = buyer.check_out(form, &key).await;
        if answer.status == 503 {
            refused = Some((buyer, form, key));
            break;
        }
        answer.expect(201);
        placed += 1;
    }
    let (buyer, their_form, key) = refused.expect("there is always room for one more order");
    // Full between reserving and settling, it keeps the item until the attempt's time is over.
    let kept = stock - placed - shop.stock(KNIFE).await;
    assert!((0..=1).contains(&kept), "{kept}");
    assert_eq!(put_off.cart_lines().await, []);

    on_each_connection(&shop.app.db, "pragma max_page_count = 1073741823").await;
    put_off.add(KNIFE, 1).await.expect(200);
    shop.execute(&format!("update checkout_attempt set until = until - {}", HOUR.as_millis()))
        .await;
    buyer.check_out(their_form, &key).await.expect(201);
    guest.check_out(&form, "the-key-of-a-test").await.expect(201);
    assert_eq!(shop.stock(KNIFE).await, stock - placed - 2);
}

/// `PRAGMA query_only` makes SQLite answer `SQLITE_READONLY`, as it does on a disk that was mounted anew.
#[tokio::test]
async fn a_database_that_becomes_read_only_is_read_and_written_again_when_it_can_be() {
    let shop = spawn_app().await;
    if !is_sqlite(&shop) {
        return;
    }
    let (guest, form) = ready_to_order(&shop, KNIFE, 1).await;
    let before = shop.snapshot().await;
    on_each_connection(&shop.app.db, "pragma query_only = 1").await;
    for _ in 0..10 {
        expect_put_off(&guest.add(KNIFE, 1).await);
        expect_put_off(&guest.check_out(&form, "the-key-of-a-test").await);
        expect_put_off(&shop.guest().add(KNIFE, 1).await);
        expect_reading(&guest).await;
    }
    assert_eq!(shop.snapshot().await, before);
    on_each_connection(&shop.app.db, "pragma query_only = 0").await;
    guest.check_out(&form, "the-key-of-a-test").await.expect(201);
}

#[tokio::test]
async fn a_database_that_may_only_be_read_stops_the_start_in_words() {
    let database = Database::create().await;
    let Some(read_only) = database.url.strip_suffix("?mode=rwc") else { return };
    let url = format!("{read_only}?mode=ro");
    let end = Program::fails_to_start(&[("STOREZERO_DATABASE_URL", &url)]).await;
    assert_eq!(end.status.code(), Some(1));
    assert!(end.output.contains("must be able to write"), "{}", end.output);
}

#[tokio::test]
async fn a_file_that_others_could_read_is_closed_to_them_and_the_log_says_so() {
    let database = Database::create().await;
    if !database.url.starts_with("sqlite") {
        return;
    }
    let file = database.folder.path().join("shop.sqlite");
    std::fs::set_permissions(&file, Permissions::from_mode(0o644)).expect("its rights");
    let settings = [("STOREZERO_DATABASE_URL", database.url.as_str())];
    let output = Program::start(&settings).await.stop().await.output;
    let line = output.lines().find(|line| line.contains("other users could open the database"));
    assert!(line.is_some_and(|line| line.contains("shop.sqlite")), "{output}");
    let again = Program::start(&settings).await.stop().await.output;
    assert!(!again.contains("other users"), "{again}");
    let mode = std::fs::metadata(&file).expect("the file").permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
}
