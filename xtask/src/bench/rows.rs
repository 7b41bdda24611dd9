//! The rows: what is asked of whom, and what was promised of it.

use anyhow::{Context as _, Result};

use super::Effort;
use super::figures::{Figures, Promise};
use super::load::{Measured, Requests, add_to_cart, check_out, get};
use super::stand::Stand;
use crate::steps::Steps;

pub const STREAMS: &str = "memory per event stream";
pub const STARTS: &str = "start to ready";
pub const IDLE_MEMORY: &str = "memory, idle";
pub const BUSY_MEMORY: &str = "memory, after the load";
pub const STORES: [&str; 3] =
    ["session check, 1e3 sessions", "session check, 1e5 sessions", "session check, 1e6 sessions"];
pub const SWEEP_READ: &str = "sweeping 1e6 sessions, longest session check";
pub const SWEEP_WRITE: &str = "sweeping 1e6 sessions, longest add to cart";
const HALF_LOAD: &str = "gated orders at half load";

const ORDERS: &str = "gated orders";
const ADD_TO_CART: &str = "add to cart";
const CHECKOUT: &str = "checkout";
const PEER_ORDERS: &str = "peer: gated orders";
const PEER_HELLO: &str = "peer: hello";
const BARE_SESSION: &str = "bare actix, bytes of the session check";
const BARE_ORDERS: &str = "bare actix, bytes of the gated orders";

/// Orders in a round: more than a machine places in two seconds, or a round that ends when they are placed.
const CHECKOUTS: usize = 4000;

/// Name, what it is held against, and the promise.
struct Row {
    name: &'static str,
    bare: &'static str,
    peer: &'static str,
    promise: Promise,
}

const fn row(name: &'static str, bare: &'static str, promise: Promise) -> Row {
    let peer = PEER_HELLO;
    Row { name, bare, peer, promise }
}

/// What the shop is held against.
const fn beside(name: &'static str, bare: &'static str) -> Row {
    Row { name, bare, peer: "", promise: Promise::None }
}

const ROWS: [Row; 13] = [
    Row {
        name: ORDERS,
        bare: BARE_ORDERS,
        peer: PEER_ORDERS,
        promise: Promise::TimesThePeer(10.0),
    },
    row("session check", BARE_SESSION, Promise::ShareOfBare(0.6)),
    row("anonymous session", BARE_SESSION, Promise::ShareOfBare(0.6)),
    row("catalogue list", BARE_ORDERS, Promise::ShareOfBare(0.6)),
    row("search", BARE_ORDERS, Promise::None),
    row("product", BARE_ORDERS, Promise::None),
    row("page", BARE_ORDERS, Promise::None),
    row(ADD_TO_CART, BARE_SESSION, Promise::None),
    row(CHECKOUT, BARE_SESSION, Promise::None),
    beside(BARE_SESSION, ""),
    beside(BARE_ORDERS, ""),
    beside(PEER_ORDERS, BARE_ORDERS),
    beside(PEER_HELLO, BARE_SESSION),
];

pub fn names() -> Vec<&'static str> {
    let rows = ROWS.iter().map(|row| row.name);
    let others = [HALF_LOAD, STREAMS, STARTS, IDLE_MEMORY, BUSY_MEMORY, SWEEP_READ, SWEEP_WRITE];
    rows.chain(others).chain(STORES).collect()
}

pub fn any_is_called(name: &str) -> bool {
    names().into_iter().any(|row| is_called(row, name))
}

/// Whether a row was asked for.
pub fn is_called(row: &str, name: &str) -> bool {
    row.contains(name)
}

/// What rows that were asked for are held against is measured with them.
fn is_wanted(row: &Row, name: &str) -> bool {
    let needs_it = |other: &&Row| {
        is_called(other.name, name) && (other.bare == row.name || other.peer == row.name)
    };
    is_called(row.name, name)
        || ROWS.iter().any(|other| needs_it(&other))
        || (row.name == ORDERS && is_called(HALF_LOAD, name))
}

