//! An order's life in the database: reserved, then placed or removed; cancelled while nobody has packed it.

use super::{
    entity::{Pictures, Status, found_order, order, order_line, order_mail, order_status},
    mail, no_match, queries, rules, unknown,
};
use crate::{
    Error, Result,
    cart::{self, CartToken, Owner, Shopper},
    catalog::{self, Taken, entity::Options},
    crypto, customers, db,
};
use anyhow::Context as _;
use sea_orm::{
    ActiveValue::{NotSet, Set},
    ColumnTrait as _, Condition, ConnectionTrait, DatabaseConnection, DatabaseTransaction,
    EntityTrait as _, QueryFilter as _, QuerySelect as _, QueryTrait as _,
    sea_query::{Expr, Func},
};
use shared::{
    cart::LineItem,
    checkout::{Address, DeliveryMethod, PaymentSummary, QuoteTotals},
    ids::OrderNumber,
    money::Money,
    orders::Order,
};

/// Pictures that a list shows of an order.
const PICTURES: usize = 4;

/// Everything that an order is made of, priced.
#[derive(Clone, Debug)]
pub struct NewOrder {
    pub customer_id: Option<i64>,
    pub guest_hash: Option<String>,
    pub email: String,
    pub address: Address,
    pub delivery: DeliveryMethod,
    pub payment: PaymentSummary,
    /// At least one.
    pub lines: Vec<NewLine>,
    /// In basis points.
    pub delivery_vat_rate: u32,
    pub totals: QuoteTotals,
    pub promotion_code: Option<String>,
}

#[derive(Clone, Debug)]
pub struct NewLine {
    pub variant_id: i64,
    pub item: LineItem,
    /// In basis points: 1900 is 19 %.
    pub vat_rate: u32,
    /// Its part of what a promotion takes off.
    pub discount: Money,
    /// The VAT that the rest of the item's total contains, in minor units.
    pub tax: i64,
}

/// Writes an order and its lines, under a number that nobody guesses. Answers its id and number.
pub async fn insert(
    transaction: &DatabaseTransaction,
    new: &NewOrder,
    status: Status,
    now: i64,
) -> Result<(i64, OrderNumber)> {
    let number = OrderNumber::from_random(u64::from_le_bytes(crypto::random()));
    let order = order(new, &number, status, now)?;
    let id = order::Entity::insert(order).exec(transaction).await?.last_insert_id;
    let lines = new.lines.iter().map(|line| order_line(id, line)).collect::<Result<Vec<_>>>()?;
    order_line::Entity::insert_many(lines).exec_without_returning(transaction).await?;
    Ok((id, number))
}

fn order(
    new: &NewOrder,
    number: &OrderNumber,
    status: Status,
    now: i64,
) -> Result<order::ActiveModel> {
    let names = || new.lines.iter().map(|line| line.item.name.as_str());
    let item_count = new.lines.iter().map(|line| line.item.quantity).fold(0, u32::saturating_add);
    let search_text: Vec<&str> = std::iter::once(number.as_str()).chain(names()).collect();
    let pictures = new.lines.iter().take(PICTURES);
    let pictures = pictures.map(|line| line.item.picture.clone()).collect();
    Ok(order::ActiveModel {
        id: NotSet,
        number: Set(number.to_string()),
        customer_id: Set(new.customer_id),
        guest_hash: Set(new.guest_hash.clone()),
        status: Set(status),
        placed_at: Set(now),
        email: Set(new.email.clone()),
        full_name: Set(new.address.full_name.clone()),
        street: Set(new.address.street.clone()),
        postcode: Set(new.address.postcode.clone()),
        city: Set(new.address.city.clone()),
        country: Set(new.address.country.clone()),
        delivery: Set(new.delivery.into_str().to_owned()),
        card_brand: Set(new.payment.brand.into_str().to_owned()),
        card_last4: Set(new.payment.last4.clone()),
        subtotal: Set(new.totals.subtotal.minor),
        discount: Set(new.totals.discount.minor),
        promotion_code: Set(new.promotion_code.clone()),
        delivery_price: Set(new.totals.delivery.minor),
        delivery_vat_rate: Set(vat_rate(new.delivery_vat_rate)?),
        tax: Set(new.totals.tax.minor),
        total: Set(new.totals.total.minor),
        item_count: Set(i32::try_from(item_count).context("an order's items")?),
        first_name: Set(names().next().context("an order without lines")?.to_owned()),
        pictures: Set(Pictures(pictures)),
        search_text: Set(search_text.join("\n").to_lowercase()),
    })
}

fn vat_rate(rate: u32) -> Result<i32> {
    Ok(i32::try_from(rate).context("a VAT rate")?)
}

