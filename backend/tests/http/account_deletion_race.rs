//! An order that is written in the moment of the deletion keeps nothing of its person either.

use crate::support::{shopping::*, *};
use sea_orm::{ConnectionTrait as _, DbBackend, TransactionTrait as _};
use shared::paths::api;
use std::time::{Duration, Instant};

/// PostgreSQL is asked again until then: it tells of waiting when it is asked, and not by itself.
const PATIENCE: Duration = Duration::from_secs(30);

/// Waits until a query of this shop waits for a lock. SQLite tells nobody who waits, and needs no telling: it lets one
/// writer in at a time.
async fn until_somebody_waits(shop: &TestApp) {
    if shop.app.db.get_database_backend() != DbBackend::Postgres {
        return;
    }
    let waiting = "select pid from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'";
    let deadline = Instant::now() + PATIENCE;
    while shop.rows(waiting).await.is_empty() {
        assert!(Instant::now() < deadline, "nobody waits for the order");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

#[tokio::test]
async fn an_order_written_in_the_moment_of_the_deletion_forgets_the_person_too() {
    let shop = spawn_app().await;
    let guest = shop.guest();
    let number = guest.buy(KNIFE, 1).await.summary.number;
    let ada = shop.customer(ADA).await;
    let writing = shop.app.db.begin().await.unwrap();
    let names_ada = format!(
        "update orders set customer_id = (select id from customer where email = '{ADA}') where number = '{}'",
        number.as_str()
    );
    writing.execute_unprepared(&names_ada).await.unwrap();

    let (deleted, ()) = tokio::join!(ada.delete(api::ACCOUNT), async {
        until_somebody_waits(&shop).await;
        writing.commit().await.unwrap();
    });
    deleted.expect(200);
    let of = format!(
        "select customer_id, email, full_name, street from orders where number = '{}'",
        number.as_str()
    );
    let kept = &shop.rows(&of).await[0];
    assert!(kept["customer_id"].is_null());
    for personal in ["email", "full_name", "street"] {
        assert_eq!(kept[personal], "", "{personal} is kept");
    }
}
