//! Rows of customers: who signed in here at least once. Passwords and the like are the identity provider's.

pub mod customer {
    use sea_orm::entity::prelude::*;

    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "customer")]
    pub struct Model {
        #[sea_orm(primary_key)]
        pub id: i64,
        /// With `subject`, the one thing that names a customer for good (OIDC Core §5.7): an email address
        /// may change hands.
        pub issuer: String,
        pub subject: String,
        pub name: String,
        pub email: Option<String>,
        pub email_verified: bool,
        /// Whether their last login used a second factor: the identity provider asks everybody who has one.
        pub second_factor: bool,
        /// Milliseconds since the Unix epoch: the first login here.
        pub created_at: i64,
    }

    impl ActiveModelBehavior for ActiveModel {}
}

/// Customers who deleted their account lately, by a hash alone.
pub mod deleted_customer {
    use sea_orm::entity::prelude::*;

    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "deleted_customer")]
    pub struct Model {
        /// SHA-256 of issuer and subject.
        #[sea_orm(primary_key, auto_increment = false)]
        pub identity_hash: String,
        /// Milliseconds since the Unix epoch.
        pub at: i64,
    }

    impl ActiveModelBehavior for ActiveModel {}
}
