//! Checkout, with or without an account: quote, order, confirmation.
//!
//! An order is made in three steps: the cart is reserved (`reserve`), the payment provider is asked
//! (`payment`), and its answer is settled (`settle`). No transaction is open while the provider is asked, and
//! whatever breaks in between, the reservation ends by itself. `attempts` remembers each step under the
//! request's `Idempotency-Key`, so that a repeated request finds the first one's answer.

mod attempts;
mod entity;
mod key;
mod payment;
mod problems;
mod reserve;
mod rules;
mod settle;
#[cfg(test)]
mod tests;

pub use reserve::release_expired;
pub use rules::price;

use crate::{
    Config, Error, Result,
    cart::{self, Owner, Shopper},
    db,
    http::{Json, limits},
    orders,
    session::{Sessions, Visitor},
};
use actix_web::{
    HttpRequest, HttpResponse,
    web::{self, Data, Path},
};
use attempts::IdempotentRequest;
use key::IdempotencyKey;
use payment::{Charge, Outcome};
use reserve::Claim;
use sea_orm::DatabaseConnection;
use shared::{
    activities::ActivityName,
    checkout::{CheckoutRequest, Quote, QuoteRequest, country},
    ids::OrderNumber,
    orders::Order,
    paths::api,
};

pub fn routes(cfg: &mut web::ServiceConfig) {
    cfg.service(web::resource(api::QUOTE).post(quote))
        .service(web::resource(api::CHECKOUT).post(place_order))
        .service(web::resource(api::CHECKOUT_DONE).get(done));
}

async fn quote(
    db: Data<DatabaseConnection>,
    sessions: Data<Sessions>,
    shopper: Shopper,
    Json(request): Json<QuoteRequest>,
) -> Result<Json<Quote>> {
    let country = country(&request.country)
        .ok_or_else(|| Error::field("country", "Choose a country that we deliver to."))?;
    let owner = shopper.owner().ok_or_else(problems::cart_empty)?;
    let cart = cart::find(db.get_ref(), owner).await?.ok_or_else(problems::cart_empty)?;
    let lines = cart::lines(db.get_ref(), cart.id).await?;
    if lines.is_empty() {
        return Err(problems::cart_empty());
    }
    let promotion = cart::promotion(db.get_ref(), &cart).await?;
    let quote = price(lines, request.delivery, country, promotion, db::now())?.quote();
    let started = rules::describe(&quote);
    shopper.visitor.record_activity(&sessions, ActivityName::CheckoutStarted, &started);
    Ok(Json(quote))
}

async fn place_order(
    config: Data<Config>,
    db: Data<DatabaseConnection>,
    sessions: Data<Sessions>,
    sender: HttpRequest,
    shopper: Shopper,
    key: IdempotencyKey,
    Json(request): Json<CheckoutRequest>,
) -> Result<HttpResponse> {
    let request = rules::check(request, db::now())?;
    let order = reserve_and_pay(&config, &db, &sender, shopper.owner(), &key, &request).await?;
    record_order(&sessions, &shopper.visitor, &order).await;
    Ok(HttpResponse::Created().json(order))
}

/// Also of a guest whose last session was idle for too long: the order is something to keep. Where no session can begin
/// now, it stands all the same.
async fn record_order(sessions: &Sessions, visitor: &Visitor, order: &Order) {
    if visitor.is_cookieless() {
        return;
    }
    let name = match visitor.customer_id() {
        Some(_) => ActivityName::OrderPlaced,
        None => ActivityName::GuestOrderPlaced,
    };
    let placed = format!("{}, {}", order.summary.number, order.summary.total);
    match visitor.ensure_session(sessions).await {
        Ok(session) => sessions.activities.record(&session.id, name, &placed),
        Err(error) => tracing::info!(%error, "an order is in no session"),
    }
}

async fn reserve_and_pay(
    config: &Config,
    db: &DatabaseConnection,
    sender: &HttpRequest,
    owner: Option<Owner<'_>>,
    key: &IdempotencyKey,
    request: &CheckoutRequest,
) -> Result<Order> {
    let secret = &config.secret_key;
    let owner = owner.ok_or_else(problems::cart_empty)?;
    let cart = cart::find(db, owner).await?.ok_or_else(problems::cart_empty)?;
    let idempotent = IdempotentRequest {
        cart_id: cart.id,
        key: key.as_str().to_owned(),
        content: rules::content(secret, request),
    };
    let reservation = match reserve::claim(db, owner, &idempotent, request).await? {
        Claim::Placed(order_id) => return orders::by_id(db, order_id).await,
        Claim::Reserved(reservation) => reservation,
    };
    if let Err(wait) = limits::take_card(sender) {
        settle::forget(db, &idempotent).await?;
        return Err(problems::sender_paused(wait));
    }
    let outcome = payment::charge(
        secret,
        &Charge {
            request: &idempotent,
            order: &reservation.number,
            amount: reservation.total,
            card: &request.card,
            challenge: request.challenge.as_deref(),
        },
        db::now(),
    );
    if outcome != Outcome::Declined {
        limits::give_card_back(sender);
    }
    settle::settle(config, db, sender, &idempotent, &reservation, outcome, db::now()).await?;
    orders::by_id(db, reservation.order_id).await
}

/// The confirmation, for the browser that ordered or found the order, or the customer.
async fn done(
    db: Data<DatabaseConnection>,
    shopper: Shopper,
    number: Path<String>,
) -> Result<Json<Order>> {
    let number: OrderNumber = number.parse().map_err(|_| problems::unknown_order())?;
    let guest_hash = shopper.token.as_ref().map(cart::CartToken::hash);
    let customer_id = shopper.visitor.customer_id();
    let order =
        orders::visible_to(db.get_ref(), &number, customer_id, guest_hash.as_deref()).await?;
    Ok(Json(order.ok_or_else(problems::unknown_order)?))
}
