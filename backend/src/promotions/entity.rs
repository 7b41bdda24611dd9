//! Rows of promotions. Money is in minor units.

pub mod promotion {
    use sea_orm::entity::prelude::*;

    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "promotion")]
    pub struct Model {
        /// In upper case.
        #[sea_orm(primary_key, auto_increment = false)]
        pub code: String,
        /// One of the two, or neither: then the delivery is free.
        pub percent: Option<i64>,
        pub amount: Option<i64>,
        pub minimum: i64,
        /// Milliseconds since the Unix epoch.
        pub ends_at: Option<i64>,
    }

    impl ActiveModelBehavior for ActiveModel {}
}
