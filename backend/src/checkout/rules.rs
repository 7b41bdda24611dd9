//! What an order costs, what changed since the shopper looked, and whether two requests are one.

use crate::{
    Error, Result,
    cart::{Line, line_item, subtotal},
    crypto::SecretKey,
    orders::NewLine,
};
use actix_web::cookie::time::OffsetDateTime;
use anyhow::Context as _;
use hmac::Mac as _;
use shared::{
    cart::MAX_LINE_ITEMS,
    checkout::{
        Change, CheckoutRequest, Country, DeliveryMethod, Quote, QuoteTotals, Seen, tidy_text,
        validate,
    },
    ids::Sku,
    money::Money,
    problem::FieldError,
};
use std::collections::HashMap;

/// A cart with everything that its order costs.
#[derive(Clone, Debug)]
pub struct Priced {
    pub lines: Vec<NewLine>,
    /// In basis points.
    pub delivery_vat_rate: u32,
    pub totals: QuoteTotals,
}

impl Priced {
    pub fn quote(self) -> Quote {
        Quote { items: self.lines.into_iter().map(|line| line.item).collect(), totals: self.totals }
    }
}

/// How long a cart keeps items for a card's owner to confirm: what EMV 3-D Secure gives them at the least.
pub const HOLD: i64 = 5 * 60 * 1000;
/// How long after the first of them an unpaid cart may keep items anew.
const HOLD_AGAIN: i64 = 60 * 60 * 1000;

/// Since when a cart keeps items: since the first time, whatever was tried after it, until it has paid or time has
/// passed. Nobody keeps them from others by asking again.
pub fn held_since(first: Option<i64>, now: i64) -> i64 {
    first.filter(|first| now - first < HOLD_AGAIN).unwrap_or(now)
}

/// What is to be bought, in short: "3 items, €28.70".
pub fn describe(quote: &Quote) -> String {
    let count: u32 = quote.items.iter().map(|item| item.quantity).sum();
    let items = if count == 1 { "item" } else { "items" };
    format!("{count} {items}, {}", quote.totals.total)
}

/// Prices include VAT; how much of each is VAT depends on where it is delivered. It is rounded per line, and
/// delivery has the standard rate.
///
/// # Errors
/// A total leaves the range of `i64`, which the database's limits rule out.
pub fn price(lines: Vec<Line>, delivery: DeliveryMethod, country: &Country) -> Result<Priced> {
    let lines =
        lines.into_iter().map(|line| new_line(line, country)).collect::<Result<Vec<_>>>()?;
    let items: Vec<_> = lines.iter().map(|line| line.item.clone()).collect();
    let subtotal = subtotal(&items)?;
    let delivery = delivery.price(subtotal);
    let delivery_tax = delivery.tax_included(country.vat_standard);
    let tax =
        lines.iter().try_fold(delivery_tax, |sum, line| sum.checked_add(Money::eur(line.tax)));
    let totals = QuoteTotals {
        subtotal,
        delivery,
        tax: tax.context("an order's tax leaves the range")?,
        total: subtotal.checked_add(delivery).context("an order's total leaves the range")?,
    };
    Ok(Priced { lines, delivery_vat_rate: country.vat_standard, totals })
}

fn new_line(line: Line, country: &Country) -> Result<NewLine> {
    let vat_rate = line.offer.vat.rate(country);
    let variant_id = line.offer.variant_id;
    let item = line_item(line)?;
    Ok(NewLine { variant_id, tax: item.total.tax_included(vat_rate).minor, item, vat_rate })
}

/// The month (UTC) that a card's expiry is compared with.
fn year_and_month(at: i64) -> (i32, u32) {
    let at = OffsetDateTime::from_unix_timestamp(at / 1000).unwrap_or(OffsetDateTime::UNIX_EPOCH);
    (at.year(), u8::from(at.month()).into())
}

