//! Checkout, without an account or with one, and the page that says thanks.

mod checkout_context;
mod checkout_page;
mod done_page;
mod entry;
mod form;
mod form_field;
mod idempotent_request;
mod kept_note;
mod messages;
mod placing;
mod quoting;
mod refusal;
mod review;
mod sandbox_cards;
mod sections;
mod tidy;

pub use checkout_page::CheckoutRoute;
pub use done_page::CheckoutDoneRoute;
