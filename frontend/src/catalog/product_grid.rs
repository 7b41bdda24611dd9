use super::product_card::ProductCard;
use leptos::prelude::*;
use shared::catalog::ProductSummary;

/// Cards of the first row are worth loading at once, on a wide screen.
const FIRST_ROW: usize = 4;

#[component]
pub fn ProductGrid(
    products: Vec<ProductSummary>,
    /// Whether the grid begins below the fold.
    #[prop(optional)]
    below_fold: bool,
) -> impl IntoView {
    let card = move |(index, product)| {
        view! { <li><ProductCard product=product eager={ index < FIRST_ROW && !below_fold }/></li> }
    };
    view! { <ul class="product-grid">{products.into_iter().enumerate().map(card).collect_view()}</ul> }
}

#[component]
pub fn ProductGridSkeleton(#[prop(default = 8)] count: usize) -> impl IntoView {
    let card = |_| {
        view! {
            <div class="product-card">
                <span class="skeleton-tile"></span>
                <span class="skeleton-line"></span>
                <span class="skeleton-line"></span>
            </div>
        }
    };
    view! {
        <div class="product-grid" role="status">
            <span class="visually-hidden">"Loading products…"</span>
            {(0..count).map(card).collect_view()}
        </div>
    }
}