pub fn measure(
    steps: &mut Steps,
    stand: &Stand,
    effort: Effort,
    name: &str,
    figures: &mut Figures,
) -> Result<()> {
    let wanted: Vec<_> = ROWS.iter().filter(|row| is_wanted(row, name)).collect();
    for round in 1..=effort.rounds {
        if wanted.is_empty() {
            break;
        }
        steps.run(&format!("Round {round} of {}", effort.rounds), |step| -> Result<()> {
            for row in &wanted {
                step.note(row.name);
                let measured = stand
                    .load
                    .measure(&requests(stand, row.name, round)?, effort.round, None)
                    .with_context(|| row.name)?;
                figures.add(row.name, measured);
                if row.name == ORDERS && is_called(HALF_LOAD, name) {
                    figures.add(HALF_LOAD, at_half_load(stand, effort, measured)?);
                }
            }
            step.note("");
            Ok(())
        })?;
    }
    for row in wanted {
        figures.hold_against(row.name, row.bare, row.peer, row.promise);
    }
    if is_called(HALF_LOAD, name) {
        figures.hold_against(HALF_LOAD, "", "", Promise::P99Within(10.0));
    }
    Ok(())
}

fn at_half_load(stand: &Stand, effort: Effort, most: Measured) -> Result<Measured> {
    let half = Some(most.per_second / 2.0);
    stand.load.measure(&orders(stand), effort.round, half)
}

fn one(port: u16, path: &str, cookie: &str) -> Requests {
    Requests::of_a_reader(port, vec![get(port, path, cookie)])
}

fn orders(stand: &Stand) -> Requests {
    one(stand.surroundings.shop_port(), "/api/orders", &stand.customer)
}

fn requests(stand: &Stand, row: &str, round: usize) -> Result<Requests> {
    let shop = stand.surroundings.shop_port();
    Ok(match row {
        ORDERS => orders(stand),
        "session check" => one(shop, "/api/session", &stand.customer),
        "anonymous session" => one(shop, "/api/session", ""),
        "catalogue list" => one(shop, "/api/products", ""),
        "search" => one(shop, "/api/products?q=camera", ""),
        "product" => one(shop, "/api/products/retro-camera", ""),
        "page" => one(shop, "/", ""),
        ADD_TO_CART => {
            let texts = stand.guests.iter().map(|guest| add_to_cart(shop, guest)).collect();
            Requests::of_a_reader(shop, texts)
        }
        // Each of them orders once, then the cart is empty.
        CHECKOUT => {
            let guests = stand.load.open_guests(shop, CHECKOUTS)?;
            let texts = guests.iter().enumerate().map(|(number, guest)| {
                check_out(shop, guest, &format!("bench-{round}-{number}"), &stand.order)
            });
            Requests { port: shop, texts: texts.collect(), expect: 201, repeat: false }
        }
        BARE_SESSION => one(stand.bare_port, "/session", ""),
        BARE_ORDERS => one(stand.bare_port, "/orders", ""),
        PEER_ORDERS => one(stand.peer_port, "/orders", &stand.peer_customer),
        _ => one(stand.peer_port, "/hello", ""),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_brings_along_what_it_is_held_against() {
        let wanted = |name| {
            ROWS.iter().filter(|row| is_wanted(row, name)).map(|row| row.name).collect::<Vec<_>>()
        };
        let all = wanted("gated orders");
        for needed in [ORDERS, BARE_ORDERS, PEER_ORDERS] {
            assert!(all.contains(&needed), "{all:?}");
        }
        assert!(!all.contains(&"search"), "{all:?}");
        assert_eq!(wanted("start to"), [""; 0]);
        assert_eq!(wanted("").len(), ROWS.len());
    }

    #[test]
    fn no_two_rows_have_one_name() {
        let mut all = names();
        all.sort_unstable();
        all.dedup();
        assert_eq!(all.len(), names().len());
    }
}
