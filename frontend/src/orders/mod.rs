//! "All Orders", and one order.

mod address_lines;
mod buy_again;
mod invoice;
mod order_contents;
mod order_page;
mod order_row;
mod orders_page;
mod query;
mod status;
mod totals;

pub use address_lines::AddressLines;
pub use order_contents::OrderContents;
pub use order_page::{OrderRoute, use_order_number};
pub use order_row::OrderRow;
pub use orders_page::OrdersRoute;
pub use totals::Totals;
