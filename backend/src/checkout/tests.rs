//! Whole checkouts on a database: what must hold when many happen at once, or one happens twice.

use super::*;
use crate::{
    Config, Error,
    cart::{CartToken, testing as carts},
    catalog::{entity::variant, testing},
    customers::testing::customer,
    db::testing::TestDatabase,
};
use futures_util::future::join_all;
use proptest::{collection::vec, prelude::*, sample::select, test_runner::TestCaseResult};
use rules::HOLD;
use sea_orm::{
    ColumnTrait as _, ConnectionTrait as _, DbBackend, EntityTrait as _, PaginatorTrait as _,
    QueryFilter as _,
};
use shared::{
    checkout::{Address, Card, Change, DeliveryMethod, Seen},
    money::Money,
    problem::{Problem, kinds},
};

/// €64.90, 129 in stock.
const KNIFE: &str = "HK-KNIFE";
const KNIVES: i32 = 129;
/// 2 in stock.
const RARE: &str = "HK-TEACUP-SAGE";

const APPROVED: &str = "4242424242424242";
const DECLINED: &str = "4000000000000002";
const AUTHENTICATION: &str = "4000002500003155";
const PROVIDER_DOWN: &str = "4000000000000119";

/// Somebody whom no limit counts.
fn sender() -> HttpRequest {
    actix_web::test::TestRequest::default().to_http_request()
}

struct Shop {
    db: TestDatabase,
    config: Config,
}

impl Shop {
    async fn open() -> Self {
        let secret = hex::encode(crate::crypto::random::<32>());
        let config = Config::from_settings(&[("STOREZERO_SECRET_KEY", &secret)]).unwrap();
        Self { db: testing::shop().await, config }
    }

    async fn guest(&self, sku: &str, quantity: u32) -> CartToken {
        carts::guest(&self.db, sku, quantity).await
    }

    /// A form for what the cart holds now, paid with this card.
    async fn form(&self, guest: &CartToken, number: &str) -> CheckoutRequest {
        let cart = cart::find(&*self.db, Owner::Guest(guest)).await.unwrap();
        let seen = match cart {
            Some(cart) => {
                let lines = cart::lines(&*self.db, cart.id).await.unwrap();
                let germany = country("DE").unwrap();
                price(lines, DeliveryMethod::Standard, germany, None, 0).unwrap().quote().seen()
            }
            None => Seen::default(),
        };
        CheckoutRequest {
            email: "ada@example.com".into(),
            address: Address {
                full_name: "Ada Lovelace".into(),
                street: "Torstraße 1".into(),
                postcode: "10115".into(),
                city: "Berlin".into(),
                country: "DE".into(),
            },
            delivery: DeliveryMethod::Standard,
            card: Card {
                number: number.into(),
                expiry: "04/31".into(),
                security_code: "123".into(),
            },
            seen,
            challenge: None,
        }
    }

    async fn order(&self, guest: &CartToken, key: &str, form: &CheckoutRequest) -> Result<Order> {
        let key = IdempotencyKey::parse(key).unwrap();
        reserve_and_pay(&self.config, &self.db, &sender(), Some(Owner::Guest(guest)), &key, form)
            .await
    }

    async fn refused(&self, guest: &CartToken, key: &str, form: &CheckoutRequest) -> Problem {
        problem(self.order(guest, key, form).await)
    }

    async fn stock(&self, sku: &str) -> i32 {
        let row = variant::Entity::find().filter(variant::Column::Sku.eq(sku)).one(&*self.db).await;
        row.unwrap().unwrap().stock
    }

    async fn set_stock(&self, sku: &str, stock: i32) {
        let sql = format!("update variant set stock = {stock} where sku = '{sku}'");
        self.db.execute_unprepared(&sql).await.unwrap();
    }

    async fn attempts(&self) -> u64 {
        entity::checkout_attempt::Entity::find().count(&*self.db).await.unwrap()
    }

    /// As if so much time had passed.
    async fn let_checkouts_age(&self, by: i64) {
        let sql = format!(
            "update checkout_attempt set until = until - {by}; update cart set held_since = held_since - {by}"
        );
        self.db.execute_unprepared(&sql).await.unwrap();
        release_expired(&self.db, db::now()).await.unwrap();
    }

    async fn items_in_cart(&self, guest: &CartToken) -> u32 {
        carts::contents(&self.db, Owner::Guest(guest)).await.count
    }
}