/// The request with its texts and its postcode tidied.
///
/// # Errors
/// Every fault of the form, by field.
pub fn check(mut request: CheckoutRequest, now: i64) -> Result<CheckoutRequest> {
    let mut faults = validate(&request, year_and_month(now));
    if request.seen.items.len() > MAX_LINE_ITEMS {
        faults.push(FieldError::new(
            "seen.items",
            format!("A cart holds at most {MAX_LINE_ITEMS} of them."),
        ));
    }
    if !faults.is_empty() {
        return Err(Error::validation(faults));
    }
    request.email = tidy_text(&request.email);
    request.address = request.address.tidy();
    Ok(request)
}

/// What was seen and is not in the cart any more.
pub fn gone<'a>(seen: &'a Seen, lines: &[Line]) -> Vec<&'a Sku> {
    let skus = seen.items.iter().map(|item| &item.sku);
    skus.filter(|sku| !lines.iter().any(|line| line.offer.sku == **sku)).collect()
}

/// Every difference between what the shopper agreed to and what is true now. `names` has those of what is gone.
pub fn changes(seen: &Seen, now: &Priced, names: &HashMap<Sku, String>) -> Vec<Change> {
    let mut changes = Vec::new();
    for NewLine { item, .. } in &now.lines {
        let name = || item.full_name();
        match seen.items.iter().find(|seen| seen.sku == item.sku) {
            None => changes.push(Change::Quantity { name: name(), seen: 0, now: item.quantity }),
            Some(seen) => {
                if seen.quantity != item.quantity {
                    changes.push(Change::Quantity {
                        name: name(),
                        seen: seen.quantity,
                        now: item.quantity,
                    });
                }
                if seen.unit_price != item.unit_price {
                    changes.push(Change::Price {
                        name: name(),
                        seen: seen.unit_price,
                        now: item.unit_price,
                    });
                }
            }
        }
    }
    for item in &seen.items {
        if !now.lines.iter().any(|line| line.item.sku == item.sku) {
            let name = names.get(&item.sku).cloned().unwrap_or_else(|| item.sku.to_string());
            changes.push(Change::Gone { name });
        }
    }
    if seen.total != now.totals.total {
        changes.push(Change::Total { seen: seen.total, now: now.totals.total });
    }
    changes
}

