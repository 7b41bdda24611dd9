//! Changing a cart: each change is one transaction that locks it, asks the rules, and answers what it became.

use super::{CartToken, Owner, entity::cart, queries, rules};
use crate::{Error, Result, catalog, db, promotions};
use sea_orm::{DatabaseConnection, DatabaseTransaction};
use shared::{
    cart::{AddLineItem, Cart},
    ids::Sku,
    promotions::tidy_code,
};

/// Answers the token too when a guest's cart was made for it.
pub async fn add(
    db: &DatabaseConnection,
    owner: Option<Owner<'_>>,
    item: &AddLineItem,
    now: i64,
) -> Result<(Cart, Option<CartToken>)> {
    let transaction = db::begin_write(db).await?;
    let unknown = || Error::field("sku", "We have no such product. Look it up in the catalogue.");
    let (cart, new_token) = queries::open(&transaction, owner, now).await?;
    let offer = queries::offer(&transaction, cart.id, &item.sku).await?.ok_or_else(unknown)?;
    let lines = queries::lines(&transaction, cart.id).await?;
    let quantity =
        rules::add(&lines, &offer, item.quantity).map_err(|refusal| refusal.of(&offer))?;
    queries::put(&transaction, cart.id, offer.variant_id, quantity, now).await?;
    let cart = queries::changed(&transaction, cart, now).await?;
    transaction.commit().await?;
    Ok((cart, new_token))
}

pub async fn set_quantity(
    db: &DatabaseConnection,
    owner: Owner<'_>,
    sku: &Sku,
    quantity: u32,
    now: i64,
) -> Result<Cart> {
    let transaction = db::begin_write(db).await?;
    let cart = queries::find_locked(&transaction, owner).await?.ok_or_else(not_in_cart)?;
    let lines = queries::lines(&transaction, cart.id).await?;
    let line = lines.iter().find(|line| line.offer.sku == *sku).ok_or_else(not_in_cart)?;
    let quantity =
        rules::set(&lines, &line.offer, quantity).map_err(|refusal| refusal.of(&line.offer))?;
    queries::put(&transaction, cart.id, line.offer.variant_id, quantity, now).await?;
    let cart = queries::changed(&transaction, cart, now).await?;
    transaction.commit().await?;
    Ok(cart)
}

/// Removing what is not there any more is no fault: the shopper has what they wanted. Answers the name of what
/// was removed, too.
pub async fn remove(
    db: &DatabaseConnection,
    owner: Owner<'_>,
    sku: &Sku,
    now: i64,
) -> Result<(Cart, Option<String>)> {
    let transaction = db::begin_write(db).await?;
    let Some(cart) = queries::find_locked(&transaction, owner).await? else {
        return Ok((Cart::default(), None));
    };
    let mut removed = None;
    if let Some(offer) = catalog::offer(&transaction, sku).await?
        && queries::remove(&transaction, cart.id, offer.variant_id).await?
    {
        removed = Some(offer.full_name());
    }
    let cart = queries::changed(&transaction, cart, now).await?;
    transaction.commit().await?;
    Ok((cart, removed))
}

/// Gives the cart a promotion code, in place of another one.
///
/// # Errors
/// A code that does not count, with why and what to do next.
pub async fn give_code(
    db: &DatabaseConnection,
    owner: Owner<'_>,
    code: &str,
    now: i64,
) -> Result<Cart> {
    let transaction = db::begin_write(db).await?;
    let refused = |message: &str| Error::field("code", message);
    let cart = queries::find_locked(&transaction, owner).await?.ok_or_else(nothing_in_cart)?;
    let promotion = promotions::find(&transaction, &tidy_code(code)).await?;
    let promotion =
        promotion.ok_or_else(|| refused("We know no such code. Look again how it is written."))?;
    let before = queries::show(&transaction, Some(&cart)).await?;
    if before.items.is_empty() {
        return Err(nothing_in_cart());
    }
    if let Some(refusal) = promotion.refusal(before.subtotal, now) {
        return Err(refused(&refusal.message()));
    }
    set_code(transaction, cart, Some(promotion.code), now).await
}

pub fn nothing_in_cart() -> Error {
    Error::field("code", "Put something into the cart first, then give the code.")
}

/// Taking away what is not there is no fault.
pub async fn take_code(db: &DatabaseConnection, owner: Owner<'_>, now: i64) -> Result<Cart> {
    let transaction = db::begin_write(db).await?;
    let Some(cart) = queries::find_locked(&transaction, owner).await? else {
        return Ok(Cart::default());
    };
    set_code(transaction, cart, None, now).await
}

async fn set_code(
    transaction: DatabaseTransaction,
    cart: cart::Model,
    promotion_code: Option<String>,
    now: i64,
) -> Result<Cart> {
    queries::set_promotion(&transaction, cart.id, promotion_code.clone()).await?;
    let cart = cart::Model { promotion_code, ..cart };
    let cart = queries::changed(&transaction, cart, now).await?;
    transaction.commit().await?;
    Ok(cart)
}