fn problem(answer: Result<Order>) -> Problem {
    match answer {
        Err(Error::Problem(problem)) => *problem,
        Err(Error::Internal(error)) => panic!("{error:#}"),
        Ok(order) => panic!("order {} was placed", order.summary.number),
    }
}

#[actix_web::test]
async fn fifty_orders_at_once_sell_what_is_there_and_no_item_more() {
    let shop = Shop::open().await;
    let mut orders = Vec::new();
    for _ in 0..50 {
        let guest = shop.guest(KNIFE, 1).await;
        orders.push((shop.form(&guest, APPROVED).await, guest));
    }
    shop.set_stock(KNIFE, 20).await;
    let answers =
        join_all(orders.iter().map(|(form, guest)| shop.order(guest, "one-order", form))).await;
    let (placed, refused): (Vec<_>, Vec<_>) = answers.into_iter().partition(Result::is_ok);
    assert_eq!((placed.len(), refused.len()), (20, 30));
    assert!(refused.into_iter().all(|answer| problem(answer).is(kinds::OUT_OF_STOCK)));
    assert_eq!(shop.stock(KNIFE).await, 0);
}

#[actix_web::test]
async fn orders_of_the_same_products_in_other_sequences_do_not_wait_for_each_other() {
    let shop = Shop::open().await;
    let skus = [KNIFE, "HK-TEACUP-WHITE", "HK-SKILLET-20CM"];
    let mut orders = Vec::new();
    for n in 0..12 {
        let guest = shop.guest(skus[n % 3], 1).await;
        // Gives the first one back in the same transaction.
        let reserved = shop.form(&guest, AUTHENTICATION).await;
        shop.refused(&guest, "first-key", &reserved).await;
        carts::add(&shop.db, Owner::Guest(&guest), skus[(n + 1) % 3], 1).await;
        carts::add(&shop.db, Owner::Guest(&guest), skus[(n + 2) % 3], 1).await;
        orders.push((shop.form(&guest, APPROVED).await, guest));
    }
    let answers =
        join_all(orders.iter().map(|(form, guest)| shop.order(guest, "one-order", form))).await;
    for answer in answers {
        answer.unwrap();
    }
    assert_eq!(shop.stock(KNIFE).await, KNIVES - 12);
}

#[actix_web::test]
async fn the_same_request_twenty_times_at_once_is_one_order() {
    let shop = Shop::open().await;
    let guest = shop.guest(KNIFE, 2).await;
    let form = shop.form(&guest, APPROVED).await;
    let answers = join_all((0..20).map(|_| shop.order(&guest, "the-same-key", &form))).await;
    let numbers = answers.into_iter().map(|answer| answer.unwrap().summary.number);
    let mut numbers: Vec<_> = numbers.collect();
    numbers.dedup();
    assert_eq!(numbers.len(), 1);
    assert_eq!(shop.stock(KNIFE).await, KNIVES - 2);
    assert_eq!(shop.items_in_cart(&guest).await, 0);
    let again = shop.order(&guest, "the-same-key", &form).await.unwrap();
    assert_eq!(again.summary.number, numbers[0]);
}

#[actix_web::test]
async fn one_cart_in_two_tabs_is_one_order() {
    let shop = Shop::open().await;
    let guest = shop.guest(KNIFE, 1).await;
    let form = shop.form(&guest, APPROVED).await;
    let (one, other) = tokio::join!(
        shop.order(&guest, "first-tab", &form),
        shop.order(&guest, "other-tab", &form)
    );
    let refused = match (one, other) {
        (Ok(_), refused) | (refused, Ok(_)) => problem(refused),
        (Err(one), Err(other)) => panic!("neither was placed: {one}, {other}"),
    };
    assert!([kinds::CONFLICT, kinds::CART_EMPTY].contains(&refused.kind.as_str()), "{refused:?}");
    assert_eq!(shop.stock(KNIFE).await, KNIVES - 1);
}

