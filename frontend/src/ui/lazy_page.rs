/// `lazy_page!(CartRoute, CartPage)`: a page that is a chunk of its own, fetched when it is first entered. Chunks are
/// split by type, so each page needs a type of its own.
macro_rules! lazy_page {
    ($route:ident, $page:ident) => {
        pub struct $route;

        #[leptos_router::lazy_route]
        impl leptos_router::LazyRoute for $route {
            fn data() -> Self {
                Self
            }

            fn view(_this: Self) -> AnyView {
                $page().into_any()
            }
        }
    };
}

pub(crate) use lazy_page;
