//! The cart: what this visitor is about to buy.

mod cart_context;
mod cart_drawer;
mod cart_line;
mod cart_page;
mod cart_summary;
mod empty_cart;
mod merge_note;
mod promotion_code;
mod say_added;

pub use cart_context::{CartContext, provide_cart, use_cart};
pub use cart_drawer::CartDrawer;
pub use cart_page::CartRoute;
pub use empty_cart::EmptyCart;
pub use say_added::{offer_cart, say_added};
