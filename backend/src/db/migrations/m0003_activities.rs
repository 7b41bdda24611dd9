//! What a session holds of what its visitor did, and wishlists.
//! Times are milliseconds since the Unix epoch.

use sea_orm_migration::{async_trait, prelude::*, schema::*};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[derive(DeriveIden)]
enum Activity {
    Table,
    Id,
    SessionId,
    At,
    Kind,
    Name,
    Details,
}

#[derive(DeriveIden)]
enum WishlistItem {
    Table,
    Id,
    CustomerId,
    SessionId,
    ProductId,
    AddedAt,
}

#[derive(DeriveIden)]
enum Session {
    Table,
    Id,
}

#[derive(DeriveIden)]
enum Customer {
    Table,
    Id,
}

#[derive(DeriveIden)]
enum Product {
    Table,
    Id,
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, schema: &SchemaManager) -> Result<(), DbErr> {
        schema.create_table(activity()).await?;
        schema.create_table(wishlist_item()).await?;
        for index in indexes() {
            schema.create_index(index).await?;
        }
        Ok(())
    }
}

fn activity() -> TableCreateStatement {
    Table::create()
        .table(Activity::Table)
        .col(big_pk_auto(Activity::Id))
        .col(string(Activity::SessionId))
        .col(big_integer(Activity::At))
        .col(string(Activity::Kind))
        .col(string(Activity::Name))
        .col(text(Activity::Details))
        .foreign_key(&mut ends_with(
            (Activity::Table, Activity::SessionId),
            (Session::Table, Session::Id),
        ))
        .to_owned()
}

fn wishlist_item() -> TableCreateStatement {
    let one_owner = Expr::col(WishlistItem::CustomerId)
        .is_null()
        .and(Expr::col(WishlistItem::SessionId).is_not_null())
        .or(Expr::col(WishlistItem::CustomerId)
            .is_not_null()
            .and(Expr::col(WishlistItem::SessionId).is_null()));
    Table::create()
        .table(WishlistItem::Table)
        .col(big_pk_auto(WishlistItem::Id))
        .col(big_integer_null(WishlistItem::CustomerId))
        .col(string_null(WishlistItem::SessionId))
        .col(big_integer(WishlistItem::ProductId))
        .col(big_integer(WishlistItem::AddedAt))
        .check(one_owner)
        .foreign_key(&mut ends_with(
            (WishlistItem::Table, WishlistItem::CustomerId),
            (Customer::Table, Customer::Id),
        ))
        .foreign_key(&mut ends_with(
            (WishlistItem::Table, WishlistItem::SessionId),
            (Session::Table, Session::Id),
        ))
        .foreign_key(&mut ends_with(
            (WishlistItem::Table, WishlistItem::ProductId),
            (Product::Table, Product::Id),
        ))
        .to_owned()
}

/// A product is on one wishlist once.
fn indexes() -> [IndexCreateStatement; 3] {
    [
        Index::create()
            .name("wishlist_item_by_customer")
            .table(WishlistItem::Table)
            .col(WishlistItem::CustomerId)
            .col(WishlistItem::ProductId)
            .unique()
            .to_owned(),
        Index::create()
            .name("wishlist_item_by_session")
            .table(WishlistItem::Table)
            .col(WishlistItem::SessionId)
            .col(WishlistItem::ProductId)
            .unique()
            .to_owned(),
        Index::create()
            .name("activity_by_session")
            .table(Activity::Table)
            .col(Activity::SessionId)
            .col(Activity::At)
            .to_owned(),
    ]
}

fn ends_with(
    from: (impl IntoIden, impl IntoIden),
    to: (impl IntoIden, impl IntoIden),
) -> ForeignKeyCreateStatement {
    ForeignKey::create()
        .from(from.0.into_iden(), from.1.into_iden())
        .to(to.0.into_iden(), to.1.into_iden())
        .on_delete(ForeignKeyAction::Cascade)
        .to_owned()
}
