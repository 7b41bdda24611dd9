//! While somebody types into the search box: the products that the words would find.

use crate::{
    api::{self, Latest},
    catalog::search_path,
    ui::{Picture, Price, lazy_part, listen},
};
use leptos::{html::Form, leptos_dom::helpers::debounce, prelude::*, task::spawn_local};
use shared::catalog::{ProductPage, ProductQuery, ProductSummary};
use std::time::Duration;
use wasm_bindgen::JsCast;
use web_sys::{Event, FocusEvent, HtmlElement, KeyboardEvent, Node};

const SHOWN: usize = 6;
/// Fewer letters say too little.
const LEAST: usize = 2;
/// Between two letters of somebody who types.
const PAUSE: Duration = Duration::from_millis(150);

/// The search box, to what is shown below it.
#[derive(Clone, Copy)]
pub struct Typing {
    pub form: NodeRef<Form>,
    pub text: RwSignal<String>,
    pub is_open: RwSignal<bool>,
}

lazy_part!(SuggestionsPart, Suggestions);

#[component]
fn Suggestions() -> impl IntoView {
    let typing = expect_context::<Typing>();
    let found = RwSignal::new(None::<(String, ProductPage)>);
    let latest = Latest::new();
    let mut ask = debounce(PAUSE, move |text: String| {
        spawn_local(async move {
            let query = ProductQuery { q: Some(text.clone()), ..ProductQuery::default() };
            // Nothing was searched for yet: it is not one of the visitor's activities.
            let path = query.api_path();
            let answer = latest.take(api::get_in_background::<ProductPage>(&path)).await;
            // Without an answer there is nothing to suggest; the search itself says what is wrong.
            if let Some(Ok(page)) = answer {
                found.set(Some((text, page)));
            }
        });
    });
    Effect::new(move || {
        let text = typing.text.read().trim().to_owned();
        latest.begin();
        if text.chars().count() < LEAST {
            found.set(None);
        } else {
            ask(text);
        }
    });
    follow(typing);
    view! {
        <div class="suggestions" on:click=move |_| typing.is_open.set(false)>
            {move || found.get().map(|(text, page)| view! { <Found text page/> })}
        </div>
        <p class="visually-hidden" role="status">
            {move || found.read().as_ref().map(|(_, page)| spoken(page.products.len().min(SHOWN)))}
        </p>
    }
}

#[component]
fn Found(text: String, page: ProductPage) -> impl IntoView {
    let ProductPage { products, total, .. } = page;
    let all = (total as usize > SHOWN).then(|| {
        let label = format!("All {total} products for “{text}”");
        view! { <li><a class="suggestions-all" href=search_path(&text)>{label}</a></li> }
    });
    let product = |product: ProductSummary| {
        view! {
            <li>
                <a href=format!("/p/{}", product.slug)>
                    <Picture src=product.picture small=true/>
                    <span class="suggestions-name">{product.name}</span>
                    <Price amount=product.price from=product.price_from/>
                </a>
            </li>
        }
    };
    (!products.is_empty()).then(|| {
        let products = products.into_iter().take(SHOWN).map(product).collect_view();
        view! { <ul class="suggestions-list" aria-label="Suggestions">{products}{all}</ul> }
    })
}

fn spoken(count: usize) -> String {
    match count {
        0 => "No suggestions.".to_owned(),
        1 => "1 suggestion, by the arrow keys.".to_owned(),
        _ => format!("{count} suggestions, by the arrow keys."),
    }
}

/// The arrow keys lead from the box through the suggestions and back; Escape, and whatever happens elsewhere, closes them.
fn follow(typing: Typing) {
    let Some(form) = typing.form.get_untracked() else { return };
    let close = move || typing.is_open.set(false);
    let stops = {
        let form = form.clone();
        move || {
            let stops = form.query_selector_all("input, .suggestions a").ok();
            let stops = stops.into_iter().flat_map(|list| {
                (0..list.length()).filter_map(move |index| list.get(index)).collect::<Vec<_>>()
            });
            stops.filter_map(|node| node.dyn_into::<HtmlElement>().ok()).collect::<Vec<_>>()
        }
    };
    let on_key = move |event: Event| {
        let Ok(event) = event.dyn_into::<KeyboardEvent>() else { return };
        let stops = stops();
        let focused = document().active_element();
        let is_focused =
            |stop: &HtmlElement| focused.as_ref().is_some_and(|it| it.is_same_node(Some(stop)));
        let at = stops.iter().position(is_focused).unwrap_or_default();
        let to = match event.key().as_str() {
            "ArrowDown" => (at + 1) % stops.len().max(1),
            "ArrowUp" => at.checked_sub(1).unwrap_or(stops.len().saturating_sub(1)),
            "Escape" => {
                close();
                0
            }
            _ => return,
        };
        event.prevent_default();
        if let Some(stop) = stops.get(to) {
            // It is there, and can be focused.
            let _ = stop.focus();
        }
    };
    listen(&form, "keydown", on_key);
    let is_outside = {
        let form = form.clone();
        move |node: Option<Node>| node.is_some_and(|node| !form.contains(Some(&node)))
    };
    let on_focus_out = {
        let is_outside = is_outside.clone();
        move |event: Event| {
            // To nowhere: a press that is not over yet, or another window.
            let next = event.dyn_into::<FocusEvent>().ok().and_then(|event| event.related_target());
            if is_outside(next.and_then(|next| next.dyn_into().ok())) {
                close();
            }
        }
    };
    listen(&form, "focusout", on_focus_out);
    listen(&window(), "pointerdown", move |event| {
        if is_outside(event.target().and_then(|target| target.dyn_into().ok())) {
            close();
        }
    });
}
