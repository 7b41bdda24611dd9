use super::fetch_categories;
use leptos::prelude::*;
use leptos_router::components::A;
use shared::catalog::Category;

/// From one category to the others, in one row that scrolls on phones.
#[component]
pub fn CategoryLinks() -> impl IntoView {
    let categories = LocalResource::new(fetch_categories);
    let link = |Category { slug, name, .. }| {
        view! { <li><A href=format!("/c/{slug}") exact=true>{name}</A></li> }
    };
    // Without an answer the row stays empty: the page's own list says what is wrong.
    let links = move || {
        let categories = categories.get()?.ok()?;
        Some(categories.into_iter().map(link).collect_view())
    };
    view! {
        <nav class="category-links" aria-label="Categories">
            <ul>{links}</ul>
        </nav>
    }
}
