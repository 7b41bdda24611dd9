//! Rows of carts.

use sea_orm::FromJsonQueryResult;
use serde::{Deserialize, Serialize};
use shared::cart::MergeReport;

/// What a login did to the cart.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, FromJsonQueryResult)]
pub struct Merged(pub MergeReport);

/// Either a customer's or, by a token of which the hash is kept, a browser's.
pub mod cart {
    use super::Merged;
    use sea_orm::entity::prelude::*;

    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "cart")]
    pub struct Model {
        #[sea_orm(primary_key)]
        pub id: i64,
        #[sea_orm(unique)]
        pub customer_id: Option<i64>,
        #[sea_orm(unique)]
        pub token_hash: Option<String>,
        /// Told until the cart is changed again.
        #[sea_orm(column_type = "Json", nullable)]
        pub merged: Option<Merged>,
        /// Milliseconds since the Unix epoch.
        pub changed_at: i64,
        /// Since when it keeps items for a card's owner to confirm; `None` once it has paid.
        pub held_since: Option<i64>,
        /// The number of the order that was its last change.
        pub placed_order: Option<String>,
        pub promotion_code: Option<String>,
    }

    impl ActiveModelBehavior for ActiveModel {}
}

pub mod cart_item {
    use sea_orm::entity::prelude::*;

    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "cart_item")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub cart_id: i64,
        #[sea_orm(primary_key, auto_increment = false)]
        pub variant_id: i64,
        /// 1 to `MAX_QUANTITY`
        pub quantity: i32,
        /// Milliseconds since the Unix epoch.
        pub added_at: i64,
    }

    impl ActiveModelBehavior for ActiveModel {}
}

/// Items out of stock for an order that waits for its payment.
pub mod cart_hold {
    use sea_orm::entity::prelude::*;

    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "cart_hold")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub order_id: i64,
        #[sea_orm(primary_key, auto_increment = false)]
        pub variant_id: i64,
        /// Whose shopper's order it is.
        pub cart_id: i64,
        pub quantity: i32,
    }

    impl ActiveModelBehavior for ActiveModel {}
}
