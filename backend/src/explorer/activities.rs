//! `/api/session/activities`: what happened in this session, and what the page tells of it.

use crate::{
    Error, Result,
    catalog::Catalog,
    http::Json,
    session::{Sessions, Visitor, activities},
};
use actix_web::{HttpResponse, web::Data};
use sea_orm::DatabaseConnection;
use shared::{
    activities::{Activity, ActivityName, RecordActivities, RecordActivity},
    ids::Slug,
};

pub(super) async fn list(
    db: Data<DatabaseConnection>,
    sessions: Data<Sessions>,
    visitor: Visitor,
) -> Result<Json<Vec<Activity>>> {
    let Some(session) = visitor.session else {
        return Ok(Json(Vec::new()));
    };
    sessions.activities.flush().await;
    let newest_first = activities::newest_first(db.get_ref(), &session.id).await?;
    Ok(Json(newest_first))
}

pub(super) async fn record(
    sessions: Data<Sessions>,
    catalog: Data<Catalog>,
    visitor: Visitor,
    Json(request): Json<RecordActivities>,
) -> Result<HttpResponse> {
    let faults = activities::faults(&request.activities);
    if !faults.is_empty() {
        return Err(Error::validation(faults));
    }
    let mut told = Vec::with_capacity(request.activities.len());
    for (index, activity) in request.activities.iter().enumerate() {
        told.push((activity.name, details(&catalog, index, activity).await?));
    }
    for (name, details) in told {
        visitor.record_activity(&sessions, name, &details);
    }
    Ok(HttpResponse::NoContent().finish())
}

/// What is kept of it: a product by its name as the catalogue has it, whatever the page calls it.
async fn details(catalog: &Catalog, index: usize, activity: &RecordActivity) -> Result<String> {
    if activity.name == ActivityName::PageViewed {
        return Ok(activity.details.clone());
    }
    let unknown = || {
        Error::field(
            &format!("activities[{index}].details"),
            "We have no such product. Look it up in the catalogue.",
        )
    };
    let slug: Slug = activity.details.parse().map_err(|_| unknown())?;
    let product = catalog.named(&slug).await?.ok_or_else(unknown)?;
    Ok(product.name)
}

/// Whoever turns page views off wants them gone as well; that they did so is all that is kept.
pub(super) async fn turn_page_views_off(
    db: Data<DatabaseConnection>,
    sessions: Data<Sessions>,
    visitor: Visitor,
) -> Result<HttpResponse> {
    if let Some(session) = &visitor.session {
        // Those that wait to be written are meant, too.
        sessions.activities.flush().await;
        activities::forget_page_views(db.get_ref(), &session.id).await?;
        visitor.record_activity(&sessions, ActivityName::PageViewsTurnedOff, "");
    }
    Ok(HttpResponse::NoContent().finish())
}
