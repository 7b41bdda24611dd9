//! Wishlists: of a session while nobody is signed in, of the customer afterwards, of nobody else.

use crate::support::*;
use futures_util::future::{join, join_all};
use reqwest::Method;
use shared::{
    catalog::{ProductPage, ProductSummary},
    paths::{api, header, with},
    problem::kinds,
    session::{LogoutScope, SessionState},
};

const TEACUP: &str = "stoneware-teacup";
const KNIFE: &str = "kitchen-knife";

impl Browser {
    async fn wishes(&self) -> Vec<String> {
        slugs(&self.get(api::WISHLIST).await)
    }
}

fn slugs(answer: &Answer) -> Vec<String> {
    let products: Vec<ProductSummary> = answer.json();
    products.into_iter().map(|product| product.slug.to_string()).collect()
}

#[tokio::test]
async fn a_first_wish_begins_a_session_and_is_there_once() {
    let shop = spawn_app().await;
    let guest = shop.guest();
    assert_eq!(guest.wishes().await, Vec::<String>::new());
    for _ in 0..2 {
        assert_eq!(slugs(&guest.wish(TEACUP).await), [TEACUP]);
    }
    assert!(matches!(guest.session().await.state, SessionState::Anonymous { .. }));
    assert_eq!(slugs(&guest.wish(KNIFE).await), [KNIFE, TEACUP]);
    assert_eq!(guest.wishes().await, [KNIFE, TEACUP]);
    for _ in 0..2 {
        assert_eq!(slugs(&guest.unwish(KNIFE).await), [TEACUP]);
    }
    assert_eq!(guest.wishes().await, [TEACUP]);
    assert_eq!(shop.guest().wishes().await, Vec::<String>::new());
}

#[tokio::test]
async fn a_wish_made_twenty_times_at_once_is_one() {
    let shop = spawn_app().await;
    let guest = shop.guest();
    guest.wish(KNIFE).await.expect(200);
    for answer in join_all((0..20).map(|_| guest.wish(TEACUP))).await {
        answer.expect(200);
    }
    assert_eq!(guest.wishes().await, [TEACUP, KNIFE]);
    shop.app.sessions.activities.flush().await;
    assert_eq!(shop.count("activity").await, 2);
}

#[tokio::test]
async fn what_does_not_exist_cannot_be_wished_for() {
    let shop = spawn_app().await;
    let guest = shop.guest();
    let before = shop.snapshot().await;
    for slug in ["no-such-product", "NOT-A-SLUG", "%00", "%ff", "%2e%2e", "x%2Fy"] {
        guest.wish(slug).await.expect_problem(404, kinds::NOT_FOUND);
        guest.unwish(slug).await.expect_problem(404, kinds::NOT_FOUND);
    }
    assert_eq!(shop.snapshot().await, before);
    assert_eq!(guest.cookies().len(), 0);
}

#[tokio::test]
async fn a_wish_needs_the_shops_own_page() {
    let shop = spawn_app().await;
    let guest = shop.guest();
    let path = with(api::WISHLIST_ITEM, TEACUP);
    for method in [Method::PUT, Method::DELETE] {
        let send = || guest.fetch(method.clone(), &path);
        send().without(header::CSRF).send().await.expect_problem(403, kinds::CSRF);
        send().caused_by("https://evil.example/").send().await.expect(403);
    }
    assert_eq!(shop.count("wishlist_item").await, 0);
    assert_eq!(shop.count("session").await, 0);
}

#[tokio::test]
async fn a_wishlist_has_a_limit_that_is_told() {
    let shop = spawn_app().await;
    let guest = shop.guest();
    let mut all = Vec::new();
    for page in 1..=5 {
        let page: ProductPage = guest.get(&format!("{}?page={page}", api::PRODUCTS)).await.json();
        all.extend(page.products.into_iter().map(|product| product.slug));
    }
    for slug in &all[..100] {
        guest.wish(slug.as_str()).await.expect(200);
    }
    let problem = guest.wish(all[100].as_str()).await.expect_problem(409, kinds::CONFLICT);
    assert!(problem.detail.contains("100"), "{}", problem.detail);
    assert_eq!(guest.wishes().await.len(), 100);
    guest.wish(all[0].as_str()).await.expect(200);
    guest.unwish(all[0].as_str()).await.expect(200);
    guest.wish(all[100].as_str()).await.expect(200);
}

#[tokio::test]
async fn a_login_brings_the_guests_wishes_to_the_customer_who_finds_them_anywhere() {
    let shop = spawn_app().await;
    let ada = shop.customer(ADA).await;
    ada.wish(TEACUP).await.expect(200);
    let guest = shop.guest();
    guest.wish(TEACUP).await.expect(200);
    guest.wish(KNIFE).await.expect(200);
    let ada_there = guest.signed_in_as(ADA).await;
    assert_eq!(ada_there.wishes().await, [KNIFE, TEACUP]);
    assert_eq!(ada.wishes().await, [KNIFE, TEACUP]);
    assert_eq!(shop.count("wishlist_item").await, 2);

    ada_there.sign_out(LogoutScope::Local).await;
    assert_eq!(ada_there.wishes().await, Vec::<String>::new());
    assert_eq!(ada.wishes().await, [KNIFE, TEACUP]);
}

#[tokio::test]
async fn a_wish_that_races_the_login_is_not_lost() {
    let shop = spawn_app().await;
    let guest = shop.guest();
    guest.wish(KNIFE).await.expect(200);
    let login = guest.start_login("/account").await;
    let callback = guest.authenticate(&login, ADA).await;
    let (wish, back) = join(guest.wish(TEACUP), guest.come_back(&callback)).await;
    back.expect(303);
    // Its key may have been replaced while it was on its way: then it was a new visitor's wish.
    wish.expect(200);
    let orphans = shop
        .rows("select * from wishlist_item join session on session.id = session_id where session.customer_id is not null")
        .await;
    assert_eq!(orphans.len(), 0);
}

#[tokio::test]
async fn a_guests_wishlist_ends_with_the_session() {
    let shop = spawn_app().await;
    let guest = shop.guest();
    guest.wish(TEACUP).await.expect(200);
    shop.let_session_age(&guest, 31 * MINUTE).await;
    assert_eq!(guest.wishes().await, Vec::<String>::new());
    assert_eq!(shop.count("wishlist_item").await, 0);
}

#[tokio::test]
async fn a_second_person_on_the_same_browser_sees_nothing_of_the_firsts_wishlist() {
    let shop = spawn_app().await;
    let browser = shop.customer(ADA).await;
    browser.wish(TEACUP).await.expect(200);
    browser.sign_in_anew(GRACE).await;
    assert_eq!(browser.signed_in_name().await.as_deref(), Some("Grace Hopper"));
    assert_eq!(browser.wishes().await, Vec::<String>::new());
    browser.wish(KNIFE).await.expect(200);
    let ada = shop.customer(ADA).await;
    assert_eq!(ada.wishes().await, [TEACUP]);
}

#[tokio::test]
async fn an_account_that_is_deleted_takes_its_wishlist_and_activities_along() {
    let shop = spawn_app().await;
    let ada = shop.customer(ADA).await;
    ada.wish(TEACUP).await.expect(200);
    shop.app.sessions.activities.flush().await;
    assert_eq!(shop.count("activity").await, 1);
    ada.delete(api::ACCOUNT).await.expect(200);
    assert_eq!(shop.count("wishlist_item").await, 0);
    assert_eq!(shop.count("activity").await, 0);
}
