//! The catalogue: category, search and product pages.

use crate::ui::PageHeading;
use leptos::prelude::*;
use leptos_router::{LazyRoute, lazy_route};

/// Where the search box leads.
pub fn search_path(text: &str) -> String {
    let query = [("q", text.trim())];
    format!(
        "/search?{}",
        serde_urlencoded::to_string(query).unwrap_or_default()
    )
}

#[component]
pub fn CategoryPage() -> impl IntoView {
    view! { <PageHeading title="Category"/> }
}

#[component]
pub fn ProductPage() -> impl IntoView {
    view! { <PageHeading title="Product"/> }
}

pub struct SearchRoute;

#[lazy_route]
impl LazyRoute for SearchRoute {
    fn data() -> Self {
        Self
    }

    fn view(_this: Self) -> AnyView {
        view! { <PageHeading title="Search"/> }.into_any()
    }
}