#[actix_web::test]
async fn a_cart_whose_order_is_being_paid_for_is_not_ordered_a_second_time() {
    let shop = Shop::open().await;
    let guest = shop.guest(KNIFE, 1).await;
    let form = shop.form(&guest, APPROVED).await;
    let owner = Owner::Guest(&guest);
    let cart = cart::find(&*shop.db, owner).await.unwrap().unwrap();
    let idempotent = IdempotentRequest {
        cart_id: cart.id,
        key: "first-key".into(),
        content: "what was asked for".into(),
    };
    let claimed = reserve::claim(&shop.db, owner, &idempotent, &form).await.unwrap();
    assert!(matches!(claimed, Claim::Reserved(_)));
    assert!(shop.refused(&guest, "other-key", &form).await.is(kinds::CONFLICT));
    assert_eq!(shop.stock(KNIFE).await, KNIVES - 1);

    // The request that was paying has died: a minute later its reservation is given back.
    release_expired(&shop.db, db::now() + 60_000).await.unwrap();
    assert_eq!(shop.stock(KNIFE).await, KNIVES);
    shop.order(&guest, "other-key", &form).await.unwrap();
}

#[actix_web::test]
async fn a_key_is_good_for_one_content_of_one_cart() {
    let shop = Shop::open().await;
    let guest = shop.guest(KNIFE, 1).await;
    let form = shop.form(&guest, APPROVED).await;
    let first = shop.order(&guest, "the-same-key", &form).await.unwrap();
    let other = CheckoutRequest { email: "grace@example.com".into(), ..form };
    let refused = shop.refused(&guest, "the-same-key", &other).await;
    assert_eq!((refused.status, refused.is(kinds::IDEMPOTENCY_KEY_REUSED)), (422, true));

    let stranger = shop.guest(KNIFE, 1).await;
    let form = shop.form(&stranger, APPROVED).await;
    let second = shop.order(&stranger, "the-same-key", &form).await.unwrap();
    assert_ne!(first.summary.number, second.summary.number);
}

#[actix_web::test]
async fn a_declined_payment_gives_the_stock_back_and_is_declined_again() {
    let shop = Shop::open().await;
    let guest = shop.guest(KNIFE, 3).await;
    let form = shop.form(&guest, DECLINED).await;
    for _ in 0..2 {
        let refused = shop.refused(&guest, "declined-key", &form).await;
        assert_eq!((refused.status, refused.is(kinds::PAYMENT_DECLINED)), (402, true));
        assert_eq!(shop.stock(KNIFE).await, KNIVES);
    }
    assert_eq!(shop.items_in_cart(&guest).await, 3);
    let form = shop.form(&guest, APPROVED).await;
    shop.order(&guest, "another-key", &form).await.unwrap();
    assert_eq!(shop.stock(KNIFE).await, KNIVES - 3);
}

#[actix_web::test]
async fn a_provider_that_is_down_leaves_nothing_behind() {
    let shop = Shop::open().await;
    let guest = shop.guest(KNIFE, 1).await;
    let form = shop.form(&guest, PROVIDER_DOWN).await;
    let refused = shop.refused(&guest, "unlucky-key", &form).await;
    assert_eq!((refused.status, refused.is(kinds::PAYMENT_UNAVAILABLE)), (503, true));
    assert_eq!((shop.stock(KNIFE).await, shop.attempts().await), (KNIVES, 0));
}

#[actix_web::test]
async fn a_card_that_needs_authentication_waits_for_it_with_its_items_reserved() {
    let shop = Shop::open().await;
    let guest = shop.guest(KNIFE, 1).await;
    let mut form = shop.form(&guest, AUTHENTICATION).await;
    let asked = shop.refused(&guest, "confirm-key", &form).await;
    assert_eq!((asked.status, asked.is(kinds::PAYMENT_AUTHENTICATION_REQUIRED)), (402, true));
    assert_eq!(shop.stock(KNIFE).await, KNIVES - 1);
    for wrong in [None, Some("wrong".to_owned())] {
        form.challenge = wrong;
        let again = shop.refused(&guest, "confirm-key", &form).await;
        assert!(again.is(kinds::PAYMENT_AUTHENTICATION_REQUIRED));
    }

    // What is added meanwhile is not part of the order.
    carts::add(&shop.db, Owner::Guest(&guest), KNIFE, 4).await;
    form.challenge = asked.challenge;
    let order = shop.order(&guest, "confirm-key", &form).await.unwrap();
    assert_eq!(order.summary.count, 1);
    assert_eq!(shop.items_in_cart(&guest).await, 4);
    assert_eq!(shop.stock(KNIFE).await, KNIVES - 1);
}

