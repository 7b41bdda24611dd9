use super::{Empty, PageHeading};
use leptos::prelude::*;

/// An address that leads nowhere, or a product or category that is no longer there.
#[component]
pub fn NotFound() -> impl IntoView {
    view! {
        <div class="not-found">
            <PageHeading title="Page not found"/>
            <Empty
                title="There is nothing at this address."
                text="It may have been mistyped, or what was here is no longer sold."
            >
                <a class="button button-primary" href="/">"Go to the shop"</a>
                <a class="button button-secondary" href="/search">"Search all products"</a>
            </Empty>
        </div>
    }
}
