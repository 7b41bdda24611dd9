use crate::{
    catalog::fetch_categories,
    ui::{ErrorNote, Picture},
};
use leptos::{either::Either, prelude::*};
use shared::catalog::Category;

/// As many as the seeded catalogue has, for the skeleton.
const USUAL: usize = 9;

#[component]
pub fn CategoryTiles() -> impl IntoView {
    let categories = LocalResource::new(fetch_categories);
    let retry = Callback::new(move |()| categories.refetch());
    let tile = |(index, category): (usize, Category)| {
        view! {
            <li class="category-tile">
                <Picture src=category.picture own_tint=index eager=true/>
                <a href=format!("/c/{}", category.slug)>{category.name}</a>
            </li>
        }
    };
    let skeleton = || {
        let tile = |_| view! { <li class="category-tile"><span class="skeleton-tile"></span></li> };
        view! { <ul class="category-tiles">{(0..USUAL).map(tile).collect_view()}</ul> }
    };
    view! {
        <Suspense fallback=skeleton>
            {move || Suspend::new(async move {
                match categories.await {
                    Ok(categories) => Either::Left(view! {
                        <ul class="category-tiles">{categories.into_iter().enumerate().map(tile).collect_view()}</ul>
                    }),
                    Err(error) => Either::Right(view! { <ErrorNote error=error on_retry=retry/> }),
                }
            })}
        </Suspense>
    }
}
