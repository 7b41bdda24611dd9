//! "My Account".

mod account_page;
mod address_form;
mod addresses;
mod sensitive_actions;
mod session_end;
mod signed_in_page;

pub use account_page::AccountRoute;
pub use signed_in_page::SignedInRoute;