pub fn not_in_cart() -> Error {
    Error::not_found("This product is not in your cart. Reload the page to see what is.")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        cart::{
            entity::cart,
            merge, remove_expired,
            testing::{contents, guest, item},
        },
        catalog::testing::shop,
        customers::testing::customer,
    };
    use futures_util::future::join_all;
    use sea_orm::{EntityTrait as _, PaginatorTrait as _};

    /// 129 in stock.
    const KNIFE: &str = "HK-KNIFE";
    /// 84 in stock.
    const TEACUP: &str = "HK-TEACUP-WHITE";
    /// 2 in stock.
    const RARE: &str = "HK-TEACUP-SAGE";

    async fn merge_now(db: &DatabaseConnection, guest: &str, customer_id: i64) -> Result<()> {
        let transaction = db::begin_write(db).await?;
        merge(&transaction, Some(guest), customer_id, 3).await?;
        transaction.commit().await?;
        Ok(())
    }

    fn quantities(cart: &Cart) -> Vec<(&str, u32)> {
        cart.items.iter().map(|item| (item.sku.as_str(), item.quantity)).collect()
    }

    #[actix_web::test]
    async fn items_that_are_added_at_once_add_up() {
        let db = shop().await;
        let id = customer(&db).await;
        let items = [item(KNIFE, 1), item(TEACUP, 1)];
        let adds = items.iter().cycle().take(40);
        let adds = adds.map(|item| add(&db, Some(Owner::Customer(id)), item, 1));
        for added in join_all(adds).await {
            added.unwrap();
        }
        let cart = contents(&db, Owner::Customer(id)).await;
        assert_eq!((cart.count, cart.items.len()), (40, 2));
        assert_eq!(cart::Entity::find().count(&*db).await.unwrap(), 1);
    }

    #[actix_web::test]
    async fn a_refused_item_leaves_no_cart_behind() {
        let db = shop().await;
        for refused in [item(RARE, 3), item("NO-SUCH-SKU", 1), item(KNIFE, 0), item(KNIFE, 100)] {
            assert!(add(&db, None, &refused, 1).await.is_err(), "{refused:?}");
        }
        assert_eq!(cart::Entity::find().count(&*db).await.unwrap(), 0);
    }

    #[actix_web::test]
    async fn whoever_has_deleted_the_account_this_moment_is_asked_to_sign_in() {
        let db = shop().await;
        let token = guest(&db, KNIFE, 1).await;
        let added = add(&db, Some(Owner::Customer(404)), &item(KNIFE, 1), 1).await;
        assert_eq!(added.unwrap_err().to_string(), "401 Sign in required");
        let merged = merge_now(&db, &token.hash(), 404).await;
        assert_eq!(merged.unwrap_err().to_string(), "401 Sign in required");
    }

    #[actix_web::test]
    async fn a_token_that_nobody_gave_out_opens_no_cart_and_is_not_taken_over() {
        let db = shop().await;
        let planted = CartToken::new();
        let (_, given) = add(&db, Some(Owner::Guest(&planted)), &item(KNIFE, 1), 1).await.unwrap();
        assert!(given.is_some_and(|given| given != planted));
        assert_eq!(contents(&db, Owner::Guest(&planted)).await, Cart::default());
    }

    #[actix_web::test]
    async fn a_login_merges_the_guests_cart_once_and_the_next_change_ends_its_report() {
        let db = shop().await;
        let id = customer(&db).await;
        let own = Owner::Customer(id);
        add(&db, Some(own), &item(KNIFE, 2), 1).await.unwrap();
        add(&db, Some(own), &item(RARE, 1), 1).await.unwrap();
        let token = guest(&db, KNIFE, 3).await;
        add(&db, Some(Owner::Guest(&token)), &item(RARE, 2), 1).await.unwrap();
        add(&db, Some(Owner::Guest(&token)), &item(TEACUP, 1), 2).await.unwrap();

        let hash = token.hash();
        let merge = || merge_now(&db, &hash, id);
        for merged in [merge().await, merge().await] {
            merged.unwrap();
        }
        let cart = contents(&db, own).await;
        let mut held = quantities(&cart);
        held.sort_unstable();
        assert_eq!(held, [(KNIFE, 5), (RARE, 2), (TEACUP, 1)]);
        let report = cart.merged.expect("a report");
        assert_eq!((report.added, report.capped.len()), (3, 1));
        assert_eq!(contents(&db, Owner::Guest(&token)).await, Cart::default());

        let rare = RARE.parse().unwrap();
        let (changed, removed) = remove(&db, own, &rare, 4).await.unwrap();
        assert_eq!(removed.as_deref(), Some("Stoneware Teacup (Sage)"));
        assert_eq!(remove(&db, own, &rare, 5).await.unwrap().1, None);
        assert_eq!(changed.merged, None);
        assert_eq!(contents(&db, own).await.merged, None);
    }

    #[actix_web::test]
    async fn two_tabs_that_sign_in_at_once_merge_once() {
        let db = shop().await;
        let id = customer(&db).await;
        let token = guest(&db, KNIFE, 3).await;
        let hash = token.hash();
        let merge = || merge_now(&db, &hash, id);
        let (one, other) = tokio::join!(merge(), merge());
        one.unwrap();
        other.unwrap();
        assert_eq!(quantities(&contents(&db, Owner::Customer(id)).await), [(KNIFE, 3)]);
    }

    #[actix_web::test]
    async fn a_guests_cart_ends_with_its_cookie_and_a_customers_does_not() {
        let db = shop().await;
        let id = customer(&db).await;
        add(&db, Some(Owner::Customer(id)), &item(KNIFE, 1), 1).await.unwrap();
        let token = guest(&db, KNIFE, 1).await;
        let month = 30 * 24 * 60 * 60 * 1000;
        assert_eq!(remove_expired(&*db, month).await.unwrap(), 0);
        assert_eq!(remove_expired(&*db, month + 2).await.unwrap(), 1);
        assert_eq!(contents(&db, Owner::Guest(&token)).await, Cart::default());
        assert_eq!(contents(&db, Owner::Customer(id)).await.count, 1);
    }
}
