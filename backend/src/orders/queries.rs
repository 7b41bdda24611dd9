//! Orders in the database, read. A reserved order is found by none of these.

use super::{
    entity::{Pictures, Status, found_order, order, order_line, order_status},
    mail, rules,
};
use crate::Result;
use anyhow::Context as _;
use sea_orm::{
    ActiveEnum as _, ColumnTrait as _, Condition, ConnectionTrait, EntityTrait as _,
    FromQueryResult, QueryFilter as _, QueryOrder as _, QuerySelect as _, QueryTrait as _, Select,
    Statement, Value, sea_query::SimpleExpr,
};
use shared::{
    ids::{OrderNumber, Slug},
    money::Money,
    orders::{Order, OrderPage, OrderQuery, OrderSummary, PAGE_SIZE},
};

/// What a list shows of an order, and how many orders there are in all.
#[derive(FromQueryResult)]
struct SummaryRow {
    number: String,
    placed_at: i64,
    status: Status,
    total: i64,
    item_count: i32,
    pictures: Pictures,
    first_name: String,
    matching: i64,
}

/// What every visit of All Orders asks, so the text is made once. The index gives the order, and a window function for
/// the count would give it up.
const PAGE: &str = r"
    select number, placed_at, status, total, item_count, pictures, first_name, (
        select count(*) from orders
        where customer_id = $1 and status <> 'reserved'
            and (cast($2 as text) is null or status = $2)
            and (cast($3 as text) is null or search_text like $3 escape '\')
    ) as matching
    from orders
    where customer_id = $1 and status <> 'reserved'
        and (cast($2 as text) is null or status = $2)
        and (cast($3 as text) is null or search_text like $3 escape '\')
    order by placed_at desc, id desc
    limit $4 offset $5";

/// Which of a customer's orders.
struct Filter {
    customer_id: i64,
    status: Option<Status>,
    /// Of `LIKE`, for what a search looks through.
    pattern: Option<String>,
}

pub(super) async fn page(
    db: &impl ConnectionTrait,
    customer_id: i64,
    query: &OrderQuery,
) -> Result<OrderPage> {
    let status = query.status.map(Status::from);
    let pattern = rules::pattern(query.q.as_deref().unwrap_or_default());
    let filter = Filter { customer_id, status, pattern };
    let page = query.page.unwrap_or(1);
    let skipped = i64::from(page.saturating_sub(1)) * i64::from(PAGE_SIZE);
    let (orders, total) = summaries(db, &filter, skipped, PAGE_SIZE).await?;
    Ok(OrderPage { orders, total, page, pages: total.div_ceil(PAGE_SIZE) })
}

/// The customer's newest orders, at most `limit`, and how many there are in all.
pub async fn recent(
    db: &impl ConnectionTrait,
    customer_id: i64,
    limit: u32,
) -> Result<(Vec<OrderSummary>, u32)> {
    let all = Filter { customer_id, status: None, pattern: None };
    summaries(db, &all, 0, limit).await
}

fn of_customer(customer_id: i64) -> Select<order::Entity> {
    placed().filter(order::Column::CustomerId.eq(customer_id))
}

fn placed() -> Select<order::Entity> {
    order::Entity::find().filter(order::Column::Status.ne(Status::Reserved))
}

/// Whether an order of this customer has brought them this product, in any variant.
pub async fn has_received(
    db: &impl ConnectionTrait,
    customer_id: i64,
    product: &Slug,
) -> Result<bool> {
    let delivered = of_customer(customer_id)
        .filter(order::Column::Status.eq(Status::Delivered))
        .select_only()
        .column(order::Column::Id);
    let line = order_line::Entity::find()
        .filter(order_line::Column::OrderId.in_subquery(delivered.into_query()))
        .filter(order_line::Column::Slug.eq(product.as_str()));
    Ok(line.one(db).await?.is_some())
}

async fn summaries(
    db: &impl ConnectionTrait,
    filter: &Filter,
    skipped: i64,
    limit: u32,
) -> Result<(Vec<OrderSummary>, u32)> {
    let shown = rows(db, filter, skipped, limit).await?;
    let mut matching = shown.first().map_or(0, |row| row.matching);
    if shown.is_empty() && skipped > 0 {
        // A page past the end has no row to tell how many orders there are.
        matching = rows(db, filter, 0, 1).await?.first().map_or(0, |row| row.matching);
    }
    let summaries = shown.into_iter().map(summary).collect::<Result<_>>()?;
    Ok((summaries, u32::try_from(matching).unwrap_or(u32::MAX)))
}

async fn rows(
    db: &impl ConnectionTrait,
    filter: &Filter,
    skipped: i64,
    limit: u32,
) -> Result<Vec<SummaryRow>> {
    let values: [Value; 5] = [
        filter.customer_id.into(),
        filter.status.map(|status| status.to_value()).into(),
        filter.pattern.clone().into(),
        i64::from(limit).into(),
        skipped.into(),
    ];
    let statement = Statement::from_sql_and_values(db.get_database_backend(), PAGE, values);
    Ok(SummaryRow::find_by_statement(statement).all(db).await?)
}

fn summary(row: SummaryRow) -> Result<OrderSummary> {
    Ok(OrderSummary {
        number: row.number.parse().context("an order's number")?,
        placed_at: row.placed_at,
        status: row.status.shown().context("a reserved order in a list")?,
        total: Money::eur(row.total),
        count: u32::try_from(row.item_count).unwrap_or_default(),
        pictures: row.pictures.0,
        first_name: row.first_name,
    })
}

pub(super) async fn find(
    db: &impl ConnectionTrait,
    customer_id: i64,
    number: &OrderNumber,
) -> Result<Option<order::Model>> {
    let order = of_customer(customer_id).filter(order::Column::Number.eq(number.as_str()));
    Ok(order.one(db).await?)
}

/// An order for those who placed or found it: a customer, or the browser whose cart token has this hash.
pub async fn visible_to(
    db: &impl ConnectionTrait,
    number: &OrderNumber,
    customer_id: Option<i64>,
    guest_hash: Option<&str>,
) -> Result<Option<Order>> {
    let mut anyone = Condition::any();
    if let Some(id) = customer_id {
        let own = order::Column::CustomerId.eq(id);
        anyone = anyone.add(own).add(found_by(found_order::Column::CustomerId.eq(id)));
    }
    if let Some(hash) = guest_hash {
        anyone = anyone.add(of_browser(hash));
    }
    if anyone.is_empty() {
        return Ok(None);
    }
    let order = placed().filter(order::Column::Number.eq(number.as_str())).filter(anyone);
    match order.one(db).await? {
        Some(order) => Ok(Some(whole(db, order).await?)),
        None => Ok(None),
    }
}

/// What a guest placed or found with the browser whose cart token has this hash.
pub(super) fn of_browser(guest_hash: &str) -> Condition {
    Condition::any()
        .add(order::Column::GuestHash.eq(guest_hash))
        .add(found_by(found_order::Column::GuestHash.eq(guest_hash)))
}

/// Having found an order counts for as long as it is a guest's.
fn found_by(viewer: SimpleExpr) -> Condition {
    let found = found_order::Entity::find()
        .select_only()
        .column(found_order::Column::OrderId)
        .filter(viewer)
        .into_query();
    Condition::all()
        .add(order::Column::CustomerId.is_null())
        .add(order::Column::Id.in_subquery(found))
}

/// The guest's order, or this customer's own, of this number and address. The same work whichever of the two is wrong.
pub(super) async fn fitting(
    db: &impl ConnectionTrait,
    number: &OrderNumber,
    email: &str,
    customer_id: Option<i64>,
) -> Result<Option<order::Model>> {
    let order = placed().filter(order::Column::Number.eq(number.as_str())).one(db).await?;
    let placed_with = order.as_ref().map_or("", |order| &order.email);
    let is_right = rules::is_same_address(placed_with, email);
    let is_open =
        |order: &order::Model| order.customer_id.is_none() || order.customer_id == customer_id;
    Ok(order.filter(|order| is_right && is_open(order)))
}

/// All of a customer's orders with all that is kept of them, the newest first.
pub async fn all_of(db: &impl ConnectionTrait, customer_id: i64) -> Result<Vec<Order>> {
    let rows = of_customer(customer_id)
        .order_by_desc(order::Column::PlacedAt)
        .order_by_desc(order::Column::Id)
        .all(db)
        .await?;
    let mut orders = Vec::with_capacity(rows.len());
    for row in rows {
        orders.push(whole(db, row).await?);
    }
    Ok(orders)
}

pub async fn by_id(db: &impl ConnectionTrait, id: i64) -> Result<Order> {
    let order = order::Entity::find_by_id(id).one(db).await?.context("an order that was placed")?;
    whole(db, order).await
}

/// The order with its lines and history.
pub(super) async fn whole(db: &impl ConnectionTrait, order: order::Model) -> Result<Order> {
    let lines = order_line::Entity::find()
        .filter(order_line::Column::OrderId.eq(order.id))
        .order_by_asc(order_line::Column::Id)
        .all(db)
        .await?;
    let history = order_status::Entity::find()
        .filter(order_status::Column::OrderId.eq(order.id))
        .order_by_asc(order_status::Column::At)
        .order_by_asc(order_status::Column::Id)
        .all(db)
        .await?;
    let mailed = mail::is_promised(db, order.id).await?;
    rules::view(order, lines, &history, mailed)
}
