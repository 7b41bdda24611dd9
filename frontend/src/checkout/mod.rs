//! Checkout, without an account or with one, and the page that says thanks.

mod address_fields;
mod checkout_context;
mod checkout_page;
mod done_page;
mod entry;
mod form;
mod form_field;
mod form_state;
mod idempotent_request;
mod kept_note;
mod messages;
mod placing;
mod quoting;
mod refusal;
mod review;
mod sandbox_cards;
mod saved_addresses;
mod sections;
mod tidy;

pub use address_fields::AddressFields;
pub use checkout_page::CheckoutRoute;
pub use done_page::CheckoutDoneRoute;
pub use form::{address_faults, by_address_field, empty_address};
pub use form_field::FormField;
pub use form_state::{Faults, FormState};
