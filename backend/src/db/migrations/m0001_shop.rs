//! Catalogue, customers, carts, orders, and checkouts under way.
//! Money is in minor units, times are milliseconds since the Unix epoch, hashes are SHA-256 in hexadecimal.
//!
//! The limits of the checks are the database's own word for what no rule may break: no stock below zero,
//! and prices so small that no total of a full cart leaves the range of `i64`.

use sea_orm_migration::{async_trait, prelude::*, schema::*, sea_query};

#[derive(DeriveMigrationName)]
pub struct Migration;

/// One million euros.
const MAX_PRICE: i64 = 100_000_000;

#[derive(DeriveIden)]
enum Category {
    Table,
    Id,
    Slug,
    Name,
    Description,
    Picture,
    Position,
}

#[derive(DeriveIden)]
enum Product {
    Table,
    Id,
    CategoryId,
    Slug,
    Name,
    Description,
    Picture,
    Vat,
    Rating,
    RatingCount,
    Featured,
}

#[derive(DeriveIden)]
enum Variant {
    Table,
    Id,
    ProductId,
    Sku,
    Options,
    Price,
    Stock,
    Position,
}

#[derive(DeriveIden)]
enum Customer {
    Table,
    Id,
    Issuer,
    Subject,
    Name,
    Email,
    EmailVerified,
    CreatedAt,
}

#[derive(DeriveIden)]
enum Cart {
    Table,
    Id,
    CustomerId,
    TokenHash,
    Merged,
    ChangedAt,
}

#[derive(DeriveIden)]
enum CartItem {
    Table,
    CartId,
    VariantId,
    Quantity,
    AddedAt,
}

/// `order` is a keyword of SQL.
#[derive(DeriveIden)]
enum Orders {
    Table,
    Id,
    Number,
    CustomerId,
    GuestHash,
    Status,
    PlacedAt,
    Email,
    FullName,
    Street,
    Postcode,
    City,
    Country,
    Delivery,
    CardBrand,
    CardLast4,
    Subtotal,
    DeliveryPrice,
    Tax,
    Total,
    Pieces,
    FirstName,
    Pictures,
    SearchText,
}

#[derive(DeriveIden)]
enum OrderLine {
    Table,
    Id,
    OrderId,
    VariantId,
    Sku,
    Slug,
    Name,
    Options,
    Picture,
    UnitPrice,
    Quantity,
    Total,
    VatRate,
    Tax,
}

#[derive(DeriveIden)]
enum OrderStatus {
    Table,
    Id,
    OrderId,
    Status,
    At,
}

#[derive(DeriveIden)]
enum CheckoutAttempt {
    Table,
    CartId,
    Key,
    Content,
    State,
    OrderId,
    Until,
}

#[derive(DeriveIden)]
enum Seeding {
    Table,
    Name,
    At,
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, schema: &SchemaManager) -> Result<(), DbErr> {
        let tables = [
            category(),
            product(),
            variant(),
            customer(),
            cart(),
            cart_item(),
            orders(),
            order_line(),
            order_status(),
            checkout_attempt(),
            seeding(),
        ];
        for table in tables {
            schema.create_table(table).await?;
        }
        for index in indexes() {
            schema.create_index(index).await?;
        }
        Ok(())
    }
}

fn category() -> TableCreateStatement {
    Table::create()
        .table(Category::Table)
        .col(big_pk_auto(Category::Id))
        .col(string_uniq(Category::Slug))
        .col(string(Category::Name))
        .col(text(Category::Description))
        .col(string(Category::Picture))
        .col(integer(Category::Position))
        .to_owned()
}

fn product() -> TableCreateStatement {
    Table::create()
        .table(Product::Table)
        .col(big_pk_auto(Product::Id))
        .col(big_integer(Product::CategoryId))
        .col(string_uniq(Product::Slug))
        .col(string(Product::Name))
        .col(text(Product::Description))
        .col(string(Product::Picture))
        .col(string(Product::Vat))
        .col(float(Product::Rating))
        .col(integer(Product::RatingCount))
        .col(boolean(Product::Featured))
        .foreign_key(&mut reference(
            (Product::Table, Product::CategoryId),
            (Category::Table, Category::Id),
            ForeignKeyAction::Restrict,
        ))
        .to_owned()
}

