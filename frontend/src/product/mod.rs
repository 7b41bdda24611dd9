//! A product's page: what can be chosen, the way into the cart, the wishlist and to somebody else.

mod choice;
mod product_buy;
mod product_page;
mod review_form;
mod reviews;
mod share_button;
mod variants;

pub use product_page::ProductRoute;
