//! Promotion codes. Which one a cart has is the cart's, what it takes off an order is the checkout's; the rules of both
//! are in `shared`.

mod entity;

use crate::Result;
use anyhow::Context as _;
use entity::promotion;
use sea_orm::{ActiveValue::Set, ConnectionTrait, DatabaseTransaction, EntityTrait as _};
use serde::Deserialize;
use shared::{
    money::Money,
    promotions::{AppliedPromotion, Benefit, Promotion},
};

/// The demo's.
const PROMOTIONS: &str = include_str!("promotions.json");

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    code: String,
    percent: Option<i64>,
    amount: Option<i64>,
    #[serde(default)]
    minimum: i64,
    ends_at: Option<i64>,
}

pub async fn import(transaction: &DatabaseTransaction) -> Result<()> {
    let entries: Vec<Entry> = serde_json::from_str(PROMOTIONS).context("promotions.json")?;
    let rows = entries.into_iter().map(|entry| promotion::ActiveModel {
        code: Set(entry.code),
        percent: Set(entry.percent),
        amount: Set(entry.amount),
        minimum: Set(entry.minimum),
        ends_at: Set(entry.ends_at),
    });
    promotion::Entity::insert_many(rows).exec_without_returning(transaction).await?;
    Ok(())
}

/// `code` is tidy.
pub async fn find(db: &impl ConnectionTrait, code: &str) -> Result<Option<Promotion>> {
    let row = promotion::Entity::find_by_id(code).one(db).await?;
    row.map(|row| {
        Ok(Promotion {
            benefit: match (row.percent, row.amount) {
                (Some(percent), _) => {
                    Benefit::Percent(u32::try_from(percent).context("a promotion's percentage")?)
                }
                (None, Some(amount)) => Benefit::Amount(Money::eur(amount)),
                (None, None) => Benefit::FreeDelivery,
            },
            code: row.code,
            minimum: Money::eur(row.minimum),
            ends_at: row.ends_at,
        })
    })
    .transpose()
}

/// What it does now for a cart of this subtotal.
pub fn applied(promotion: &Promotion, subtotal: Money, now: i64) -> AppliedPromotion {
    let refusal = promotion.refusal(subtotal, now);
    let counts = refusal.is_none();
    AppliedPromotion {
        code: promotion.code.clone(),
        label: promotion.label(),
        discount: if counts { promotion.discount(subtotal) } else { Money::ZERO },
        free_delivery: counts && promotion.frees_delivery(),
        refused: refusal.map(shared::promotions::Refusal::message),
    }
}
