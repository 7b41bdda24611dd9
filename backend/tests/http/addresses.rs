//! A customer's saved addresses: theirs alone, few enough, and as good as the checkout's.

use crate::support::*;
use futures_util::future::join_all;
use reqwest::Method;
use shared::{
    account::{Account, MAX_ADDRESSES, SavedAddress},
    checkout::Address,
    paths::{api, with},
    problem::kinds,
};

fn address(street: &str) -> Address {
    Address {
        full_name: "Ada Lovelace".into(),
        street: street.into(),
        postcode: "10115".into(),
        city: "Berlin".into(),
        country: "DE".into(),
    }
}

fn one(id: i64) -> String {
    with(api::ACCOUNT_ADDRESS, id.to_string())
}

fn default(id: i64) -> String {
    with(api::ACCOUNT_ADDRESS_DEFAULT, id.to_string())
}

impl Browser {
    async fn addresses(&self) -> Vec<SavedAddress> {
        self.get(api::ACCOUNT_ADDRESSES).await.json()
    }
}

#[track_caller]
fn streets(answer: &Answer) -> Vec<String> {
    let list: Vec<SavedAddress> = answer.json();
    let defaults: Vec<bool> = list.iter().map(|saved| saved.is_default).collect();
    let first_alone: Vec<bool> = (0..list.len()).map(|place| place == 0).collect();
    assert_eq!(defaults, first_alone, "one is the default, and comes first");
    list.into_iter().map(|saved| saved.address.street).collect()
}

#[tokio::test]
async fn a_customer_keeps_addresses_of_which_one_is_the_default_whichever_goes() {
    let shop = spawn_app().await;
    let ada = shop.customer(ADA).await;
    let home = ada.addresses().await.remove(0);
    assert_eq!((home.address, home.is_default), (address("Torstraße 1"), true));

    let typed = Address { postcode: " d-10115".into(), ..address(" Lindenallee 7 ") };
    let added = ada.post(api::ACCOUNT_ADDRESSES, &typed).await.expect(200);
    assert_eq!(streets(&added), ["Torstraße 1", "Lindenallee 7"]);
    let work = added.json::<Vec<SavedAddress>>().remove(1);
    assert_eq!(work.address, address("Lindenallee 7"), "as it is kept");
    ada.post(api::ACCOUNT_ADDRESSES, &address("Hafenweg 3")).await.expect(200);

    let chosen = ada.put(&default(work.id), &()).await.expect(200);
    assert_eq!(streets(&chosen), ["Lindenallee 7", "Torstraße 1", "Hafenweg 3"]);
    let moved = ada.put(&one(work.id), &address("Lindenallee 9")).await.expect(200);
    assert_eq!(streets(&moved), ["Lindenallee 9", "Torstraße 1", "Hafenweg 3"]);
    let account: Account = ada.get(api::ACCOUNT).await.json();
    assert_eq!(account.addresses, ada.addresses().await);
    let removed = ada.delete(&one(work.id)).await.expect(200);
    assert_eq!(streets(&removed), ["Torstraße 1", "Hafenweg 3"]);
    ada.delete(&one(work.id)).await.expect_problem(404, kinds::NOT_FOUND);
}

#[tokio::test]
async fn an_address_that_is_there_is_not_added_again_and_no_more_than_ten_fit() {
    let shop = spawn_app().await;
    let ada = shop.customer(ADA).await;
    let add = async |street: &str| ada.post(api::ACCOUNT_ADDRESSES, &address(street)).await;
    for answer in join_all((0..5).map(|_| add("Lindenallee 7"))).await {
        assert_eq!(streets(&answer), ["Torstraße 1", "Lindenallee 7"]);
    }
    let many: Vec<String> = (0..MAX_ADDRESSES).map(|number| format!("Hafenweg {number}")).collect();
    let answers = join_all(many.iter().map(|street| add(street))).await;
    let (added, refused): (Vec<_>, Vec<_>) =
        answers.iter().partition(|answer| answer.status.is_success());
    assert_eq!((added.len(), ada.addresses().await.len()), (MAX_ADDRESSES - 2, MAX_ADDRESSES));
    for answer in refused {
        let problem = answer.expect_problem(409, kinds::CONFLICT);
        assert!(problem.detail.contains("Remove one"), "{}", problem.detail);
    }
    add("Lindenallee 7").await.expect(200);
}

#[tokio::test]
async fn each_fault_of_an_address_names_its_field_and_nothing_is_kept() {
    let shop = spawn_app().await;
    let ada = shop.customer(ADA).await;
    let home = ada.addresses().await.remove(0);
    let before = shop.snapshot().await;
    let good = address("Lindenallee 7");
    for (field, faulty) in [
        ("full_name", Address { full_name: " ".into(), ..good.clone() }),
        ("street", Address { street: "x".repeat(121), ..good.clone() }),
        ("postcode", Address { postcode: "A-1010".into(), ..good.clone() }),
        ("city", Address { city: "\u{202e}".into(), ..good.clone() }),
        ("country", Address { country: "US".into(), ..good.clone() }),
    ] {
        for answer in
            [ada.post(api::ACCOUNT_ADDRESSES, &faulty).await, ada.put(&one(home.id), &faulty).await]
        {
            let problem = answer.expect_problem(422, kinds::VALIDATION);
            let fields: Vec<&str> = problem.errors.iter().map(|it| it.field.as_str()).collect();
            assert_eq!(fields, [field]);
        }
    }
    assert_eq!(shop.snapshot().await, before);
}

#[tokio::test]
async fn another_customers_address_looks_like_one_that_never_was() {
    let shop = spawn_app().await;
    let (ada, grace) = (shop.customer(ADA).await, shop.customer(GRACE).await);
    let home = ada.addresses().await.remove(0);
    assert!(grace.addresses().await.iter().all(|saved| saved.id != home.id));
    let before = shop.snapshot().await;
    let never = grace.delete(&one(i64::MAX)).await;
    never.expect_problem(404, kinds::NOT_FOUND);
    for answer in [
        grace.put(&one(home.id), &address("Damrak 12")).await,
        grace.put(&default(home.id), &()).await,
        grace.delete(&one(home.id)).await,
        grace.fetch(Method::DELETE, "/api/account/addresses/x").send().await,
    ] {
        answer.expect_problem(404, kinds::NOT_FOUND);
        assert_eq!(answer.body, never.body);
    }
    assert_eq!(shop.snapshot().await, before);
}
