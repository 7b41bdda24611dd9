//! What a cart may hold, and what it costs.

use super::entity::cart;
use crate::{Error, Result, catalog::Offer};
use anyhow::Context as _;
use shared::{
    cart::{Cart, LineItem, MAX_ITEMS, MAX_LINE_ITEMS, MAX_QUANTITY, MergeReport},
    checkout::Change,
    ids::{OrderNumber, Sku},
    money::Money,
    problem::{Problem, kinds},
};

/// One line item with the offer as it is now.
#[derive(Clone, Debug)]
pub struct Line {
    pub offer: Offer,
    /// 1 to `MAX_QUANTITY`
    pub quantity: u32,
}

/// Why a line item cannot be as it was asked for.
#[derive(Debug, PartialEq, Eq)]
pub enum Refusal {
    /// Not from 1 to `MAX_QUANTITY`.
    Quantity,
    /// The cart holds `MAX_LINE_ITEMS` others.
    Full,
    /// Together with what the cart holds it would be more than `MAX_QUANTITY`.
    TooMany {
        held: u32,
    },
    /// The cart would hold more than `MAX_ITEMS`.
    Crowded {
        count: u32,
    },
    Short {
        wanted: u32,
        held: u32,
    },
}

/// The quantity of a line item after `more` items were added.
pub fn add(lines: &[Line], offer: &Offer, more: u32) -> Result<u32, Refusal> {
    check_quantity(more)?;
    let held = held(lines, offer);
    if held == 0 && lines.len() >= MAX_LINE_ITEMS {
        return Err(Refusal::Full);
    }
    let wanted = held.saturating_add(more);
    if wanted > offer.stock {
        return Err(Refusal::Short { wanted, held });
    }
    if wanted > MAX_QUANTITY {
        return Err(Refusal::TooMany { held });
    }
    check_count(lines, more)?;
    Ok(wanted)
}

/// The quantity of a line item that is set to `wanted`.
pub fn set(lines: &[Line], offer: &Offer, wanted: u32) -> Result<u32, Refusal> {
    check_quantity(wanted)?;
    if wanted > offer.stock {
        return Err(Refusal::Short { wanted, held: held(lines, offer) });
    }
    check_count(lines, wanted.saturating_sub(held(lines, offer)))?;
    Ok(wanted)
}

fn check_quantity(quantity: u32) -> Result<(), Refusal> {
    if (1..=MAX_QUANTITY).contains(&quantity) { Ok(()) } else { Err(Refusal::Quantity) }
}

fn check_count(lines: &[Line], more: u32) -> Result<(), Refusal> {
    let count = count(lines);
    let fits = more == 0 || count.saturating_add(more) <= MAX_ITEMS;
    if fits { Ok(()) } else { Err(Refusal::Crowded { count }) }
}

fn count(lines: &[Line]) -> u32 {
    lines.iter().map(|line| line.quantity).fold(0, u32::saturating_add)
}

pub fn held(lines: &[Line], offer: &Offer) -> u32 {
    let line = lines.iter().find(|line| line.offer.variant_id == offer.variant_id);
    line.map_or(0, |line| line.quantity)
}

impl Refusal {
    pub fn of(self, offer: &Offer) -> Error {
        let name = offer.full_name();
        match self {
            Self::Quantity => {
                Error::field("quantity", format!("Choose from 1 to {MAX_QUANTITY} items."))
            }
            Self::Full => {
                let message = format!(
                    "The cart holds {MAX_LINE_ITEMS} different products, and no more fit. Remove one first."
                );
                Error::field("sku", message)
            }
            Self::TooMany { held } => {
                let message = format!(
                    "At most {MAX_QUANTITY} of {name} fit into the cart, which holds {held}."
                );
                Error::field("quantity", message)
            }
            Self::Crowded { count } => {
                let message = format!(
                    "At most {MAX_ITEMS} items fit into a cart, and yours holds {count}. Order those first, or take something out."
                );
                Error::field("quantity", message)
            }
            Self::Short { wanted, held } => {
                let left = match offer.stock {
                    0 => format!("{name} is sold out."),
                    1 => format!("Only one of {name} is left."),
                    left => format!("Only {left} of {name} are left."),
                };
                let cart = match held {
                    0 => String::new(),
                    held => format!(" Your cart holds {held}."),
                };
                let detail = format!("{left}{cart} Nothing was changed.");
                let mut problem =
                    Problem::new(kinds::OUT_OF_STOCK, "Not enough in stock", 409, detail);
                problem.changes = vec![Change::Short { name, wanted, available: offer.stock }];
                problem.into()
            }
        }
    }
}

