//! "My Account".

use crate::ui::PageHeading;
use leptos::prelude::*;
use leptos_router::{LazyRoute, lazy_route};

pub struct AccountRoute;

#[lazy_route]
impl LazyRoute for AccountRoute {
    fn data() -> Self {
        Self
    }

    fn view(_this: Self) -> AnyView {
        view! { <PageHeading title="My Account"/> }.into_any()
    }
}
