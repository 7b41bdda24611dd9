//! What has been seeded.

pub mod seeding {
    use sea_orm::entity::prelude::*;

    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "seeding")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub name: String,
        /// Milliseconds since the Unix epoch.
        pub at: i64,
    }

    impl ActiveModelBehavior for ActiveModel {}
}
