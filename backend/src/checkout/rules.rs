//! What an order costs, what changed since the shopper looked, and whether two requests are one.

use crate::{
    Error, Result,
    cart::{Line, line_item},
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
    promotions::Promotion,
};
use std::collections::HashMap;

/// A cart with everything that its order costs.
#[derive(Clone, Debug)]
pub struct Priced {
    pub lines: Vec<NewLine>,
    /// In basis points.
    pub delivery_vat_rate: u32,
    pub totals: QuoteTotals,
    /// The code that counts.
    pub promotion_code: Option<String>,
}

impl Priced {
    pub fn quote(self) -> Quote {
        Quote {
            items: self.lines.into_iter().map(|line| line.item).collect(),
            totals: self.totals,
            promotion_code: self.promotion_code,
        }
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
/// delivery has the standard rate. A promotion that counts at this moment lowers what VAT is paid on: its discount is
/// spread over the lines in proportion to what they cost (Directive 2006/112/EC, article 79).
///
/// # Errors
/// A total leaves the range of `i64`, which the database's limits rule out.
pub fn price(
    lines: Vec<Line>,
    delivery: DeliveryMethod,
    country: &Country,
    promotion: Option<Promotion>,
    now: i64,
) -> Result<Priced> {
    let priced = lines.into_iter().map(|line| {
        let vat_rate = line.offer.vat.rate(country);
        Ok((line.offer.variant_id, vat_rate, line_item(line)?))
    });
    let priced = priced.collect::<Result<Vec<_>>>()?;
    let amounts: Vec<Money> = priced.iter().map(|(.., item)| item.total).collect();
    let subtotal = sum(amounts.iter().copied())?;
    let is_free = |it: &Promotion| it.frees_delivery() && delivery == DeliveryMethod::Standard;
    let counts = |it: &Promotion| {
        let is_for_this = is_free(it) || !it.frees_delivery();
        is_for_this && it.refusal(subtotal, now).is_none()
    };
    let promotion = promotion.filter(counts);
    let discount = promotion.as_ref().map_or(Money::ZERO, |it| it.discount(subtotal));
    let lines: Vec<NewLine> = priced
        .into_iter()
        .zip(discount.spread(&amounts))
        .map(|((variant_id, vat_rate, item), discount)| {
            let paid = less(item.total, discount);
            NewLine { variant_id, tax: paid.tax_included(vat_rate).minor, item, vat_rate, discount }
        })
        .collect();
    let is_free = promotion.as_ref().is_some_and(is_free);
    let delivery = if is_free { Money::ZERO } else { delivery.price(subtotal) };
    let delivery_tax = delivery.tax_included(country.vat_standard);
    let taxes = lines.iter().map(|line| Money::eur(line.tax));
    let totals = QuoteTotals {
        subtotal,
        discount,
        delivery,
        tax: sum(taxes.chain([delivery_tax]))?,
        total: sum([less(subtotal, discount), delivery])?,
    };
    Ok(Priced {
        lines,
        delivery_vat_rate: country.vat_standard,
        totals,
        promotion_code: promotion.map(|it| it.code),
    })
}

fn sum(amounts: impl IntoIterator<Item = Money>) -> Result<Money> {
    let sum = amounts.into_iter().try_fold(Money::ZERO, Money::checked_add);
    Ok(sum.context("an order's total leaves the range")?)
}

/// `taken` is not more than the amount.
fn less(amount: Money, taken: Money) -> Money {
    Money { minor: amount.minor - taken.minor, ..amount }
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
    if let Some(code) =
        seen.promotion_code.clone().filter(|it| now.promotion_code.as_ref() != Some(it))
    {
        changes.push(Change::Promotion { code });
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
    use proptest::prelude::*;
    use shared::{
        checkout::{Address, COUNTRIES, Card, SeenItem, country},
        promotions::Benefit,
    };

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
        price(lines, delivery, country(code).unwrap(), None, 0).unwrap()
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
            seen: Seen::default(),
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

    fn promotion(benefit: Benefit, minimum: i64) -> Promotion {
        Promotion { code: "CODE".into(), benefit, minimum: Money::eur(minimum), ends_at: None }
    }

    #[test]
    fn a_promotion_lowers_what_is_paid_and_the_vat_in_it() {
        let lines = || vec![line(1, 2_000, 1, Vat::Standard), line(2, 1_000, 1, Vat::Reduced)];
        let with = |benefit, minimum, delivery| {
            let promotion = Some(promotion(benefit, minimum));
            price(lines(), delivery, country("DE").unwrap(), promotion, 0).unwrap()
        };
        let tenth = with(Benefit::Percent(10), 3_000, DeliveryMethod::Standard);
        // 18.00 × 19/119 = 2.87, 9.00 × 7/107 = 0.59, 4.90 × 19/119 = 0.78
        assert_eq!(tenth.totals.discount, Money::eur(300));
        assert_eq!(tenth.totals.tax, Money::eur(287 + 59 + 78));
        assert_eq!(tenth.totals.total, Money::eur(3_000 - 300 + 490));
        assert_eq!(tenth.promotion_code.as_deref(), Some("CODE"));
        let all = with(Benefit::Amount(Money::eur(9_000)), 0, DeliveryMethod::Standard).totals;
        assert_eq!((all.total, all.tax), (Money::eur(490), Money::eur(78)));
        let below = with(Benefit::Percent(10), 3_001, DeliveryMethod::Standard);
        assert_eq!((below.totals.discount, below.promotion_code), (Money::ZERO, None));
        let delivered = |method| {
            let Priced { totals, promotion_code, .. } = with(Benefit::FreeDelivery, 0, method);
            (totals.delivery, promotion_code.is_some())
        };
        assert_eq!(delivered(DeliveryMethod::Standard), (Money::ZERO, true));
        assert_eq!(delivered(DeliveryMethod::Express), (Money::eur(990), false));
    }

    proptest! {
        #[test]
        fn no_order_loses_or_makes_a_cent(
            bought in prop::collection::vec((0..100_000_i64, 1..=99_u32, any::<bool>()), 1..12),
            off in prop_oneof![
                (1..=100_u32).prop_map(Benefit::Percent),
                (1..200_000_i64).prop_map(|minor| Benefit::Amount(Money::eur(minor))),
                Just(Benefit::FreeDelivery),
            ],
            country in prop::sample::select(&COUNTRIES[..]),
            is_express in any::<bool>(),
        ) {
            let lines = bought.iter().zip(1..).map(|((price, quantity, is_reduced), id)| {
                line(id, *price, *quantity, if *is_reduced { Vat::Reduced } else { Vat::Standard })
            });
            let method = if is_express { DeliveryMethod::Express } else { DeliveryMethod::Standard };
            let priced = price(lines.collect(), method, &country, Some(promotion(off, 0)), 0).unwrap();
            let QuoteTotals { subtotal, discount, delivery, tax, total } = priced.totals;
            prop_assert_eq!(total.minor, subtotal.minor - discount.minor + delivery.minor);
            prop_assert!((0..=subtotal.minor).contains(&discount.minor));
            let discounts: i64 = priced.lines.iter().map(|line| line.discount.minor).sum();
            prop_assert_eq!(discounts, discount.minor);
            let taxes: i64 = priced.lines.iter().map(|line| line.tax).sum();
            prop_assert_eq!(taxes + delivery.tax_included(country.vat_standard).minor, tax.minor);
            prop_assert!((0..=total.minor).contains(&tax.minor));
        }
    }

    #[test]
    fn a_total_past_the_range_is_refused() {
        let dear = vec![line(1, i64::MAX / 2, 3, Vat::Standard)];
        assert!(price(dear, DeliveryMethod::Express, country("DE").unwrap(), None, 0).is_err());
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
            promotion_code: Some("SUMMER25".into()),
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
                Change::Promotion { code: "SUMMER25".into() },
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
        let seen = Seen { items: vec![item; 51], ..Seen::default() };
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
}
