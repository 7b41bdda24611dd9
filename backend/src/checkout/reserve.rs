//! Reserving: the cart becomes an order that waits for its payment, and its items leave the stock.

use super::{
    attempts::{self, IdempotentRequest, Next},
    entity::{State, checkout_attempt},
    problems, rules,
};
use crate::{
    Error, Result,
    cart::{self, Line, Owner},
    catalog::{self, Taken},
    db,
    orders::{self, NewOrder, Status},
};
use sea_orm::{ConnectionTrait, DatabaseConnection, DatabaseTransaction};
use shared::{
    checkout::{Change, CheckoutRequest, PaymentSummary, Seen, country},
    ids::{OrderNumber, Sku},
    money::Money,
    promotions::Promotion,
};
use std::{collections::HashMap, time::Duration};
use tokio::time::{Instant, sleep};

/// How long a request waits for another one with the same key, and how often it looks.
const PATIENCE: Duration = Duration::from_secs(10);
const LOOK_EVERY: Duration = Duration::from_millis(50);
/// Reservations that are read at once to be given back.
const BATCH: u64 = 200;

/// An order that waits for its payment.
#[derive(Debug)]
pub struct Reservation {
    pub order_id: i64,
    pub number: OrderNumber,
    pub total: Money,
}

#[derive(Debug)]
pub enum Claim {
    /// This request, and no other, pays for it.
    Reserved(Reservation),
    /// An earlier request has placed it.
    Placed(i64),
}

/// Finds or makes the reserved order of this request, for one request at a time, on all replicas.
pub async fn claim(
    db: &DatabaseConnection,
    owner: Owner<'_>,
    idempotent: &IdempotentRequest,
    request: &CheckoutRequest,
) -> Result<Claim> {
    let patience = Instant::now() + PATIENCE;
    loop {
        let now = db::now();
        let Some(attempt) = attempts::find(db, idempotent).await? else {
            match reserve(db, owner, idempotent, request, now).await? {
                Some(reservation) => return Ok(Claim::Reserved(reservation)),
                None => continue,
            }
        };
        match attempts::next(&attempt, &idempotent.content, now) {
            Next::Refuse => return Err(problems::key_reused()),
            Next::Declined => return Err(problems::declined()),
            Next::Order(id) => return Ok(Claim::Placed(id)),
            Next::Release => release(db, &attempt).await?,
            Next::Resume(id) => {
                if let Some(reservation) = resume(db, idempotent, id, now).await? {
                    return Ok(Claim::Reserved(reservation));
                }
            }
            Next::Wait if Instant::now() >= patience => return Err(problems::in_flight()),
            Next::Wait => sleep(LOOK_EVERY).await,
        }
    }
}

async fn resume(
    db: &DatabaseConnection,
    idempotent: &IdempotentRequest,
    order_id: i64,
    now: i64,
) -> Result<Option<Reservation>> {
    if !attempts::resume(db, idempotent, order_id, now).await? {
        return Ok(None);
    }
    let reserved = orders::reserved(db, order_id).await?;
    Ok(reserved.map(|(number, total)| Reservation { order_id, number, total }))
}

/// `None` when another request with the same key was faster. Where the cart is not what the shopper agreed to,
/// or stock is short, the transaction is given up and nothing has happened.
async fn reserve(
    db: &DatabaseConnection,
    owner: Owner<'_>,
    idempotent: &IdempotentRequest,
    request: &CheckoutRequest,
    now: i64,
) -> Result<Option<Reservation>> {
    let transaction = db::begin_write(db).await?;
    // Attempts, cart, orders, stock: everybody locks them in this order.
    if !attempts::insert(&transaction, idempotent, now).await? {
        return Ok(None);
    }
    let superseded = attempts::forget_left(&transaction, idempotent.cart_id, now).await?;
    let cart = cart::find_locked(&transaction, owner).await?.ok_or_else(problems::cart_empty)?;
    if !attempts::holding(&transaction, idempotent.cart_id).await?.is_empty() {
        return Err(problems::in_flight());
    }
    if let Some(left) = attempts::paused(&transaction, idempotent.cart_id, now).await? {
        return Err(problems::paused(left));
    }
    let lines = cart::lines(&transaction, idempotent.cart_id).await?;
    let promotion = cart::promotion(&transaction, &cart).await?;
    let order = agreed_order(&transaction, owner, request, &lines, promotion, now).await?;
    let wanted: Vec<Taken> = lines
        .iter()
        .map(|line| Taken { variant_id: line.offer.variant_id, quantity: line.quantity })
        .collect();
    let mut returned = Vec::new();
    for order_id in superseded {
        returned.extend(orders::remove_reserved(&transaction, order_id).await?);
    }
    let short = catalog::take_stock(&transaction, &wanted, &returned).await?;
    if !short.is_empty() {
        return Err(problems::out_of_stock(shortages(&transaction, &lines, short).await?));
    }
    let total = order.totals.total;
    let (order_id, number) = orders::insert(&transaction, &order, Status::Reserved, now).await?;
    cart::hold(&transaction, idempotent.cart_id, order_id, &wanted).await?;
    let until = now + attempts::PAYMENT;
    attempts::advance(&transaction, idempotent, State::Paying, Some(order_id), until).await?;
    transaction.commit().await?;
    Ok(Some(Reservation { order_id, number, total }))
}

