//! Settling: what the payment provider said becomes what the shop remembers.

use super::{
    attempts::{self, IdempotentRequest, REMEMBERED},
    entity::State,
    payment::Outcome,
    problems::{self, Kept},
    reserve::{self, Reservation},
    rules,
};
use crate::{
    Config, Result, cart, db,
    http::limits::{self, Limit},
    orders,
};
use actix_web::HttpRequest;
use sea_orm::DatabaseConnection;

/// # Errors
/// Every outcome but an approved payment is a problem; its stock, where the order is over, is back by then.
pub async fn settle(
    config: &Config,
    db: &DatabaseConnection,
    sender: &HttpRequest,
    idempotent: &IdempotentRequest,
    reservation: &Reservation,
    outcome: Outcome,
    now: i64,
) -> Result<()> {
    match outcome {
        Outcome::Approved => approve(config, db, idempotent, reservation, now).await,
        Outcome::Declined => {
            decline(db, idempotent, reservation, now).await?;
            Err(problems::declined())
        }
        Outcome::AuthenticationRequired { challenge } => {
            let kept = wait_for_owner(db, sender, idempotent, reservation, now).await?;
            Err(problems::authentication_required(challenge, kept))
        }
        Outcome::Unavailable => {
            forget(db, idempotent).await?;
            Err(problems::payment_unavailable())
        }
    }
}

/// As if it had never been sent, so that the same request may try again.
pub async fn forget(db: &DatabaseConnection, idempotent: &IdempotentRequest) -> Result<()> {
    if let Some(attempt) = attempts::find(db, idempotent).await? {
        reserve::release(db, &attempt).await?;
    }
    Ok(())
}

/// The items wait for the card's owner, as long as the cart may still keep any, and where not too many carts of this
/// sender do: with a cart for each, one would have the whole stock. Otherwise they are on sale again, and a confirmation
/// takes what is there.
async fn wait_for_owner(
    db: &DatabaseConnection,
    sender: &HttpRequest,
    idempotent: &IdempotentRequest,
    reservation: &Reservation,
    now: i64,
) -> Result<Kept> {
    let cart_id = idempotent.cart_id;
    let first = cart::held_since(db, cart_id).await?;
    let since = rules::held_since(first, now);
    let until = since + rules::HOLD;
    if until <= now {
        forget(db, idempotent).await?;
        return Ok(Kept::NoLonger);
    }
    let begins = first != Some(since);
    if begins && limits::spend_by_sender(sender, Limit::Holds).is_err() {
        forget(db, idempotent).await?;
        return Ok(Kept::NotAtAll);
    }
    let transaction = db::begin_write(db).await?;
    let order_id = Some(reservation.order_id);
    attempts::advance(&transaction, idempotent, State::Authenticating, order_id, until).await?;
    cart::set_held_since(&transaction, cart_id, Some(since)).await?;
    transaction.commit().await?;
    Ok(Kept::FiveMinutes)
}

async fn approve(
    config: &Config,
    db: &DatabaseConnection,
    idempotent: &IdempotentRequest,
    reservation: &Reservation,
    now: i64,
) -> Result<()> {
    let order_id = reservation.order_id;
    let transaction = db::begin_write(db).await?;
    // Attempt, cart, order: whoever reserves, gives back or deletes the account locks them in this order too.
    let until = now + REMEMBERED;
    attempts::advance(&transaction, idempotent, State::Placed, Some(order_id), until).await?;
    cart::take_out(&transaction, order_id, &reservation.number, now).await?;
    if !orders::mark_placed(&transaction, order_id, now).await? {
        return Err(problems::reservation_lost());
    }
    orders::confirm(&transaction, config, order_id, now).await?;
    transaction.commit().await?;
    tracing::info!(order = %reservation.number, "order placed");
    Ok(())
}

async fn decline(
    db: &DatabaseConnection,
    idempotent: &IdempotentRequest,
    reservation: &Reservation,
    now: i64,
) -> Result<()> {
    let transaction = db::begin_write(db).await?;
    attempts::advance(&transaction, idempotent, State::Declined, None, now + REMEMBERED).await?;
    reserve::give_back(&transaction, reservation.order_id).await?;
    transaction.commit().await?;
    Ok(())
}
