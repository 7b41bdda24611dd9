use super::{category_links::CategoryLinks, page_query, product_results::ProductResults};
use crate::ui::{PageHeading, lazy_page};
use leptos::prelude::*;
use shared::{catalog::ProductQuery, paths::page};

lazy_page!(SearchRoute, SearchPage);

/// `/search?q=`; without a text it lists everything.
#[component]
fn SearchPage() -> impl IntoView {
    let search = page_query::use_own_search(page::SEARCH.to_owned());
    let query = Memo::new(move |_| ProductQuery::of_page(&search.read(), None));
    let title = Signal::derive(move || match query.read().q.as_deref() {
        Some(text) if !text.is_empty() => format!("Results for “{text}”"),
        _ => "All products".to_owned(),
    });
    view! {
        <CategoryLinks/>
        <div class="page-head"><PageHeading title=title/></div>
        <ProductResults path=page::SEARCH.to_owned() query=query/>
    }
}
