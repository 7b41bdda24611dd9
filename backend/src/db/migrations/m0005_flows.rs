//! How logins and logouts went, for the Session Explorer; and logins without a page.

use sea_orm_migration::{async_trait, prelude::*, schema::*};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[derive(DeriveIden)]
enum SessionFlow {
    Table,
    Id,
    SessionId,
    Flow,
}

#[derive(DeriveIden)]
enum Session {
    Table,
    Id,
}

#[derive(DeriveIden)]
enum SessionEnd {
    Table,
    Flow,
}

#[derive(DeriveIden)]
enum LoginAttempt {
    Table,
    Flow,
    RedirectPath,
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, schema: &SchemaManager) -> Result<(), DbErr> {
        schema
            .create_table(
                Table::create()
                    .table(SessionFlow::Table)
                    .col(pk_auto(SessionFlow::Id).big_integer())
                    .col(string(SessionFlow::SessionId))
                    .col(text(SessionFlow::Flow))
                    .foreign_key(
                        ForeignKey::create()
                            .from(SessionFlow::Table, SessionFlow::SessionId)
                            .to(Session::Table, Session::Id)
                            .on_delete(ForeignKeyAction::Cascade),
                    )
                    .to_owned(),
            )
            .await?;
        schema
            .create_index(
                Index::create()
                    .name("session_flow_by_session")
                    .table(SessionFlow::Table)
                    .col(SessionFlow::SessionId)
                    .to_owned(),
            )
            .await?;
        // An attempt of before is over in ten minutes; until then it has no beginning to show.
        for (table, mut column) in [
            (SessionEnd::Table.into_iden(), text_null(SessionEnd::Flow)),
            (
                LoginAttempt::Table.into_iden(),
                text_null(LoginAttempt::Flow),
            ),
            (
                LoginAttempt::Table.into_iden(),
                string(LoginAttempt::RedirectPath)
                    .default("/auth/callback")
                    .take(),
            ),
        ] {
            schema
                .alter_table(
                    Table::alter()
                        .table(table)
                        .add_column(&mut column)
                        .to_owned(),
                )
                .await?;
        }
        Ok(())
    }
}
