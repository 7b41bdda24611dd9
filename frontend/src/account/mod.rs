//! "My Account".

mod account_page;
mod session_end;

pub use account_page::AccountRoute;
