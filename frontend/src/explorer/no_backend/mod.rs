//! The Session Explorer of the shop without a backend: two sessions, both elsewhere, and the tokens that stand in for a
//! third.

mod architecture;
mod controls;
mod demonstrated;
mod provider_lane;
mod rows_list;
mod sessions_page;
mod tokens_card;

pub use sessions_page::SessionsRoute;