/// The quantities that the customer's cart takes from a guest's, by variant, and what to tell of it.
///
/// What the customer's cart held stays, even where stock has fallen below it; the guest's items join as far
/// as stock and the cart's limits allow.
pub fn merge(own: &[Line], guest: &[Line]) -> (Vec<(i64, u32)>, MergeReport) {
    let mut quantities = Vec::new();
    let mut report = MergeReport::default();
    let mut free = MAX_LINE_ITEMS.saturating_sub(own.len());
    let mut left = MAX_ITEMS.saturating_sub(count(own));
    for line in guest {
        let offer = &line.offer;
        let held = held(own, offer);
        let wanted = held.saturating_add(line.quantity);
        let room = if held > 0 || free > 0 { offer.stock.min(MAX_QUANTITY) } else { 0 };
        let quantity = wanted.min(room).min(held.saturating_add(left)).max(held);
        if quantity > held {
            quantities.push((offer.variant_id, quantity));
            report.added += 1;
            left = left.saturating_sub(quantity - held);
            free = free.saturating_sub(usize::from(held == 0));
        }
        if quantity < wanted {
            report.capped.push(offer.full_name());
        }
    }
    (quantities, report)
}

/// The cart as its shopper sees it.
///
/// # Errors
/// A total leaves the range of `i64`, which the database's limits rule out.
pub fn view(lines: Vec<Line>, merged: Option<MergeReport>) -> Result<Cart> {
    let items = lines.into_iter().map(line_item).collect::<Result<Vec<_>>>()?;
    let count = items.iter().map(|item| item.quantity).fold(0, u32::saturating_add);
    Ok(Cart { count, subtotal: subtotal(&items)?, items, merged, placed: None, promotion: None })
}

/// How long the order that was a cart's last change is told.
const TOLD: i64 = 60 * 60 * 1000;

/// The order that was placed of this cart lately.
pub fn placed_lately(cart: &cart::Model, now: i64) -> Result<Option<OrderNumber>> {
    let placed = cart.placed_order.as_deref().filter(|_| now - cart.changed_at < TOLD);
    Ok(placed.map(str::parse).transpose().context("an order's number")?)
}

/// So many items of a line of this cart, in words: "2 × Stoneware Teacup (Sage)".
pub fn describe(cart: &Cart, sku: &Sku, quantity: u32) -> String {
    let item = cart.items.iter().find(|item| item.sku == *sku);
    let name = item.map_or_else(|| sku.to_string(), LineItem::full_name);
    format!("{quantity} × {name}")
}

pub fn line_item(line: Line) -> Result<LineItem> {
    let Line { offer, quantity } = line;
    Ok(LineItem {
        total: offer.price.times(quantity).context("a line item's total leaves the range")?,
        sku: offer.sku,
        slug: offer.slug,
        name: offer.name,
        options: offer.options.0,
        picture: offer.picture,
        unit_price: offer.price,
        quantity,
        available: offer.stock.min(MAX_QUANTITY),
    })
}

