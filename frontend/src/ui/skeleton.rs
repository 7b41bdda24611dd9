use leptos::prelude::*;

/// Grey lines in the place of text that is on its way. What they stand for is said once, to those who
/// do not see them.
#[component]
pub fn Skeleton(
    #[prop(default = 3)] lines: usize,
    #[prop(default = "Loading…")] label: &'static str,
) -> impl IntoView {
    view! {
        <div class="skeleton" role="status">
            <span class="visually-hidden">{label}</span>
            {(0..lines).map(|_| view! { <span class="skeleton-line"></span> }).collect_view()}
        </div>
    }
}