#[actix_web::test]
async fn a_new_attempt_does_not_compete_with_the_shoppers_own_reservation() {
    let shop = Shop::open().await;
    let guest = shop.guest(RARE, 2).await;
    let form = shop.form(&guest, AUTHENTICATION).await;
    shop.refused(&guest, "confirm-key", &form).await;
    assert_eq!(shop.stock(RARE).await, 0);
    let cart = carts::contents(&shop.db, Owner::Guest(&guest)).await;
    assert_eq!(cart.items[0].available, 2, "to them the items are there");
    let stranger = shop.guest(KNIFE, 1).await;
    let rare = carts::item(RARE, 1);
    assert!(carts::try_add(&shop.db, Owner::Guest(&stranger), &rare).await.is_err());

    let form = shop.form(&guest, APPROVED).await;
    shop.order(&guest, "another-key", &form).await.unwrap();
    assert_eq!((shop.stock(RARE).await, shop.attempts().await), (0, 1));
    assert_eq!(shop.items_in_cart(&guest).await, 0);
}

#[actix_web::test]
async fn an_attempt_that_comes_to_nothing_leaves_the_one_before_as_it_was() {
    let shop = Shop::open().await;
    let guest = shop.guest(RARE, 2).await;
    let mut form = shop.form(&guest, AUTHENTICATION).await;
    let asked = shop.refused(&guest, "confirm-key", &form).await;
    let outdated = CheckoutRequest {
        seen: Seen { total: Money::eur(1), ..form.seen.clone() },
        ..form.clone()
    };
    assert!(shop.refused(&guest, "another-key", &outdated).await.is(kinds::CART_CHANGED));
    assert_eq!((shop.stock(RARE).await, shop.attempts().await), (0, 1));
    form.challenge = asked.challenge;
    shop.order(&guest, "confirm-key", &form).await.unwrap();
}

#[actix_web::test]
async fn whoever_signs_in_finds_what_they_have_reserved_and_does_not_hold_it_twice() {
    let shop = Shop::open().await;
    let customer_id = customer(&shop.db).await;
    let guest = shop.guest(RARE, 2).await;
    let form = shop.form(&guest, AUTHENTICATION).await;
    shop.refused(&guest, "the-same-key", &form).await;
    let transaction = db::begin_write(&shop.db).await.unwrap();
    cart::merge(&transaction, Some(&guest.hash()), customer_id, db::now()).await.unwrap();
    transaction.commit().await.unwrap();

    let owner = Owner::Customer(customer_id);
    let cart = carts::contents(&shop.db, owner).await;
    assert_eq!((cart.items[0].quantity, cart.items[0].available), (2, 2));
    let key = IdempotencyKey::parse("the-same-key").unwrap();
    let again = reserve_and_pay(&shop.config, &shop.db, &sender(), Some(owner), &key, &form).await;
    assert!(problem(again).is(kinds::PAYMENT_AUTHENTICATION_REQUIRED));
    assert_eq!((shop.stock(RARE).await, shop.attempts().await), (0, 1));
    shop.let_checkouts_age(HOLD).await;
    assert_eq!((shop.stock(RARE).await, shop.attempts().await), (2, 0));
}

#[actix_web::test]
async fn a_cart_that_does_not_pay_keeps_nothing_for_longer_by_asking_again() {
    const MINUTE: i64 = 60 * 1000;
    let shop = Shop::open().await;
    let guest = shop.guest(KNIFE, 50).await;
    let form = shop.form(&guest, AUTHENTICATION).await;
    let ask = async |key: &str| {
        let asked = shop.refused(&guest, key, &form).await;
        assert!(asked.is(kinds::PAYMENT_AUTHENTICATION_REQUIRED), "{asked:?}");
        asked.challenge
    };
    ask("first-key").await;
    for key in ["first-key", "other-key", "third-key"] {
        shop.let_checkouts_age(MINUTE).await;
        ask(key).await;
        assert_eq!(shop.stock(KNIFE).await, KNIVES - 50, "{key}");
    }
    shop.let_checkouts_age(HOLD - 3 * MINUTE).await;
    assert_eq!(shop.stock(KNIFE).await, KNIVES);

    // Others can have them while the bank is asked; who confirms gets what is there.
    let challenge = ask("fourth-key").await;
    assert_eq!((shop.stock(KNIFE).await, shop.attempts().await), (KNIVES, 0));
    let confirmed = CheckoutRequest { challenge, ..form.clone() };
    shop.set_stock(KNIFE, 49).await;
    assert!(shop.refused(&guest, "fourth-key", &confirmed).await.is(kinds::OUT_OF_STOCK));
    shop.set_stock(KNIFE, KNIVES).await;
    shop.order(&guest, "fourth-key", &confirmed).await.unwrap();
    assert_eq!(shop.stock(KNIFE).await, KNIVES - 50);

    // Who has paid, or has waited for an hour, may keep something again.
    carts::add(&shop.db, Owner::Guest(&guest), KNIFE, 1).await;
    let form = shop.form(&guest, AUTHENTICATION).await;
    for key in ["fifth-key", "sixth-key"] {
        shop.refused(&guest, key, &form).await;
        assert_eq!(shop.stock(KNIFE).await, KNIVES - 51, "{key}");
        shop.let_checkouts_age(60 * MINUTE).await;
        assert_eq!(shop.stock(KNIFE).await, KNIVES - 50, "{key}");
    }
}

