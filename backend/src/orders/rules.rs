//! What may be asked of a list of orders, and how rows become what a customer sees.

use super::entity::{Status, order, order_line, order_status};
use crate::{Error, Result, crypto};
use anyhow::Context as _;
use shared::{
    checkout::{Address, PaymentSummary, QuoteTotals},
    money::Money,
    orders::{MAX_QUERY, Order, OrderLine, OrderQuery, OrderSummary, StatusChange, VatShare},
    problem::{FieldError, Problem, kinds},
};
use std::collections::BTreeMap;

/// Every fault of the query, by field.
pub fn faults(query: &OrderQuery) -> Vec<FieldError> {
    let mut faults = Vec::new();
    if query.q.as_ref().is_some_and(|q| q.chars().count() > MAX_QUERY) {
        faults.push(FieldError::new("q", format!("Search with at most {MAX_QUERY} characters.")));
    }
    // PostgreSQL keeps no NUL in a text, and SQLite's LIKE ends its pattern there and finds everything.
    if query.q.as_ref().is_some_and(|q| q.contains(char::is_control)) {
        faults.push(FieldError::new("q", "Search with letters, digits and punctuation."));
    }
    if query.page == Some(0) {
        faults.push(FieldError::new("page", "Pages are counted from 1."));
    }
    faults
}

/// The pattern of `LIKE`, with `\` as its escape, that finds `q` anywhere; `None` when nothing is looked for.
pub fn pattern(q: &str) -> Option<String> {
    let q = q.trim().to_lowercase();
    let literal = q.replace('\\', r"\\").replace('%', r"\%").replace('_', r"\_");
    (!q.is_empty()).then(|| format!("%{literal}%"))
}

/// What a customer sees of a whole order.
pub fn view(
    row: order::Model,
    lines: Vec<order_line::Model>,
    history: &[order_status::Model],
    mailed: bool,
) -> Result<Order> {
    let status = row.status.shown().context("a reserved order is shown to nobody")?;
    Ok(Order {
        vat: vat(&row, &lines),
        email: row.email,
        address: Address {
            full_name: row.full_name,
            street: row.street,
            postcode: row.postcode,
            city: row.city,
            country: row.country,
        },
        delivery: row.delivery.parse().context("an order's delivery")?,
        payment: PaymentSummary {
            brand: row.card_brand.parse().context("an order's card")?,
            last4: row.card_last4,
        },
        items: lines.into_iter().map(line).collect::<Result<_>>()?,
        totals: QuoteTotals {
            subtotal: Money::eur(row.subtotal),
            discount: Money::eur(row.discount),
            delivery: Money::eur(row.delivery_price),
            tax: Money::eur(row.tax),
            total: Money::eur(row.total),
        },
        promotion_code: row.promotion_code,
        history: history.iter().filter_map(change).collect(),
        cancellable: status.is_cancellable(),
        in_account: row.customer_id.is_some(),
        mailed,
        summary: OrderSummary {
            number: row.number.parse().context("an order's number")?,
            placed_at: row.placed_at,
            status,
            total: Money::eur(row.total),
            count: row.item_count.max(0).unsigned_abs(),
            pictures: row.pictures.0,
            first_name: row.first_name,
        },
    })
}

/// VAT was rounded for each line when it was ordered, and stays as it was; what the lines leave of the order's is the
/// delivery's.
fn vat(order: &order::Model, lines: &[order_line::Model]) -> Vec<VatShare> {
    let of_lines: i64 = lines.iter().map(|line| line.tax).sum();
    let delivery = (order.delivery_vat_rate, order.delivery_price, order.tax - of_lines);
    let paid = |line: &order_line::Model| (line.vat_rate, line.total - line.discount, line.tax);
    let parts = lines.iter().map(paid).chain([delivery]);
    by_rate(parts.filter(|(_, gross, _)| *gross != 0))
}

/// Of rates, gross amounts and the VAT in them.
fn by_rate(parts: impl Iterator<Item = (i32, i64, i64)>) -> Vec<VatShare> {
    let mut sums = BTreeMap::<i32, (i64, i64)>::new();
    for (rate, gross, tax) in parts {
        let sum = sums.entry(rate).or_default();
        *sum = (sum.0 + gross, sum.1 + tax);
    }
    let share = |(rate, (gross, tax)): (i32, (i64, i64))| VatShare {
        rate: rate.max(0).unsigned_abs(),
        net: Money::eur(gross - tax),
        tax: Money::eur(tax),
        gross: Money::eur(gross),
    };
    sums.into_iter().rev().map(share).collect()
}

