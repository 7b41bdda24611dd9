//! When an order moves on. The warehouse packs and hands over, the carrier delivers, each at its hour of a working day:
//! Monday to Friday, in UTC.

use super::{OrderStatus, StatusChange};
use crate::checkout::DeliveryMethod;

const HOUR: i64 = 60 * 60 * 1000;
const DAY: i64 = 24 * HOUR;

/// When an order that was placed then is packed, shipped and delivered: as `DeliveryMethod::days` promises.
fn plan(placed_at: i64, delivery: DeliveryMethod) -> [StatusChange; 3] {
    // On which working day after it was placed, and at which hour.
    let steps = match delivery {
        DeliveryMethod::Standard => [
            (OrderStatus::Packed, 1, 9),
            (OrderStatus::Shipped, 2, 16),
            (OrderStatus::Delivered, 3, 18),
        ],
        DeliveryMethod::Express => [
            (OrderStatus::Packed, 1, 6),
            (OrderStatus::Shipped, 1, 8),
            (OrderStatus::Delivered, 1, 15),
        ],
    };
    steps.map(|(status, working_days, hour)| StatusChange {
        status,
        at: working_day_after(placed_at, working_days) + hour * HOUR,
    })
}

/// What lies ahead of an order that is in this state: nothing, once it is delivered or cancelled.
pub fn ahead(
    status: OrderStatus,
    placed_at: i64,
    delivery: DeliveryMethod,
) -> impl Iterator<Item = StatusChange> {
    plan(placed_at, delivery).into_iter().filter(move |step| step.status > status)
}

/// What an order in this state should have gone through by now.
pub fn due(
    status: OrderStatus,
    placed_at: i64,
    delivery: DeliveryMethod,
    now: i64,
) -> impl Iterator<Item = StatusChange> {
    ahead(status, placed_at, delivery).filter(move |step| step.at <= now)
}

/// Where an order is that went its way since it was placed.
pub fn status_at(placed_at: i64, delivery: DeliveryMethod, now: i64) -> OrderStatus {
    let last = due(OrderStatus::Placed, placed_at, delivery, now).last();
    last.map_or(OrderStatus::Placed, |step| step.status)
}

/// When the first, second, … working day after this moment begins.
fn working_day_after(at: i64, count: u32) -> i64 {
    let mut day = at.div_euclid(DAY);
    for _ in 0..count {
        day += 1;
        while !is_working_day(day) {
            day += 1;
        }
    }
    day * DAY
}

/// By days since the Unix epoch, which began on a Thursday.
const fn is_working_day(day: i64) -> bool {
    const MONDAY: i64 = -3;
    (day - MONDAY).rem_euclid(7) < 5
}

#[cfg(test)]
mod tests {
    use super::*;
    use DeliveryMethod::{Express, Standard};
    use OrderStatus::{Cancelled, Delivered, Packed, Placed, Shipped};

    /// Monday, 2 November 2026.
    const MONDAY: i64 = 20_759;

    /// Days from that Monday, and the time of day.
    const fn at(day: i64, hour: i64, minute: i64) -> i64 {
        (MONDAY + day) * DAY + hour * HOUR + minute * HOUR / 60
    }

    fn times(placed_at: i64, delivery: DeliveryMethod) -> [i64; 3] {
        plan(placed_at, delivery).map(|step| step.at)
    }

    #[test]
    fn an_order_is_packed_shipped_and_delivered_on_working_days() {
        for (placed_at, delivery, expected) in [
            // Monday
            (at(0, 10, 0), Standard, [at(1, 9, 0), at(2, 16, 0), at(3, 18, 0)]),
            (at(0, 10, 0), Express, [at(1, 6, 0), at(1, 8, 0), at(1, 15, 0)]),
            // Thursday: the weekend does not count.
            (at(3, 23, 59), Standard, [at(4, 9, 0), at(7, 16, 0), at(8, 18, 0)]),
            (at(3, 23, 59), Express, [at(4, 6, 0), at(4, 8, 0), at(4, 15, 0)]),
            // Friday, Saturday, Sunday: from Monday on.
            (at(4, 0, 0), Express, [at(7, 6, 0), at(7, 8, 0), at(7, 15, 0)]),
            (at(5, 12, 0), Express, [at(7, 6, 0), at(7, 8, 0), at(7, 15, 0)]),
            (at(6, 23, 59), Standard, [at(7, 9, 0), at(8, 16, 0), at(9, 18, 0)]),
        ] {
            assert_eq!(times(placed_at, delivery), expected, "{placed_at} {delivery:?}");
        }
    }

    #[test]
    fn an_express_order_is_there_before_the_next_working_day_ends() {
        for hour in 0..14 * 24 {
            let placed_at = at(0, hour, 0);
            let [_, _, delivered] = times(placed_at, Express);
            assert!(delivered < working_day_after(placed_at, 1) + DAY, "{hour}");
            assert!(is_working_day(delivered.div_euclid(DAY)), "{hour}");
        }
    }

    /// What the shop's job goes by: it stops at the first order that is not due.
    #[test]
    fn no_order_overtakes_one_that_was_placed_before() {
        for delivery in [Standard, Express] {
            for hour in 0..14 * 24 {
                let (one, next) =
                    (times(at(0, hour, 0), delivery), times(at(0, hour + 1, 0), delivery));
                assert!(
                    one.iter().zip(next).all(|(one, next)| *one <= next),
                    "{hour} {delivery:?}"
                );
            }
        }
    }

    #[test]
    fn an_order_is_where_the_time_says() {
        let placed_at = at(0, 10, 0);
        for (now, expected) in [
            (placed_at, Placed),
            (at(1, 8, 59), Placed),
            (at(1, 9, 0), Packed),
            (at(2, 16, 0), Shipped),
            (at(3, 17, 59), Shipped),
            (at(3, 18, 0), Delivered),
            (at(400, 0, 0), Delivered),
        ] {
            assert_eq!(status_at(placed_at, Standard, now), expected, "{now}");
        }
    }

    #[test]
    fn what_was_missed_is_made_up_for_in_order_and_nothing_twice() {
        let due = |status, now| {
            let steps = due(status, at(0, 10, 0), Standard, now);
            steps.map(|step| step.status).collect::<Vec<_>>()
        };
        let later = at(30, 0, 0);
        assert_eq!(due(Placed, later), [Packed, Shipped, Delivered]);
        assert_eq!(due(Shipped, later), [Delivered]);
        assert_eq!(due(Packed, at(1, 10, 0)), []);
        for done in [Delivered, Cancelled] {
            assert_eq!(due(done, later), [], "{done:?}");
        }
    }
}
