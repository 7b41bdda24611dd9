//! "All Orders": list, filter, search, detail, cancelling.

use crate::support::{shopping::*, *};
use futures_util::future::join_all;
use reqwest::Method;
use shared::{
    money::Money,
    orders::{Order, OrderPage, OrderStatus, PAGE_SIZE, VatShare},
    paths::{api, with},
    problem::kinds,
};

async fn list(browser: &Browser, query: &[(&str, &str)]) -> OrderPage {
    let query = serde_urlencoded::to_string(query).expect("a query");
    browser.get(&format!("{}?{query}", api::ORDERS)).await.json()
}

async fn cancel(browser: &Browser, order: &Order) -> Answer {
    browser
        .fetch(Method::POST, &with(api::ORDER_CANCEL, order.summary.number.as_str()))
        .send()
        .await
}

#[tokio::test]
async fn orders_come_newest_first_in_pages() {
    let shop = spawn_app().await;
    let ada = shop.customer(ADA).await;
    let first = list(&ada, &[]).await;
    assert_eq!((first.page, first.pages, first.total), (1, 2, 13));
    assert_eq!(first.orders.len(), PAGE_SIZE as usize);
    assert_eq!(list(&ada, &[("page", "1")]).await, first);
    let second = list(&ada, &[("page", "2")]).await;
    assert_eq!(second.orders.len(), 3);
    let all: Vec<_> = first.orders.iter().chain(&second.orders).collect();
    assert!(all.windows(2).all(|pair| pair[0].placed_at > pair[1].placed_at));
    let beyond = list(&ada, &[("page", "3")]).await;
    assert_eq!((beyond.orders.len(), beyond.total, beyond.pages), (0, 13, 2));
    let far = list(&ada, &[("page", "4294967295")]).await;
    assert_eq!(far.orders.len(), 0);
}

#[tokio::test]
async fn orders_are_found_by_status() {
    let shop = spawn_app().await;
    let ada = shop.customer(ADA).await;
    let mut total = 0;
    for &status in OrderStatus::ALL {
        let page = list(&ada, &[("status", status.into_str())]).await;
        assert!(page.orders.iter().all(|order| order.status == status));
        assert!(page.total > 0, "{status:?}");
        total += page.total;
    }
    assert_eq!(total, 13);
    ada.get("/api/orders?status=reserved").await.expect(422);
}

#[tokio::test]
async fn orders_are_found_by_name_and_number_in_any_case() {
    let shop = spawn_app().await;
    let ada = shop.customer(ADA).await;
    let order = ada.buy(KNIFE, 1).await;
    let number = order.summary.number.to_string();
    for q in [number.clone(), number.to_lowercase(), number[5..].to_owned(), format!("  {number} ")]
    {
        let page = list(&ada, &[("q", &q)]).await;
        assert_eq!(page.orders, std::slice::from_ref(&order.summary), "{q}");
    }
    for q in ["kitchen knife", "KNIFE", "18 cm"] {
        let page = list(&ada, &[("q", q)]).await;
        assert!(page.orders.contains(&order.summary), "{q}");
        assert!(page.total < 14, "{q}");
    }
    let none = list(&ada, &[("q", "no such product")]).await;
    assert_eq!((none.total, none.pages), (0, 0));
    let both = list(&ada, &[("q", "knife"), ("status", "placed")]).await;
    assert!(both.orders.contains(&order.summary));
}

#[tokio::test]
async fn a_search_text_is_text_and_no_pattern() {
    let shop = spawn_app().await;
    let ada = shop.customer(ADA).await;
    for q in ["%", "_", "\\", "%knife%", "'", "' or 1=1 --"] {
        let page = list(&ada, &[("q", q)]).await;
        assert_eq!(page.total, 0, "{q:?} found something");
    }
    for q in ["%00", "knife%00", "%0a"] {
        let problem = ada.get(&format!("{}?q={q}", api::ORDERS)).await.problem();
        assert_eq!((problem.status, problem.errors[0].field.as_str()), (422, "q"), "{q}");
    }
}

