//! Rows of orders. Money is in minor units, times are milliseconds since the Unix epoch.

use sea_orm::{FromJsonQueryResult, entity::prelude::*};
use serde::{Deserialize, Serialize};
use shared::orders::OrderStatus;

/// Where an order is; one that is only reserved has not been paid for and is shown to nobody.
#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "lowercase")]
pub enum Status {
    Reserved,
    Placed,
    Packed,
    Shipped,
    Delivered,
    Cancelled,
}

impl Status {
    pub const fn shown(self) -> Option<OrderStatus> {
        match self {
            Self::Reserved => None,
            Self::Placed => Some(OrderStatus::Placed),
            Self::Packed => Some(OrderStatus::Packed),
            Self::Shipped => Some(OrderStatus::Shipped),
            Self::Delivered => Some(OrderStatus::Delivered),
            Self::Cancelled => Some(OrderStatus::Cancelled),
        }
    }
}

impl From<OrderStatus> for Status {
    fn from(status: OrderStatus) -> Self {
        match status {
            OrderStatus::Placed => Self::Placed,
            OrderStatus::Packed => Self::Packed,
            OrderStatus::Shipped => Self::Shipped,
            OrderStatus::Delivered => Self::Delivered,
            OrderStatus::Cancelled => Self::Cancelled,
        }
    }
}

/// URL paths of the first line items' pictures.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, FromJsonQueryResult)]
pub struct Pictures(pub Vec<String>);

/// An order. What a list shows of its lines is kept here too: lines never change, and a list is one query.
pub mod order {
    use super::{Pictures, Status};
    use sea_orm::entity::prelude::*;

    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "orders")]
    pub struct Model {
        #[sea_orm(primary_key)]
        pub id: i64,
        #[sea_orm(unique)]
        pub number: String,
        /// `None` for an order without an account.
        pub customer_id: Option<i64>,
        /// The hash of the cart token of the browser that a guest ordered with.
        pub guest_hash: Option<String>,
        pub status: Status,
        /// While it is reserved: when that began.
        pub placed_at: i64,
        pub email: String,
        pub full_name: String,
        pub street: String,
        pub postcode: String,
        pub city: String,
        pub country: String,
        pub delivery: String,
        pub card_brand: String,
        pub card_last4: String,
        pub subtotal: i64,
        pub promotion_code: Option<String>,
        pub discount: i64,
        pub delivery_price: i64,
        /// In basis points.
        pub delivery_vat_rate: i32,
        pub tax: i64,
        pub total: i64,
        /// Items, not lines.
        pub item_count: i32,
        /// The first line item's name.
        pub first_name: String,
        #[sea_orm(column_type = "Json")]
        pub pictures: Pictures,
        /// Number and names in lower case, what a search looks through.
        pub search_text: String,
    }

    impl ActiveModelBehavior for ActiveModel {}
}

/// A line item as it was bought.
pub mod order_line {
    use crate::catalog::entity::Options;
    use sea_orm::entity::prelude::*;

    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "order_line")]
    pub struct Model {
        #[sea_orm(primary_key)]
        pub id: i64,
        pub order_id: i64,
        /// Where its items go back to when the order is cancelled; no foreign key, since a variant may go.
        pub variant_id: i64,
        pub sku: String,
        pub slug: String,
        pub name: String,
        #[sea_orm(column_type = "Json")]
        pub options: Options,
        pub picture: String,
        pub unit_price: i64,
        pub quantity: i32,
        pub total: i64,
        /// Its part of the order's discount.
        pub discount: i64,
        /// In basis points: 1900 is 19 %.
        pub vat_rate: i32,
        /// The VAT that `total` contains, less the discount.
        pub tax: i64,
    }

    impl ActiveModelBehavior for ActiveModel {}
}

/// When an order came to be where it is.
pub mod order_status {
    use super::Status;
    use sea_orm::entity::prelude::*;

    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "order_status")]
    pub struct Model {
        #[sea_orm(primary_key)]
        pub id: i64,
        pub order_id: i64,
        pub status: Status,
        pub at: i64,
    }

    impl ActiveModelBehavior for ActiveModel {}
}

/// Who may see a guest's order since they found it: one of the two.
pub mod found_order {
    use sea_orm::entity::prelude::*;

    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "found_order")]
    pub struct Model {
        #[sea_orm(primary_key)]
        pub id: i64,
        pub order_id: i64,
        /// The hash of the finder's cart token.
        pub guest_hash: Option<String>,
        pub customer_id: Option<i64>,
        pub at: i64,
    }

    impl ActiveModelBehavior for ActiveModel {}
}

/// What is told of an order by email, once for each status.
pub mod order_mail {
    use super::Status;
    use sea_orm::entity::prelude::*;

    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "order_mail")]
    pub struct Model {
        #[sea_orm(primary_key)]
        pub id: i64,
        pub order_id: i64,
        pub status: Status,
        /// When it is tried next; `None` where it was sent, or given up.
        pub due_at: Option<i64>,
        pub tries: i32,
        pub sent_at: Option<i64>,
    }

    impl ActiveModelBehavior for ActiveModel {}
}
