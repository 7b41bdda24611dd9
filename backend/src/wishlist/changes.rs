//! Changing a wishlist. Whoever does it in a session locks that first: a product that is added while its visitor signs in
//! ends up on the customer's wishlist, whichever of the two is faster.

use super::queries::{self, Owner};
use crate::{Error, Result, db, session};
use sea_orm::{DatabaseConnection, DatabaseTransaction};
use shared::problem::{Problem, kinds};

/// Most products of one wishlist. Two devices of a customer may exceed it in the same moment, which harms nobody:
/// it is there so that no wishlist grows for ever.
const MOST: u64 = 100;

/// `false` where the product is on the wishlist already. What is added to a session is its customer's, if it has one
/// by now.
pub async fn add(
    db: &DatabaseConnection,
    owner: Owner<'_>,
    product_id: i64,
    now: i64,
) -> Result<bool> {
    let transaction = db::begin_write(db).await?;
    let session = match owner {
        Owner::Session(id) => Some(session::locked(&transaction, id).await?.ok_or_else(ended)?),
        Owner::Customer(_) => None,
    };
    let owner = session.as_ref().map_or(owner, Owner::of);
    let is_new = queries::insert(&transaction, owner, product_id, now).await;
    let is_new = is_new.map_err(Error::of_customers_row)?;
    if is_new && queries::count(&transaction, owner).await? > MOST {
        return Err(full());
    }
    transaction.commit().await?;
    Ok(is_new)
}

/// What a session's wishlist held before its visitor signed in joins the customer's as far as that has room, and the
/// oldest products go first. The transaction holds the session already, by `session::sign_in`.
pub async fn adopt(
    transaction: &DatabaseTransaction,
    session_id: &str,
    customer_id: i64,
    now: i64,
) -> Result<()> {
    let (theirs, customers) = (Owner::Session(session_id), Owner::Customer(customer_id));
    let products = queries::newest_first(transaction, theirs).await?;
    let mut held = queries::count(transaction, customers).await?;
    for product_id in products.into_iter().rev() {
        if held < MOST && queries::insert(transaction, customers, product_id, now).await? {
            held += 1;
        }
    }
    queries::remove_all(transaction, theirs).await?;
    Ok(())
}

fn full() -> Error {
    let detail = format!("Your wishlist holds {MOST} products, and no more fit. Remove one first.");
    Problem::new(kinds::CONFLICT, "The wishlist is full", 409, detail).into()
}

fn ended() -> Error {
    let detail = "Your session ended this moment, so nothing was added. Try again.";
    Problem::new(kinds::CONFLICT, "Your session has ended", 409, detail).into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        catalog::{entity::product, testing::shop},
        customers::testing::customer,
        session::testing::{anonymous, of},
    };
    use sea_orm::{EntityTrait as _, QueryOrder as _, QuerySelect as _};

    async fn products(db: &DatabaseConnection) -> Vec<i64> {
        product::Entity::find()
            .select_only()
            .column(product::Column::Id)
            .order_by_asc(product::Column::Id)
            .into_tuple()
            .all(db)
            .await
            .unwrap()
    }

    async fn items(db: &DatabaseConnection, owner: Owner<'_>) -> Vec<i64> {
        queries::newest_first(db, owner).await.unwrap()
    }

    #[actix_web::test]
    async fn a_product_is_on_a_wishlist_once_and_a_full_wishlist_says_so() {
        let db = shop().await;
        anonymous(&db, "guest").await;
        let products = products(&db).await;
        for (turn, product) in (0..).zip(&products[..100]) {
            assert!(add(&db, Owner::Session("guest"), *product, turn).await.unwrap());
            assert!(!add(&db, Owner::Session("guest"), *product, turn).await.unwrap());
        }
        let refused = add(&db, Owner::Session("guest"), products[100], 100).await;
        assert_eq!(refused.unwrap_err().to_string(), "409 The wishlist is full");
        let newest_first: Vec<i64> = products[..100].iter().rev().copied().collect();
        assert_eq!(items(&db, Owner::Session("guest")).await, newest_first);
    }

    #[actix_web::test]
    async fn a_login_takes_the_sessions_wishlist_along_once_and_as_far_as_there_is_room() {
        let db = shop().await;
        let products = products(&db).await;
        let ada = customer(&db).await;
        of(&db, "elsewhere", Some(ada)).await;
        for product in &products[..98] {
            add(&db, Owner::Session("elsewhere"), *product, 1).await.unwrap();
        }
        anonymous(&db, "guest").await;
        for product in [97, 98, 99, 100] {
            add(&db, Owner::Session("guest"), products[product], 2).await.unwrap();
        }
        for _ in 0..2 {
            let transaction = db::begin_write(&db).await.unwrap();
            adopt(&transaction, "guest", ada, 3).await.unwrap();
            transaction.commit().await.unwrap();
        }
        let held = items(&db, Owner::Customer(ada)).await;
        assert_eq!(held.len(), 100);
        assert_eq!(held[..2], [products[99], products[98]]);
        assert!(items(&db, Owner::Session("guest")).await.is_empty());
    }

    #[actix_web::test]
    async fn whoever_has_deleted_the_account_this_moment_is_asked_to_sign_in() {
        let db = shop().await;
        let product = products(&db).await[0];
        let refused = add(&db, Owner::Customer(404), product, 1).await;
        assert_eq!(refused.unwrap_err().to_string(), "401 Sign in required");
    }

    #[actix_web::test]
    async fn what_is_added_to_a_session_that_was_signed_in_meanwhile_is_the_customers() {
        let db = shop().await;
        let ada = customer(&db).await;
        of(&db, "signed-in", Some(ada)).await;
        let product = products(&db).await[0];
        add(&db, Owner::Session("signed-in"), product, 1).await.unwrap();
        assert_eq!(items(&db, Owner::Customer(ada)).await, [product]);
        assert!(add(&db, Owner::Session("ended"), product, 1).await.is_err());
    }
}
