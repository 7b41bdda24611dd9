//! A login happens whole or not at all: whichever step fails, everything is as before, and the next login succeeds.

use crate::support::{shopping::*, *};
use sea_orm::DbBackend;
use shared::{catalog::ProductSummary, paths::api, session::SignInProblem};

/// The tables that a login writes, in its order.
const STEPS: [&str; 7] = [
    "customer",
    "cart_item",
    "cart",
    "session",
    "session_key",
    "session_id_token",
    "wishlist_item",
];
const WISH: &str = "stoneware-teacup";

/// From now on the database refuses to write this table.
async fn refuse_writes(shop: &TestApp, table: &str) {
    if shop.app.db.get_database_backend() == DbBackend::Postgres {
        shop.execute(
            "create or replace function refuse() returns trigger language plpgsql \
             as $$ begin raise exception 'refused by the test'; end $$",
        )
        .await;
        shop.execute(&format!(
            "create trigger refuse before insert or update or delete on {table} \
             for each row execute function refuse()"
        ))
        .await;
        return;
    }
    for event in ["insert", "update", "delete"] {
        shop.execute(&format!(
            "create trigger refuse_{event} before {event} on {table} \
             begin select raise(abort, 'refused by the test'); end"
        ))
        .await;
    }
}

async fn allow_writes(shop: &TestApp, table: &str) {
    if shop.app.db.get_database_backend() == DbBackend::Postgres {
        shop.execute(&format!("drop trigger refuse on {table}")).await;
        return;
    }
    for event in ["insert", "update", "delete"] {
        shop.execute(&format!("drop trigger refuse_{event}")).await;
    }
}

async fn wishlist(browser: &Browser) -> Vec<String> {
    let products: Vec<ProductSummary> = browser.get(api::WISHLIST).await.json();
    let slugs = products.into_iter().map(|product| product.slug.to_string());
    slugs.collect()
}

#[tokio::test]
async fn a_login_whose_step_fails_leaves_everything_as_it_was() {
    let shop = spawn_app().await;
    // Ada has a cart and a wishlist of her own, so that the guest's have something to join.
    let ada = shop.customer(ADA).await;
    ada.add(TEACUP, 1).await.expect(200);
    let guest = shop.guest();
    guest.add(KNIFE, 2).await.expect(200);
    guest.wish(WISH).await.expect(200);
    for table in STEPS {
        let login = guest.start_login("/account").await;
        let callback = guest.authenticate(&login, ADA).await;
        let cookies = guest.cookies();
        let mut before = shop.snapshot().await;

        refuse_writes(&shop, table).await;
        let answer = guest.come_back(&callback).await;
        allow_writes(&shop, table).await;

        login_in_flight::expect_sign_in_problem(&answer, SignInProblem::ShopUnavailable, "/");
        let mut after = shop.snapshot().await;
        // The attempt is used up: a code is exchanged once.
        before.remove("login_attempt");
        after.remove("login_attempt");
        assert_eq!(after, before, "{table}");
        assert_eq!(guest.cookies(), cookies, "{table}");
        assert_eq!(guest.cart_lines().await, [(KNIFE.to_owned(), 2)], "{table}");
        assert_eq!(wishlist(&guest).await, [WISH], "{table}");
    }
    guest.sign_in(ADA).await;
    let mut lines = guest.cart_lines().await;
    lines.sort_unstable();
    assert_eq!(lines, [(KNIFE.to_owned(), 2), (TEACUP.to_owned(), 1)]);
    assert_eq!(wishlist(&guest).await, [WISH]);
}
