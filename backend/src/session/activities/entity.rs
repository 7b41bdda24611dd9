use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "activity")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub session_id: String,
    /// Milliseconds since the Unix epoch.
    pub at: i64,
    /// The word of an `ActivityKind`.
    pub kind: String,
    /// The word of an `ActivityName`.
    pub name: String,
    pub details: String,
}

impl ActiveModelBehavior for ActiveModel {}
