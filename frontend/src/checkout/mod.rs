//! Checkout.

use crate::ui::PageHeading;
use leptos::prelude::*;
use leptos_router::{LazyRoute, lazy_route};

pub struct CheckoutRoute;

#[lazy_route]
impl LazyRoute for CheckoutRoute {
    fn data() -> Self {
        Self
    }

    fn view(_this: Self) -> AnyView {
        view! { <PageHeading title="Check out"/> }.into_any()
    }
}

pub struct CheckoutDoneRoute;

#[lazy_route]
impl LazyRoute for CheckoutDoneRoute {
    fn data() -> Self {
        Self
    }

    fn view(_this: Self) -> AnyView {
        view! { <PageHeading title="Thank you"/> }.into_any()
    }
}
