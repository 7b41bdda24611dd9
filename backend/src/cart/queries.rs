//! Carts in the database. Whoever changes one locks its row first, so that two changes at once add up.

use super::{
    CartToken, Owner,
    entity::{Merged, cart, cart_item},
    holds,
    rules::{Line, placed_lately, view},
    token,
};
use crate::{
    Error, Result,
    catalog::{self, Offer},
    db, promotions,
};
use anyhow::Context as _;
use sea_orm::{
    ActiveValue::{NotSet, Set},
    ColumnTrait as _, ConnectionTrait, DatabaseTransaction, EntityTrait as _, QueryFilter as _,
    QueryOrder as _, QuerySelect as _, Select,
    sea_query::OnConflict,
};
use shared::{
    cart::{Cart, MergeReport},
    ids::{OrderNumber, Sku},
    promotions::Promotion,
};
use std::collections::HashMap;

pub async fn find(db: &impl ConnectionTrait, owner: Owner<'_>) -> Result<Option<cart::Model>> {
    Ok(of(owner).one(db).await?)
}

/// The owner's cart, to be changed by this transaction alone until it ends.
pub async fn find_locked(
    transaction: &DatabaseTransaction,
    owner: Owner<'_>,
) -> Result<Option<cart::Model>> {
    Ok(of(owner).lock_exclusive().one(transaction).await?)
}

pub async fn find_guest_locked(
    transaction: &DatabaseTransaction,
    token_hash: &str,
) -> Result<Option<cart::Model>> {
    Ok(of_guest(token_hash).lock_exclusive().one(transaction).await?)
}

fn of(owner: Owner<'_>) -> Select<cart::Entity> {
    match owner {
        Owner::Customer(id) => cart::Entity::find().filter(cart::Column::CustomerId.eq(id)),
        Owner::Guest(token) => of_guest(&token.hash()),
    }
}

fn of_guest(token_hash: &str) -> Select<cart::Entity> {
    cart::Entity::find().filter(cart::Column::TokenHash.eq(token_hash))
}

/// The owner's cart, made when there was none, and locked. A guest gets a token with a new cart: one that
/// the browser brought along and nobody knows is not taken over.
pub async fn open(
    transaction: &DatabaseTransaction,
    owner: Option<Owner<'_>>,
    now: i64,
) -> Result<(cart::Model, Option<CartToken>)> {
    let customer_id = match owner {
        Some(Owner::Customer(id)) => Some(id),
        _ => None,
    };
    if let Some(owner) = owner
        && let Some(cart) = find_locked(transaction, owner).await?
    {
        return Ok((cart, None));
    }
    let token = customer_id.is_none().then(CartToken::new);
    let row = cart::ActiveModel {
        id: NotSet,
        customer_id: Set(customer_id),
        token_hash: Set(token.as_ref().map(CartToken::hash)),
        merged: Set(None),
        changed_at: Set(now),
        held_since: Set(None),
        placed_order: Set(None),
        promotion_code: Set(None),
    };
    db::insert_new(transaction, row).await.map_err(Error::of_customers_row)?;
    let owner = token.as_ref().map(Owner::Guest).or(owner).context("a cart has an owner")?;
    let cart = find_locked(transaction, owner).await?.context("the cart that was just made")?;
    Ok((cart, token))
}

/// An offer as this cart can have it.
pub async fn offer(db: &impl ConnectionTrait, cart_id: i64, sku: &Sku) -> Result<Option<Offer>> {
    let offer = catalog::offer(db, sku).await?;
    let held = holds::held(db, cart_id).await?;
    Ok(offer.map(|offer| with_held(offer, &held)))
}

/// To a shopper, stock is what nobody else has bought or reserved.
fn with_held(offer: Offer, held: &HashMap<i64, u32>) -> Offer {
    let own = held.get(&offer.variant_id).copied().unwrap_or_default();
    Offer { stock: offer.stock.saturating_add(own), ..offer }
}

/// The line items with the offers of now, oldest first.
pub async fn lines(db: &impl ConnectionTrait, cart_id: i64) -> Result<Vec<Line>> {
    lines_with(db, cart_id, &holds::held(db, cart_id).await?).await
}

/// The line items, where so many items of each variant are reserved for their shopper.
pub async fn lines_with(
    db: &impl ConnectionTrait,
    cart_id: i64,
    held: &HashMap<i64, u32>,
) -> Result<Vec<Line>> {
    let items = cart_item::Entity::find()
        .filter(cart_item::Column::CartId.eq(cart_id))
        .order_by_asc(cart_item::Column::AddedAt)
        .order_by_asc(cart_item::Column::VariantId)
        .all(db)
        .await?;
    if items.is_empty() {
        return Ok(Vec::new());
    }
    let offers = catalog::offers(db, items.iter().map(|item| item.variant_id)).await?;
    let mut offers: HashMap<i64, _> =
        offers.into_iter().map(|offer| (offer.variant_id, offer)).collect();
    let lines = items.into_iter().filter_map(|item| {
        let offer = with_held(offers.remove(&item.variant_id)?, held);
        Some(Line { offer, quantity: u32::try_from(item.quantity).unwrap_or_default() })
    });
    Ok(lines.collect())
}

