use super::{
    category_links::CategoryLinks, fetch_categories, page_query, product_results::ProductResults,
    use_slug,
};
use crate::ui::{ErrorNote, NotFound, PageHeading, Skeleton, lazy_page};
use leptos::{either::EitherOf3, prelude::*};
use shared::{
    catalog::{Category, ProductQuery},
    ids::Slug,
};

lazy_page!(CategoryRoute, CategoryPage);

/// `/c/{category}`
#[component]
fn CategoryPage() -> impl IntoView {
    let slug = use_slug("category");
    // Built anew for each category, so that its heading takes the focus again.
    move || match slug.get() {
        Some(slug) => view! { <CategoryList slug=slug/> }.into_any(),
        None => NotFound().into_any(),
    }
}

#[component]
fn CategoryList(slug: Slug) -> impl IntoView {
    let path = format!("/c/{slug}");
    let search = page_query::use_own_search(path.clone());
    let query = {
        let slug = slug.clone();
        Memo::new(move |_| ProductQuery::of_page(&search.read(), Some(slug.clone())))
    };
    let categories = LocalResource::new(fetch_categories);
    let retry = Callback::new(move |()| categories.refetch());
    let head = move |categories: Vec<Category>| {
        let category = categories.into_iter().find(|category| category.slug == slug);
        category.map(|category| {
            view! {
                <PageHeading title=category.name/>
                <p class="page-lead">{category.description}</p>
            }
        })
    };
    view! {
        <CategoryLinks/>
        <Suspense fallback=|| view! { <Skeleton lines=2/> }>
            {move || {
                let (head, path) = (head.clone(), path.clone());
                Suspend::new(async move {
                    match categories.await.map(head) {
                        Ok(Some(head)) => EitherOf3::A(view! {
                            <div class="page-head"><div>{head}</div></div>
                            <ProductResults path=path query=query/>
                        }),
                        Ok(None) => EitherOf3::B(NotFound()),
                        Err(error) => EitherOf3::C(view! {
                            <PageHeading title="Category"/>
                            <ErrorNote error=error on_retry=retry/>
                        }),
                    }
                })
            }}
        </Suspense>
    }
}
