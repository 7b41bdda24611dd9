//! The cart: what this visitor is about to buy.

mod cart_context;
mod cart_page;

pub use cart_context::{CartContext, provide_cart, use_cart};
pub use cart_page::CartRoute;