fn order_line(
    order_id: i64,
    NewLine { variant_id, item, vat_rate: rate, discount, tax }: &NewLine,
) -> Result<order_line::ActiveModel> {
    Ok(order_line::ActiveModel {
        id: NotSet,
        order_id: Set(order_id),
        variant_id: Set(*variant_id),
        sku: Set(item.sku.to_string()),
        slug: Set(item.slug.to_string()),
        name: Set(item.name.clone()),
        options: Set(Options(item.options.clone())),
        picture: Set(item.picture.clone()),
        unit_price: Set(item.unit_price.minor),
        quantity: Set(i32::try_from(item.quantity).context("an order line's quantity")?),
        total: Set(item.total.minor),
        discount: Set(discount.minor),
        vat_rate: Set(vat_rate(*rate)?),
        tax: Set(*tax),
    })
}

/// Number and total of an order that waits for its payment; `None` when it does not any more.
pub async fn reserved(db: &impl ConnectionTrait, id: i64) -> Result<Option<(OrderNumber, Money)>> {
    let order = order::Entity::find_by_id(id)
        .filter(order::Column::Status.eq(Status::Reserved))
        .one(db)
        .await?;
    let reserved = order.map(|order| {
        Ok((order.number.parse().context("an order's number")?, Money::eur(order.total)))
    });
    reserved.transpose()
}

/// The reserved order is paid for. `false` when its reservation has been given back meanwhile.
pub async fn mark_placed(transaction: &DatabaseTransaction, id: i64, now: i64) -> Result<bool> {
    let placed = order::Entity::update_many()
        .set(order::ActiveModel {
            status: Set(Status::Placed),
            placed_at: Set(now),
            ..Default::default()
        })
        .filter(order::Column::Id.eq(id))
        .filter(order::Column::Status.eq(Status::Reserved))
        .exec(transaction)
        .await?;
    if placed.rows_affected == 1 {
        record_status(transaction, id, [(Status::Placed, now)]).await?;
    }
    Ok(placed.rows_affected == 1)
}

/// Removes an order that was only reserved, and answers what its stock gets back; nothing where it was placed
/// or is gone already.
pub async fn remove_reserved(transaction: &DatabaseTransaction, id: i64) -> Result<Vec<Taken>> {
    let taken = taken(transaction, id).await?;
    let removed = order::Entity::delete_many()
        .filter(order::Column::Id.eq(id))
        .filter(order::Column::Status.eq(Status::Reserved))
        .exec(transaction)
        .await?;
    Ok(if removed.rows_affected == 1 { taken } else { Vec::new() })
}

/// Cancels a customer's placed order, once, however many ask at the same time; its items go back to stock.
pub(super) async fn cancel_order(
    db: &DatabaseConnection,
    customer_id: i64,
    number: &OrderNumber,
    now: i64,
) -> Result<Order> {
    let transaction = db::begin_write(db).await?;
    let order = queries::find(&transaction, customer_id, number).await?.ok_or_else(unknown)?;
    let cancelled = order::Entity::update_many()
        .set(order::ActiveModel { status: Set(Status::Cancelled), ..Default::default() })
        .filter(order::Column::Id.eq(order.id))
        .filter(order::Column::Status.eq(Status::Placed))
        .exec(&transaction)
        .await?;
    if cancelled.rows_affected == 0 {
        return Err(rules::not_cancellable(order.status));
    }
    record_status(&transaction, order.id, [(Status::Cancelled, now)]).await?;
    mail::follow_up(&transaction, order.id, Status::Cancelled, now).await?;
    catalog::return_stock(&transaction, &taken(&transaction, order.id).await?).await?;
    let order = queries::by_id(&transaction, order.id).await?;
    transaction.commit().await?;
    Ok(order)
}

/// What an order took out of stock.
pub(super) async fn taken(db: &impl ConnectionTrait, order_id: i64) -> Result<Vec<Taken>> {
    let lines =
        order_line::Entity::find().filter(order_line::Column::OrderId.eq(order_id)).all(db).await?;
    let taken = lines.into_iter().map(|line| Taken {
        variant_id: line.variant_id,
        quantity: line.quantity.max(0).unsigned_abs(),
    });
    Ok(taken.collect())
}

pub async fn record_status(
    transaction: &DatabaseTransaction,
    order_id: i64,
    history: impl IntoIterator<Item = (Status, i64)>,
) -> Result<()> {
    let rows = history.into_iter().map(|(status, at)| order_status::ActiveModel {
        id: NotSet,
        order_id: Set(order_id),
        status: Set(status),
        at: Set(at),
    });
    order_status::Entity::insert_many(rows).exec_without_returning(transaction).await?;
    Ok(())
}

