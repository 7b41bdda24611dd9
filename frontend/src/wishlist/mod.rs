//! The wishlist: products that somebody may want later.

mod wishlist_button;
mod wishlist_page;

pub use wishlist_button::WishlistButton;
pub use wishlist_page::WishlistRoute;

use crate::api::{self, ApiError};
use shared::{
    catalog::ProductSummary,
    ids::Slug,
    paths::{self, api as path},
};

/// Asked for by a page that opens: it does not slide the session, what the visitor does next will.
async fn fetch() -> Result<Vec<ProductSummary>, ApiError> {
    api::get_in_background(path::WISHLIST).await
}

/// Answers the wishlist as it is now.
async fn put(slug: &Slug, wished: bool) -> Result<Vec<ProductSummary>, ApiError> {
    let item = paths::with(path::WISHLIST_ITEM, slug.as_str());
    if wished { api::put(&item, &()).await } else { api::delete(&item).await }
}
