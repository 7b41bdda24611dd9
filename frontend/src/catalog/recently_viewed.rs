use super::ProductGrid;
use crate::{
    api::{self, ApiError},
    auth::use_visitor,
    ui::lazy_part,
};
use leptos::prelude::*;
use leptos_router::hooks::use_location;
use shared::{
    catalog::ProductSummary,
    paths::{api as path, page, product_at},
};

/// As many as fill a row.
const SHOWN: usize = 4;

/// Products that this session was shown before. Who has no session is not asked about, and sees nothing of it.
#[component]
pub fn RecentlyViewed() -> impl IntoView {
    let session = use_visitor().session_fingerprint();
    move || {
        let has_activities = cfg!(feature = "bff") && session.read().is_some();
        has_activities.then(|| RecentlyViewedPart::show(|| ().into_any()))
    }
}

lazy_part!(RecentlyViewedPart, ProductsOfSession);

#[component]
fn ProductsOfSession() -> impl IntoView {
    let here = product_at(&use_location().pathname.get_untracked());
    let products = LocalResource::new(fetch);
    let others = move |products: Vec<ProductSummary>| {
        let others = products.into_iter().filter(|product| Some(&product.slug) != here.as_ref());
        others.take(SHOWN).collect::<Vec<_>>()
    };
    view! {
        <Suspense>
            {move || {
                let others = others.clone();
                Suspend::new(async move {
                    // It is an extra: without an answer the page is whole as well.
                    let products = others(products.await.unwrap_or_default());
                    (!products.is_empty()).then(|| view! {
                        <section class="recently-viewed" aria-labelledby="recently-viewed">
                            <h2 id="recently-viewed">"Recently viewed"</h2>
                            <ProductGrid products=products below_fold=true/>
                            <p class="fine-print">
                                "From your session’s page views, and gone with it. "
                                <a href=page::SESSIONS>"See what else it holds"</a>
                            </p>
                        </section>
                    })
                })
            }}
        </Suspense>
    }
}

async fn fetch() -> Result<Vec<ProductSummary>, ApiError> {
    api::get_in_background(path::RECENTLY_VIEWED).await
}
