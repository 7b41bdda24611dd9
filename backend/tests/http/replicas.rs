//! Several programs on one database, as they are started on several machines.

use crate::support::*;
use futures_util::future::join_all;
use serde_json::Value;
use shared::paths::api;

#[tokio::test]
async fn four_that_start_at_once_on_an_empty_database_all_get_ready() {
    let database = Database::empty().await;
    let settings =
        [("STOREZERO_DATABASE_URL", database.url.as_str()), ("STOREZERO_SEED", "catalog")];
    let programs = join_all((0..4).map(|_| Program::start(&settings))).await;
    for program in programs {
        let answer = program.browser().get(api::PRODUCTS).await.expect(200);
        assert_eq!(answer.json::<Value>()["total"], 128);
    }
}
