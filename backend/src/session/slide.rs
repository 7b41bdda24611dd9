//! Activity moves the idle deadline. What a person did not cause does not count as activity.

use super::{SessionRow, Sessions, entity::session, limits};
use crate::db;
use actix_web::{HttpRequest, dev::ServiceRequest};
use sea_orm::{ColumnTrait as _, DbErr, EntityTrait as _, QueryFilter as _, sea_query::Expr};
use shared::paths::{api, auth, header};

/// Routes that the page asks by itself, or that are about the session's time: they do not keep it alive.
const BACKGROUND_ROUTES: [&str; 8] = [
    api::SESSION,
    api::SESSION_HISTORY,
    api::SESSION_EVENTS,
    api::SESSION_TRACES,
    api::SESSION_AGE,
    api::IDENTITY_PROVIDER,
    auth::SILENT_LOGIN,
    auth::SILENT,
];

pub(super) async fn slide(sessions: &Sessions, row: &SessionRow) {
    if let Err(error) = move_deadline(sessions, row).await {
        // The request itself is fine; the deadline moves with the next one.
        tracing::warn!(%error, "a session's idle deadline was not moved");
    }
}

pub(super) fn is_background(request: &ServiceRequest) -> bool {
    BACKGROUND_ROUTES.contains(&request.path()) || is_marked_background(request.request())
}

/// Whether the page asked by itself, and nobody in front of it.
pub(super) fn is_marked_background(request: &HttpRequest) -> bool {
    request.headers().contains_key(header::BACKGROUND)
}

async fn move_deadline(sessions: &Sessions, row: &SessionRow) -> Result<(), DbErr> {
    let now = db::now();
    let Some(idle_deadline) = limits::slide(row, &sessions.limits, now) else {
        return Ok(());
    };
    session::Entity::update_many()
        .col_expr(session::Column::LastSeenAt, Expr::value(now))
        .col_expr(session::Column::IdleDeadline, Expr::value(idle_deadline))
        .filter(session::Column::Id.eq(&row.id))
        .filter(session::Column::LastSeenAt.lt(now))
        // A login has changed the limits since the row was read.
        .filter(session::Column::Persistent.eq(row.persistent))
        .exec(&sessions.db)
        .await?;
    let moved = std::slice::from_ref(&row.id);
    sessions.live.publish(moved).await;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        Config,
        db::testing::empty,
        session::{queries::find, testing::anonymous},
    };

    #[actix_web::test]
    async fn activity_that_was_read_before_a_login_does_not_shorten_the_session_that_it_keeps() {
        let db = empty().await;
        let sessions = Sessions::start(&Config::from_settings(&[]).unwrap(), db.clone());
        let read_before = anonymous(&db, "guest").await;
        session::Entity::update_many()
            .col_expr(session::Column::Persistent, Expr::value(true))
            .exec(&*db)
            .await
            .unwrap();
        move_deadline(&sessions, &read_before).await.unwrap();
        let kept = find(&*db, "guest").await.unwrap().unwrap();
        assert_eq!(kept.idle_deadline, i64::MAX);
    }
}
