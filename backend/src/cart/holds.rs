//! What a cart's shopper has reserved: it left the stock for an order that waits for its payment, and for this
//! shopper alone it is still there.

use super::{
    entity::{cart, cart_hold, cart_item},
    queries,
};
use crate::{Result, catalog::Taken};
use anyhow::Context as _;
use sea_orm::{
    ActiveValue::Set, ColumnTrait as _, ConnectionTrait, DatabaseTransaction, EntityTrait as _,
    ExprTrait as _, QueryFilter as _, QuerySelect as _, sea_query::Expr,
};
use shared::ids::OrderNumber;
use std::collections::HashMap;

/// The items of this cart that an order now takes out of stock.
pub async fn hold(
    transaction: &DatabaseTransaction,
    cart_id: i64,
    order_id: i64,
    taken: &[Taken],
) -> Result<()> {
    let rows = taken.iter().map(|Taken { variant_id, quantity }| {
        Ok(cart_hold::ActiveModel {
            order_id: Set(order_id),
            variant_id: Set(*variant_id),
            cart_id: Set(cart_id),
            quantity: Set(i32::try_from(*quantity).context("a quantity of a cart")?),
        })
    });
    let rows = rows.collect::<Result<Vec<_>>>()?;
    cart_hold::Entity::insert_many(rows).exec_without_returning(transaction).await?;
    Ok(())
}

/// Items that the cart's shopper has reserved, by variant.
pub async fn held(db: &impl ConnectionTrait, cart_id: i64) -> Result<HashMap<i64, u32>> {
    let rows =
        cart_hold::Entity::find().filter(cart_hold::Column::CartId.eq(cart_id)).all(db).await?;
    let mut held = HashMap::new();
    for row in rows {
        *held.entry(row.variant_id).or_default() += u32::try_from(row.quantity).unwrap_or_default();
    }
    Ok(held)
}

/// The orders of this cart's shopper that wait for their payment.
pub async fn held_orders(db: &impl ConnectionTrait, cart_id: i64) -> Result<Vec<i64>> {
    let orders = cart_hold::Entity::find()
        .select_only()
        .column(cart_hold::Column::OrderId)
        .distinct()
        .filter(cart_hold::Column::CartId.eq(cart_id))
        .into_tuple()
        .all(db)
        .await?;
    Ok(orders)
}

pub async fn held_since(db: &impl ConnectionTrait, cart_id: i64) -> Result<Option<i64>> {
    let cart = cart::Entity::find_by_id(cart_id).one(db).await?;
    Ok(cart.and_then(|cart| cart.held_since))
}

pub async fn set_held_since(
    transaction: &DatabaseTransaction,
    cart_id: i64,
    since: Option<i64>,
) -> Result<()> {
    cart::Entity::update_many()
        .set(cart::ActiveModel { held_since: Set(since), ..Default::default() })
        .filter(cart::Column::Id.eq(cart_id))
        .exec(transaction)
        .await?;
    Ok(())
}

/// What one cart holds is held by another from now on.
pub async fn hand_over(
    transaction: &DatabaseTransaction,
    from: &cart::Model,
    to: &cart::Model,
) -> Result<()> {
    cart_hold::Entity::update_many()
        .col_expr(cart_hold::Column::CartId, Expr::value(to.id))
        .filter(cart_hold::Column::CartId.eq(from.id))
        .exec(transaction)
        .await?;
    if from.held_since.is_some() {
        set_held_since(transaction, to.id, from.held_since).await?;
    }
    Ok(())
}

/// The cart that holds an order's items, locked, and those. A login hands them over to another cart while this waits for
/// the first; and it locks carts before what they hold, so this must not lock that first.
async fn lock_holder(
    transaction: &DatabaseTransaction,
    order_id: i64,
) -> Result<Option<(i64, Vec<cart_hold::Model>)>> {
    let holds = cart_hold::Entity::find().filter(cart_hold::Column::OrderId.eq(order_id));
    let mut locked = None;
    loop {
        let held = holds.clone().all(transaction).await?;
        let Some(cart_id) = held.first().map(|hold| hold.cart_id) else {
            return Ok(None);
        };
        if locked == Some(cart_id) {
            return Ok(Some((cart_id, held)));
        }
        cart::Entity::find_by_id(cart_id).lock_exclusive().one(transaction).await?;
        locked = Some(cart_id);
    }
}

/// What an order held is bought: it leaves the cart. What was added meanwhile stays.
pub async fn take_out(
    transaction: &DatabaseTransaction,
    order_id: i64,
    number: &OrderNumber,
    now: i64,
) -> Result<()> {
    let of_order = cart_hold::Column::OrderId.eq(order_id);
    let Some((cart_id, bought)) = lock_holder(transaction, order_id).await? else {
        return Ok(());
    };
    for cart_hold::Model { variant_id, quantity, .. } in bought {
        let item =
            cart_item::Column::CartId.eq(cart_id).and(cart_item::Column::VariantId.eq(variant_id));
        let removed = cart_item::Entity::delete_many()
            .filter(item.clone())
            .filter(cart_item::Column::Quantity.lte(quantity))
            .exec(transaction)
            .await?;
        if removed.rows_affected == 0 {
            cart_item::Entity::update_many()
                .col_expr(
                    cart_item::Column::Quantity,
                    Expr::col(cart_item::Column::Quantity).sub(quantity),
                )
                .filter(item)
                .exec(transaction)
                .await?;
        }
    }
    cart_hold::Entity::delete_many().filter(of_order).exec(transaction).await?;
    set_held_since(transaction, cart_id, None).await?;
    queries::record_order(transaction, cart_id, number, now).await
}
