//! Step-up: a sensitive action needs a login of the last minutes, and a second factor of whoever has one.

use super::{Bearer, Customer, SessionRow, Visitor, used_second_factor};
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
            let visitor = Visitor::of(&request);
            let customer = visitor.customer().ok_or_else(Error::sign_in_required)?;
            let second_factor = customers::find(db.get_ref(), customer.id).await?.second_factor;
            let wanted_acr = second_factor.then_some(config.oidc.acr_mfa.as_str());
            let authentication = match (&visitor.session, &visitor.bearer) {
                (Some(session), _) => session.authentication(),
                (None, bearer) => bearer.as_ref().map(Bearer::authentication).unwrap_or_default(),
            };
            if !is_fresh(authentication, wanted_acr, db::now()) {
                return Err(step_up_required(wanted_acr));
            }
            Ok(Self(customer))
        })
    }
}

/// What the IdP said of the login that a session or an access token stands for.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Authentication<'a> {
    /// Milliseconds since the Unix epoch.
    pub time: Option<i64>,
    pub acr: Option<&'a str>,
    /// Separated by spaces.
    pub amr: Option<&'a str>,
}

impl SessionRow {
    fn authentication(&self) -> Authentication<'_> {
        let (acr, amr) = (self.acr.as_deref(), self.amr.as_deref());
        Authentication { time: self.auth_time, acr, amr }
    }
}

/// Whether the login is young enough, and of the strength that is wanted.
fn is_fresh(login: Authentication<'_>, wanted_acr: Option<&str>, now: i64) -> bool {
    let Authentication { time, acr, amr } = login;
    let is_young = time.is_some_and(|time| now.saturating_sub(time) <= MAX_AGE * 1000);
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

    const NOW: i64 = 1_000_000_000;

    fn signed_in(seconds_ago: i64, acr: Option<&str>) -> Authentication<'_> {
        Authentication { time: Some(NOW - seconds_ago * 1000), acr, amr: None }
    }

    #[test]
    fn a_login_is_fresh_for_ten_minutes() {
        assert!(is_fresh(signed_in(MAX_AGE, None), None, NOW));
        assert!(!is_fresh(signed_in(MAX_AGE + 1, None), None, NOW));
        assert!(!is_fresh(Authentication::default(), None, NOW), "never signed in");
    }

    #[test]
    fn whoever_has_a_second_factor_must_have_used_it() {
        let mfa = Some("mfa");
        assert!(is_fresh(signed_in(5, mfa), mfa, NOW));
        assert!(!is_fresh(signed_in(5, Some("pwd")), mfa, NOW));
        let by_methods = Authentication { amr: Some("pwd otp"), ..signed_in(5, None) };
        assert!(is_fresh(by_methods, mfa, NOW));
        assert!(!is_fresh(signed_in(5, None), mfa, NOW));
        assert!(!is_fresh(signed_in(MAX_AGE + 1, mfa), mfa, NOW));
    }
}
