//! "My Account".

mod account_page;

pub use account_page::AccountRoute;
