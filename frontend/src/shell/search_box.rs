use super::suggestions::{SuggestionsPart, Typing};
use crate::catalog::{search_path, searched_text};
use leptos::{
    html::{Form, Input},
    prelude::*,
};
use leptos_router::{
    NavigateOptions,
    hooks::{use_location, use_navigate},
    location::Location,
};
use shared::{catalog::MAX_QUERY, paths::page};
use wasm_bindgen::JsCast;
use web_sys::HtmlInputElement;

/// What stands in the first paint's box when the app starts, whose own box takes its place.
#[derive(Default)]
pub struct TypedBeforeStart {
    text: String,
    is_typing: bool,
}

impl TypedBeforeStart {
    pub fn take() -> Self {
        let found = document().query_selector(".search-box input").ok().flatten();
        let input = found.and_then(|input| input.dyn_into::<HtmlInputElement>().ok());
        input.map_or_else(Self::default, |input| Self {
            text: input.value(),
            is_typing: document().active_element().is_some_and(|it| it.is_same_node(Some(&input))),
        })
    }
}

/// Enter leads to the search page; there it shows what was searched for.
#[component]
pub fn SearchBox(typed: TypedBeforeStart) -> impl IntoView {
    let navigate = use_navigate();
    let Location { pathname, search, .. } = use_location();
    let searched = Memo::new(move |_| {
        let is_search = *pathname.read() == page::SEARCH;
        if is_search { searched_text(&search.read()) } else { String::new() }
    });
    let text =
        RwSignal::new(if typed.text.is_empty() { searched.get_untracked() } else { typed.text });
    // Not at first: an effect runs later, when somebody may have typed.
    Effect::watch(move || searched.get(), move |searched, _, _| text.set(searched.clone()), false);
    let input = NodeRef::<Input>::new();
    if typed.is_typing {
        input.on_load(|input| {
            // It is there, and can be focused.
            let _ = input.focus();
        });
    }
    let (form, is_open) = (NodeRef::<Form>::new(), RwSignal::new(false));
    provide_context(Typing { form, text, is_open });
    let shows_suggestions = Memo::new(move |_| is_open.get());
    let submit = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        is_open.set(false);
        let path = search_path(&text.get_untracked());
        navigate(&path, NavigateOptions::default());
    };
    view! {
        <form node_ref=form class="search-box" role="search" action="/search" on:submit=submit>
            <input
                node_ref=input
                type="search"
                name="q"
                aria-label="Search"
                placeholder="Search the shop"
                autocomplete="off"
                enterkeyhint="search"
                maxlength=MAX_QUERY
                prop:value=text
                on:input=move |event| {
                    text.set(event_target_value(&event));
                    is_open.set(true);
                }
            />
            {move || shows_suggestions.get().then(|| SuggestionsPart::show(|| ().into_any()))}
        </form>
    }
}
