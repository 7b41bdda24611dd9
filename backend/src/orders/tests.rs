//! Orders in the database: what their customer sees, and how often they are cancelled.

use super::{entity::order, *};
use crate::{
    cart::{self, Line},
    catalog::{self, Taken, entity::variant, testing::shop},
    customers::{self, Identity},
    db::testing::TestDatabase,
};
use futures_util::future::join_all;
use sea_orm::{
    ActiveModelTrait as _,
    ActiveValue::{NotSet, Set},
    ColumnTrait as _, EntityTrait as _, IntoActiveModel as _, PaginatorTrait as _,
    QueryFilter as _,
};
use shared::{
    checkout::{Address, CardBrand, DeliveryMethod, PaymentSummary, QuoteTotals},
    money::Money,
    orders::OrderStatus,
    problem::kinds,
};

const NOW: i64 = 1_795_000_000_000;
const HOUR: i64 = 60 * 60 * 1000;

/// A shop in which Ada placed 13 orders, one an hour, the newest first, each of one product and each of another.
async fn ordered() -> TestDatabase {
    let db = shop().await;
    let ada = customer(&db, "ada").await;
    let transaction = db::begin_write(&db).await.unwrap();
    let variants = variant::Entity::find().all(&transaction).await.unwrap();
    let offers = catalog::offers(&transaction, variants.iter().map(|row| row.id)).await.unwrap();
    let past = [Status::Delivered, Status::Cancelled, Status::Shipped].into_iter().cycle();
    let statuses = [Status::Placed, Status::Packed].into_iter().chain(past);
    for (hours, (status, offer)) in (1..=13).zip(statuses.zip(offers)) {
        let order = new_order(ada, Line { offer, quantity: 2 });
        let placed_at = NOW - hours * HOUR;
        let (id, _) = insert(&transaction, &order, status, placed_at).await.unwrap();
        record_status(&transaction, id, [(status, placed_at)]).await.unwrap();
    }
    transaction.commit().await.unwrap();
    db
}

fn new_order(customer_id: i64, line: Line) -> NewOrder {
    let variant_id = line.offer.variant_id;
    let item = cart::line_item(line).unwrap();
    NewOrder {
        customer_id: Some(customer_id),
        guest_hash: None,
        email: "ada@example.com".into(),
        address: Address::default(),
        delivery: DeliveryMethod::Standard,
        payment: PaymentSummary { brand: CardBrand::Visa, last4: "4242".into() },
        delivery_vat_rate: 1900,
        promotion_code: None,
        totals: QuoteTotals {
            subtotal: item.total,
            discount: Money::ZERO,
            delivery: Money::ZERO,
            tax: Money::ZERO,
            total: item.total,
        },
        lines: vec![NewLine { discount: Money::ZERO, variant_id, item, vat_rate: 1900, tax: 0 }],
    }
}

async fn customer(db: &DatabaseConnection, subject: &str) -> i64 {
    let identity = Identity {
        issuer: "http://localhost:4000".into(),
        subject: subject.into(),
        name: "Ada Lovelace".into(),
        email: Some("ada@example.com".into()),
        email_verified: true,
    };
    customers::upsert(db, &identity, false, NOW).await.unwrap()
}

async fn list(db: &DatabaseConnection, customer: i64, query: OrderQuery) -> OrderPage {
    queries::page(db, customer, &query).await.unwrap()
}

fn page(page: u32) -> OrderQuery {
    OrderQuery { page: Some(page), ..OrderQuery::default() }
}

fn search(q: &str) -> OrderQuery {
    OrderQuery { q: Some(q.into()), ..OrderQuery::default() }
}

#[actix_web::test]
async fn a_list_has_pages_that_neither_repeat_nor_skip_an_order() {
    let db = ordered().await;
    let ada = customer(&db, "ada").await;
    let (one, two, three) = (
        list(&db, ada, page(1)).await,
        list(&db, ada, page(2)).await,
        list(&db, ada, page(3)).await,
    );
    assert_eq!((one.orders.len(), two.orders.len(), three.orders.len()), (10, 3, 0));
    for answer in [&one, &two, &three] {
        assert_eq!((answer.total, answer.pages), (13, 2));
    }
    let all: Vec<_> = one.orders.iter().chain(&two.orders).collect();
    assert!(all.is_sorted_by(|newer, older| newer.placed_at > older.placed_at));
    assert_eq!(list(&db, ada, page(u32::MAX)).await.total, 13);
}

