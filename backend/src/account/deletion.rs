//! `DELETE /api/account`: the shop forgets the customer. The identity provider's account is its own affair.

use super::queries;
use crate::{
    App, Result, cart, db, orders,
    session::{self, FreshCustomer, Visitor},
};
use actix_web::{HttpResponse, web::Data};
use shared::session::EndReason;

/// All in one: no session outlives its customer, and no order keeps the person.
pub(super) async fn delete(
    app: Data<App>,
    visitor: Visitor,
    FreshCustomer(customer): FreshCustomer,
) -> Result<HttpResponse> {
    let transaction = db::begin_write(&app.db).await?;
    let reason = EndReason::AccountDeleted;
    let ended = session::end_all_of(&transaction, customer.id, reason, db::now()).await?;
    orders::forget_person(&transaction, customer.id).await?;
    queries::delete(&transaction, customer.id).await?;
    transaction.commit().await?;
    session::tell_of_end(&app.live, &ended, reason).await;
    session::forget_browser(&visitor);
    Ok(HttpResponse::NoContent()
        .cookie(cart::removal_cookie(&app.config))
        .finish())
}
