//! The catalogue: category and search pages, and the cards that other pages show products with.

mod category_links;
mod category_page;
mod facet_links;
mod page_query;
mod price_limit;
mod product_card;
mod product_grid;
mod product_results;
mod rating;
mod recently_viewed;
mod results_toolbar;
mod search_page;
mod stock_message;

pub use category_page::CategoryRoute;
pub use page_query::{search_path, searched_text};
pub use product_card::ProductCard;
pub use product_grid::{ProductGrid, ProductGridSkeleton};
pub use rating::Rating;
pub use recently_viewed::RecentlyViewed;
pub use search_page::SearchRoute;
pub use stock_message::StockMessage;

use crate::api::{self, ApiError};
use leptos::prelude::{Memo, Read};
use leptos_router::hooks::use_params_map;
use shared::{
    catalog::{Category, Product, ProductPage as Page, ProductQuery},
    ids::Slug,
    paths::{self, api as path},
};

pub async fn fetch_categories() -> Result<Vec<Category>, ApiError> {
    api::get_cached(path::CATEGORIES).await
}

pub async fn fetch_products(query: &ProductQuery) -> Result<Page, ApiError> {
    api::get_cached(&query.api_path()).await
}

/// The slug in the page's address, unless that is none.
pub fn use_slug(name: &'static str) -> Memo<Option<Slug>> {
    let params = use_params_map();
    Memo::new(move |_| params.read().get_str(name)?.parse().ok())
}

fn product_path(slug: &Slug) -> String {
    paths::with(path::PRODUCT, slug.as_str())
}

pub async fn fetch_product(slug: &Slug) -> Result<Product, ApiError> {
    api::get_cached(&product_path(slug)).await
}
