//! `DELETE /api/account`: the shop forgets the customer. The identity provider's account is its own affair.

use crate::{
    Config, Result,
    cart::{self, Owner},
    customers, db, orders,
    session::{Filter, FreshCustomer, Sessions, revoke},
};
use actix_web::{HttpResponse, web::Data};
use sea_orm::DatabaseConnection;
use shared::{account::Next, paths::page, session::EndReason};

/// All in one: no session outlives its customer, and no order keeps the person.
///
/// The browser keeps its cookie, which opens nothing any more but knows why: without it the next visit to a page that
/// needs a customer would pass through single sign-on and begin the account anew, unasked.
pub(super) async fn delete(
    config: Data<Config>,
    db: Data<DatabaseConnection>,
    sessions: Data<Sessions>,
    FreshCustomer(customer): FreshCustomer,
) -> Result<HttpResponse> {
    let reason = EndReason::AccountDeleted;
    let now = db::now();
    let transaction = db::begin_write(&db).await?;
    // In the order of a login (customer, cart, session); and whoever holds the cart or a session may still name the
    // customer before it goes: nobody waits for somebody who waits for them.
    customers::lock_for_change(&transaction, customer.id).await?;
    cart::find_locked(&transaction, Owner::Customer(customer.id)).await?;
    let filter = Filter::Customer(customer.id);
    let ended = revoke(&transaction, filter, reason, None, now).await?;
    customers::lock_for_removal(&transaction, customer.id).await?;
    orders::forget_person(&transaction, customer.id).await?;
    // The identity provider's clock may be ahead of ours: the token that asks for this must not begin the account anew.
    let deleted_at = customer.token_issued_at.map_or(now, |issued_at| issued_at.max(now));
    customers::delete(&transaction, customer.id, deleted_at).await?;
    transaction.commit().await?;
    sessions.live.publish(&ended).await;
    Ok(HttpResponse::Ok()
        .cookie(cart::removal_cookie(&config))
        .json(Next { next: format!("{}?state={}", page::SIGNED_OUT, reason.into_str()) }))
}