fn line(row: order_line::Model) -> Result<OrderLine> {
    Ok(OrderLine {
        sku: row.sku.parse().context("an order line's SKU")?,
        slug: row.slug.parse().context("an order line's slug")?,
        name: row.name,
        options: row.options.0,
        picture: row.picture,
        unit_price: Money::eur(row.unit_price),
        quantity: row.quantity.max(0).unsigned_abs(),
        total: Money::eur(row.total),
    })
}

fn change(row: &order_status::Model) -> Option<StatusChange> {
    Some(StatusChange { status: row.status.shown()?, at: row.at })
}

/// Whether two addresses are one, in any case. By their hashes, so that the time it takes says nothing of how much of an
/// address was right.
pub fn is_same_address(one: &str, other: &str) -> bool {
    crypto::fingerprint(&one.to_lowercase()) == crypto::fingerprint(&other.to_lowercase())
}

/// Why an order in this state is not cancelled now.
pub fn not_cancellable(status: Status) -> Error {
    let detail = match status {
        Status::Cancelled => "This order is cancelled already.",
        Status::Reserved | Status::Placed => {
            "This order was changed a moment ago. Reload the page to see where it is."
        }
        Status::Packed | Status::Shipped | Status::Delivered => {
            "This order is on its way already and cannot be cancelled any more. Send it back when it arrives."
        }
    };
    Problem::new(kinds::CONFLICT, "Not cancelled", 409, detail).into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::{collection::vec, prelude::*, sample::select};

    #[test]
    fn a_search_text_stands_for_itself() {
        assert_eq!(pattern(" Teacup "), Some("%teacup%".into()));
        assert_eq!(pattern(r"100%_\"), Some(r"%100\%\_\\%".into()));
        assert_eq!(pattern("  "), None);
    }

    #[test]
    fn an_invoices_rates_add_up_to_the_cent() {
        // Gross amounts whose VAT was rounded up, down and to the even neighbour.
        let parts = [(1900, 1_999, 319), (700, 999, 65), (700, 1, 0), (1900, 490, 78), (0, 250, 0)];
        let shares = by_rate(parts.into_iter());
        let share = |rate, net, tax, gross| VatShare {
            rate,
            net: Money::eur(net),
            tax: Money::eur(tax),
            gross: Money::eur(gross),
        };
        assert_eq!(
            shares,
            [share(1900, 2_092, 397, 2_489), share(700, 935, 65, 1_000), share(0, 250, 0, 250)]
        );
    }

    #[test]
    fn each_fault_names_its_field() {
        let query = OrderQuery { q: Some("x".repeat(MAX_QUERY + 1)), page: Some(0), status: None };
        let fields: Vec<String> = faults(&query).into_iter().map(|fault| fault.field).collect();
        assert_eq!(fields, ["q", "page"]);
        let query = OrderQuery { q: Some("tea\0".into()), ..OrderQuery::default() };
        assert_eq!(faults(&query).len(), 1);
        assert!(faults(&OrderQuery::default()).is_empty());
    }

    proptest! {
        #[test]
        fn the_shares_of_any_rates_add_up_to_what_they_were_made_of(
            parts in vec((select(&[0, 260, 700, 810, 1900]), 0..=10_000_000_i64), 0..=51),
        ) {
            let parts: Vec<_> = parts
                .into_iter()
                .map(|(rate, gross)| {
                    let tax = Money::eur(gross).tax_included(u32::try_from(rate).unwrap());
                    (rate, gross, tax.minor)
                })
                .collect();
            let shares = by_rate(parts.iter().copied());
            let sum = |amount: fn(&VatShare) -> Money| -> i64 {
                shares.iter().map(|share| amount(share).minor).sum()
            };
            prop_assert_eq!(sum(|share| share.gross), parts.iter().map(|part| part.1).sum::<i64>());
            prop_assert_eq!(sum(|share| share.tax), parts.iter().map(|part| part.2).sum::<i64>());
            prop_assert!(
                shares.iter().all(|share| share.net.checked_add(share.tax) == Some(share.gross))
            );
            prop_assert!(shares.is_sorted_by(|one, next| one.rate > next.rate));
        }
    }
}
