//! The catalogue's rows: read as a whole for the index, one by one for carts, and stock taken and returned.

use super::{
    entity::{Options, Vat, category, product, review, variant},
    entry::unsigned,
    index::Index,
    rules,
};
use crate::Result;
use anyhow::Context as _;
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, EntityTrait as _, ExprTrait as _, QueryFilter as _,
    QueryOrder as _, QuerySelect as _, sea_query::Expr,
};
use shared::{
    catalog::full_name,
    ids::{Sku, Slug},
    money::Money,
};
use std::collections::HashMap;

/// A variant as it can be bought now.
#[derive(Clone, Debug)]
pub struct Offer {
    pub variant_id: i64,
    pub sku: Sku,
    pub slug: Slug,
    /// The product's name.
    pub name: String,
    pub options: Options,
    /// The variant's own, or else the product's.
    pub picture: String,
    pub price: Money,
    pub vat: Vat,
    pub stock: u32,
}

impl Offer {
    pub fn full_name(&self) -> String {
        full_name(&self.name, &self.options.0)
    }
}

/// Items of one variant that an order takes or gives back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Taken {
    pub variant_id: i64,
    pub quantity: u32,
}

pub(super) async fn index(db: &impl ConnectionTrait) -> Result<Index> {
    let categories =
        category::Entity::find().order_by_asc(category::Column::Position).all(db).await?;
    let mut products = product::Entity::find().all(db).await?;
    let stars = stars(db).await?;
    for product in &mut products {
        if let Some(&(count, sum)) = stars.get(&product.id) {
            rules::add_stars(product, count, sum);
        }
    }
    let variants = variant::Entity::find().all(db).await?;
    Ok(Index::new(categories, products, variants)?)
}

/// Of each product with reviews, how many it has and the sum of their stars.
async fn stars(db: &impl ConnectionTrait) -> Result<HashMap<i64, (i64, i64)>> {
    let rows: Vec<(i64, i64, i64)> = review::Entity::find()
        .select_only()
        .column(review::Column::ProductId)
        .column_as(review::Column::Id.count(), "count")
        .column_as(review::Column::Rating.sum(), "sum")
        .group_by(review::Column::ProductId)
        .into_tuple()
        .all(db)
        .await?;
    Ok(rows.into_iter().map(|(product_id, count, sum)| (product_id, (count, sum))).collect())
}

pub async fn offer(db: &impl ConnectionTrait, sku: &Sku) -> Result<Option<Offer>> {
    let found = variant::Entity::find()
        .filter(variant::Column::Sku.eq(sku.as_str()))
        .find_also_related(product::Entity)
        .one(db)
        .await?;
    found.map(to_offer).transpose()
}

/// The offers of these variants, in no order.
pub async fn offers(
    db: &impl ConnectionTrait,
    variant_ids: impl IntoIterator<Item = i64>,
) -> Result<Vec<Offer>> {
    let found = variant::Entity::find()
        .filter(variant::Column::Id.is_in(variant_ids))
        .find_also_related(product::Entity)
        .all(db)
        .await?;
    found.into_iter().map(to_offer).collect()
}

fn to_offer((variant, product): (variant::Model, Option<product::Model>)) -> Result<Offer> {
    let product = product.context("a variant has no product")?;
    Ok(Offer {
        variant_id: variant.id,
        sku: variant.sku.parse().context("a SKU of the database")?,
        slug: product.slug.parse().context("a slug of the database")?,
        name: product.name,
        options: variant.options,
        picture: variant.picture.unwrap_or(product.picture),
        price: Money::eur(variant.price),
        vat: product.vat,
        stock: unsigned(variant.stock),
    })
}

/// Takes items out of stock, of each variant all or none, once others have returned to it, and answers the variants
/// that have too few: the caller then gives its transaction up.
pub async fn take_stock(
    transaction: &impl ConnectionTrait,
    wanted: &[Taken],
    returned: &[Taken],
) -> Result<Vec<i64>> {
    let mut short = Vec::new();
    let mut steps: Vec<(Taken, bool)> = returned.iter().map(|taken| (*taken, false)).collect();
    steps.extend(wanted.iter().map(|taken| (*taken, true)));
    // Every transaction locks rows in the same order, so that no two wait for each other.
    steps.sort_by_key(|(taken, is_wanted)| (taken.variant_id, *is_wanted));
    for (taken, is_wanted) in steps {
        if !is_wanted {
            add(transaction, taken).await?;
        } else if !subtract(transaction, taken).await? {
            short.push(taken.variant_id);
        }
    }
    Ok(short)
}

pub async fn return_stock(transaction: &impl ConnectionTrait, taken: &[Taken]) -> Result<()> {
    take_stock(transaction, &[], taken).await?;
    Ok(())
}

async fn add(db: &impl ConnectionTrait, Taken { variant_id, quantity }: Taken) -> Result<()> {
    variant::Entity::update_many()
        .col_expr(variant::Column::Stock, Expr::col(variant::Column::Stock).add(quantity))
        .filter(variant::Column::Id.eq(variant_id))
        .exec(db)
        .await?;
    Ok(())
}

/// One statement with its own condition: stock never falls below zero, however many orders arrive at once. `false`
/// where it would.
async fn subtract(
    db: &impl ConnectionTrait,
    Taken { variant_id, quantity }: Taken,
) -> Result<bool> {
    let taken = variant::Entity::update_many()
        .col_expr(variant::Column::Stock, Expr::col(variant::Column::Stock).sub(quantity))
        .filter(variant::Column::Id.eq(variant_id))
        .filter(variant::Column::Stock.gte(quantity))
        .exec(db)
        .await?;
    Ok(taken.rows_affected == 1)
}
