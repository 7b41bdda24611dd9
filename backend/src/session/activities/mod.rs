//! What a session holds of what its visitor did: page views, events, social interactions and transactions.
//! The session's end takes them along.
//!
//! The backend records what happens in it where it happens; the page tells of what it alone sees. Nobody gets a
//! session for being looked at: without one nothing is recorded.

mod entity;
mod queries;
mod rules;
mod writer;

pub use queries::{forget_page_views, newest_first, of_customer, pages_viewed};
pub use rules::faults;
pub use writer::Activities;
