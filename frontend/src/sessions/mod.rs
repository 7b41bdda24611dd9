//! The sessions that a login creates, as far as the shop can see them.

mod countdown;
mod sessions_page;

pub use sessions_page::SessionsRoute;
