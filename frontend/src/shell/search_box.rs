use crate::catalog::{search_path, searched_text};
use leptos::prelude::*;
use leptos_router::{
    NavigateOptions,
    hooks::{use_location, use_navigate},
};
use shared::catalog::MAX_QUERY;

/// Enter leads to the search page; there it shows what was searched for.
#[component]
pub fn SearchBox() -> impl IntoView {
    let navigate = use_navigate();
    let text = RwSignal::new(String::new());
    let search = use_location().search;
    let searched = Memo::new(move |_| searched_text(&search.read()));
    Effect::new(move || text.set(searched.get()));
    let submit = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        let path = search_path(&text.get_untracked());
        navigate(&path, NavigateOptions::default());
    };
    view! {
        <form class="search-box" role="search" action="/search" on:submit=submit>
            <input
                type="search"
                name="q"
                aria-label="Search"
                placeholder="Search the shop"
                autocomplete="off"
                enterkeyhint="search"
                maxlength=MAX_QUERY
                prop:value=text
                on:input=move |event| text.set(event_target_value(&event))
            />
        </form>
    }
}
