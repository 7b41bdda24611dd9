//! What a session holds of what its visitor did: recorded where it happens, bounded, and gone with the session.

use crate::support::{shopping::*, *};
use reqwest::Method;
use serde_json::{Value, json};
use shared::{
    activities::{
        Activity, ActivityKind, ActivityName, MAX_ACTIVITIES, MAX_AT_ONCE, RecordActivities,
        RecordActivity,
    },
    cart::SetQuantity,
    catalog::ProductSummary,
    paths::{api, header, with},
    session::{EndReason, LogoutScope, SessionState},
};

impl Browser {
    /// The newest first.
    async fn activities(&self) -> Vec<Activity> {
        self.get(api::SESSION_ACTIVITIES).await.json()
    }

    /// Names and details, the oldest first.
    async fn did(&self) -> Vec<(&'static str, String)> {
        let activities = self.activities().await;
        let told = activities.into_iter().rev();
        told.map(|activity| (activity.name.into_str(), activity.details)).collect()
    }

    /// Slugs, the newest first.
    async fn recently_viewed(&self) -> Vec<String> {
        let products: Vec<ProductSummary> = self.get(api::RECENTLY_VIEWED).await.json();
        products.into_iter().map(|product| product.slug.to_string()).collect()
    }

    async fn tells_of(&self, activities: Vec<RecordActivity>) -> Answer {
        self.fetch(Method::POST, api::SESSION_ACTIVITIES)
            .json(&RecordActivities { activities })
            .header(header::BACKGROUND, "1")
            .send()
            .await
    }

    async fn looks_at(&self, path: &str) {
        let view = RecordActivity::new(ActivityName::PageViewed, path);
        self.tells_of(vec![view]).await.expect(204);
    }
}

