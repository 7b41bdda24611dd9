//! The demo's customers and their past orders, priced by the same rules as new ones.

use crate::{
    Result,
    cart::Line,
    catalog::{self, Offer, entity::variant},
    checkout::price,
    customers::{self, Identity},
    orders::{self, NewOrder, Status},
};
use anyhow::Context as _;
use sea_orm::{DatabaseTransaction, EntityTrait as _};
use shared::checkout::{Address, CardBrand, DeliveryMethod, PaymentSummary, country};

const HOUR: i64 = 60 * 60 * 1000;
const DAY: i64 = 24 * HOUR;

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
    /// How many days ago, and where the order is now.
    orders: &'static [(i64, Status)],
}

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
            (1, Status::Placed),
            (2, Status::Packed),
            (4, Status::Shipped),
            (23, Status::Delivered),
            (51, Status::Delivered),
            (84, Status::Cancelled),
            (122, Status::Delivered),
            (170, Status::Delivered),
            (221, Status::Delivered),
            (287, Status::Delivered),
            (355, Status::Delivered),
            (432, Status::Cancelled),
            (540, Status::Delivered),
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
        orders: &[(6, Status::Shipped), (97, Status::Delivered)],
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
        let oldest = person.orders.iter().map(|(days, _)| *days).max().unwrap_or_default();
        let identity = Identity {
            issuer: issuer.to_owned(),
            subject: person.subject.to_owned(),
            name: person.name.to_owned(),
            email: Some(email(person)),
            email_verified: true,
        };
        let customer_id =
            customers::upsert(transaction, &identity, false, now - (oldest + 1) * DAY).await?;
        for (index, (days, status)) in person.orders.iter().enumerate() {
            let placed_at = now - days * DAY - i64::try_from(index).unwrap_or_default() * HOUR / 3;
            let order = order(person, customer_id, index, &offers)?;
            let (id, _) = orders::insert(transaction, &order, *status, placed_at).await?;
            orders::record_status(transaction, id, history(*status, placed_at)).await?;
        }
    }
    Ok(())
}

fn email(person: &Person) -> String {
    format!("{}@example.com", person.subject)
}

fn order(person: &Person, customer_id: i64, index: usize, offers: &[Offer]) -> Result<NewOrder> {
    let country = country(person.country).context("a demo customer's country")?;
    let delivery = if index % 4 == 2 { DeliveryMethod::Express } else { DeliveryMethod::Standard };
    let priced = price(lines(index + person.taste, offers), delivery, country)?;
    let (brand, last4) = person.card;
    Ok(NewOrder {
        customer_id: Some(customer_id),
        guest_hash: None,
        email: email(person),
        address: Address {
            full_name: person.name.to_owned(),
            street: person.street.to_owned(),
            postcode: person.postcode.to_owned(),
            city: person.city.to_owned(),
            country: person.country.to_owned(),
        },
        delivery,
        payment: PaymentSummary { brand, last4: last4.to_owned() },
        lines: priced.lines,
        totals: priced.totals,
    })
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

/// What an order that is at `status` now has been through.
fn history(status: Status, placed_at: i64) -> Vec<(Status, i64)> {
    let way = [
        (Status::Placed, placed_at),
        (Status::Packed, placed_at + 17 * HOUR),
        (Status::Shipped, placed_at + 26 * HOUR),
        (Status::Delivered, placed_at + 3 * DAY + 4 * HOUR),
    ];
    match way.iter().position(|(step, _)| *step == status) {
        Some(last) => way[..=last].to_vec(),
        None => vec![way[0], (status, placed_at + 2 * HOUR)],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_order_has_been_through_every_step_before_its_own() {
        let steps =
            |status| history(status, 0).into_iter().map(|(step, _)| step).collect::<Vec<_>>();
        assert_eq!(steps(Status::Placed), [Status::Placed]);
        assert_eq!(steps(Status::Shipped), [Status::Placed, Status::Packed, Status::Shipped]);
        assert_eq!(steps(Status::Cancelled), [Status::Placed, Status::Cancelled]);
    }
}
