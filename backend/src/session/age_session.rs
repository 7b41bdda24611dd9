//! `POST /api/session/age`, in demo mode only: makes this session older, so that nobody waits half an
//! hour to see a limit act. The same rules end it then; what the IdP said of its login stays true.

use super::{Visitor, entity::session};
use crate::{App, Error, Result, input::Json};
use actix_web::{HttpResponse, web::Data};
use sea_orm::{
    ColumnTrait as _, EntityTrait as _, ExprTrait as _, QueryFilter as _, sea_query::Expr,
};
use shared::session::{AgeSession, SessionEvent};

/// A week: longer than any limit of the defaults.
const MINUTES_AT_MOST: i64 = 7 * 24 * 60;

pub(super) async fn age_session(
    app: Data<App>,
    visitor: Visitor,
    Json(request): Json<AgeSession>,
) -> Result<HttpResponse> {
    if !app.config.demo {
        return Err(Error::not_found(
            "Time passes by itself here: only a demo may hurry it.",
        ));
    }
    if !(1..=MINUTES_AT_MOST).contains(&request.minutes) {
        return Err(Error::field("minutes", "1 to 10080, which is a week."));
    }
    let Some(row) = visitor.session else {
        return Err(Error::not_found(
            "There is no session to make older. Put something into the cart, or sign in.",
        ));
    };
    let by = request.minutes * 60_000;
    // The database subtracts: a limit that slides meanwhile is not put back to where it was.
    let earlier = |column: session::Column| Expr::col(column).sub(by);
    session::Entity::update_many()
        .col_expr(
            session::Column::CreatedAt,
            earlier(session::Column::CreatedAt),
        )
        .col_expr(
            session::Column::LastSeenAt,
            earlier(session::Column::LastSeenAt),
        )
        .col_expr(
            session::Column::IdleDeadline,
            earlier(session::Column::IdleDeadline),
        )
        .col_expr(
            session::Column::AbsoluteDeadline,
            earlier(session::Column::AbsoluteDeadline),
        )
        .filter(session::Column::Id.eq(&row.id))
        .exec(&app.db)
        .await?;
    let aged = std::slice::from_ref(&row.id);
    app.live.tell(aged, SessionEvent::Changed).await;
    Ok(HttpResponse::NoContent().finish())
}
