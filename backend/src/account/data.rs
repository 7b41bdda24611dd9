//! `GET /api/account/data`: everything that the shop keeps of a customer, in one file that a person can read
//! (GDPR article 15 and 20).

use super::{queries, view};
use crate::{
    App, Result, cart, db, orders,
    session::{self, FreshCustomer},
    wishlist,
};
use actix_web::{HttpResponse, http::header::CONTENT_DISPOSITION, web::Data};
use shared::account::AccountData;

pub(super) async fn data(
    app: Data<App>,
    FreshCustomer(customer): FreshCustomer,
) -> Result<HttpResponse> {
    app.activities.flush().await;
    let row = queries::customer(&app.db, customer.id).await?;
    let data = AccountData {
        at: db::now(),
        customer_since: row.created_at,
        identity_provider: row.issuer.clone(),
        subject: row.subject.clone(),
        second_factor: row.second_factor,
        customer: view(row),
        orders: orders::all_of(&app.db, customer.id).await?,
        cart: cart::of_customer(&app.db, customer.id).await?,
        wishlist: wishlist::of_customer(&app, customer.id).await?,
        sessions: session::of_customer(&app.db, &customer).await?,
        activities: session::activities_of_customer(&app.db, customer.id).await?,
    };
    let body = serde_json::to_string_pretty(&data).map_err(anyhow::Error::from)?;
    Ok(HttpResponse::Ok()
        .content_type("application/json")
        .insert_header((
            CONTENT_DISPOSITION,
            "attachment; filename=\"storezero-data.json\"",
        ))
        .body(body))
}
