use crate::{
    catalog::{ProductGrid, ProductGridSkeleton, fetch_products},
    ui::{Empty, ErrorNote},
};
use leptos::{either::EitherOf3, prelude::*};
use shared::catalog::ProductQuery;

/// Rows of two, three or four are all filled by it.
const SHOWN: usize = 12;

#[component]
pub fn Featured() -> impl IntoView {
    let products = LocalResource::new(|| async {
        fetch_products(&ProductQuery { featured: Some(true), ..ProductQuery::default() }).await
    });
    let retry = Callback::new(move |()| products.refetch());
    view! {
        <Suspense fallback=|| view! { <ProductGridSkeleton count=SHOWN/> }>
            {move || Suspend::new(async move {
                match products.await {
                    Ok(page) if page.products.is_empty() => EitherOf3::A(view! {
                        <Empty title="Nothing is featured right now." text="The categories have everything."/>
                    }),
                    Ok(page) => {
                        let products = page.products.into_iter().take(SHOWN).collect::<Vec<_>>();
                        EitherOf3::B(view! { <ProductGrid products=products below_fold=true/> })
                    }
                    Err(error) => EitherOf3::C(view! { <ErrorNote error=error on_retry=retry/> }),
                }
            })}
        </Suspense>
    }
}