#[actix_web::test]
async fn a_list_is_filtered_by_status_and_by_part_of_a_name_or_number() {
    let db = ordered().await;
    let ada = customer(&db, "ada").await;
    let cancelled = OrderQuery { status: Some(OrderStatus::Cancelled), ..OrderQuery::default() };
    let cancelled = list(&db, ada, cancelled).await;
    assert!(
        cancelled.total > 0
            && cancelled.orders.iter().all(|order| order.status == OrderStatus::Cancelled)
    );

    let newest = list(&db, ada, page(1)).await.orders.remove(0);
    let by_number = list(&db, ada, search(&newest.number.as_str()[2..9].to_lowercase())).await;
    assert_eq!((by_number.total, &by_number.orders[0].number), (1, &newest.number));
    let by_name = list(&db, ada, search(&newest.first_name.to_uppercase())).await;
    assert!(by_name.orders.iter().any(|order| order.number == newest.number));
    for nothing in ["%", "_", r"\", "no such thing"] {
        assert_eq!(list(&db, ada, search(nothing)).await.total, 0, "{nothing}");
    }
}

#[actix_web::test]
async fn a_customer_finds_their_own_orders_alone() {
    let db = ordered().await;
    let (ada, grace) = (customer(&db, "ada").await, customer(&db, "grace").await);
    let order = list(&db, ada, page(1)).await.orders.remove(0);
    assert!(queries::find(&*db, ada, &order.number).await.unwrap().is_some());
    assert!(queries::find(&*db, grace, &order.number).await.unwrap().is_none());
    assert!(list(&db, grace, search(order.number.as_str())).await.orders.is_empty());
}

#[actix_web::test]
async fn an_order_is_cancelled_once_however_many_ask_at_the_same_time() {
    let db = ordered().await;
    let ada = customer(&db, "ada").await;
    let placed = OrderQuery { status: Some(OrderStatus::Placed), ..OrderQuery::default() };
    let number = list(&db, ada, placed).await.orders.remove(0).number;
    let id = queries::find(&*db, ada, &number).await.unwrap().unwrap().id;
    let taken = changes::taken(&*db, id).await.unwrap();
    let before = stock_of(&db, &taken).await;

    let answers = join_all((0..8).map(|_| changes::cancel_order(&db, ada, &number, NOW))).await;
    let (cancelled, refused): (Vec<_>, Vec<_>) = answers.into_iter().partition(Result::is_ok);
    assert_eq!((cancelled.len(), refused.len()), (1, 7));
    for refusal in refused {
        let Err(Error::Problem(problem)) = refusal else { panic!("a problem") };
        assert!(problem.is(kinds::CONFLICT));
    }
    let order = by_id(&*db, id).await.unwrap();
    assert_eq!((order.summary.status, order.cancellable), (OrderStatus::Cancelled, false));
    assert_eq!(order.history.last().map(|change| change.status), Some(OrderStatus::Cancelled));
    let back: i64 = taken.iter().map(|taken| i64::from(taken.quantity)).sum();
    assert_eq!(stock_of(&db, &taken).await, before + back);
}

#[actix_web::test]
async fn an_order_on_its_way_stays() {
    let db = ordered().await;
    let ada = customer(&db, "ada").await;
    let packed = OrderQuery { status: Some(OrderStatus::Packed), ..OrderQuery::default() };
    let number = list(&db, ada, packed).await.orders.remove(0).number;
    assert!(changes::cancel_order(&db, ada, &number, NOW).await.is_err());
    let grace = customer(&db, "grace").await;
    let Err(Error::Problem(problem)) = changes::cancel_order(&db, grace, &number, NOW).await else {
        panic!("somebody else's order");
    };
    assert!(problem.is(kinds::NOT_FOUND));
}

/// A Monday, 10:00 UTC.
const MONDAY: i64 = 1_793_613_600_000;
const DAY: i64 = 24 * HOUR;

/// One that was placed on Monday, and its customer.
async fn placed_on_monday(db: &DatabaseConnection) -> (i64, OrderNumber, i64) {
    let ada = customer(db, "ada").await;
    let transaction = db::begin_write(db).await.unwrap();
    let sku = "HK-KNIFE".parse().unwrap();
    let offer = catalog::offer(&transaction, &sku).await.unwrap().unwrap();
    let order = new_order(ada, Line { offer, quantity: 1 });
    let (id, number) = insert(&transaction, &order, Status::Placed, MONDAY).await.unwrap();
    record_status(&transaction, id, [(Status::Placed, MONDAY)]).await.unwrap();
    transaction.commit().await.unwrap();
    (id, number, ada)
}