/// The cart as its shopper sees it; empty where there is none.
pub async fn show(db: &impl ConnectionTrait, cart: Option<&cart::Model>) -> Result<Cart> {
    match cart {
        None => Ok(Cart::default()),
        Some(cart) => {
            let merged = cart.merged.as_ref().map(|Merged(report)| report.clone());
            let placed = placed_lately(cart, db::now())?;
            let seen = view(lines(db, cart.id).await?, merged)?;
            let promotion = promotion(db, cart).await?;
            let promotion = promotion.map(|it| promotions::applied(&it, seen.subtotal, db::now()));
            Ok(Cart { placed, promotion, ..seen })
        }
    }
}

/// The promotion whose code was given, whether it counts now or not.
pub async fn promotion(db: &impl ConnectionTrait, cart: &cart::Model) -> Result<Option<Promotion>> {
    match &cart.promotion_code {
        Some(code) => promotions::find(db, code).await,
        None => Ok(None),
    }
}

pub async fn set_promotion(
    transaction: &DatabaseTransaction,
    cart_id: i64,
    code: Option<String>,
) -> Result<()> {
    cart::Entity::update_many()
        .set(cart::ActiveModel { promotion_code: Set(code), ..Default::default() })
        .filter(cart::Column::Id.eq(cart_id))
        .exec(transaction)
        .await?;
    Ok(())
}

pub async fn put(
    transaction: &DatabaseTransaction,
    cart_id: i64,
    variant_id: i64,
    quantity: u32,
    now: i64,
) -> Result<()> {
    let row = cart_item::ActiveModel {
        cart_id: Set(cart_id),
        variant_id: Set(variant_id),
        quantity: Set(i32::try_from(quantity).context("a quantity of a cart")?),
        added_at: Set(now),
    };
    let key = [cart_item::Column::CartId, cart_item::Column::VariantId];
    cart_item::Entity::insert(row)
        .on_conflict(OnConflict::columns(key).update_column(cart_item::Column::Quantity).to_owned())
        .exec_without_returning(transaction)
        .await?;
    Ok(())
}

/// `false` where it was not in the cart.
pub async fn remove(
    transaction: &DatabaseTransaction,
    cart_id: i64,
    variant_id: i64,
) -> Result<bool> {
    let removed = cart_item::Entity::delete_by_id((cart_id, variant_id)).exec(transaction).await?;
    Ok(removed.rows_affected == 1)
}

/// Records a change: what happened to the cart before it has been told.
pub async fn changed(
    transaction: &DatabaseTransaction,
    cart: cart::Model,
    now: i64,
) -> Result<Cart> {
    record_merge(transaction, cart.id, None, now).await?;
    let told = cart::Model { merged: None, placed_order: None, ..cart };
    show(transaction, Some(&told)).await
}

/// A login merged it with another, or something else that is not told changed it.
pub async fn record_merge(
    transaction: &DatabaseTransaction,
    cart_id: i64,
    merged: Option<MergeReport>,
    now: i64,
) -> Result<()> {
    let change = cart::ActiveModel {
        merged: Set(merged.map(Merged)),
        placed_order: Set(None),
        ..Default::default()
    };
    record(transaction, cart_id, change, now).await
}

/// An order was placed of it.
pub async fn record_order(
    transaction: &DatabaseTransaction,
    cart_id: i64,
    number: &OrderNumber,
    now: i64,
) -> Result<()> {
    let change = cart::ActiveModel {
        merged: Set(None),
        placed_order: Set(Some(number.to_string())),
        promotion_code: Set(None),
        ..Default::default()
    };
    record(transaction, cart_id, change, now).await
}

async fn record(
    transaction: &DatabaseTransaction,
    cart_id: i64,
    change: cart::ActiveModel,
    now: i64,
) -> Result<()> {
    cart::Entity::update_many()
        .set(cart::ActiveModel { changed_at: Set(now), ..change })
        .filter(cart::Column::Id.eq(cart_id))
        .exec(transaction)
        .await?;
    Ok(())
}

pub async fn delete(transaction: &DatabaseTransaction, cart_id: i64) -> Result<()> {
    cart::Entity::delete_by_id(cart_id).exec(transaction).await?;
    Ok(())
}

/// Removes the carts of guests whose cookie is past its time. Answers how many.
pub async fn remove_expired(db: &impl ConnectionTrait, now: i64) -> Result<u64> {
    let lifetime = i64::try_from(token::LIFETIME.whole_milliseconds()).unwrap_or(i64::MAX);
    let removed = cart::Entity::delete_many()
        .filter(cart::Column::CustomerId.is_null())
        .filter(cart::Column::ChangedAt.lt(now.saturating_sub(lifetime)))
        .exec(db)
        .await?;
    Ok(removed.rows_affected)
}
