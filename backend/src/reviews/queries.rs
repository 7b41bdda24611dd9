//! Reviews in the database.

use crate::{
    Result,
    catalog::entity::{
        product,
        review::{self, Column, Entity},
    },
    db,
};
use anyhow::Context as _;
use sea_orm::{
    ActiveValue::{NotSet, Set},
    ColumnTrait as _, Condition, ConnectionTrait, DbErr, EntityTrait as _, PaginatorTrait as _,
    QueryFilter as _, QueryOrder as _, QuerySelect as _,
    sea_query::Expr,
};
use shared::{
    ids::Slug,
    reviews::{PAGE_SIZE, Review, WriteReview},
};

/// The newest first, and how many there are on all pages.
pub async fn page(
    db: &impl ConnectionTrait,
    product_id: i64,
    page: u32,
) -> Result<(Vec<Review>, u32)> {
    let all = Entity::find().filter(Column::ProductId.eq(product_id));
    let total = all.clone().count(db).await?;
    let skipped = u64::from(page.saturating_sub(1)) * u64::from(PAGE_SIZE);
    let rows = all
        .order_by_desc(Column::WrittenAt)
        .order_by_desc(Column::Id)
        .offset(skipped)
        .limit(u64::from(PAGE_SIZE))
        .all(db)
        .await?;
    let reviews = rows.into_iter().map(view).collect::<Result<_>>()?;
    Ok((reviews, u32::try_from(total).unwrap_or(u32::MAX)))
}

pub async fn own(
    db: &impl ConnectionTrait,
    product_id: i64,
    customer_id: i64,
) -> Result<Option<Review>> {
    Entity::find().filter(theirs(product_id, customer_id)).one(db).await?.map(view).transpose()
}

/// `false` where it replaces an earlier one of theirs.
pub async fn write(
    db: &impl ConnectionTrait,
    product_id: i64,
    customer_id: i64,
    author: &str,
    WriteReview { rating, text }: &WriteReview,
    now: i64,
) -> Result<bool, DbErr> {
    let row = review::ActiveModel {
        id: NotSet,
        product_id: Set(product_id),
        customer_id: Set(customer_id),
        author: Set(author.to_owned()),
        rating: Set(i32::from(*rating)),
        text: Set(text.clone()),
        written_at: Set(now),
    };
    if db::insert_new(db, row).await? {
        return Ok(true);
    }
    Entity::update_many()
        .col_expr(Column::Author, Expr::value(author))
        .col_expr(Column::Rating, Expr::value(i32::from(*rating)))
        .col_expr(Column::Text, Expr::value(text.as_str()))
        .col_expr(Column::WrittenAt, Expr::value(now))
        .filter(theirs(product_id, customer_id))
        .exec(db)
        .await?;
    Ok(false)
}

pub async fn remove(
    db: &impl ConnectionTrait,
    product_id: i64,
    customer_id: i64,
) -> Result<(), DbErr> {
    Entity::delete_many().filter(theirs(product_id, customer_id)).exec(db).await?;
    Ok(())
}

/// A customer's reviews with their products, the newest first.
pub async fn of_customer(
    db: &impl ConnectionTrait,
    customer_id: i64,
) -> Result<Vec<(Slug, Review)>> {
    let rows = Entity::find()
        .filter(Column::CustomerId.eq(customer_id))
        .order_by_desc(Column::WrittenAt)
        .find_also_related(product::Entity)
        .all(db)
        .await?;
    let told = rows.into_iter().map(|(row, product)| {
        let slug = product.context("a review has no product")?.slug;
        Ok((slug.parse().context("a slug of the database")?, view(row)?))
    });
    told.collect()
}

/// A customer's one review of a product.
fn theirs(product_id: i64, customer_id: i64) -> Condition {
    Condition::all().add(Column::ProductId.eq(product_id)).add(Column::CustomerId.eq(customer_id))
}

fn view(row: review::Model) -> Result<Review> {
    let rating = u8::try_from(row.rating).context("stars of the database")?;
    Ok(Review { author: row.author, rating, text: row.text, at: row.written_at })
}
