use crate::ui::PageHeading;
use leptos::prelude::*;
use leptos_router::{LazyRoute, lazy_route};

pub struct CartRoute;

#[lazy_route]
impl LazyRoute for CartRoute {
    fn data() -> Self {
        Self
    }

    fn view(_this: Self) -> AnyView {
        view! { <CartPage/> }.into_any()
    }
}

#[component]
fn CartPage() -> impl IntoView {
    view! { <PageHeading title="Cart"/> }
}