fn subtotal(items: &[LineItem]) -> Result<Money> {
    let total = items.iter().try_fold(Money::ZERO, |sum, item| sum.checked_add(item.total));
    Ok(total.context("a cart's subtotal leaves the range")?)
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::catalog::entity::{Options, Vat};
    use proptest::{collection::vec, prelude::*};
    use std::collections::BTreeMap;

    pub(crate) fn offer(variant_id: i64, price: i64, stock: u32) -> Offer {
        Offer {
            variant_id,
            sku: format!("SKU-{variant_id}").parse().unwrap(),
            slug: format!("product-{variant_id}").parse().unwrap(),
            name: format!("Product {variant_id}"),
            options: Options::default(),
            picture: "/pictures/1f375.webp".into(),
            price: Money::eur(price),
            vat: Vat::Standard,
            stock,
        }
    }

    pub(crate) fn line(variant_id: i64, price: i64, stock: u32, quantity: u32) -> Line {
        Line { offer: offer(variant_id, price, stock), quantity }
    }

    #[test]
    fn items_add_up_within_the_limits() {
        let held = [line(1, 100, 200, 90)];
        assert_eq!(add(&held, &offer(1, 100, 200), 9), Ok(99));
        assert_eq!(add(&held, &offer(1, 100, 200), 10), Err(Refusal::TooMany { held: 90 }));
        assert_eq!(add(&[], &offer(2, 100, 200), 99), Ok(99));
        for quantity in [0, 100, u32::MAX] {
            assert_eq!(add(&held, &offer(2, 100, 200), quantity), Err(Refusal::Quantity));
            assert_eq!(set(&held, &offer(1, 100, 200), quantity), Err(Refusal::Quantity));
        }
    }

    #[test]
    fn stock_limits_what_is_held_and_added_together() {
        let held = [line(1, 100, 3, 2)];
        assert_eq!(add(&held, &offer(1, 100, 3), 1), Ok(3));
        assert_eq!(add(&held, &offer(1, 100, 3), 2), Err(Refusal::Short { wanted: 4, held: 2 }));
        assert_eq!(set(&held, &offer(1, 100, 3), 3), Ok(3));
        assert_eq!(set(&held, &offer(1, 100, 3), 4), Err(Refusal::Short { wanted: 4, held: 2 }));
    }

    #[test]
    fn a_cart_holds_a_hundred_items_in_all() {
        let held = [line(1, 100, 200, 60), line(2, 100, 200, 30)];
        assert_eq!(add(&held, &offer(3, 100, 200), 10), Ok(10));
        assert_eq!(add(&held, &offer(3, 100, 200), 11), Err(Refusal::Crowded { count: 90 }));
        assert_eq!(add(&held, &offer(2, 100, 200), 11), Err(Refusal::Crowded { count: 90 }));
        assert_eq!(set(&held, &offer(2, 100, 200), 40), Ok(40));
        assert_eq!(set(&held, &offer(2, 100, 200), 41), Err(Refusal::Crowded { count: 90 }));
        assert_eq!(set(&held, &offer(2, 100, 200), 1), Ok(1));
    }

    #[test]
    fn a_full_cart_takes_more_of_what_it_holds_and_nothing_else() {
        let full: Vec<Line> = (0..50).map(|id| line(id, 100, 10, 1)).collect();
        assert_eq!(add(&full, &offer(7, 100, 10), 1), Ok(2));
        assert_eq!(add(&full, &offer(50, 100, 10), 1), Err(Refusal::Full));
    }

    #[test]
    fn carts_merge_to_sums_capped_by_stock_and_told() {
        let own = [line(1, 100, 10, 2), line(2, 100, 3, 2)];
        let guest =
            [line(1, 100, 10, 3), line(2, 100, 3, 2), line(3, 100, 0, 1), line(4, 100, 9, 4)];
        let (quantities, report) = merge(&own, &guest);
        assert_eq!(quantities, [(1, 5), (2, 3), (4, 4)]);
        assert_eq!(report.added, 3);
        assert_eq!(report.capped, ["Product 2", "Product 3"]);
    }

    #[test]
    fn a_merge_never_takes_from_the_customers_own_cart() {
        let (quantities, report) = merge(&[line(1, 100, 1, 5)], &[line(1, 100, 1, 1)]);
        assert_eq!(quantities, []);
        assert_eq!(report.capped, ["Product 1"]);
    }

    #[test]
    fn a_merge_stays_within_the_carts_limits() {
        let own: Vec<Line> = (0..49).map(|id| line(id, 100, 200, 1)).collect();
        let guest = [line(0, 100, 200, 20), line(100, 100, 200, 1), line(101, 100, 200, 1)];
        let (quantities, report) = merge(&own, &guest);
        assert_eq!(quantities, [(0, 21), (100, 1)]);
        assert_eq!(report.capped, ["Product 101"]);

        let (own, guest) = ([line(1, 100, 200, 90)], [line(2, 100, 200, 8), line(1, 100, 200, 5)]);
        let (quantities, report) = merge(&own, &guest);
        assert_eq!(quantities, [(2, 8), (1, 92)]);
        assert_eq!(report.capped, ["Product 1"]);
    }

    #[test]
    fn totals_are_the_sum_of_the_lines_and_never_wrap() {
        let cart = view(vec![line(1, 1_890, 50, 3), line(2, 4_990, 200, 1)], None).unwrap();
        assert_eq!(cart.count, 4);
        assert_eq!(cart.subtotal, Money::eur(10_660));
        assert_eq!(cart.items[1].available, 99);
        assert!(view(vec![line(1, i64::MAX, 9, 2)], None).is_err());
        assert!(view(vec![line(1, i64::MAX, 9, 1), line(2, 1, 9, 1)], None).is_err());
    }

    /// Of each variant: the stock, what the customer's cart holds of it, what the guest's does.
    fn two_carts() -> impl Strategy<Value = Vec<(u32, u32, u32)>> {
        (1..=20_u32).prop_flat_map(|most| vec((0..=120_u32, 0..=most, 0..=most), 0..70))
    }

    proptest! {
        #[test]
        fn a_merge_loses_nothing_untold_and_keeps_every_limit(variants in two_carts()) {
            let variants: Vec<_> = (0..).zip(variants).collect();
            let cart = |quantity: fn((u32, u32, u32)) -> u32| -> Vec<Line> {
                let lines = variants.iter().map(|(id, of)| line(*id, 100, of.0, quantity(*of)));
                lines.filter(|line| line.quantity > 0).collect()
            };
            let (own, guest) = (cart(|of| of.1), cart(|of| of.2));
            let (changed, report) = merge(&own, &guest);
            let mut merged: BTreeMap<i64, u32> =
                own.iter().map(|line| (line.offer.variant_id, line.quantity)).collect();
            merged.extend(changed.iter().copied());

            for (id, (stock, own, guest)) in &variants {
                let quantity = merged.get(id).copied().unwrap_or_default();
                prop_assert!((*own..=own + guest).contains(&quantity));
                prop_assert!(quantity <= (*stock).min(MAX_QUANTITY).max(*own));
                let told = report.capped.contains(&format!("Product {id}"));
                prop_assert_eq!(told, quantity < own + guest);
            }
            prop_assert!(merged.len() <= MAX_LINE_ITEMS.max(own.len()));
            prop_assert!(merged.values().sum::<u32>() <= MAX_ITEMS.max(count(&own)));
            prop_assert_eq!(report.added as usize, changed.len());
        }
    }
}