/// A keyed hash by which a repeated request is known: everything that was asked for, but not the card's
/// confirmation, which belongs to the same order. Keyed, since a plain hash of a card number is as good as
/// the number: there are few enough to try them all.
#[expect(clippy::expect_used, reason = "the request is plain data")]
pub fn content(secret: &SecretKey, request: &CheckoutRequest) -> String {
    let asked = CheckoutRequest { challenge: None, ..request.clone() };
    let mut mac = secret.mac("checkout content");
    mac.update(&serde_json::to_vec(&asked).expect("plain data"));
    hex::encode(mac.finalize().into_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::{
        Offer,
        entity::{Options, Vat},
    };
    use proptest::{collection::vec, prelude::*, sample::select};
    use shared::checkout::{Address, COUNTRIES, Card, SeenItem, country};

    fn line(id: i64, price: i64, quantity: u32, vat: Vat) -> Line {
        let offer = Offer {
            variant_id: id,
            sku: format!("SKU-{id}").parse().unwrap(),
            slug: format!("product-{id}").parse().unwrap(),
            name: format!("Product {id}"),
            options: Options::default(),
            picture: "/pictures/1f375.webp".into(),
            price: Money::eur(price),
            vat,
            stock: 99,
        };
        Line { offer, quantity }
    }

    fn priced(lines: Vec<Line>, delivery: DeliveryMethod, code: &str) -> Priced {
        price(lines, delivery, country(code).unwrap()).unwrap()
    }

    fn request() -> CheckoutRequest {
        CheckoutRequest {
            email: " ada@example.com ".into(),
            address: Address {
                full_name: " Ada\u{202e} Lovelace".into(),
                street: "Torstraße 1 ".into(),
                postcode: " 10115".into(),
                city: "Berlin".into(),
                country: "DE".into(),
            },
            delivery: DeliveryMethod::Standard,
            card: Card {
                number: "4242424242424242".into(),
                expiry: "04/31".into(),
                security_code: "123".into(),
            },
            seen: Seen { items: Vec::new(), total: Money::ZERO },
            challenge: None,
        }
    }

    #[test]
    fn vat_follows_country_and_kind_of_product_and_is_rounded_per_line() {
        let lines = || vec![line(1, 1_999, 1, Vat::Standard), line(2, 999, 1, Vat::Reduced)];
        let german = priced(lines(), DeliveryMethod::Standard, "DE").totals;
        // 19.99 × 19/119 = 3.19, 9.99 × 7/107 = 0.65, 4.90 × 19/119 = 0.78
        assert_eq!(german.tax, Money::eur(319 + 65 + 78));
        assert_eq!(german.total, Money::eur(1_999 + 999 + 490));
        let danish = priced(lines(), DeliveryMethod::Standard, "DK").totals;
        assert_eq!(danish.tax, Money::eur(400 + 200 + 98));
        assert_eq!(danish.total, german.total);
        // Outside of the EU, and where food and books have none: 19.99 × 20/120 = 3.33, 4.90 × 20/120 = 0.82
        let british = priced(lines(), DeliveryMethod::Standard, "GB").totals;
        assert_eq!(british.tax, Money::eur(333 + 82));
        // 19.99 × 8.1/108.1 = 1.50, 9.99 × 2.6/102.6 = 0.25, 4.90 × 8.1/108.1 = 0.37
        let swiss = priced(lines(), DeliveryMethod::Standard, "CH").totals;
        assert_eq!(swiss.tax, Money::eur(150 + 25 + 37));
    }

    #[test]
    fn delivery_is_free_from_fifty_euros_unless_it_is_express() {
        let totals =
            |price, delivery| priced(vec![line(1, price, 1, Vat::Standard)], delivery, "DE").totals;
        assert_eq!(totals(4_999, DeliveryMethod::Standard).total, Money::eur(4_999 + 490));
        assert_eq!(totals(5_000, DeliveryMethod::Standard).total, Money::eur(5_000));
        assert_eq!(totals(5_000, DeliveryMethod::Express).total, Money::eur(5_000 + 990));
    }

    #[test]
    fn a_total_past_the_range_is_refused() {
        let dear = vec![line(1, i64::MAX / 2, 3, Vat::Standard)];
        assert!(price(dear, DeliveryMethod::Express, country("DE").unwrap()).is_err());
    }

    #[test]
    fn what_the_shopper_saw_is_compared_with_what_is_true() {
        let now = priced(
            vec![
                line(1, 200, 2, Vat::Standard),
                line(2, 300, 1, Vat::Standard),
                line(3, 50, 1, Vat::Standard),
            ],
            DeliveryMethod::Standard,
            "DE",
        );
        let agreed = now.clone().quote().seen();
        assert_eq!(changes(&agreed, &now, &HashMap::new()), []);

        let seen = |id: i64, quantity, price| SeenItem {
            sku: format!("SKU-{id}").parse().unwrap(),
            quantity,
            unit_price: Money::eur(price),
        };
        let outdated = Seen {
            items: vec![seen(1, 1, 150), seen(2, 1, 300), seen(9, 1, 10)],
            total: Money::eur(1),
        };
        let names = HashMap::from([("SKU-9".parse().unwrap(), "Product 9".to_owned())]);
        assert_eq!(
            changes(&outdated, &now, &names),
            [
                Change::Quantity { name: "Product 1".into(), seen: 1, now: 2 },
                Change::Price {
                    name: "Product 1".into(),
                    seen: Money::eur(150),
                    now: Money::eur(200)
                },
                Change::Quantity { name: "Product 3".into(), seen: 0, now: 1 },
                Change::Gone { name: "Product 9".into() },
                Change::Total { seen: Money::eur(1), now: now.totals.total },
            ]
        );
    }

    #[test]
    fn a_time_has_its_year_and_month() {
        assert_eq!(year_and_month(0), (1970, 1));
        assert_eq!(year_and_month(951_782_400_000), (2000, 2)); // 2000-02-29
        assert_eq!(year_and_month(1_798_761_599_999), (2026, 12)); // 2026-12-31T23:59:59.999
        assert_eq!(year_and_month(1_798_761_600_000), (2027, 1));
    }

    #[test]
    fn a_cart_keeps_items_from_the_first_time_on_until_time_has_passed() {
        const MINUTE: i64 = 60 * 1000;
        assert_eq!(held_since(None, MINUTE), MINUTE);
        for asked_again in [MINUTE, 4 * MINUTE, 59 * MINUTE] {
            assert_eq!(held_since(Some(0), asked_again), 0);
        }
        assert_eq!(held_since(Some(0), 60 * MINUTE), 60 * MINUTE);
    }

    #[test]
    fn a_cards_expiry_is_judged_by_the_time_that_is_given() {
        let (last, next) = (1_798_761_599_999, 1_798_761_600_000); // The last of 2026, the first of 2027
        let card = Card { expiry: "12/26".into(), ..request().card };
        let request = CheckoutRequest { card, ..request() };
        assert!(check(request.clone(), last).is_ok());
        assert!(check(request, next).is_err());
    }

    #[test]
    fn a_postcode_is_ordered_to_in_the_form_of_its_country() {
        for (code, typed, ordered) in [
            ("DE", "d\u{2013}10115", "10115"),
            ("PL", "00001", "00-001"),
            ("NL", "1012ab", "1012 AB"),
        ] {
            let mut request = request();
            (request.address.country, request.address.postcode) = (code.into(), typed.into());
            assert_eq!(check(request, 0).unwrap().address.postcode, ordered);
        }
    }

    #[test]
    fn a_form_is_trimmed_and_its_faults_are_told_by_field() {
        let now = 1_795_000_000_000;
        let checked = check(request(), now).unwrap();
        assert_eq!(checked.email, "ada@example.com");
        assert_eq!(checked.address.full_name, "Ada Lovelace");
        let item = SeenItem { sku: "SKU-1".parse().unwrap(), quantity: 1, unit_price: Money::ZERO };
        let seen = Seen { items: vec![item; 51], total: Money::ZERO };
        let Err(Error::Problem(problem)) =
            check(CheckoutRequest { email: "ada".into(), seen, ..request() }, now)
        else {
            panic!("two faults");
        };
        let fields: Vec<&str> = problem.errors.iter().map(|fault| fault.field.as_str()).collect();
        assert_eq!((problem.status, fields), (422, vec!["email", "seen.items"]));
    }

    #[test]
    fn the_content_is_all_that_was_asked_for_and_not_the_confirmation() {
        let key = SecretKey::ephemeral();
        let hash = |request: &CheckoutRequest| content(&key, request);
        let confirmed = CheckoutRequest { challenge: Some("abc".into()), ..request() };
        assert_eq!(hash(&request()), hash(&confirmed));
        let express = CheckoutRequest { delivery: DeliveryMethod::Express, ..request() };
        assert_ne!(hash(&request()), hash(&express));
        let other_card = Card { number: "5555555555554444".into(), ..request().card };
        assert_ne!(hash(&request()), hash(&CheckoutRequest { card: other_card, ..request() }));
    }

    proptest! {
        #[test]
        fn the_parts_of_an_order_add_up_to_the_cent(
            goods in vec((1..=1_000_000_i64, 1..=99_u32, select(&[Vat::Standard, Vat::Reduced])), 1..=50),
            delivery in select(&[DeliveryMethod::Standard, DeliveryMethod::Express]),
            country in select(&COUNTRIES),
        ) {
            let lines = (1..).zip(&goods).map(|(id, (price, quantity, vat))| {
                line(id, *price, *quantity, *vat)
            });
            let Priced { lines, totals, .. } = price(lines.collect(), delivery, &country).unwrap();
            let subtotal: i64 = goods.iter().map(|(price, n, _)| price * i64::from(*n)).sum();
            prop_assert_eq!(totals.subtotal, Money::eur(subtotal));
            prop_assert_eq!(totals.total.minor, subtotal + totals.delivery.minor);
            let of_lines: i64 = lines.iter().map(|line| line.tax).sum();
            let of_delivery = totals.delivery.tax_included(country.vat_standard);
            prop_assert_eq!(totals.tax.minor, of_lines + of_delivery.minor);
            prop_assert!((0..=totals.total.minor).contains(&totals.tax.minor));
        }
    }
}
