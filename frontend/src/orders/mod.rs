//! "All Orders", one order, and a guest's order that is found.

mod address_lines;
mod buy_again;
mod find_order_page;
mod guest_order_page;
mod invoice;
mod keep_order;
mod order_contents;
mod order_page;
mod order_row;
mod order_view;
mod orders_page;
mod query;
mod status;
mod totals;
mod visible_order;

pub use address_lines::AddressLines;
pub use find_order_page::FindOrderRoute;
pub use guest_order_page::GuestOrderRoute;
pub use keep_order::KeepOrder;
pub use order_contents::OrderContents;
pub use order_page::{OrderRoute, use_order_number};
pub use order_row::OrderRow;
pub use orders_page::OrdersRoute;
pub use totals::Totals;
pub use visible_order::{NotHere, visible_order};
