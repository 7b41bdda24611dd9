//! What is known of an `Idempotency-Key`, and what that means for a request that brings it; and what is known of the
//! ones before it.

use super::entity::{
    State,
    checkout_attempt::{self, Column, Model},
};
use crate::{Result, cart, db};
use sea_orm::{
    ActiveValue::Set, ColumnTrait as _, ConnectionTrait, DatabaseTransaction, EntityTrait as _,
    QueryFilter as _, QueryOrder as _, QuerySelect as _, Select,
};

/// How long a request may talk to the payment provider. One that takes longer has died, and its reservation
/// is given back.
pub const PAYMENT: i64 = 60 * 1000;
/// How long a decision is remembered for requests that are sent again.
pub const REMEMBERED: i64 = 24 * 60 * 60 * 1000;
/// So many declined cards in a row, each within `PAUSE` of the one before, make a cart pause.
pub const DECLINED_IN_A_ROW: usize = 5;
pub const PAUSE: i64 = 15 * 60 * 1000;

/// A request to buy, as it is known when it is sent again.
#[derive(Clone, Debug)]
pub struct IdempotentRequest {
    pub cart_id: i64,
    pub key: String,
    pub content: String,
}

/// What a request does that meets an attempt with its key.
#[derive(Debug, PartialEq, Eq)]
pub enum Next {
    /// The key was used for something else.
    Refuse,
    /// It was placed already: the same answer again.
    Order(i64),
    /// It was declined already: the same answer again.
    Declined,
    /// The card's owner had to confirm: go on with this reserved order.
    Resume(i64),
    /// Another request is at it.
    Wait,
    /// Whoever was at it is gone.
    Release,
}

pub fn next(attempt: &Model, content: &str, now: i64) -> Next {
    if attempt.content != content {
        return Next::Refuse;
    }
    match (attempt.state, attempt.order_id) {
        (State::Placed, Some(order_id)) => Next::Order(order_id),
        (State::Declined, _) => Next::Declined,
        (State::Paying | State::Authenticating, _) if attempt.until <= now => Next::Release,
        (State::Authenticating, Some(order_id)) => Next::Resume(order_id),
        (State::Paying, Some(_)) => Next::Wait,
        (State::Placed | State::Authenticating | State::Paying, None) => Next::Release,
    }
}

/// For how long, in milliseconds, no card is asked about after these decisions, the newest first: whoever tries one
/// stolen card after the other gets no further here.
fn pause(decisions: &[Model], now: i64) -> Option<i64> {
    let last = decisions.get(..DECLINED_IN_A_ROW)?;
    let decided_at = |attempt: &Model| attempt.until - REMEMBERED;
    let in_a_row = last.iter().all(|attempt| attempt.state == State::Declined)
        && last.windows(2).all(|pair| decided_at(&pair[0]) - decided_at(&pair[1]) < PAUSE);
    let over = decided_at(last.first()?) + PAUSE;
    (in_a_row && now < over).then_some(over - now)
}

pub async fn find(
    db: &impl ConnectionTrait,
    idempotent: &IdempotentRequest,
) -> Result<Option<Model>> {
    let key = (idempotent.cart_id, idempotent.key.clone());
    Ok(checkout_attempt::Entity::find_by_id(key).one(db).await?)
}

/// Takes the key for this request. `false` when another one was faster.
pub async fn insert(
    transaction: &DatabaseTransaction,
    idempotent: &IdempotentRequest,
    now: i64,
) -> Result<bool> {
    let row = checkout_attempt::ActiveModel {
        cart_id: Set(idempotent.cart_id),
        key: Set(idempotent.key.clone()),
        content: Set(idempotent.content.clone()),
        state: Set(State::Paying),
        order_id: Set(None),
        until: Set(now + PAYMENT),
    };
    Ok(db::insert_new(transaction, row).await?)
}

/// Moves the attempt that this request pays for on.
pub async fn advance(
    db: &impl ConnectionTrait,
    idempotent: &IdempotentRequest,
    to: State,
    order_id: Option<i64>,
    until: i64,
) -> Result<()> {
    move_on(db, idempotent, State::Paying, to, order_id, until).await?;
    Ok(())
}

/// Goes on paying for an order that the card's owner had to confirm. `false` when another request was faster.
pub async fn resume(
    db: &impl ConnectionTrait,
    idempotent: &IdempotentRequest,
    order_id: i64,
    now: i64,
) -> Result<bool> {
    let (from, to) = (State::Authenticating, State::Paying);
    move_on(db, idempotent, from, to, Some(order_id), now + PAYMENT).await
}

async fn move_on(
    db: &impl ConnectionTrait,
    idempotent: &IdempotentRequest,
    from: State,
    to: State,
    order_id: Option<i64>,
    until: i64,
) -> Result<bool> {
    let moved = checkout_attempt::Entity::update_many()
        .set(checkout_attempt::ActiveModel {
            state: Set(to),
            order_id: Set(order_id),
            until: Set(until),
            ..Default::default()
        })
        .filter(Column::CartId.eq(idempotent.cart_id))
        .filter(Column::Key.eq(&idempotent.key))
        .filter(Column::State.eq(from));
    let moved = db::unless_locked(|| moved.clone().exec(db)).await?;
    Ok(moved.rows_affected == 1)
}

/// Forgets an attempt, if it is still as it was read.
pub async fn forget(transaction: &DatabaseTransaction, attempt: &Model) -> Result<bool> {
    let removed = checkout_attempt::Entity::delete_by_id((attempt.cart_id, attempt.key.clone()))
        .filter(Column::State.eq(attempt.state))
        .filter(Column::Until.eq(attempt.until))
        .exec(transaction)
        .await?;
    Ok(removed.rows_affected == 1)
}

