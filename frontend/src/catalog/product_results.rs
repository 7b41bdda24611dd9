use super::{
    facet_links::FacetLinks,
    fetch_products,
    page_query::href,
    product_grid::{ProductGrid, ProductGridSkeleton},
    results_toolbar::ResultsToolbar,
};
use crate::ui::{Empty, ErrorNote, NoSuchPage, Pagination, to_heading};
use leptos::prelude::*;
use shared::catalog::{Facets, ProductPage, ProductQuery};

/// The list that category and search pages have in common.
#[component]
pub fn ProductResults(path: String, query: Memo<ProductQuery>) -> impl IntoView {
    let products = LocalResource::new(move || {
        let query = query.get();
        async move { fetch_products(&query).await }
    });
    let updating = RwSignal::new(false);
    let facets = RwSignal::new(Facets::default());
    let retry = Callback::new(move |()| products.refetch());
    let results_path = path.clone();
    view! {
        <ResultsToolbar path=path.clone() query=query facets=facets/>
        <FacetLinks path=path.clone() query=query facets=facets/>
        <div class:is-updating=updating aria-busy=move || updating.get().then_some("true")>
            <Transition fallback=|| view! { <ProductGridSkeleton/> } set_pending=updating>
                {move || {
                    let path = results_path.clone();
                    Suspend::new(async move {
                        match products.await {
                            Ok(page) => {
                                facets.set(page.facets.clone());
                                view! { <Results path=path query=query.get_untracked() page=page/> }.into_any()
                            }
                            Err(error) => view! { <ErrorNote error=error on_retry=retry/> }.into_any(),
                        }
                    })
                }}
            </Transition>
        </div>
    }
}

#[component]
fn Results(path: String, query: ProductQuery, page: ProductPage) -> impl IntoView {
    let ProductPage { products, total, page, pages, did_you_mean, .. } = page;
    let count = match total {
        0 => "No products".to_owned(),
        1 => "1 product".to_owned(),
        _ => format!("{total} products"),
    };
    let suggestion = did_you_mean.map(|word| {
        let link =
            href(&path, &ProductQuery { q: Some(word.clone()), page: None, ..query.clone() });
        view! { <p class="did-you-mean">"Did you mean " <a href=link on:click=to_heading>{word}</a> "?"</p> }
    });
    // A category's page has its category in its path.
    let filters = ProductQuery { q: None, sort: None, page: None, ..query.clone() };
    let is_filtered = href(&path, &filters) != path;
    let unfiltered = href(&path, &ProductQuery { q: query.q.clone(), ..ProductQuery::default() });
    let page_href = move |page| href(&path, &ProductQuery { page: Some(page), ..query.clone() });
    let list = if !products.is_empty() {
        view! {
            <h2 class="visually-hidden">"Products"</h2>
            <ProductGrid products=products/>
        }
        .into_any()
    } else if pages > 0 {
        view! { <NoSuchPage page=page pages=pages href=page_href.clone()/> }.into_any()
    } else {
        view! {
            <Empty
                title="Nothing fits."
                text=if is_filtered { "Fewer filters show more." } else { "Try a shorter or more general word." }
            >
                {is_filtered.then(|| view! { <a class="button button-secondary" href=unfiltered on:click=to_heading>"Remove filters"</a> })}
                <a class="button button-primary" href="/">"Go to the shop"</a>
            </Empty>
        }
        .into_any()
    };
    view! {
        <p class="result-count" role="status">{count}</p>
        {suggestion}
        {list}
        <Pagination page=page pages=pages href=page_href/>
    }
}