#[actix_web::test]
async fn after_five_declined_cards_a_cart_pauses_and_no_card_is_asked_about() {
    let shop = Shop::open().await;
    let guest = shop.guest(KNIFE, 1).await;
    let declined = shop.form(&guest, DECLINED).await;
    for n in 0..attempts::DECLINED_IN_A_ROW {
        let key = format!("declined-{n}");
        assert!(shop.refused(&guest, &key, &declined).await.is(kinds::PAYMENT_DECLINED));
    }
    let approved = shop.form(&guest, APPROVED).await;
    let paused = shop.refused(&guest, "another-key", &approved).await;
    assert_eq!((paused.status, paused.is(kinds::PAYMENT_PAUSED)), (429, true));
    assert!((899..=900).contains(&paused.retry_after.unwrap()), "{paused:?}");
    assert!(paused.detail.ends_with("Order again in 15 minutes."), "{}", paused.detail);
    assert_eq!((shop.stock(KNIFE).await, shop.attempts().await), (KNIVES, 5));
    assert!(shop.refused(&guest, "declined-0", &declined).await.is(kinds::PAYMENT_DECLINED));
    let stranger = shop.guest(KNIFE, 1).await;
    shop.order(&stranger, "another-key", &approved).await.unwrap();

    shop.let_checkouts_age(attempts::PAUSE).await;
    assert!(shop.refused(&guest, "declined-6", &declined).await.is(kinds::PAYMENT_DECLINED));
    shop.order(&guest, "another-key", &approved).await.unwrap();
}

#[actix_web::test]
async fn a_reservation_ends_after_five_minutes_and_a_confirmation_then_takes_what_is_there() {
    let shop = Shop::open().await;
    let guest = shop.guest(KNIFE, 1).await;
    let mut form = shop.form(&guest, AUTHENTICATION).await;
    let asked = shop.refused(&guest, "confirm-key", &form).await;
    let soon = db::now() + HOLD - 60_000;
    release_expired(&shop.db, soon).await.unwrap();
    assert_eq!(shop.stock(KNIFE).await, KNIVES - 1);
    let late = db::now() + HOLD;
    for _ in 0..2 {
        release_expired(&shop.db, late).await.unwrap();
        assert_eq!((shop.stock(KNIFE).await, shop.attempts().await), (KNIVES, 0));
    }
    form.challenge = asked.challenge;
    shop.set_stock(KNIFE, 0).await;
    assert!(shop.refused(&guest, "confirm-key", &form).await.is(kinds::OUT_OF_STOCK));
    shop.set_stock(KNIFE, 1).await;
    shop.order(&guest, "confirm-key", &form).await.unwrap();
    assert_eq!(shop.stock(KNIFE).await, 0);
}

#[actix_web::test]
async fn a_decision_is_forgotten_after_a_day_and_its_order_is_not() {
    let shop = Shop::open().await;
    let guest = shop.guest(KNIFE, 1).await;
    let form = shop.form(&guest, APPROVED).await;
    let order = shop.order(&guest, "placed-key", &form).await.unwrap();
    let day = 24 * 60 * 60 * 1000;
    release_expired(&shop.db, db::now() + day).await.unwrap();
    assert_eq!((shop.stock(KNIFE).await, shop.attempts().await), (KNIVES - 1, 0));
    let number = &order.summary.number;
    let found = orders::visible_to(&*shop.db, number, None, Some(&guest.hash())).await.unwrap();
    assert_eq!(found, Some(order.clone()));
    for (customer, guest) in [(None, None), (Some(1), None), (None, Some("other"))] {
        assert_eq!(orders::visible_to(&*shop.db, number, customer, guest).await.unwrap(), None);
    }
}

