//! Rows of checkouts in flight, and of what became of them.

use sea_orm::entity::prelude::*;

/// What became of the order that was asked for under an `Idempotency-Key`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "lowercase")]
pub enum State {
    /// A request is talking to the payment provider right now.
    Paying,
    /// The card's owner has to confirm.
    Authenticating,
    Placed,
    Declined,
}

pub mod checkout_attempt {
    use super::State;
    use sea_orm::entity::prelude::*;

    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "checkout_attempt")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub cart_id: i64,
        /// `Idempotency-Key`: means something within its cart only.
        #[sea_orm(primary_key, auto_increment = false)]
        pub key: String,
        /// A keyed hash of what was asked for.
        pub content: String,
        pub state: State,
        pub order_id: Option<i64>,
        /// While it is in flight: when the reservation is given back. Then: when the answer is forgotten.
        /// Milliseconds since the Unix epoch.
        pub until: i64,
    }

    impl ActiveModelBehavior for ActiveModel {}
}