fn variant() -> TableCreateStatement {
    Table::create()
        .table(Variant::Table)
        .col(big_pk_auto(Variant::Id))
        .col(big_integer(Variant::ProductId))
        .col(string_uniq(Variant::Sku))
        .col(json(Variant::Options))
        .col(big_integer(Variant::Price).check(Expr::col(Variant::Price).between(0, MAX_PRICE)))
        .col(integer(Variant::Stock).check(Expr::col(Variant::Stock).gte(0)))
        .col(integer(Variant::Position))
        .foreign_key(&mut reference(
            (Variant::Table, Variant::ProductId),
            (Product::Table, Product::Id),
            ForeignKeyAction::Restrict,
        ))
        .to_owned()
}

fn customer() -> TableCreateStatement {
    Table::create()
        .table(Customer::Table)
        .col(big_pk_auto(Customer::Id))
        .col(string(Customer::Issuer))
        .col(string(Customer::Subject))
        .col(string(Customer::Name))
        .col(string_null(Customer::Email))
        .col(boolean(Customer::EmailVerified))
        .col(big_integer(Customer::CreatedAt))
        .to_owned()
}

fn cart() -> TableCreateStatement {
    let one_owner = Expr::col(Cart::CustomerId)
        .is_null()
        .and(Expr::col(Cart::TokenHash).is_not_null())
        .or(Expr::col(Cart::CustomerId)
            .is_not_null()
            .and(Expr::col(Cart::TokenHash).is_null()));
    Table::create()
        .table(Cart::Table)
        .col(big_pk_auto(Cart::Id))
        .col(big_integer_null(Cart::CustomerId).unique_key())
        .col(string_null(Cart::TokenHash).unique_key())
        .col(json_null(Cart::Merged))
        .col(big_integer(Cart::ChangedAt))
        .check(one_owner)
        .foreign_key(&mut reference(
            (Cart::Table, Cart::CustomerId),
            (Customer::Table, Customer::Id),
            ForeignKeyAction::Cascade,
        ))
        .to_owned()
}

fn cart_item() -> TableCreateStatement {
    Table::create()
        .table(CartItem::Table)
        .col(big_integer(CartItem::CartId))
        .col(big_integer(CartItem::VariantId))
        .col(integer(CartItem::Quantity).check(Expr::col(CartItem::Quantity).between(1, 99)))
        .col(big_integer(CartItem::AddedAt))
        .primary_key(
            Index::create()
                .col(CartItem::CartId)
                .col(CartItem::VariantId),
        )
        .foreign_key(&mut reference(
            (CartItem::Table, CartItem::CartId),
            (Cart::Table, Cart::Id),
            ForeignKeyAction::Cascade,
        ))
        .foreign_key(&mut reference(
            (CartItem::Table, CartItem::VariantId),
            (Variant::Table, Variant::Id),
            ForeignKeyAction::Cascade,
        ))
        .to_owned()
}

fn orders() -> TableCreateStatement {
    Table::create()
        .table(Orders::Table)
        .col(big_pk_auto(Orders::Id))
        .col(string_uniq(Orders::Number))
        .col(big_integer_null(Orders::CustomerId))
        .col(string_null(Orders::GuestHash))
        .col(string(Orders::Status))
        .col(big_integer(Orders::PlacedAt))
        .col(string(Orders::Email))
        .col(string(Orders::FullName))
        .col(text(Orders::Street))
        .col(string(Orders::Postcode))
        .col(string(Orders::City))
        .col(string(Orders::Country))
        .col(string(Orders::Delivery))
        .col(string(Orders::CardBrand))
        .col(string(Orders::CardLast4))
        .col(big_integer(Orders::Subtotal))
        .col(big_integer(Orders::DeliveryPrice))
        .col(big_integer(Orders::Tax))
        .col(big_integer(Orders::Total))
        .col(integer(Orders::Pieces))
        .col(string(Orders::FirstName))
        .col(json(Orders::Pictures))
        .col(text(Orders::SearchText))
        .foreign_key(&mut reference(
            (Orders::Table, Orders::CustomerId),
            (Customer::Table, Customer::Id),
            ForeignKeyAction::SetNull,
        ))
        .to_owned()
}