#[actix_web::test]
async fn a_price_that_changed_is_told_and_nothing_is_ordered() {
    let shop = Shop::open().await;
    let guest = shop.guest(KNIFE, 1).await;
    let form = shop.form(&guest, APPROVED).await;
    let sql = format!("update variant set price = 5000 where sku = '{KNIFE}'");
    shop.db.execute_unprepared(&sql).await.unwrap();
    let refused = shop.refused(&guest, "changed-key", &form).await;
    assert_eq!((refused.status, refused.is(kinds::CART_CHANGED)), (409, true));
    let (seen, now) = (Money::eur(6_490), Money::eur(5_000));
    let name = "Kitchen Knife, 18 cm".to_owned();
    assert_eq!(refused.changes, [Change::Price { name, seen, now }, Change::Total { seen, now }]);
    assert_eq!((shop.stock(KNIFE).await, shop.attempts().await), (KNIVES, 0));
    // The shopper looks again and agrees, with the same key or another.
    let form = shop.form(&guest, APPROVED).await;
    assert_eq!(shop.order(&guest, "changed-key", &form).await.unwrap().summary.total, now);
}

#[actix_web::test]
async fn what_is_sold_out_meanwhile_is_told_by_name() {
    let shop = Shop::open().await;
    let guest = shop.guest(RARE, 2).await;
    carts::add(&shop.db, Owner::Guest(&guest), KNIFE, 1).await;
    let form = shop.form(&guest, APPROVED).await;
    shop.set_stock(RARE, 1).await;
    let refused = shop.refused(&guest, "short-key", &form).await;
    assert!(refused.is(kinds::OUT_OF_STOCK));
    let name = "Stoneware Teacup (Sage)".to_owned();
    assert_eq!(refused.changes, [Change::Short { name, wanted: 2, available: 1 }]);
    assert_eq!((shop.stock(RARE).await, shop.stock(KNIFE).await), (1, KNIVES));
}

#[actix_web::test]
async fn an_empty_cart_is_no_order() {
    let shop = Shop::open().await;
    let guest = shop.guest(KNIFE, 1).await;
    let form = shop.form(&guest, APPROVED).await;
    shop.order(&guest, "first-key", &form).await.unwrap();
    assert!(shop.refused(&guest, "other-key", &form).await.is(kinds::CART_EMPTY));
    let key = IdempotencyKey::parse("nobodys-key").unwrap();
    let nobody = reserve_and_pay(&shop.config, &shop.db, &sender(), None, &key, &form).await;
    assert!(problem(nobody).is(kinds::CART_EMPTY));
}

#[actix_web::test]
async fn one_round_gives_back_every_reservation_past_its_time_but_for_one_that_cannot_be() {
    let shop = Shop::open().await;
    for (number, until) in [("first-key", 1), ("second-key", 2)] {
        let guest = shop.guest(KNIFE, 1).await;
        let form = shop.form(&guest, AUTHENTICATION).await;
        shop.refused(&guest, number, &form).await;
        let sql = format!("update checkout_attempt set until = {until} where key = '{number}'");
        shop.db.execute_unprepared(&sql).await.unwrap();
    }
    let is_sqlite = shop.db.get_database_backend() == DbBackend::Sqlite;
    if is_sqlite {
        let stuck = "create trigger stuck before delete on checkout_attempt when old.until = 1 \
                     begin select raise(abort, 'stuck'); end";
        shop.db.execute_unprepared(stuck).await.unwrap();
    }
    let many = (0..450).map(|number| format!("({number}, 'many', '', 'authenticating', 3)"));
    let sql = format!(
        "insert into checkout_attempt (cart_id, key, content, state, until) values {}",
        many.collect::<Vec<_>>().join(", ")
    );
    shop.db.execute_unprepared(&sql).await.unwrap();
    release_expired(&shop.db, 3).await.unwrap();
    assert_eq!(
        (shop.stock(KNIFE).await, shop.attempts().await),
        if is_sqlite { (KNIVES - 1, 1) } else { (KNIVES, 0) }
    );
}