/// The orders that a guest placed or found with this browser become the customer's, who has shown to own the address that
/// they were placed with: one of the two alone proves nothing.
pub async fn adopt(
    transaction: &DatabaseTransaction,
    guest_hash: &str,
    customer_id: i64,
    verified_email: &str,
) -> Result<()> {
    let email = Expr::expr(Func::lower(Expr::col(order::Column::Email)));
    let with_address = sea_orm::ExprTrait::eq(email, verified_email.to_lowercase());
    let orders = Condition::all().add(queries::of_browser(guest_hash)).add(with_address);
    hand_over(transaction, orders, customer_id).await?;
    Ok(())
}

/// Of these orders, a guest's become the customer's. Answers how many did.
async fn hand_over(
    transaction: &DatabaseTransaction,
    orders: Condition,
    customer_id: i64,
) -> Result<u64> {
    let handed_over = order::Entity::update_many()
        .col_expr(order::Column::CustomerId, Expr::value(customer_id))
        .col_expr(order::Column::GuestHash, Expr::value(None::<String>))
        .filter(orders)
        .filter(order::Column::CustomerId.is_null())
        .exec(transaction)
        .await?;
    Ok(handed_over.rows_affected)
}

/// Somebody named the number and the address of this order. A customer whose verified address that is keeps it, as at a
/// login; whoever else it is sees it from now on. Answers the token too when a guest's cart was made for it: one that
/// nobody gave out opens nothing.
pub(super) async fn open_found(
    db: &DatabaseConnection,
    shopper: &Shopper,
    found: &order::Model,
    now: i64,
) -> Result<(Order, Option<CartToken>)> {
    let transaction = db::begin_write(db).await?;
    let mut new_token = None;
    match shopper.visitor.customer_id() {
        Some(id) if found.customer_id == Some(id) => {}
        Some(id) => {
            let customer = customers::find(&transaction, id).await?;
            let verified = customer.verified_email();
            if verified.is_some_and(|own| rules::is_same_address(own, &found.email)) {
                let this = Condition::all().add(order::Column::Id.eq(found.id));
                if hand_over(&transaction, this, id).await? == 0 {
                    // Another customer of this address was faster.
                    return Err(no_match());
                }
            } else {
                note_found(&transaction, found.id, None, Some(id), now).await?;
            }
        }
        None => {
            let cart = shopper.token.as_ref().map(Owner::Guest);
            new_token = cart::open(&transaction, cart, now).await?.1;
            let token = new_token.as_ref().or(shopper.token.as_ref());
            note_found(&transaction, found.id, token.map(CartToken::hash), None, now).await?;
        }
    }
    let order = queries::by_id(&transaction, found.id).await?;
    transaction.commit().await?;
    Ok((order, new_token))
}

async fn note_found(
    transaction: &DatabaseTransaction,
    order_id: i64,
    guest_hash: Option<String>,
    customer_id: Option<i64>,
    now: i64,
) -> Result<()> {
    let row = found_order::ActiveModel {
        id: NotSet,
        order_id: Set(order_id),
        guest_hash: Set(guest_hash),
        customer_id: Set(customer_id),
        at: Set(now),
    };
    db::insert_new(transaction, row).await.map_err(Error::of_customers_row)?;
    Ok(())
}

/// Who found an order long ago finds it again, or has it in an account.
pub async fn forget_found(db: &impl ConnectionTrait, now: i64) -> Result<()> {
    let lifetime = i64::try_from(cart::LIFETIME.whole_milliseconds()).unwrap_or(i64::MAX);
    found_order::Entity::delete_many()
        .filter(found_order::Column::At.lt(now.saturating_sub(lifetime)))
        .exec(db)
        .await?;
    Ok(())
}

/// Leaves the orders to the books without the person who placed them, without those who found them before they were in the
/// account, and without mails that wait.
pub async fn forget_person(db: &impl ConnectionTrait, customer_id: i64) -> Result<()> {
    let orders = order::Entity::find()
        .select_only()
        .column(order::Column::Id)
        .filter(order::Column::CustomerId.eq(customer_id))
        .into_query();
    found_order::Entity::delete_many()
        .filter(found_order::Column::OrderId.in_subquery(orders.clone()))
        .exec(db)
        .await?;
    order_mail::Entity::delete_many()
        .filter(order_mail::Column::OrderId.in_subquery(orders))
        .exec(db)
        .await?;
    let nobody = || Expr::value("");
    order::Entity::update_many()
        .col_expr(order::Column::CustomerId, Expr::value(None::<i64>))
        .col_expr(order::Column::GuestHash, Expr::value(None::<String>))
        .col_expr(order::Column::Email, nobody())
        .col_expr(order::Column::FullName, nobody())
        .col_expr(order::Column::Street, nobody())
        .col_expr(order::Column::Postcode, nobody())
        .col_expr(order::Column::City, nobody())
        .filter(order::Column::CustomerId.eq(customer_id))
        .exec(db)
        .await?;
    Ok(())
}
