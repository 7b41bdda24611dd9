//! What an empty database is filled with: the catalogue, and for the demo two customers with past orders and some
//! promotion codes.
//!
//! Each part is one transaction that begins by writing its own name: of two replicas that start at once, the
//! second one waits, finds the name and does nothing.

mod demo;
mod entity;

use crate::{Config, Result, catalog, config::Seed, db, promotions};
use entity::seeding;
use sea_orm::{ActiveValue::Set, DatabaseConnection, DatabaseTransaction};

pub async fn seed(db: &DatabaseConnection, config: &Config) -> Result<()> {
    fill(db, config.seed, &config.oidc.issuer, db::now()).await
}

/// `issuer` is the demo customers', as it stands in their ID tokens.
pub async fn fill(db: &DatabaseConnection, seed: Seed, issuer: &str, now: i64) -> Result<()> {
    if seed == Seed::Nothing {
        return Ok(());
    }
    let transaction = db::begin_write(db).await?;
    if is_first(&transaction, "catalog", now).await? {
        catalog::import(&transaction).await?;
    }
    if seed == Seed::Demo && is_first(&transaction, "demo", now).await? {
        demo::fill(&transaction, issuer, now).await?;
    }
    if seed == Seed::Demo && is_first(&transaction, "promotions", now).await? {
        promotions::import(&transaction).await?;
    }
    transaction.commit().await?;
    Ok(())
}

async fn is_first(transaction: &DatabaseTransaction, name: &str, now: i64) -> Result<bool> {
    let row = seeding::ActiveModel { name: Set(name.to_owned()), at: Set(now) };
    Ok(db::insert_new(transaction, row).await?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        catalog::entity::{product, variant},
        customers::entity::customer,
        db::testing,
        orders,
    };
    use sea_orm::{EntityTrait as _, PaginatorTrait as _};
    use shared::orders::OrderStatus;
    use std::time::{Duration, Instant};

    const ISSUER: &str = "http://localhost:4000";
    const NOW: i64 = 1_795_000_000_000;

    async fn customer_id(db: &DatabaseConnection, subject: &str) -> i64 {
        let customers = customer::Entity::find().all(db).await.unwrap();
        let customer =
            customers.into_iter().find(|row| row.subject == subject && row.issuer == ISSUER);
        customer.expect("a demo customer").id
    }

    #[actix_web::test]
    async fn an_empty_database_is_filled_quickly_and_once() {
        let db = testing::empty().await;
        let began = Instant::now();
        fill(&db, Seed::Demo, ISSUER, NOW).await.unwrap();
        let elapsed = began.elapsed();
        assert!(elapsed < Duration::from_secs(2), "{elapsed:?}");
        assert_eq!(product::Entity::find().count(&*db).await.unwrap(), 128);
        assert_eq!(variant::Entity::find().count(&*db).await.unwrap(), 253);

        fill(&db, Seed::Demo, ISSUER, NOW).await.unwrap();
        assert_eq!(product::Entity::find().count(&*db).await.unwrap(), 128);
        assert_eq!(customer::Entity::find().count(&*db).await.unwrap(), 2);
    }

    #[actix_web::test]
    async fn two_replicas_that_start_at_once_fill_it_once() {
        let db = testing::empty().await;
        let replica = || fill(&db, Seed::Demo, ISSUER, NOW);
        let (one, other) = tokio::join!(replica(), replica());
        one.unwrap();
        other.unwrap();
        assert_eq!(variant::Entity::find().count(&*db).await.unwrap(), 253);
        let ada = customer_id(&db, "ada").await;
        assert_eq!(orders::recent(&*db, ada, 50).await.unwrap().1, 13);
    }

    #[actix_web::test]
    async fn the_demo_customers_have_past_orders_in_every_state() {
        let db = testing::empty().await;
        fill(&db, Seed::Demo, ISSUER, NOW).await.unwrap();
        let ada = customer_id(&db, "ada").await;
        let (orders, total) = orders::recent(&*db, ada, 50).await.unwrap();
        assert_eq!(total, 13);
        for &status in OrderStatus::ALL {
            assert!(orders.iter().any(|order| order.status == status), "{status:?}");
        }
        assert!(
            orders
                .iter()
                .all(|order| order.placed_at < NOW && order.total.minor > 0 && order.count > 0)
        );
        assert!(orders.is_sorted_by(|newer, older| newer.placed_at > older.placed_at));
        let grace = customer_id(&db, "grace").await;
        assert_eq!(orders::recent(&*db, grace, 50).await.unwrap().1, 2);
    }

    #[actix_web::test]
    async fn a_shop_may_begin_without_demo_customers_or_with_nothing() {
        let db = testing::empty().await;
        fill(&db, Seed::Nothing, ISSUER, NOW).await.unwrap();
        assert_eq!(product::Entity::find().count(&*db).await.unwrap(), 0);
        fill(&db, Seed::Catalog, ISSUER, NOW).await.unwrap();
        assert_eq!(product::Entity::find().count(&*db).await.unwrap(), 128);
        assert_eq!(customer::Entity::find().count(&*db).await.unwrap(), 0);
    }
}
