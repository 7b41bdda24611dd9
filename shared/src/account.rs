//! "My Account".

use crate::{orders::OrderSummary, session::CustomerView};
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Account {
    pub customer: CustomerView,
    /// Milliseconds since the Unix epoch: the first login here.
    pub customer_since: i64,
    pub order_count: u32,
    /// The newest, at most three.
    pub recent_orders: Vec<OrderSummary>,
    /// Where the customer manages password, e-mail and the rest: at the identity provider.
    pub identity_provider: String,
}
