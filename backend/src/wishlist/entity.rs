use sea_orm::entity::prelude::*;

/// One product on the wishlist of a customer or, while nobody is signed in, of a session.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "wishlist_item")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub customer_id: Option<i64>,
    pub session_id: Option<String>,
    pub product_id: i64,
    /// Milliseconds since the Unix epoch.
    pub added_at: i64,
}

impl ActiveModelBehavior for ActiveModel {}