/// Forgets what this cart's shopper began before and does not go on with, and answers its orders: whoever begins anew
/// does not compete with themselves, nor hold anything twice.
pub async fn forget_left(
    transaction: &DatabaseTransaction,
    cart_id: i64,
    now: i64,
) -> Result<Vec<i64>> {
    let mut orders = Vec::new();
    for attempt in holding(transaction, cart_id).await? {
        let is_left = attempt.state == State::Authenticating || attempt.until <= now;
        if is_left && forget(transaction, &attempt).await? {
            orders.extend(attempt.order_id);
        }
    }
    Ok(orders)
}

/// Attempts that hold items of this cart, or held some of one that has become part of it.
pub async fn holding(db: &impl ConnectionTrait, cart_id: i64) -> Result<Vec<Model>> {
    let orders = cart::held_orders(db, cart_id).await?;
    if orders.is_empty() {
        return Ok(Vec::new());
    }
    // In the order in which everybody locks them.
    let holding = in_flight().filter(Column::OrderId.is_in(orders)).order_by_asc(Column::OrderId);
    Ok(holding.all(db).await?)
}

/// For how long, in milliseconds, this cart pauses.
pub async fn paused(db: &impl ConnectionTrait, cart_id: i64, now: i64) -> Result<Option<i64>> {
    let decisions = checkout_attempt::Entity::find()
        .filter(Column::CartId.eq(cart_id))
        .filter(Column::State.is_in([State::Placed, State::Declined]))
        .order_by_desc(Column::Until)
        .limit(DECLINED_IN_A_ROW as u64)
        .all(db)
        .await?;
    Ok(pause(&decisions, now))
}

fn in_flight() -> Select<checkout_attempt::Entity> {
    checkout_attempt::Entity::find()
        .filter(Column::State.is_in([State::Paying, State::Authenticating]))
}

/// Attempts whose reservation is past its time: at most `limit`, after so many that were looked at.
pub async fn expired(
    db: &impl ConnectionTrait,
    now: i64,
    offset: u64,
    limit: u64,
) -> Result<Vec<Model>> {
    let expired = in_flight()
        .filter(Column::Until.lte(now))
        .order_by_asc(Column::Until)
        .order_by_asc(Column::CartId)
        .order_by_asc(Column::Key);
    Ok(expired.offset(offset).limit(limit).all(db).await?)
}

/// Forgets decisions that nobody asks for any more.
pub async fn forget_decided(db: &impl ConnectionTrait, now: i64) -> Result<()> {
    checkout_attempt::Entity::delete_many()
        .filter(Column::State.is_in([State::Placed, State::Declined]))
        .filter(Column::Until.lte(now))
        .exec(db)
        .await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn attempt(state: State, order_id: Option<i64>) -> Model {
        Model {
            cart_id: 1,
            key: "key".into(),
            content: "this".into(),
            state,
            order_id,
            until: 1_000,
        }
    }

    #[test]
    fn a_repeated_request_gets_the_answer_of_the_first() {
        assert_eq!(next(&attempt(State::Placed, Some(7)), "this", 0), Next::Order(7));
        assert_eq!(next(&attempt(State::Declined, None), "this", 0), Next::Declined);
        assert_eq!(next(&attempt(State::Authenticating, Some(7)), "this", 0), Next::Resume(7));
        assert_eq!(next(&attempt(State::Paying, Some(7)), "this", 0), Next::Wait);
    }

    #[test]
    fn a_key_stands_for_one_content_in_every_state() {
        for state in [State::Placed, State::Declined, State::Authenticating, State::Paying] {
            assert_eq!(next(&attempt(state, Some(7)), "that", 0), Next::Refuse, "{state:?}");
        }
    }

    #[test]
    fn a_reservation_past_its_time_is_given_back_and_a_decision_is_not() {
        for state in [State::Authenticating, State::Paying] {
            assert_eq!(
                next(&attempt(state, Some(7)), "this", 999),
                next(&attempt(state, Some(7)), "this", 0)
            );
            assert_eq!(next(&attempt(state, Some(7)), "this", 1_000), Next::Release, "{state:?}");
        }
        assert_eq!(next(&attempt(State::Placed, Some(7)), "this", 1_000), Next::Order(7));
    }

    #[test]
    fn five_declined_in_a_row_pause_a_cart_until_time_or_a_success_ends_it() {
        const MINUTE: i64 = 60 * 1000;
        // The newest first, by minutes.
        let decisions = |decided: &[(State, i64)]| -> Vec<Model> {
            let decided = decided.iter().map(|(state, minute)| Model {
                until: minute * MINUTE + REMEMBERED,
                ..attempt(*state, None)
            });
            decided.collect()
        };
        let no = State::Declined;
        let five = decisions(&[(no, 44), (no, 30), (no, 20), (no, 10), (no, 0)]);
        assert_eq!(pause(&five, 44 * MINUTE), Some(PAUSE));
        assert_eq!(pause(&five, 58 * MINUTE), Some(MINUTE));
        assert_eq!(pause(&five, 59 * MINUTE), None);
        assert_eq!(pause(&five[1..], 44 * MINUTE), None);
        let next = decisions(&[(no, 59), (no, 44), (no, 30), (no, 20), (no, 10)]);
        assert_eq!(pause(&next, 59 * MINUTE), None, "after a pause they are counted anew");
        let paid = decisions(&[(no, 4), (no, 3), (no, 2), (State::Placed, 1), (no, 0)]);
        assert_eq!(pause(&paid, 4 * MINUTE), None);
    }
}
