use super::{
    page_query::{SORTS, href},
    price_limit::PriceLimit,
};
use leptos::prelude::*;
use leptos_router::{NavigateOptions, hooks::use_navigate};
use shared::catalog::{Facets, ProductQuery, Sort};

/// Sort and filters of a list. Each change is a navigation: the URL is the only place that keeps them.
#[component]
pub fn ResultsToolbar(
    path: String,
    query: Memo<ProductQuery>,
    facets: RwSignal<Facets>,
) -> impl IntoView {
    let navigate = use_navigate();
    let apply = StoredValue::new(move |change: &dyn Fn(&mut ProductQuery)| {
        let mut query = query.get_untracked();
        change(&mut query);
        query.page = None;
        let options = NavigateOptions { scroll: false, ..NavigateOptions::default() };
        navigate(&href(&path, &query), options);
    });
    let set_sort = move |event| {
        let chosen =
            Sort::named(&event_target_value(&event)).filter(|sort| *sort != Sort::Recommended);
        apply.with_value(|apply| apply(&|query| query.sort = chosen));
    };
    let set_in_stock = move |event| {
        let only = event_target_checked(&event).then_some(true);
        apply.with_value(|apply| apply(&|query| query.in_stock = only));
    };
    let set_max_price = Callback::new(move |limit| {
        apply.with_value(|apply| apply(&|query| query.max_price = limit));
    });
    let current_sort = move || {
        let sort = query.read().sort.unwrap_or_default();
        SORTS.iter().find(|(known, _, _)| *known == sort).map_or("", |(_, name, _)| *name)
    };
    view! {
        <div class="toolbar" role="group" aria-label="Sort and filter">
            <label class="toolbar-field">
                "Sort by"
                <select class="input" prop:value=current_sort on:change=set_sort>
                    {SORTS.map(|(_, name, label)| view! { <option value=name>{label}</option> }).collect_view()}
                </select>
            </label>
            <PriceLimit limit=Signal::derive(move || query.read().max_price) on_change=set_max_price/>
            <label class="toolbar-check">
                <input type="checkbox" prop:checked=move || query.read().in_stock.unwrap_or(false) on:change=set_in_stock/>
                "In stock only" <span class="facet-count">{move || format!("({})", facets.read().in_stock)}</span>
            </label>
        </div>
    }
}
