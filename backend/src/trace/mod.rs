//! How logins and logouts went, step by step: what the Session Explorer draws.
//!
//! Whoever handles a step records it in one line. Secrets never get in: `record` masks what may be one by its name.

mod record;
mod store;

pub use record::{masked, record, record_request};
pub use store::{from_json, keep, list_from_json, of_session, of_sessions, to_json};
