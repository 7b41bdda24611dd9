//! Settling: what the payment provider said becomes what the shop remembers.

use super::{
    attempts::{self, IdempotentRequest},
    entity::State,
    payment::Outcome,
    problems,
    reserve::{self, Reservation},
};
use crate::{Result, cart, catalog, db, orders};
use sea_orm::DatabaseConnection;

/// # Errors
/// Every outcome but an approved payment is a problem; its stock, where the order is over, is back by then.
pub async fn settle(
    db: &DatabaseConnection,
    idempotent: &IdempotentRequest,
    reservation: &Reservation,
    outcome: Outcome,
    now: i64,
) -> Result<()> {
    match outcome {
        Outcome::Approved => approve(db, idempotent, reservation, now).await,
        Outcome::Declined => {
            decline(db, idempotent, reservation, now).await?;
            Err(problems::declined())
        }
        Outcome::AuthenticationRequired { challenge } => {
            let order_id = Some(reservation.order_id);
            attempts::advance(db, idempotent, State::Authenticating, order_id, now).await?;
            Err(problems::authentication_required(challenge))
        }
        Outcome::Unavailable => {
            // Forgotten as if it had never been sent, so that the same request may try again.
            if let Some(attempt) = attempts::find(db, idempotent).await? {
                reserve::release(db, &attempt).await?;
            }
            Err(problems::payment_unavailable())
        }
    }
}

async fn approve(
    db: &DatabaseConnection,
    idempotent: &IdempotentRequest,
    reservation: &Reservation,
    now: i64,
) -> Result<()> {
    let order_id = reservation.order_id;
    let transaction = db::begin_write(db).await?;
    // Attempt, cart, order: whoever reserves, gives back or deletes the account locks them in this order too.
    attempts::advance(&transaction, idempotent, State::Placed, Some(order_id), now).await?;
    let bought = orders::taken(&transaction, order_id).await?;
    cart::take_out(&transaction, idempotent.cart_id, &bought, now).await?;
    if !orders::mark_placed(&transaction, order_id, now).await? {
        return Err(problems::reservation_lost());
    }
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
    attempts::advance(&transaction, idempotent, State::Declined, None, now).await?;
    let taken = orders::remove_reserved(&transaction, reservation.order_id).await?;
    catalog::return_stock(&transaction, &taken).await?;
    transaction.commit().await?;
    Ok(())
}
