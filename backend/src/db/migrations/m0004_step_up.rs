//! What the shop learns at logins of how well a customer can prove who they are.

use sea_orm_migration::{async_trait, prelude::*, schema::*};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[derive(DeriveIden)]
enum Customer {
    Table,
    SecondFactor,
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, schema: &SchemaManager) -> Result<(), DbErr> {
        schema
            .alter_table(
                Table::alter()
                    .table(Customer::Table)
                    .add_column(boolean(Customer::SecondFactor).default(false))
                    .to_owned(),
            )
            .await
    }
}
