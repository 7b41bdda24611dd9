use super::{choice::Choice, product_buy::ProductBuy, reviews::Reviews, share_button::ShareButton};
use crate::{
    catalog::{ProductGrid, Rating, RecentlyViewed, fetch_product, use_slug},
    ui::{ErrorNote, NotFound, PageHeading, Picture, Skeleton, lazy_page, use_query_value},
    wishlist::WishlistButton,
};
use leptos::{either::EitherOf3, prelude::*};
use shared::{catalog::Product, ids::Slug, problem::kinds};

lazy_page!(ProductRoute, ProductPage);

/// `/p/{slug}?sku=`
#[component]
fn ProductPage() -> impl IntoView {
    let slug = use_slug("slug");
    // Built anew for each product, so that its heading takes the focus again.
    move || match slug.get() {
        Some(slug) => view! { <ProductBySlug slug=slug/> }.into_any(),
        None => NotFound().into_any(),
    }
}

#[component]
fn ProductBySlug(slug: Slug) -> impl IntoView {
    let product = LocalResource::new(move || {
        let slug = slug.clone();
        async move { fetch_product(&slug).await }
    });
    let retry = Callback::new(move |()| product.refetch());
    view! {
        <Suspense fallback=ProductSkeleton>
            {move || Suspend::new(async move {
                match product.await {
                    Ok(product) => EitherOf3::A(view! { <ProductDetails product=product/> }),
                    Err(error) if error.is(kinds::NOT_FOUND) => EitherOf3::B(NotFound()),
                    Err(error) => EitherOf3::C(view! {
                        <PageHeading title="Product"/>
                        <ErrorNote error=error on_retry=retry/>
                    }),
                }
            })}
        </Suspense>
    }
}

#[component]
fn ProductDetails(product: Product) -> impl IntoView {
    let slug = product.summary.slug.clone();
    let category_link = format!("/c/{}", product.summary.category);
    let choice = Choice::new(product.clone(), use_query_value("sku").get_untracked().as_deref());
    view! {
        <nav class="crumbs" aria-label="Where you are">
            <a href="/">"Shop"</a>
            <a href=category_link>{product.category_name}</a>
        </nav>
        <div class="product">
            <div class="product-picture"><Picture src=choice.picture alt=product.summary.name.clone() eager=true/></div>
            <div class="product-details">
                <PageHeading title=product.summary.name.clone()/>
                <Rating rating=product.summary.rating count=product.summary.rating_count/>
                <ProductBuy slug=product.summary.slug.clone() name=product.summary.name.clone() choice=choice/>
                <div class="product-actions">
                    <WishlistButton slug=product.summary.slug.clone() name=product.summary.name.clone()/>
                    <ShareButton slug=product.summary.slug name=product.summary.name/>
                </div>
                <p class="product-description">{product.description}</p>
            </div>
        </div>
        {(!product.related.is_empty()).then(|| view! {
            <section class="related" aria-labelledby="related">
                <h2 id="related">"You may also like"</h2>
                <ProductGrid products=product.related below_fold=true/>
            </section>
        })}
        <Reviews slug=slug/>
        <RecentlyViewed/>
    }
}

#[component]
fn ProductSkeleton() -> impl IntoView {
    view! {
        <div class="crumbs"></div>
        <div class="product">
            <div class="product-picture"><span class="skeleton-tile"></span></div>
            <div class="product-details"><Skeleton lines=6 label="Loading the product…"/></div>
        </div>
    }
}
