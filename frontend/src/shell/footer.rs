use super::theme_toggle::ThemeToggle;
use leptos::prelude::*;
use shared::paths::page;

#[component]
pub fn Footer() -> impl IntoView {
    view! {
        <footer class="footer">
            <p>"storezero is a demonstration: nothing is charged and nothing is shipped."</p>
            <p><a href=page::FIND_ORDER>"Find your order"</a></p>
            // A file, not a page of the router's.
            <p><a href="/third-party-notices.txt" rel="external">"Third-party notices"</a></p>
            <ThemeToggle/>
        </footer>
    }
}