async fn steps_of(db: &DatabaseConnection, id: i64) -> Vec<OrderStatus> {
    by_id(db, id).await.unwrap().history.iter().map(|change| change.status).collect()
}

#[actix_web::test]
async fn an_order_moves_on_when_it_is_due_and_each_step_once() {
    let db = shop().await;
    let (id, ..) = placed_on_monday(&db).await;
    let steps =
        [OrderStatus::Placed, OrderStatus::Packed, OrderStatus::Shipped, OrderStatus::Delivered];
    for (days, passed) in [(0, 1), (1, 2), (1, 2), (3, 3), (4, 4), (40, 4)] {
        advance(&db, MONDAY + days * DAY).await.unwrap();
        assert_eq!(steps_of(&db, id).await, steps[..passed], "after {days} days");
        let summary = by_id(&*db, id).await.unwrap().summary;
        assert_eq!(summary.status, steps[passed - 1], "after {days} days");
    }
    let order = by_id(&*db, id).await.unwrap();
    assert_eq!(order.history[1].at, MONDAY + 23 * HOUR, "the plan's time, not the job's");
}

#[actix_web::test]
async fn more_orders_than_one_batch_all_move_on_and_each_by_its_own_delivery() {
    let db = shop().await;
    let (id, ..) = placed_on_monday(&db).await;
    let row = order::Entity::find_by_id(id).one(&*db).await.unwrap().unwrap();
    let copies = (0..1_100).map(|copy| {
        let mut copied = row.clone().into_active_model().reset_all();
        copied.id = NotSet;
        copied.number = Set(format!("COPY-{copy}"));
        if copy % 2 == 0 {
            copied.delivery = Set(DeliveryMethod::Express.into_str().into());
        }
        copied
    });
    for some in copies.collect::<Vec<_>>().chunks(100) {
        order::Entity::insert_many(some.to_vec()).exec_without_returning(&*db).await.unwrap();
    }
    // Express is there on Tuesday, standard is packed by then.
    advance(&db, MONDAY + DAY + 9 * HOUR).await.unwrap();
    let in_status = async |status: Status| {
        let of_status = order::Entity::find().filter(order::Column::Status.eq(status));
        of_status.count(&*db).await.unwrap()
    };
    assert_eq!((in_status(Status::Delivered).await, in_status(Status::Packed).await), (550, 551));
    advance(&db, MONDAY + 30 * DAY).await.unwrap();
    assert_eq!(in_status(Status::Delivered).await, 1_101);
}

#[actix_web::test]
async fn replicas_that_move_orders_on_at_once_write_each_step_once() {
    let db = shop().await;
    let (id, ..) = placed_on_monday(&db).await;
    for moved in join_all((0..4).map(|_| advance(&db, MONDAY + 30 * DAY))).await {
        moved.unwrap();
    }
    assert_eq!(steps_of(&db, id).await.len(), 4);
}

#[actix_web::test]
async fn an_order_is_cancelled_until_it_is_packed_and_then_stays_where_it_is() {
    let db = shop().await;
    let (cancelled, number, ada) = placed_on_monday(&db).await;
    let (packed, late, _) = placed_on_monday(&db).await;
    changes::cancel_order(&db, ada, &number, MONDAY + HOUR).await.unwrap();
    advance(&db, MONDAY + DAY).await.unwrap();
    assert_eq!(steps_of(&db, cancelled).await, [OrderStatus::Placed, OrderStatus::Cancelled]);
    assert_eq!(steps_of(&db, packed).await, [OrderStatus::Placed, OrderStatus::Packed]);
    assert!(changes::cancel_order(&db, ada, &late, MONDAY + DAY).await.is_err());
}

#[actix_web::test]
async fn a_reserved_order_goes_nowhere() {
    let db = shop().await;
    let (id, ..) = placed_on_monday(&db).await;
    order_to(&db, id, Status::Reserved).await;
    advance(&db, MONDAY + 30 * DAY).await.unwrap();
    order_to(&db, id, Status::Placed).await;
    assert_eq!(steps_of(&db, id).await, [OrderStatus::Placed]);
}

async fn order_to(db: &DatabaseConnection, id: i64, status: Status) {
    let row = order::ActiveModel { id: Set(id), status: Set(status), ..Default::default() };
    order::Entity::update(row).exec(db).await.unwrap();
}

async fn stock_of(db: &DatabaseConnection, taken: &[Taken]) -> i64 {
    let rows = variant::Entity::find().all(db).await.unwrap();
    let rows = rows.iter().filter(|row| taken.iter().any(|taken| taken.variant_id == row.id));
    rows.map(|row| i64::from(row.stock)).sum()
}
