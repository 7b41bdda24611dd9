//! Step-up: a sensitive action needs a login of the last minutes, and a second factor of whoever has one.

use super::{Customer, SessionRow, Visitor, used_second_factor};
use crate::{Config, Error, Result, customers, db};
use actix_web::{FromRequest, HttpRequest, dev::Payload, web::Data};
use sea_orm::DatabaseConnection;
use shared::problem::{Problem, kinds};
use std::{future::Future, pin::Pin};

/// How old the login may be. Seconds, as in `max_age` (OIDC Core §3.1.2.1).
pub const MAX_AGE: i64 = 10 * 60;

/// A customer who proved lately who they are.
pub struct FreshCustomer(pub Customer);

impl FromRequest for FreshCustomer {
    type Error = Error;
    type Future = Pin<Box<dyn Future<Output = Result<Self>>>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let request = request.clone();
        Box::pin(async move {
            let state = || anyhow::anyhow!("a request without the shop's state");
            let config = request.app_data::<Data<Config>>().ok_or_else(state)?;
            let db = request.app_data::<Data<DatabaseConnection>>().ok_or_else(state)?;
            let session = Visitor::of(&request).session.ok_or_else(Error::sign_in_required)?;
            let id = session.customer_id.ok_or_else(Error::sign_in_required)?;
            let second_factor = customers::find(db.get_ref(), id).await?.second_factor;
            let wanted_acr = second_factor.then_some(config.oidc.acr_mfa.as_str());
            if !is_fresh(&session, wanted_acr, db::now()) {
                return Err(step_up_required(wanted_acr));
            }
            Ok(Self(Customer { id, session_id: session.id }))
        })
    }
}

/// Whether the session's login is young enough, and of the strength that is wanted.
fn is_fresh(session: &SessionRow, wanted_acr: Option<&str>, now: i64) -> bool {
    let is_young = session.auth_time.is_some_and(|auth_time| now - auth_time <= MAX_AGE * 1000);
    let (acr, amr) = (session.acr.as_deref(), session.amr.as_deref());
    let is_strong = wanted_acr.is_none_or(|acr_mfa| used_second_factor(acr, amr, acr_mfa));
    is_young && is_strong
}

/// In the manner of RFC 9470 §3: what is wrong with the login, and which one would do.
fn step_up_required(acr_values: Option<&str>) -> Error {
    let detail = match acr_values {
        None => "This needs a login of the last ten minutes. Sign in again to go on.",
        Some(_) => {
            "This needs a login of the last ten minutes with your second factor. Sign in again to go on."
        }
    };
    let mut problem =
        Problem::new(kinds::STEP_UP_REQUIRED, "Prove once more that it is you", 401, detail);
    problem.error = Some("insufficient_user_authentication".to_owned());
    problem.max_age = Some(MAX_AGE);
    problem.acr_values = acr_values.map(str::to_owned);
    problem.into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::session::testing::endless;

    const NOW: i64 = 1_000_000_000;

    fn signed_in(seconds_ago: i64, acr: Option<&str>) -> SessionRow {
        SessionRow {
            auth_time: Some(NOW - seconds_ago * 1000),
            acr: acr.map(str::to_owned),
            ..endless("s")
        }
    }

    #[test]
    fn a_login_is_fresh_for_ten_minutes() {
        assert!(is_fresh(&signed_in(MAX_AGE, None), None, NOW));
        assert!(!is_fresh(&signed_in(MAX_AGE + 1, None), None, NOW));
        assert!(!is_fresh(&endless("s"), None, NOW), "never signed in");
    }

    #[test]
    fn whoever_has_a_second_factor_must_have_used_it() {
        let mfa = Some("mfa");
        assert!(is_fresh(&signed_in(5, mfa), mfa, NOW));
        assert!(!is_fresh(&signed_in(5, Some("pwd")), mfa, NOW));
        let by_methods = SessionRow { amr: Some("pwd otp".to_owned()), ..signed_in(5, None) };
        assert!(is_fresh(&by_methods, mfa, NOW));
        assert!(!is_fresh(&signed_in(5, None), mfa, NOW));
        assert!(!is_fresh(&signed_in(MAX_AGE + 1, mfa), mfa, NOW));
    }
}