/// The cart's order, if it is what the shopper agreed to.
async fn agreed_order(
    db: &impl ConnectionTrait,
    owner: Owner<'_>,
    request: &CheckoutRequest,
    lines: &[Line],
    promotion: Option<Promotion>,
    now: i64,
) -> Result<NewOrder> {
    if lines.is_empty() {
        return Err(problems::cart_empty());
    }
    let country = country(&request.address.country)
        .ok_or_else(|| Error::field("address.country", "Choose a country that we deliver to."))?;
    let priced = rules::price(lines.to_vec(), request.delivery, country, promotion, now)?;
    let names = names_of_gone(db, &request.seen, lines).await?;
    let changes = rules::changes(&request.seen, &priced, &names);
    if !changes.is_empty() {
        return Err(problems::cart_changed(changes));
    }
    let (customer_id, guest_hash) = match owner {
        Owner::Customer(id) => (Some(id), None),
        Owner::Guest(token) => (None, Some(token.hash())),
    };
    Ok(NewOrder {
        customer_id,
        guest_hash,
        email: request.email.clone(),
        address: request.address.clone(),
        delivery: request.delivery,
        payment: PaymentSummary { brand: request.card.brand(), last4: request.card.last4() },
        lines: priced.lines,
        delivery_vat_rate: priced.delivery_vat_rate,
        totals: priced.totals,
        promotion_code: priced.promotion_code,
    })
}

async fn names_of_gone(
    db: &impl ConnectionTrait,
    seen: &Seen,
    lines: &[Line],
) -> Result<HashMap<Sku, String>> {
    let mut names = HashMap::new();
    for sku in rules::gone(seen, lines) {
        if let Some(offer) = catalog::offer(db, sku).await? {
            names.insert(sku.clone(), offer.full_name());
        }
    }
    Ok(names)
}

async fn shortages(
    db: &impl ConnectionTrait,
    lines: &[Line],
    short: Vec<i64>,
) -> Result<Vec<Change>> {
    let offers = catalog::offers(db, short).await?;
    let shortages = lines.iter().filter_map(|line| {
        let offer = offers.iter().find(|offer| offer.variant_id == line.offer.variant_id)?;
        Some(Change::Short {
            name: offer.full_name(),
            wanted: line.quantity,
            available: offer.stock,
        })
    });
    Ok(shortages.collect())
}

/// Gives a reservation back, unless another request has moved the attempt on since it was read.
pub async fn release(db: &DatabaseConnection, attempt: &checkout_attempt::Model) -> Result<()> {
    let transaction = db::begin_write(db).await?;
    if !attempts::forget(&transaction, attempt).await? {
        return Ok(());
    }
    if let Some(order_id) = attempt.order_id {
        give_back(&transaction, order_id).await?;
    }
    transaction.commit().await?;
    Ok(())
}

/// The order was only reserved: it goes, and its items return to stock.
pub async fn give_back(transaction: &DatabaseTransaction, order_id: i64) -> Result<()> {
    let taken = orders::remove_reserved(transaction, order_id).await?;
    catalog::return_stock(transaction, &taken).await
}

/// Gives back what was reserved and not paid for in time; to be called every now and then.
pub async fn release_expired(db: &DatabaseConnection, now: i64) -> Result<()> {
    let mut passed_over = 0;
    loop {
        let batch = attempts::expired(db, now, passed_over, BATCH).await?;
        for attempt in &batch {
            // It is tried again in the next round, and those behind it do not wait for that.
            if let Err(error) = release(db, attempt).await {
                tracing::warn!(%error, "a reservation past its time was not given back");
                passed_over += 1;
            }
        }
        if (batch.len() as u64) < BATCH {
            return attempts::forget_decided(db, now).await;
        }
    }
}
