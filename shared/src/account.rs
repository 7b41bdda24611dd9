//! "My Account".

use crate::{
    activities::Activity,
    cart::Cart,
    catalog::ProductSummary,
    checkout::Address,
    ids::Slug,
    orders::{Order, OrderSummary},
    reviews::Review,
    session::CustomerView,
};
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Account {
    pub customer: CustomerView,
    /// Milliseconds since the Unix epoch: the first login here.
    pub customer_since: i64,
    pub order_count: u32,
    /// The newest, at most three.
    pub recent_orders: Vec<OrderSummary>,
    /// The default first.
    pub addresses: Vec<SavedAddress>,
    /// Where the customer manages password, e-mail and the rest: at the identity provider.
    pub identity_provider: String,
}

/// Most addresses of one customer.
pub const MAX_ADDRESSES: usize = 10;

/// Where a customer has things delivered to. Of those that there are, one is the default.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct SavedAddress {
    pub id: i64,
    pub address: Address,
    pub is_default: bool,
}

/// One row of "Where you're signed in". Times are milliseconds since the Unix epoch.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct SignedInSession {
    /// Names the session without being its id.
    pub fingerprint: String,
    pub is_this_one: bool,
    /// In words, such as "Firefox on Linux".
    pub user_agent: String,
    pub created_at: i64,
    pub last_seen_at: i64,
    pub authenticated_at: Option<i64>,
    pub persistent: bool,
    pub provider: Option<String>,
}

/// Where the SPA navigates now, as a top-level navigation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Next {
    pub next: String,
}

/// Everything that the shop keeps of a customer. Times are milliseconds since the Unix epoch.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct AccountData {
    /// When this was put together.
    pub at: i64,
    pub customer: CustomerView,
    pub customer_since: i64,
    /// Who vouches for the customer, and by which name.
    pub identity_provider: String,
    pub subject: String,
    pub second_factor: bool,
    pub addresses: Vec<SavedAddress>,
    pub orders: Vec<Order>,
    pub cart: Cart,
    pub wishlist: Vec<ProductSummary>,
    /// By product.
    pub reviews: Vec<(Slug, Review)>,
    pub sessions: Vec<SignedInSession>,
    /// What these sessions hold, the newest first.
    pub activities: Vec<Activity>,
}