fn entries<const N: usize>(told: [(&'static str, &str); N]) -> Vec<(&'static str, String)> {
    told.map(|(name, details)| (name, details.to_owned())).to_vec()
}

#[tokio::test]
async fn products_whose_pages_were_seen_are_shown_again_as_long_as_the_session_lives() {
    let shop = spawn_app().await;
    let ada = shop.customer(ADA).await;
    let seen = ["stoneware-teacup", "kitchen-knife", "no-such-thing", "stoneware-teacup"];
    for slug in seen {
        ada.looks_at(&format!("/p/{slug}")).await;
    }
    ada.looks_at("/cart").await;
    assert_eq!(ada.recently_viewed().await, ["stoneware-teacup", "kitchen-knife"]);
    assert_eq!(shop.guest().recently_viewed().await, Vec::<String>::new());

    ada.delete(api::SESSION_PAGE_VIEWS).await.expect(204);
    assert_eq!(ada.recently_viewed().await, Vec::<String>::new());
    ada.looks_at("/p/kitchen-knife").await;
    ada.sign_out(LogoutScope::Local).await;
    assert_eq!(ada.recently_viewed().await, Vec::<String>::new());
}

#[tokio::test]
async fn a_session_holds_all_four_kinds_of_what_its_visitor_did() {
    let shop = spawn_app().await;
    let ada = shop.customer(ADA).await;
    ada.looks_at("/p/stoneware-teacup").await;
    ada.get("/api/products?q=+tea").await.expect(200);
    ada.get("/api/products?category=home-kitchen&in_stock=true&max_price=2500").await.expect(200);
    ada.wish("stoneware-teacup").await.expect(200);
    ada.unwish("stoneware-teacup").await.expect(200);
    let share = RecordActivity::new(ActivityName::Shared, "stoneware-teacup");
    ada.tells_of(vec![share]).await.expect(204);
    ada.add(TEACUP, 2).await.expect(200);
    ada.put(&with(api::CART_ITEM, TEACUP), &SetQuantity { quantity: 3 }).await.expect(200);
    ada.delete(&with(api::CART_ITEM, TEACUP)).await.expect(200);
    let order = ada.buy(KNIFE, 1).await;
    let number = order.summary.number.as_str();
    ada.post(&with(api::ORDER_CANCEL, number), &json!({})).await.expect(200);
    assert_eq!(
        ada.did().await,
        entries([
            ("page-viewed", "/p/stoneware-teacup"),
            ("searched", "tea"),
            ("filtered", "home-kitchen, in stock only, up to €25.00"),
            ("wishlist-added", "Stoneware Teacup"),
            ("wishlist-removed", "Stoneware Teacup"),
            ("shared", "Stoneware Teacup"),
            ("line-item-added", "2 × Stoneware Teacup (White)"),
            ("quantity-changed", "3 × Stoneware Teacup (White)"),
            ("line-item-removed", "Stoneware Teacup (White)"),
            ("line-item-added", "1 × Kitchen Knife, 18 cm"),
            ("checkout-started", "1 item, €64.90"),
            ("order-placed", &format!("{number}, €64.90")),
            ("order-cancelled", number),
        ])
    );
    let activities = ada.activities().await;
    for &kind in ActivityKind::ALL {
        assert!(activities.iter().any(|activity| activity.kind == kind), "{kind:?}");
    }
    assert!(activities.is_sorted_by_key(|activity| -activity.at));
    assert!(backend::db::now() - activities[0].at < 60_000);
}

#[tokio::test]
async fn whoever_has_no_session_gets_none_for_being_watched() {
    let shop = spawn_app().await;
    let guest = shop.guest();
    let before = shop.snapshot().await;
    guest.get("/api/products?q=tea").await.expect(200);
    guest.looks_at("/cart").await;
    guest.delete(api::SESSION_PAGE_VIEWS).await.expect(204);
    guest.unwish("stoneware-teacup").await.expect(200);
    assert_eq!(guest.activities().await, []);
    assert_eq!(guest.cookies().len(), 0);
    assert_eq!(shop.snapshot().await, before);
    assert_eq!(guest.session().await.state, SessionState::None { ended: None });
}

#[tokio::test]
async fn what_the_page_asks_for_by_itself_is_nobodys_activity() {
    let shop = spawn_app().await;
    let ada = shop.customer(ADA).await;
    let search = ada.fetch(Method::GET, "/api/products?q=tea");
    search.header(header::BACKGROUND, "1").send().await.expect(200);
    for path in
        ["/api/products?featured=true", "/api/products?page=2", "/api/products?q=", api::CART]
    {
        ada.get(path).await.expect(200);
    }
    assert_eq!(ada.did().await, []);
}

#[tokio::test]
async fn a_page_view_does_not_keep_a_session_alive() {
    let shop = spawn_app().await;
    let ada = shop.customer(ADA).await;
    shop.let_session_age(&ada, 29 * MINUTE).await;
    let before = shop.session_of(&ada).await;
    ada.looks_at("/account").await;
    let timeline = ada.fetch(Method::GET, api::SESSION_ACTIVITIES);
    let timeline = timeline.header(header::BACKGROUND, "1").send().await;
    assert_eq!(timeline.json::<Vec<Activity>>().len(), 1);
    assert_eq!(shop.session_of(&ada).await, before);
}

#[tokio::test]
async fn what_is_refused_or_changes_nothing_is_no_activity() {
    let shop = spawn_app().await;
    let ada = shop.customer(ADA).await;
    ada.add("NO-SUCH-SKU", 1).await.expect(422);
    ada.add(KNIFE, 100).await.expect(422);
    ada.delete(&with(api::CART_ITEM, KNIFE)).await.expect(200);
    ada.unwish("stoneware-teacup").await.expect(200);
    ada.get("/api/products?q=tea&page=0").await.expect(422);
    ada.get("/api/products?q=tea&category=nowhere").await.expect(404);
    assert_eq!(ada.did().await, []);
}

#[tokio::test]
async fn what_is_asked_for_again_happened_once() {
    let shop = spawn_app().await;
    let guest = shop.guest();
    guest.add(KNIFE, 1).await.expect(200);
    for page in ["", "&page=2", "&sort=name"] {
        guest.get(&format!("/api/products?q=tea{page}")).await.expect(200);
    }
    let form = guest.order_form().await;
    guest.quote().await;
    let key = new_key();
    for _ in 0..2 {
        guest.check_out(&form, &key).await.expect(201);
    }
    let names: Vec<&str> = guest.did().await.into_iter().map(|(name, _)| name).collect();
    assert_eq!(names, ["line-item-added", "searched", "checkout-started", "guest-order-placed"]);
}

#[tokio::test]
async fn the_newest_two_hundred_are_kept_and_each_session_has_its_own() {
    let shop = spawn_app().await;
    let (guest, other) = (shop.guest(), shop.guest());
    guest.add(KNIFE, 1).await.expect(200);
    other.add(TEACUP, 1).await.expect(200);
    for turn in 0..=MAX_ACTIVITIES as usize / MAX_AT_ONCE {
        let views = (0..MAX_AT_ONCE)
            .map(|view| RecordActivity::new(ActivityName::PageViewed, format!("/p/{turn}-{view}")))
            .collect();
        guest.tells_of(views).await.expect(204);
    }
    let kept = guest.activities().await;
    assert_eq!(kept.len(), MAX_ACTIVITIES as usize);
    assert_eq!(kept[0].details, "/p/10-19");
    assert_eq!(kept.last().map(|activity| activity.details.as_str()), Some("/p/1-0"));
    assert_eq!(other.activities().await.len(), 1);
}

#[tokio::test]
async fn turning_page_views_off_deletes_them_and_says_so() {
    let shop = spawn_app().await;
    let guest = shop.guest();
    guest.add(KNIFE, 1).await.expect(200);
    for path in ["/", "/cart"] {
        guest.looks_at(path).await;
    }
    guest.delete(api::SESSION_PAGE_VIEWS).await.expect(204);
    assert_eq!(
        guest.did().await,
        entries([("line-item-added", "1 × Kitchen Knife, 18 cm"), ("page-views-turned-off", "")])
    );
    assert_eq!(guest.activities().await[0].kind, ActivityKind::Event);
}

#[tokio::test]
async fn a_login_keeps_what_the_guest_did() {
    let shop = spawn_app().await;
    let guest = shop.guest();
    guest.add(KNIFE, 1).await.expect(200);
    guest.looks_at("/cart").await;
    let before = guest.activities().await;
    let ada = guest.signed_in_as(ADA).await;
    assert_eq!(ada.activities().await, before);
}

#[tokio::test]
async fn a_second_person_on_the_same_browser_sees_nothing_of_what_the_first_did() {
    let shop = spawn_app().await;
    let browser = shop.customer(ADA).await;
    browser.looks_at("/account").await;
    browser.add(KNIFE, 1).await.expect(200);
    assert_eq!(browser.activities().await.len(), 2);
    browser.sign_in_anew(GRACE).await;
    assert_eq!(browser.signed_in_name().await.as_deref(), Some("Grace Hopper"));
    assert_eq!(browser.activities().await, []);
    assert_eq!(shop.count("activity").await, 0);
}

#[tokio::test]
async fn a_session_takes_its_activities_along_however_it_ends() {
    let shop = spawn_app().await;
    for end in ["logout", "idle", "revoked"] {
        let ada = shop.customer(ADA).await;
        ada.looks_at("/account").await;
        ada.add(KNIFE, 1).await.expect(200);
        assert_eq!(ada.activities().await.len(), 2, "{end}");
        match end {
            "logout" => drop(ada.sign_out(LogoutScope::Local).await),
            "idle" => shop.let_session_age(&ada, 31 * MINUTE).await,
            _ => {
                let elsewhere = shop.customer(ADA).await;
                elsewhere.delete(api::ACCOUNT_SESSIONS).await.expect(204);
                elsewhere.sign_out(LogoutScope::Local).await;
            }
        }
        assert_eq!(ada.activities().await, [], "{end}");
        assert_eq!(shop.count("activity").await, 0, "{end}");
        assert_eq!(shop.count("session").await, 0, "{end}");
    }
}

#[tokio::test]
async fn what_was_done_in_a_session_that_is_over_brings_it_not_back() {
    let shop = spawn_app().await;
    let ada = shop.customer(ADA).await;
    let cookie = ada.cookie("storezero").expect("a session");
    ada.sign_out(LogoutScope::Local).await;
    let late = shop.guest();
    late.put_cookie(cookie);
    late.looks_at("/account").await;
    let other = shop.guest();
    other.add(KNIFE, 1).await.expect(200);
    assert_eq!(late.activities().await, []);
    assert_eq!(other.activities().await.len(), 1);
    assert_eq!(shop.count("activity").await, 1);
}

#[tokio::test]
async fn a_page_tells_of_nothing_but_pages_and_shares_of_this_shop() {
    let shop = spawn_app().await;
    let ada = shop.customer(ADA).await;
    let view = json!({ "kind": "page-view", "name": "page-viewed", "details": "/cart" });
    let with = |field: &str, value: Value| {
        let mut activity = view.clone();
        activity[field] = value;
        json!({ "activities": [view, activity] })
    };
    let share = |slug: &str| json!({ "activities": [{ "kind": "social-interaction", "name": "shared", "details": slug }] });
    let long = format!("/{}", "a".repeat(200));
    for (body, field) in [
        (json!({ "activities": [] }), "activities"),
        (json!({ "activities": vec![view.clone(); 21] }), "activities"),
        (json!({ "activities": null }), "activities"),
        (with("kind", json!("transaction")), "activities[1].kind"),
        (with("kind", json!("gossip")), "activities[1].kind"),
        (with("name", json!("order-placed")), "activities[1].name"),
        (with("name", json!("page-views-turned-off")), "activities[1].name"),
        (with("name", json!("peeked")), "activities[1].name"),
        (with("details", json!("")), "activities[1].details"),
        (with("details", json!("cart")), "activities[1].details"),
        (with("details", json!("//evil.example")), "activities[1].details"),
        (with("details", json!("https://evil.example/")), "activities[1].details"),
        (with("details", json!("/search?q=ada@example.com")), "activities[1].details"),
        (with("details", json!("/cart#x")), "activities[1].details"),
        (with("details", json!("/ada@example.com")), "activities[1].details"),
        (with("details", json!("/auth/callback")), "activities[1].details"),
        (with("details", json!("/p/\u{0}")), "activities[1].details"),
        (with("details", json!(long)), "activities[1].details"),
        (with("details", json!(7)), "activities[1].details"),
        (with("at", json!(0)), "activities[1].at"),
        (share("no-such-product"), "activities[0].details"),
        (share("/p/stoneware-teacup"), "activities[0].details"),
        (share(""), "activities[0].details"),
    ] {
        let answer = ada.post(api::SESSION_ACTIVITIES, &body).await;
        assert_eq!(answer.status, 422, "{body}: {}", answer.text());
        let fields: Vec<String> =
            answer.problem().errors.into_iter().map(|error| error.field).collect();
        assert_eq!(fields, [field], "{body}");
    }
    assert_eq!(ada.did().await, []);
}

#[tokio::test]
async fn what_waits_to_be_written_is_written_before_the_program_stops() {
    let program = Program::start(&[]).await;
    let guest = program.browser();
    guest.add(KNIFE, 1).await.expect(200);
    for turn in 0..20 {
        guest.get(&format!("/api/products?q=tea{turn}")).await.expect(200);
    }
    let program = program.restart().await;
    let again = program.browser();
    for cookie in guest.cookies() {
        again.put_cookie(cookie);
    }
    let searched: Vec<String> =
        again.did().await.into_iter().skip(1).map(|(_, words)| words).collect();
    let wanted: Vec<String> = (0..20).map(|turn| format!("tea{turn}")).collect();
    assert_eq!(searched, wanted);
}

#[tokio::test]
async fn an_order_without_an_account_says_so_and_the_same_one_of_a_customer_does_not() {
    let shop = spawn_app().await;
    let guest = shop.guest();
    let order = guest.buy(KNIFE, 1).await;
    let placed = format!("{}, €64.90", order.summary.number);
    assert_eq!(guest.did().await.last(), Some(&("guest-order-placed", placed)));
}

#[tokio::test]
async fn a_guest_who_was_idle_for_too_long_orders_and_a_session_holds_that() {
    let shop = spawn_app().await;
    let (guest, form) = ready_to_order(&shop, KNIFE, 1).await;
    shop.let_session_age(&guest, 31 * MINUTE).await;
    assert_eq!(guest.session().await.state, SessionState::None { ended: Some(EndReason::Idle) });
    guest.check_out(&form, &new_key()).await.expect(201);
    assert!(matches!(guest.session().await.state, SessionState::Anonymous { .. }));
    let names: Vec<_> = guest.did().await.into_iter().map(|(name, _)| name).collect();
    assert_eq!(names, ["guest-order-placed"]);
}
