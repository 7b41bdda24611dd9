//! The start page: what the shop is, what it has, and where developers look.

mod category_tiles;
mod featured;
mod home_page;

pub use home_page::HomePage;
