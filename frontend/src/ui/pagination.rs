use leptos::prelude::*;

/// Links to the other pages of a list; nothing where there is only one.
#[component]
pub fn Pagination(
    /// From 1.
    page: u32,
    pages: u32,
    href: impl Fn(u32) -> String + Send + 'static,
) -> impl IntoView {
    let step = |target: Option<u32>, label: &'static str, rel: &'static str| match target {
        Some(target) => {
            view! { <a class="button button-secondary" href=href(target) rel=rel>{label}</a> }
                .into_any()
        }
        None => view! { <span class="button button-secondary" aria-disabled="true">{label}</span> }
            .into_any(),
    };
    (pages > 1).then(|| {
        view! {
            <nav class="pagination" aria-label="Pages">
                {step((page > 1).then(|| page - 1), "Previous", "prev")}
                <span>{format!("Page {page} of {pages}")}</span>
                {step((page < pages).then(|| page + 1), "Next", "next")}
            </nav>
        }
    })
}
