//! A guest signs in: two carts become one.

use super::{Owner, holds, queries, rules};
use crate::Result;
use sea_orm::DatabaseTransaction;

/// `guest` is the hash of the guest's cart token.
///
/// The guest's line items join the customer's cart, with what is reserved of them, and the guest's cart is gone. A
/// promotion code of the customer's own stays before the guest's.
/// Whoever repeats this, or does it in two tabs at once, finds nothing left to merge.
pub async fn merge(
    transaction: &DatabaseTransaction,
    guest: Option<&str>,
    customer_id: i64,
    now: i64,
) -> Result<()> {
    let Some(token_hash) = guest else {
        return Ok(());
    };
    let Some(guest) = queries::find_guest_locked(transaction, token_hash).await? else {
        return Ok(());
    };
    let (own, _) = queries::open(transaction, Some(Owner::Customer(customer_id)), now).await?;
    holds::hand_over(transaction, &guest, &own).await?;
    let held = holds::held(transaction, own.id).await?;
    let guest_lines = queries::lines_with(transaction, guest.id, &held).await?;
    let own_lines = queries::lines_with(transaction, own.id, &held).await?;
    let (quantities, report) = rules::merge(&own_lines, &guest_lines);
    for (variant_id, quantity) in quantities {
        queries::put(transaction, own.id, variant_id, quantity, now).await?;
    }
    if own.promotion_code.is_none() && guest.promotion_code.is_some() {
        queries::set_promotion(transaction, own.id, guest.promotion_code).await?;
    }
    if !guest_lines.is_empty() {
        queries::record_merge(transaction, own.id, Some(report), now).await?;
    }
    queries::delete(transaction, guest.id).await?;
    Ok(())
}
