//! Reviews: by customers whose orders have arrived, one of each product, read by everybody.

use crate::support::{shopping::*, *};
use serde_json::json;
use shared::{
    account::AccountData,
    activities::{Activity, ActivityName},
    catalog::Product,
    orders::{Order, OrderPage},
    paths::{api, with},
    problem::kinds,
    reviews::{MAX_TEXT, ReviewPage, Standing, WriteReview},
};

impl Browser {
    async fn reviews(&self, slug: &str) -> ReviewPage {
        self.get(&with(api::REVIEWS, slug)).await.json()
    }

    async fn review(&self, slug: &str, rating: u8, text: &str) -> Answer {
        let review = WriteReview { rating, text: text.to_owned() };
        self.put(&with(api::OWN_REVIEW, slug), &review).await
    }

    async fn product(&self, slug: &str) -> Product {
        self.get(&with(api::PRODUCT, slug)).await.json()
    }

    /// A product that an order has brought, and that they have said nothing of.
    async fn received(&self) -> String {
        let page: OrderPage = self.get("/api/orders?status=delivered").await.json();
        for summary in page.orders {
            let order: Order = self.get(&with(api::ORDER, summary.number.as_str())).await.json();
            for line in order.items {
                let slug = line.slug.to_string();
                if self.reviews(&slug).await.standing == Standing::MayReview {
                    return slug;
                }
            }
        }
        panic!("everything is reviewed");
    }
}

#[tokio::test]
async fn a_customer_reviews_what_has_arrived_once_and_may_change_and_remove_it() {
    let shop = spawn_app().await;
    let (ada, guest) = (shop.customer(ADA).await, shop.guest());
    let slug = ada.received().await;
    let before = guest.reviews(&slug).await;
    assert_eq!(before.standing, Standing::Guest);

    let page: ReviewPage = ada.review(&slug, 5, " Sturdy.\n\u{202e}Heavy. ").await.json();
    let own = &page.reviews[0];
    assert_eq!((own.author.as_str(), own.rating), ("Ada L.", 5));
    assert_eq!(own.text, "Sturdy.\nHeavy.");
    assert_eq!(page.standing, Standing::Reviewed(own.clone()));
    assert_eq!(guest.reviews(&slug).await.reviews, page.reviews);
    assert_eq!(page.total, before.total + 1);

    let changed: ReviewPage = ada.review(&slug, 2, "").await.json();
    assert_eq!((changed.reviews[0].rating, changed.total), (2, page.total));
    let removed: ReviewPage = ada.delete(&with(api::OWN_REVIEW, &slug)).await.json();
    assert_eq!((removed.total, removed.standing), (before.total, Standing::MayReview));

    let activities: Vec<Activity> = ada.get(api::SESSION_ACTIVITIES).await.json();
    let reviewed = activities.iter().filter(|activity| activity.name == ActivityName::Reviewed);
    assert_eq!(reviewed.count(), 1, "a change is no other review");
}

#[tokio::test]
async fn a_review_counts_in_the_products_stars() {
    let shop = spawn_app().await;
    let ada = shop.customer(ADA).await;
    let slug = ada.received().await;
    let before = ada.product(&slug).await.summary;
    ada.review(&slug, 1, "").await.expect(200);
    let counts = async || {
        let now = ada.product(&slug).await.summary;
        now.rating_count == before.rating_count + 1 && now.rating < before.rating
    };
    eventually(counts, "one star more counted").await;
}

#[tokio::test]
async fn nobody_reviews_what_has_not_arrived() {
    let shop = spawn_app().await;
    let (grace, guest) = (shop.customer(GRACE).await, shop.guest());
    let before = shop.snapshot().await;
    guest.review("kitchen-knife", 5, "").await.expect_problem(401, kinds::SIGN_IN_REQUIRED);
    grace.review("kitchen-knife", 5, "").await.expect_problem(403, kinds::NOT_RECEIVED);
    assert_eq!(grace.reviews("kitchen-knife").await.standing, Standing::NotReceived);
    grace.review("no-such-product", 5, "").await.expect_problem(404, kinds::NOT_FOUND);
    guest.get(&with(api::REVIEWS, "no-such-product")).await.expect_problem(404, kinds::NOT_FOUND);
    assert_eq!(shop.snapshot().await, before);
    grace.buy(KNIFE, 1).await;
    grace.review("kitchen-knife", 5, "").await.expect_problem(403, kinds::NOT_RECEIVED);
}

#[tokio::test]
async fn what_is_no_review_is_refused_by_field() {
    let shop = spawn_app().await;
    let ada = shop.customer(ADA).await;
    let slug = ada.received().await;
    let own = with(api::OWN_REVIEW, &slug);
    for rating in [0, 6] {
        let problem = ada.review(&slug, rating, "").await.expect_problem(422, kinds::VALIDATION);
        assert_eq!(problem.errors[0].field, "rating");
    }
    let long = "ä".repeat(MAX_TEXT + 1);
    let problem = ada.review(&slug, 5, &long).await.expect_problem(422, kinds::VALIDATION);
    assert_eq!(problem.errors[0].field, "text");
    for body in [json!({}), json!({ "rating": 300 }), json!({ "rating": "5" })] {
        let problem = ada.put(&own, &body).await.expect_problem(422, kinds::VALIDATION);
        assert_eq!(problem.errors[0].field, "rating");
    }
    ada.put(&own, &json!([])).await.expect_problem(400, kinds::BAD_REQUEST);
    let first = with(api::REVIEWS, &slug);
    ada.get(&format!("{first}?page=0")).await.expect(422);
    let beyond: ReviewPage = ada.get(&format!("{first}?page=4294967295")).await.json();
    assert!(beyond.reviews.is_empty());
}

#[tokio::test]
async fn reviews_are_part_of_a_customers_data_and_go_with_the_account() {
    let shop = spawn_app().await;
    let ada = shop.customer(ADA).await;
    let slug = ada.received().await;
    ada.review(&slug, 4, "Mine").await.expect(200);
    let data: AccountData = ada.get(api::ACCOUNT_DATA).await.json();
    assert!(data.reviews.iter().any(|(of, review)| of.as_str() == slug && review.text == "Mine"));
    ada.delete(api::ACCOUNT).await.expect(200);
    let left = shop.guest().reviews(&slug).await;
    assert!(left.reviews.iter().all(|review| review.author != "Ada L."), "{left:?}");
}
