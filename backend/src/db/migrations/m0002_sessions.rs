//! The local session, its keys and ends; what a login leaves while it is under way.
//! Times are milliseconds since the Unix epoch. Hashes are SHA-256 in hexadecimal.

use sea_orm_migration::{async_trait, prelude::*, schema::*};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[derive(DeriveIden)]
enum Session {
    Table,
    Id,
    CustomerId,
    CreatedAt,
    LastSeenAt,
    IdleDeadline,
    AbsoluteDeadline,
    Persistent,
    AskAgain,
    Issuer,
    Subject,
    Sid,
    AuthTime,
    Acr,
    Amr,
    IdTokenIssuedAt,
    Provider,
    UserAgent,
}

#[derive(DeriveIden)]
enum SessionKey {
    Table,
    KeyHash,
    SessionId,
}

#[derive(DeriveIden)]
enum SessionEnd {
    Table,
    KeyHash,
    Reason,
    At,
}

#[derive(DeriveIden)]
enum SessionIdToken {
    Table,
    SessionId,
    Ciphertext,
}

#[derive(DeriveIden)]
enum LoginAttempt {
    Table,
    StateHash,
    BindingHash,
    Nonce,
    PkceVerifier,
    ReturnTo,
    Keep,
    Prompt,
    MaxAge,
    AcrValues,
    SessionId,
    CartHash,
    Restarted,
    CreatedAt,
    ExpiresAt,
    UsedAt,
}

#[derive(DeriveIden)]
enum LogoutToken {
    Table,
    Jti,
    At,
}

#[derive(DeriveIden)]
enum EndedLogin {
    Table,
    Id,
    Issuer,
    Sid,
    Subject,
    TokenIssuedAt,
    At,
}

#[derive(DeriveIden)]
enum Customer {
    Table,
    Id,
}

#[async_trait::async_trait]
#[expect(
    clippy::too_many_lines,
    reason = "a list of tables, read from top to bottom"
)]
impl MigrationTrait for Migration {
    async fn up(&self, schema: &SchemaManager) -> Result<(), DbErr> {
        schema
            .create_table(
                Table::create()
                    .table(Session::Table)
                    .col(string(Session::Id).primary_key())
                    .col(big_integer_null(Session::CustomerId))
                    .col(big_integer(Session::CreatedAt))
                    .col(big_integer(Session::LastSeenAt))
                    .col(big_integer(Session::IdleDeadline))
                    .col(big_integer(Session::AbsoluteDeadline))
                    .col(boolean(Session::Persistent))
                    .col(boolean(Session::AskAgain))
                    .col(string_null(Session::Issuer))
                    .col(string_null(Session::Subject))
                    .col(string_null(Session::Sid))
                    .col(big_integer_null(Session::AuthTime))
                    .col(string_null(Session::Acr))
                    .col(string_null(Session::Amr))
                    .col(big_integer_null(Session::IdTokenIssuedAt))
                    .col(string_null(Session::Provider))
                    .col(string(Session::UserAgent))
                    .foreign_key(
                        ForeignKey::create()
                            .from(Session::Table, Session::CustomerId)
                            .to(Customer::Table, Customer::Id)
                            .on_delete(ForeignKeyAction::Cascade),
                    )
                    .to_owned(),
            )
            .await?;
        for (name, columns) in [
            ("session_by_subject", vec![Session::Subject]),
            ("session_by_sid", vec![Session::Sid]),
            ("session_by_customer", vec![Session::CustomerId]),
            ("session_by_idle_deadline", vec![Session::IdleDeadline]),
            (
                "session_by_absolute_deadline",
                vec![Session::AbsoluteDeadline],
            ),
        ] {
            let mut index = Index::create().name(name).table(Session::Table).to_owned();
            for column in columns {
                index.col(column);
            }
            schema.create_index(index).await?;
        }
        schema
            .create_table(
                Table::create()
                    .table(SessionKey::Table)
                    .col(string(SessionKey::KeyHash).primary_key())
                    .col(string(SessionKey::SessionId))
                    .foreign_key(&mut of_session(SessionKey::Table, SessionKey::SessionId))
                    .to_owned(),
            )
            .await?;
        schema
            .create_index(
                Index::create()
                    .name("session_key_by_session")
                    .table(SessionKey::Table)
                    .col(SessionKey::SessionId)
                    .to_owned(),
            )
            .await?;
        schema
            .create_table(
                Table::create()
                    .table(SessionEnd::Table)
                    .col(string(SessionEnd::KeyHash).primary_key())
                    .col(string(SessionEnd::Reason))
                    .col(big_integer(SessionEnd::At))
                    .to_owned(),
            )
            .await?;
        schema
            .create_table(
                Table::create()
                    .table(SessionIdToken::Table)
                    .col(string(SessionIdToken::SessionId).primary_key())
                    .col(text(SessionIdToken::Ciphertext))
                    .foreign_key(&mut of_session(
                        SessionIdToken::Table,
                        SessionIdToken::SessionId,
                    ))
                    .to_owned(),
            )
            .await?;
        schema
            .create_table(
                Table::create()
                    .table(LoginAttempt::Table)
                    .col(string(LoginAttempt::StateHash).primary_key())
                    .col(string(LoginAttempt::BindingHash))
                    .col(string(LoginAttempt::Nonce))
                    .col(string(LoginAttempt::PkceVerifier))
                    .col(text(LoginAttempt::ReturnTo))
                    .col(boolean(LoginAttempt::Keep))
                    .col(string_null(LoginAttempt::Prompt))
                    .col(big_integer_null(LoginAttempt::MaxAge))
                    .col(string_null(LoginAttempt::AcrValues))
                    .col(string_null(LoginAttempt::SessionId))
                    .col(string_null(LoginAttempt::CartHash))
                    .col(boolean(LoginAttempt::Restarted))
                    .col(big_integer(LoginAttempt::CreatedAt))
                    .col(big_integer(LoginAttempt::ExpiresAt))
                    .col(big_integer_null(LoginAttempt::UsedAt))
                    .to_owned(),
            )
            .await?;
        schema
            .create_table(
                Table::create()
                    .table(LogoutToken::Table)
                    .col(string(LogoutToken::Jti).primary_key())
                    .col(big_integer(LogoutToken::At))
                    .to_owned(),
            )
            .await?;
        schema
            .create_table(
                Table::create()
                    .table(EndedLogin::Table)
                    .col(pk_auto(EndedLogin::Id).big_integer())
                    .col(string(EndedLogin::Issuer))
                    .col(string_null(EndedLogin::Sid))
                    .col(string_null(EndedLogin::Subject))
                    .col(big_integer(EndedLogin::TokenIssuedAt))
                    .col(big_integer(EndedLogin::At))
                    .to_owned(),
            )
            .await
    }
}

/// What belongs to a session ends with it.
fn of_session(table: impl IntoIden, column: impl IntoIden) -> ForeignKeyCreateStatement {
    ForeignKey::create()
        .from(table.into_iden(), column.into_iden())
        .to(Session::Table, Session::Id)
        .on_delete(ForeignKeyAction::Cascade)
        .to_owned()
}
