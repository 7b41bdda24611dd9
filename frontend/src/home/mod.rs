//! The start page.

use crate::ui::PageHeading;
use leptos::prelude::*;

#[component]
pub fn HomePage() -> impl IntoView {
    view! { <PageHeading title="storezero"/> }
}
