//! The catalogue over HTTP: lists, search, filters, product pages.

use crate::support::{shopping::*, *};
use shared::{
    catalog::{Availability, Category, PAGE_SIZE, Product, ProductPage},
    paths::{api, with},
    problem::kinds,
};
use std::collections::HashSet;

async fn list(browser: &Browser, query: &[(&str, &str)]) -> ProductPage {
    let query = serde_urlencoded::to_string(query).expect("a query");
    browser.get(&format!("{}?{query}", api::PRODUCTS)).await.json()
}

fn initial(name: &str) -> Option<char> {
    name.chars().next().map(|letter| letter.to_ascii_lowercase())
}

#[tokio::test]
async fn every_product_is_on_exactly_one_page_in_every_order() {
    let shop = spawn_app().await;
    let guest = shop.guest();
    for sort in ["recommended", "price-ascending", "price-descending", "rating", "name"] {
        let first = list(&guest, &[("sort", sort)]).await;
        assert_eq!(first.products.len(), PAGE_SIZE as usize);
        assert_eq!(first.pages, first.total.div_ceil(PAGE_SIZE));
        let mut products = first.products;
        for page in 2..=first.pages {
            products.extend(
                list(&guest, &[("sort", sort), ("page", &page.to_string())]).await.products,
            );
        }
        let slugs: HashSet<_> = products.iter().map(|product| product.slug.clone()).collect();
        assert_eq!(slugs.len(), first.total as usize, "{sort}");
        assert_eq!(products.len(), first.total as usize, "{sort}");
        let in_order = products.windows(2).all(|pair| match sort {
            "price-ascending" => pair[0].price <= pair[1].price,
            "price-descending" => pair[0].price >= pair[1].price,
            "rating" => pair[0].rating >= pair[1].rating,
            "name" => initial(&pair[0].name) <= initial(&pair[1].name),
            _ => true,
        });
        assert!(in_order, "{sort}");
    }
    let beyond = list(&guest, &[("page", "4294967295")]).await;
    assert!(beyond.products.is_empty() && beyond.total > 0);
}

#[tokio::test]
async fn sixty_products_in_six_categories_at_least() {
    let shop = spawn_app().await;
    let guest = shop.guest();
    let categories: Vec<Category> = guest.get(api::CATEGORIES).await.json();
    assert!(categories.len() >= 6);
    let mut total = 0;
    for category in &categories {
        let page = list(&guest, &[("category", category.slug.as_str())]).await;
        assert_eq!(page.total, category.product_count);
        assert!(page.products.iter().all(|product| product.category == category.slug));
        total += page.total;
    }
    assert!(total >= 60);
    assert_eq!(total, list(&guest, &[]).await.total);
}

#[tokio::test]
async fn a_search_forgives_a_slip_and_says_what_it_took_it_for() {
    let shop = spawn_app().await;
    let guest = shop.guest();
    let right = list(&guest, &[("q", "teapot")]).await;
    assert_eq!(right.products[0].slug.as_str(), "round-belly-teapot");
    assert_eq!(right.did_you_mean, None);
    let slipped = list(&guest, &[("q", "taepot")]).await;
    assert_eq!(slipped.did_you_mean.as_deref(), Some("teapot"));
    assert_eq!(slipped.products, right.products);
    for q in ["TEAPOT", "teap", "  teapot  ", "teapots"] {
        assert!(list(&guest, &[("q", q)]).await.products.contains(&right.products[0]), "{q}");
    }
    let nothing = list(&guest, &[("q", "zzzzzzzz")]).await;
    assert_eq!((nothing.total, nothing.pages, nothing.did_you_mean), (0, 0, None));
    for q in ["%", "'", "\\", "🍵", "!!!", &"ä".repeat(100)] {
        list(&guest, &[("q", q)]).await;
    }
}

#[tokio::test]
async fn filters_narrow_a_list_together() {
    let shop = spawn_app().await;
    let guest = shop.guest();
    let all = list(&guest, &[]).await.total;
    let cheap =
        list(&guest, &[("max_price", "2000"), ("in_stock", "true"), ("sort", "price-descending")])
            .await;
    assert!(cheap.total > 0 && cheap.total < all);
    assert!(cheap.products.iter().all(|product| product.price.minor <= 2_000));
    assert!(cheap.products.iter().all(|product| product.availability != Availability::SoldOut));
    let featured = list(&guest, &[("featured", "true")]).await;
    assert!(featured.total > 0 && featured.total < all);
    let none = list(&guest, &[("max_price", "0")]).await;
    assert_eq!(none.total, 0);
}

#[tokio::test]
async fn a_product_page_has_its_variants_with_the_stock_of_a_moment_ago() {
    let shop = spawn_app().await;
    let guest = shop.guest();
    let path = with(api::PRODUCT, "stoneware-teacup");
    let product: Product = guest.get(&path).await.json();
    assert_eq!(product.variants.len(), 4);
    assert_eq!(product.category_name, "Home & Kitchen");
    assert!(product.summary.price_from);
    assert_eq!(product.summary.only_sku, None);
    assert!(!product.related.is_empty() && product.related.len() <= 4);
    assert!(product.related.iter().all(|other| other.slug != product.summary.slug));

    shop.set_stock(TEACUP, 1).await;
    let is_low = async || {
        let product: Product = guest.get(&path).await.json();
        let mut variants = product.variants.iter();
        let white = variants.find(|variant| variant.sku.as_str() == TEACUP).expect("the white one");
        white.availability == Availability::Low { left: 1 }
    };
    eventually(is_low, "the page shows the stock").await;
    let single: Product = guest.get(&with(api::PRODUCT, "kitchen-knife")).await.json();
    assert_eq!(single.summary.only_sku.map(|sku| sku.to_string()).as_deref(), Some(KNIFE));
}

#[tokio::test]
async fn what_is_not_there_is_told() {
    let shop = spawn_app().await;
    let guest = shop.guest();
    for path in [
        "/api/products/no-such-product",
        "/api/products/NOT-A-SLUG",
        "/api/products/%2e%2e%2fetc",
        "/api/products/a%00b",
        "/api/products?category=no-such-category",
        "/api/products/stoneware-teacup/x",
        "/api/nowhere",
        "/api",
        "/auth",
        "/auth/nowhere",
    ] {
        guest.get(path).await.expect_problem(404, kinds::NOT_FOUND);
    }
}

#[tokio::test]
async fn every_picture_of_the_catalogue_has_a_path_of_the_site() {
    let shop = spawn_app().await;
    let guest = shop.guest();
    let categories: Vec<Category> = guest.get(api::CATEGORIES).await.json();
    let products = list(&guest, &[]).await.products;
    let pictures =
        categories.iter().map(|it| &it.picture).chain(products.iter().map(|it| &it.picture));
    for picture in pictures {
        assert!(picture.starts_with("/pictures/") && picture.ends_with(".webp"), "{picture}");
    }
}

#[tokio::test]
async fn a_search_with_a_control_character_is_refused_and_no_activity() {
    let shop = spawn_app().await;
    let ada = shop.customer(ADA).await;
    for q in ["%00", "tea%00", "%07", "a%0Ab"] {
        let answer = ada.get(&format!("{}?q={q}", api::PRODUCTS)).await;
        answer.expect_problem(422, kinds::VALIDATION);
    }
    shop.app.sessions.activities.flush().await;
    assert!(shop.rows("select * from activity where name = 'searched'").await.is_empty());
}