#[tokio::test]
async fn an_order_tells_its_whole_story() {
    let shop = spawn_app().await;
    let ada = shop.customer(ADA).await;
    for summary in list(&ada, &[]).await.orders {
        let order: Order = ada.get(&with(api::ORDER, summary.number.as_str())).await.json();
        assert_eq!(order.summary, summary);
        assert_eq!(order.history.first().map(|step| step.status), Some(OrderStatus::Placed));
        assert_eq!(order.history.last().map(|step| step.status), Some(summary.status));
        assert!(order.history.windows(2).all(|pair| pair[0].at <= pair[1].at));
        assert_eq!(order.items.iter().map(|item| item.quantity).sum::<u32>(), summary.count);
        let lines: i64 = order.items.iter().map(|item| item.total.minor).sum();
        assert_eq!(lines, order.totals.subtotal.minor);
        assert_eq!(
            order.totals.total.minor,
            order.totals.subtotal.minor + order.totals.delivery.minor
        );
        let sum =
            |part: fn(&VatShare) -> Money| order.vat.iter().map(|share| part(share).minor).sum();
        let (net, tax, gross): (i64, i64, i64) =
            (sum(|share| share.net), sum(|share| share.tax), sum(|share| share.gross));
        assert_eq!(
            (net + tax, tax, gross),
            (gross, order.totals.tax.minor, order.totals.total.minor)
        );
        assert_eq!(order.cancellable, summary.status == OrderStatus::Placed);
    }
}

#[tokio::test]
async fn a_placed_order_is_cancelled_once_and_its_stock_comes_back_once() {
    let shop = spawn_app().await;
    let ada = shop.customer(ADA).await;
    let stock = shop.stock(KNIFE).await;
    let order = ada.buy(KNIFE, 3).await;
    assert_eq!(shop.stock(KNIFE).await, stock - 3);
    let answers = join_all((0..10).map(|_| cancel(&ada, &order))).await;
    let cancelled: Vec<_> = answers.iter().filter(|answer| answer.status == 200).collect();
    assert_eq!(cancelled.len(), 1);
    let cancelled: Order = cancelled[0].json();
    assert_eq!(cancelled.summary.status, OrderStatus::Cancelled);
    assert!(!cancelled.cancellable);
    for answer in answers.iter().filter(|answer| answer.status != 200) {
        answer.expect_problem(409, kinds::CONFLICT);
    }
    assert_eq!(shop.stock(KNIFE).await, stock);
    assert_eq!(list(&ada, &[("status", "cancelled")]).await.orders[0].number, order.summary.number);
}

#[tokio::test]
async fn what_is_packed_is_not_cancelled_any_more() {
    let shop = spawn_app().await;
    let ada = shop.customer(ADA).await;
    let before = shop.snapshot().await;
    for status in
        [OrderStatus::Packed, OrderStatus::Shipped, OrderStatus::Delivered, OrderStatus::Cancelled]
    {
        let summary = list(&ada, &[("status", status.into_str())]).await.orders.remove(0);
        let order: Order = ada.get(&with(api::ORDER, summary.number.as_str())).await.json();
        let problem = cancel(&ada, &order).await.expect_problem(409, kinds::CONFLICT);
        assert!(!problem.detail.is_empty());
    }
    assert_eq!(shop.snapshot().await, before);
}

#[tokio::test]
async fn an_order_that_was_placed_days_ago_has_arrived_after_a_round_of_the_job() {
    let shop = spawn_app().await;
    let ada = shop.customer(ADA).await;
    let order = ada.buy(KNIFE, 1).await;
    let number = order.summary.number.as_str();
    let path = with(api::ORDER, number);
    let round = async || backend::jobs::sweep_once(&shop.app.sessions, &shop.app.db).await;
    round().await.expect("a round");
    assert_eq!(ada.get(&path).await.json::<Order>(), order);

    let week = 7 * 24 * 60 * 60 * 1000_i64;
    for (table, column, key) in [("orders", "placed_at", "id"), ("order_status", "at", "order_id")]
    {
        shop.execute(&format!(
            "update {table} set {column} = {column} - {week}
             where {key} = (select id from orders where number = '{number}')"
        ))
        .await;
    }
    round().await.expect("a round");
    let arrived: Order = ada.get(&path).await.json();
    assert_eq!((arrived.summary.status, arrived.cancellable), (OrderStatus::Delivered, false));
    let steps: Vec<_> = arrived.history.iter().map(|step| step.status).collect();
    assert_eq!(steps, OrderStatus::ALL[..4]);
    assert!(arrived.history.is_sorted_by_key(|step| step.at));
    cancel(&ada, &arrived).await.expect_problem(409, kinds::CONFLICT);
}

#[tokio::test]
async fn order_numbers_are_not_to_be_guessed() {
    let shop = spawn_app().await;
    let rows = shop.rows("select number from orders").await;
    let numbers: std::collections::HashSet<&str> =
        rows.iter().filter_map(|row| row["number"].as_str()).collect();
    assert_eq!(numbers.len(), rows.len());
    let prefixes: std::collections::HashSet<&str> =
        numbers.iter().map(|number| &number[..4]).collect();
    assert_eq!(prefixes.len(), rows.len(), "they have a beginning in common");
}
