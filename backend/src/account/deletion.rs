//! `DELETE /api/account`: the shop forgets the customer. The identity provider's account is its own affair.

use super::queries;
use crate::{
    App, Result,
    cart::{self, Owner},
    db, orders,
    session::{self, FreshCustomer},
};
use actix_web::{HttpResponse, web::Data};
use shared::{account::Next, paths::page, session::EndReason};

/// All in one: no session outlives its customer, and no order keeps the person.
///
/// The browser keeps its cookie, which opens nothing any more but knows why: without it the next visit to a page that
/// needs a customer would pass through single sign-on and begin the account anew, unasked.
pub(super) async fn delete(
    app: Data<App>,
    FreshCustomer(customer): FreshCustomer,
) -> Result<HttpResponse> {
    let transaction = db::begin_write(&app.db).await?;
    let reason = EndReason::AccountDeleted;
    let ended = session::end_all_of(&transaction, customer.id, reason, db::now()).await?;
    // In the order of a checkout, which locks the cart and then names the customer: neither waits for the other.
    cart::find_locked(&transaction, Owner::Customer(customer.id)).await?;
    queries::lock(&transaction, customer.id).await?;
    orders::forget_person(&transaction, customer.id).await?;
    queries::delete(&transaction, customer.id).await?;
    transaction.commit().await?;
    session::tell_of_end(&app.live, &ended, reason).await;
    Ok(HttpResponse::Ok()
        .cookie(cart::removal_cookie(&app.config))
        .json(Next {
            next: format!("{}?state={}", page::SIGNED_OUT, reason.into_str()),
        }))
}