#[actix_web::test]
async fn what_is_bought_while_its_shopper_signs_in_is_not_left_in_the_customers_cart() {
    let shop = Shop::open().await;
    if shop.db.get_database_backend() == DbBackend::Sqlite {
        // One writer at a time: there is no such moment.
        return;
    }
    let customer_id = customer(&shop.db).await;
    let guest = shop.guest(KNIFE, 1).await;
    let mut form = shop.form(&guest, AUTHENTICATION).await;
    form.challenge = shop.refused(&guest, "confirm-key", &form).await.challenge;
    let login = db::begin_write(&shop.db).await.unwrap();
    cart::merge(&login, Some(&guest.hash()), customer_id, db::now()).await.unwrap();
    let (order, ()) = tokio::join!(shop.order(&guest, "confirm-key", &form), async {
        until_somebody_waits(&shop.db).await;
        login.commit().await.unwrap();
    });
    order.unwrap();
    let cart = carts::contents(&shop.db, Owner::Customer(customer_id)).await;
    assert_eq!(cart.count, 0);
}

/// Of PostgreSQL, which tells of waiting when it is asked.
async fn until_somebody_waits(db: &DatabaseConnection) {
    let waiting = "select pid from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'";
    let waiting = sea_orm::Statement::from_string(DbBackend::Postgres, waiting);
    while db.query_one_raw(waiting.clone()).await.unwrap().is_none() {
        tokio::task::yield_now().await;
    }
}

/// What happens to a stock of a few, each by one of three shoppers.
#[derive(Clone, Copy, Debug)]
enum Event {
    Add,
    /// Pays with this card, and confirms it where the card asks for that if `confirms`.
    Order {
        card: &'static str,
        confirms: bool,
    },
    TimePasses,
}

fn events() -> impl Strategy<Value = Vec<(usize, Event)>> {
    let cards = select(&[APPROVED, DECLINED, AUTHENTICATION, PROVIDER_DOWN]);
    let order = (cards, any::<bool>()).prop_map(|(card, confirms)| Event::Order { card, confirms });
    let event = prop_oneof![2 => Just(Event::Add), 4 => order, 1 => Just(Event::TimePasses)];
    vec((0..3_usize, event), 1..12)
}

const ORDERED: &str = "select cast(coalesce(sum(quantity), 0) as bigint) as number from order_line";
const RESERVED: &str = "select count(*) as number from orders where status = 'reserved'";

async fn number(db: &DatabaseConnection, sql: &str) -> i64 {
    let statement = sea_orm::Statement::from_string(db.get_database_backend(), sql);
    db.query_one_raw(statement).await.unwrap().unwrap().try_get("", "number").unwrap()
}

/// # Errors
/// An item is in stock and in an order, or in neither.
async fn keeps_count_of_all_items(events: &[(usize, Event)]) -> TestCaseResult {
    let shop = Shop::open().await;
    let mut guests = Vec::new();
    for _ in 0..3 {
        guests.push(shop.guest(KNIFE, 1).await);
    }
    shop.set_stock(KNIFE, 5).await;
    // Whatever comes after it, one item is sold.
    let form = shop.form(&guests[0], APPROVED).await;
    prop_assert!(shop.order(&guests[0], "first-order", &form).await.is_ok());
    for (turn, (who, event)) in events.iter().enumerate() {
        let guest = &guests[*who];
        match event {
            // Refused where the stock is short.
            Event::Add => {
                let item = carts::item(KNIFE, 2);
                let _ = carts::try_add(&shop.db, Owner::Guest(guest), &item).await;
            }
            Event::Order { card, confirms } => {
                let key = format!("order-key-{turn}");
                let mut form = shop.form(guest, card).await;
                let answer = shop.order(guest, &key, &form).await;
                if let Err(Error::Problem(asked)) = answer
                    && *confirms
                    && asked.challenge.is_some()
                {
                    form.challenge = asked.challenge;
                    let _ = shop.order(guest, &key, &form).await;
                }
            }
            Event::TimePasses => shop.let_checkouts_age(HOLD).await,
        }
        let stock = shop.stock(KNIFE).await;
        prop_assert!(stock >= 0);
        prop_assert_eq!(i64::from(stock) + number(&shop.db, ORDERED).await, 5);
    }
    shop.let_checkouts_age(HOLD).await;
    prop_assert_eq!(number(&shop.db, RESERVED).await, 0);
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 8, max_shrink_iters: 40, ..ProptestConfig::default() })]
    #[test]
    fn no_sequence_of_checkouts_oversells_or_loses_an_item(events in events()) {
        actix_web::rt::System::new().block_on(keeps_count_of_all_items(&events))?;
    }
}
