use super::{queries, rules};
use crate::{App, Error, Result, catalog, input, session::Visitor};
use actix_web::{
    HttpResponse,
    web::{self, Data, Json},
};
use shared::{
    activities::{Activity, ActivityName, RecordActivities, RecordActivity},
    ids::Slug,
    paths::api,
};

pub fn routes(routes: &mut web::ServiceConfig) {
    routes
        .service(
            web::resource(api::SESSION_ACTIVITIES)
                .get(list)
                .post(record),
        )
        .service(web::resource(api::SESSION_PAGE_VIEWS).delete(turn_page_views_off));
}

async fn list(app: Data<App>, visitor: Visitor) -> Result<Json<Vec<Activity>>> {
    let Some(session) = visitor.session else {
        return Ok(Json(Vec::new()));
    };
    app.activities.flush().await;
    Ok(Json(queries::newest_first(&app.db, &session.id).await?))
}

async fn record(
    app: Data<App>,
    visitor: Visitor,
    input::Json(request): input::Json<RecordActivities>,
) -> Result<HttpResponse> {
    let faults = rules::faults(&request.activities);
    if !faults.is_empty() {
        return Err(Error::validation(faults));
    }
    let mut told = Vec::with_capacity(request.activities.len());
    for (index, activity) in request.activities.iter().enumerate() {
        told.push((activity.name, details(&app, index, activity).await?));
    }
    for (name, details) in told {
        visitor.did(&app, name, &details);
    }
    Ok(HttpResponse::NoContent().finish())
}

/// What is kept of it: a product by its name as the catalogue has it, whatever the page calls it.
async fn details(app: &App, index: usize, activity: &RecordActivity) -> Result<String> {
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
    let product = catalog::named(app, &slug).await?.ok_or_else(unknown)?;
    Ok(product.name)
}

/// Whoever turns page views off wants them gone as well; that they did so is all that is kept.
async fn turn_page_views_off(app: Data<App>, visitor: Visitor) -> Result<HttpResponse> {
    if let Some(session) = &visitor.session {
        // Those that wait to be written are meant, too.
        app.activities.flush().await;
        queries::forget_page_views(&app.db, &session.id).await?;
        visitor.did(&app, ActivityName::PageViewsTurnedOff, "");
    }
    Ok(HttpResponse::NoContent().finish())
}
