//! The demo's customers and their past orders, priced by the same rules as new ones.

use crate::{
    Result,
    account::addresses,
    cart::Line,
    catalog::{self, Offer, entity::variant},
    checkout::price,
    customers::{self, Identity},
    orders::{self, NewOrder, Status},
    reviews,
};
use anyhow::Context as _;
use sea_orm::{DatabaseTransaction, EntityTrait as _};
use shared::{
    checkout::{Address, CardBrand, DeliveryMethod, PaymentSummary, country},
    orders::{OrderStatus, fulfilment},
    reviews::WriteReview,
};

const HOUR: i64 = 60 * 60 * 1000;
const DAY: i64 = 24 * HOUR;

/// How long ago they signed in first: before they ordered anything.
const CUSTOMER_FOR: i64 = 600 * DAY;

/// Items that cost more than this, in cents, are bought one at a time.
const DEAR: i64 = 4_000;

struct Person {
    subject: &'static str,
    name: &'static str,
    street: &'static str,
    postcode: &'static str,
    city: &'static str,
    country: &'static str,
    card: (CardBrand, &'static str),
    /// Where in the catalogue their shopping begins.
    taste: usize,
    /// The newest first.
    orders: &'static [Past],
}

/// What became of an order.
enum Past {
    /// It is on its way, and as far as this.
    Open(OrderStatus),
    /// It was placed so many days ago.
    Delivered(i64),
    Cancelled(i64),
}

/// What they say of what arrived, in turn: of the first product of every second order, so that others wait for them.
const SAID: [(u8, &str); 5] = [
    (5, "Even nicer than in the picture. We use it every day."),
    (
        4,
        "Well made, and it arrived a day early. One star off for the box, which was twice as big as it had to be.",
    ),
    (5, "I bought a second one as a present."),
    (3, "Does what it should. I had expected it a little larger."),
    (4, ""),
];

const PEOPLE: [Person; 2] = [
    Person {
        subject: "ada",
        name: "Ada Lovelace",
        street: "Torstraße 1",
        postcode: "10115",
        city: "Berlin",
        country: "DE",
        card: (CardBrand::Visa, "4242"),
        taste: 12,
        orders: &[
            Past::Open(OrderStatus::Placed),
            Past::Open(OrderStatus::Packed),
            Past::Open(OrderStatus::Shipped),
            Past::Delivered(23),
            Past::Delivered(51),
            Past::Cancelled(84),
            Past::Delivered(122),
            Past::Delivered(170),
            Past::Delivered(221),
            Past::Delivered(287),
            Past::Delivered(355),
            Past::Cancelled(432),
            Past::Delivered(540),
        ],
    },
    Person {
        subject: "grace",
        name: "Grace Hopper",
        street: "Damrak 12",
        postcode: "1012 LG",
        city: "Amsterdam",
        country: "NL",
        card: (CardBrand::Mastercard, "4444"),
        taste: 30,
        orders: &[Past::Open(OrderStatus::Shipped), Past::Delivered(97)],
    },
];

pub async fn fill(transaction: &DatabaseTransaction, issuer: &str, now: i64) -> Result<()> {
    let variants = variant::Entity::find().all(transaction).await?;
    let mut offers = catalog::offers(transaction, variants.into_iter().map(|row| row.id)).await?;
    offers.sort_by_key(|offer| offer.variant_id);
    if offers.is_empty() {
        return Ok(());
    }
    for person in &PEOPLE {
        let identity = Identity {
            issuer: issuer.to_owned(),
            subject: person.subject.to_owned(),
            name: person.name.to_owned(),
            email: Some(email(person)),
            email_verified: true,
        };
        let customer_id =
            customers::upsert(transaction, &identity, false, now - CUSTOMER_FOR).await?;
        addresses::insert(transaction, customer_id, address(person)).await?;
        for (index, past) in person.orders.iter().enumerate() {
            let order = order(person, customer_id, index, &offers)?;
            let history = past.history(order.delivery, now)?;
            let (Some(&(_, placed_at)), Some(&(status, at))) = (history.first(), history.last())
            else {
                continue;
            };
            let (id, _) = orders::insert(transaction, &order, status, placed_at).await?;
            orders::record_status(transaction, id, history).await?;
            if status == Status::Delivered && index % 2 == 0 {
                say(transaction, person, customer_id, index, &order, at + DAY).await?;
            }
        }
    }
    Ok(())
}

/// Nothing more of a product that they have reviewed already.
async fn say(
    transaction: &DatabaseTransaction,
    person: &Person,
    customer_id: i64,
    index: usize,
    order: &NewOrder,
    at: i64,
) -> Result<()> {
    let Some(line) = order.lines.first() else { return Ok(()) };
    let variant = variant::Entity::find_by_id(line.variant_id).one(transaction).await?;
    let product_id = variant.context("a variant that was just sold")?.product_id;
    let (rating, text) = SAID[index / 2 % SAID.len()];
    let review = WriteReview { rating, text: text.to_owned() };
    let author = reviews::author(person.name);
    reviews::write(transaction, product_id, customer_id, &author, &review, at).await?;
    Ok(())
}

fn email(person: &Person) -> String {
    format!("{}@example.com", person.subject)
}

fn address(person: &Person) -> Address {
    Address {
        full_name: person.name.to_owned(),
        street: person.street.to_owned(),
        postcode: person.postcode.to_owned(),
        city: person.city.to_owned(),
        country: person.country.to_owned(),
    }
}

fn order(person: &Person, customer_id: i64, index: usize, offers: &[Offer]) -> Result<NewOrder> {
    let country = country(person.country).context("a demo customer's country")?;
    let delivery = delivery(index);
    let priced = price(lines(index + person.taste, offers), delivery, country, None, 0)?;
    let (brand, last4) = person.card;
    Ok(NewOrder {
        customer_id: Some(customer_id),
        guest_hash: None,
        email: email(person),
        address: address(person),
        delivery,
        payment: PaymentSummary { brand, last4: last4.to_owned() },
        lines: priced.lines,
        delivery_vat_rate: priced.delivery_vat_rate,
        totals: priced.totals,
        promotion_code: None,
    })
}

/// One in four is in a hurry; none of those that are on their way.
const fn delivery(index: usize) -> DeliveryMethod {
    if index % 4 == 3 { DeliveryMethod::Express } else { DeliveryMethod::Standard }
}

/// One to four products, spread over the catalogue by steps that share no divisor with its length often.
fn lines(seed: usize, offers: &[Offer]) -> Vec<Line> {
    let mut lines: Vec<Line> = Vec::new();
    for step in 0..=seed % 4 {
        let offer = &offers[(seed * 37 + step * 59) % offers.len()];
        if lines.iter().all(|line| line.offer.slug != offer.slug) {
            let quantity = if offer.price.minor > DEAR || step % 2 == 0 { 1 } else { 2 };
            lines.push(Line { offer: offer.clone(), quantity });
        }
    }
    lines
}

impl Past {
    /// What the order has been through, from its placing on.
    fn history(&self, delivery: DeliveryMethod, now: i64) -> Result<Vec<(Status, i64)>> {
        let placed_at = match self {
            Self::Open(status) => placed_to_be(*status, delivery, now)?,
            Self::Delivered(days) | Self::Cancelled(days) => now - days * DAY - days % 7 * HOUR,
        };
        let placed = (Status::Placed, placed_at);
        if let Self::Cancelled(_) = self {
            return Ok(vec![placed, (Status::Cancelled, placed_at + 2 * HOUR)]);
        }
        let steps = fulfilment::due(OrderStatus::Placed, placed_at, delivery, now);
        Ok(std::iter::once(placed).chain(steps.map(|step| (step.status.into(), step.at))).collect())
    }
}

/// When an order was placed, at the latest, that is so far now and stays so for an hour.
fn placed_to_be(status: OrderStatus, delivery: DeliveryMethod, now: i64) -> Result<i64> {
    let is_there = |placed_at: &i64| {
        [now, now + HOUR]
            .iter()
            .all(|at| fulfilment::status_at(*placed_at, delivery, *at) == status)
    };
    let mut times = (1..14 * 24).map(|hours| now - hours * HOUR);
    Ok(times.find(is_there).context("an order is in each state for more than an hour")?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn at_every_hour_of_the_week_each_order_is_where_its_age_says_and_stays_there_for_an_hour() {
        for hour in 0..7 * 24 {
            let now = 1_795_000_000_000 + hour * HOUR;
            for (index, past) in PEOPLE.iter().flat_map(|person| person.orders.iter().enumerate()) {
                let delivery = delivery(index);
                let history = past.history(delivery, now).unwrap();
                let ((_, placed_at), (status, _)) = (history[0], *history.last().unwrap());
                let expected = match past {
                    Past::Open(status) => *status,
                    Past::Delivered(_) => OrderStatus::Delivered,
                    Past::Cancelled(_) => OrderStatus::Cancelled,
                };
                assert_eq!(status, Status::from(expected), "{hour} {index}");
                assert!(
                    history.is_sorted_by_key(|(_, at)| *at) && placed_at < now,
                    "{hour} {index}"
                );
                let due = fulfilment::due(expected, placed_at, delivery, now + HOUR);
                assert_eq!(due.count(), 0, "{hour} {index}");
            }
        }
    }
}
