use super::{Empty, to_heading};
use leptos::prelude::*;

/// Links to the other pages of a list; nothing where there is only one, or past the last one.
#[component]
pub fn Pagination(
    /// From 1.
    page: u32,
    pages: u32,
    href: impl Fn(u32) -> String + Send + 'static,
) -> impl IntoView {
    let step = |target: Option<u32>, label: &'static str, rel: &'static str| match target {
        Some(target) => {
            let href = href(target);
            view! { <a class="button button-secondary" href=href rel=rel on:click=to_heading>{label}</a> }.into_any()
        }
        None => view! { <span class="button button-secondary" aria-disabled="true">{label}</span> }
            .into_any(),
    };
    (pages > 1 && page <= pages).then(|| {
        view! {
            <nav class="pagination" aria-label="Pages">
                {step((page > 1).then(|| page - 1), "Previous", "prev")}
                <span>{format!("Page {page} of {pages}")}</span>
                {step((page < pages).then(|| page + 1), "Next", "next")}
            </nav>
        }
    })
}

/// For an address that asks for a page after a list's last one.
#[component]
pub fn NoSuchPage(
    page: u32,
    /// At least one.
    pages: u32,
    href: impl Fn(u32) -> String,
) -> impl IntoView {
    let (first, last) = (href(1), href(pages));
    let text = match pages {
        1 => "The list has one page.".to_owned(),
        _ => format!("The list ends with page {pages}."),
    };
    view! {
        <Empty title=format!("There is no page {page}.") text=text>
            <a class="button button-primary" href=first on:click=to_heading>"Go to the first page"</a>
            {(pages > 1).then(|| view! { <a class="button button-secondary" href=last on:click=to_heading>"Go to the last page"</a> })}
        </Empty>
    }
}
