//! Sessions: the shop's own, and where the customer is signed in.

use crate::ui::PageHeading;
use leptos::prelude::*;
use leptos_router::{LazyRoute, lazy_route};

pub struct SessionsRoute;

#[lazy_route]
impl LazyRoute for SessionsRoute {
    fn data() -> Self {
        Self
    }

    fn view(_this: Self) -> AnyView {
        view! { <PageHeading title="Sessions"/> }.into_any()
    }
}

pub struct AccountSessionsRoute;

#[lazy_route]
impl LazyRoute for AccountSessionsRoute {
    fn data() -> Self {
        Self
    }

    fn view(_this: Self) -> AnyView {
        view! { <PageHeading title="Where you’re signed in"/> }.into_any()
    }
}
