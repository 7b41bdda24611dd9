//! Customers: who signed in here at least once, by the name that the identity provider gives them for good.

pub(crate) mod entity;
mod queries;
#[cfg(test)]
pub(crate) mod testing;

pub use entity::customer::Model as CustomerRow;
pub use queries::{delete, find, find_or_insert, lock_for_change, lock_for_removal, sweep, upsert};

use crate::crypto;
use shared::session::CustomerView;

/// Hexadecimal digits that tell the shop's customers apart.
const FINGERPRINT_LENGTH: usize = 16;

/// What a validated token says of its person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity {
    pub issuer: String,
    pub subject: String,
    pub name: String,
    pub email: Option<String>,
    pub email_verified: bool,
}

impl Identity {
    /// The address that the identity provider says is this person's.
    pub fn verified_email(&self) -> Option<&str> {
        self.email.as_deref().filter(|_| self.email_verified)
    }
}

impl CustomerRow {
    /// The address that the identity provider said is theirs, when they signed in last.
    pub fn verified_email(&self) -> Option<&str> {
        self.email.as_deref().filter(|_| self.email_verified)
    }
}

/// What the customer's own browser may know.
pub fn view(row: &CustomerRow) -> CustomerView {
    let mut fingerprint = identity_hash(&row.issuer, &row.subject);
    fingerprint.truncate(FINGERPRINT_LENGTH);
    CustomerView {
        fingerprint,
        name: row.name.clone(),
        email: row.email.clone(),
        email_verified: row.email_verified,
    }
}

/// Tells customers apart without naming them.
fn identity_hash(issuer: &str, subject: &str) -> String {
    crypto::fingerprint(&format!("{issuer} {subject}"))
}