fn order_line() -> TableCreateStatement {
    Table::create()
        .table(OrderLine::Table)
        .col(big_pk_auto(OrderLine::Id))
        .col(big_integer(OrderLine::OrderId))
        .col(big_integer(OrderLine::VariantId))
        .col(string(OrderLine::Sku))
        .col(string(OrderLine::Slug))
        .col(string(OrderLine::Name))
        .col(json(OrderLine::Options))
        .col(string(OrderLine::Picture))
        .col(big_integer(OrderLine::UnitPrice))
        .col(integer(OrderLine::Quantity))
        .col(big_integer(OrderLine::Total))
        .col(integer(OrderLine::VatRate))
        .col(big_integer(OrderLine::Tax))
        .foreign_key(&mut reference(
            (OrderLine::Table, OrderLine::OrderId),
            (Orders::Table, Orders::Id),
            ForeignKeyAction::Cascade,
        ))
        .to_owned()
}

fn order_status() -> TableCreateStatement {
    Table::create()
        .table(OrderStatus::Table)
        .col(big_pk_auto(OrderStatus::Id))
        .col(big_integer(OrderStatus::OrderId))
        .col(string(OrderStatus::Status))
        .col(big_integer(OrderStatus::At))
        .foreign_key(&mut reference(
            (OrderStatus::Table, OrderStatus::OrderId),
            (Orders::Table, Orders::Id),
            ForeignKeyAction::Cascade,
        ))
        .to_owned()
}

/// Its cart is no foreign key: a login may take the cart away while a payment is under way, and the
/// reservation must still be found and given back.
fn checkout_attempt() -> TableCreateStatement {
    Table::create()
        .table(CheckoutAttempt::Table)
        .col(big_integer(CheckoutAttempt::CartId))
        .col(string(CheckoutAttempt::Key))
        .col(string(CheckoutAttempt::Content))
        .col(string(CheckoutAttempt::State))
        .col(big_integer_null(CheckoutAttempt::OrderId))
        .col(big_integer(CheckoutAttempt::Until))
        .primary_key(
            Index::create()
                .col(CheckoutAttempt::CartId)
                .col(CheckoutAttempt::Key),
        )
        .foreign_key(&mut reference(
            (CheckoutAttempt::Table, CheckoutAttempt::OrderId),
            (Orders::Table, Orders::Id),
            ForeignKeyAction::SetNull,
        ))
        .to_owned()
}

fn seeding() -> TableCreateStatement {
    Table::create()
        .table(Seeding::Table)
        .col(string(Seeding::Name).primary_key())
        .col(big_integer(Seeding::At))
        .to_owned()
}

fn indexes() -> [IndexCreateStatement; 8] {
    let index = |name: &str| Index::create().name(name).to_owned();
    [
        index("product_by_category")
            .table(Product::Table)
            .col(Product::CategoryId)
            .to_owned(),
        index("variant_by_product")
            .table(Variant::Table)
            .col(Variant::ProductId)
            .to_owned(),
        index("customer_by_identity")
            .table(Customer::Table)
            .col(Customer::Issuer)
            .col(Customer::Subject)
            .unique()
            .to_owned(),
        index("cart_item_by_variant")
            .table(CartItem::Table)
            .col(CartItem::VariantId)
            .to_owned(),
        index("orders_by_customer")
            .table(Orders::Table)
            .col(Orders::CustomerId)
            .col(Orders::PlacedAt)
            .col(Orders::Id)
            .to_owned(),
        index("order_line_by_order")
            .table(OrderLine::Table)
            .col(OrderLine::OrderId)
            .to_owned(),
        index("order_status_by_order")
            .table(OrderStatus::Table)
            .col(OrderStatus::OrderId)
            .to_owned(),
        index("checkout_attempt_by_end")
            .table(CheckoutAttempt::Table)
            .col(CheckoutAttempt::Until)
            .to_owned(),
    ]
}

fn reference<T: IntoIden, C: IntoIden, U: IntoIden, D: IntoIden>(
    (from, column): (T, C),
    (to, key): (U, D),
    on_delete: ForeignKeyAction,
) -> sea_query::ForeignKeyCreateStatement {
    ForeignKey::create()
        .from(from.into_iden(), column.into_iden())
        .to(to.into_iden(), key.into_iden())
        .on_delete(on_delete)
        .to_owned()
}
