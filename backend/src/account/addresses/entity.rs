use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "address")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub customer_id: i64,
    pub full_name: String,
    pub street: String,
    pub postcode: String,
    pub city: String,
    pub country: String,
    /// When it was last made the default, in milliseconds since the Unix epoch; 0: never.
    pub default_at: i64,
}

impl ActiveModelBehavior for ActiveModel {}
