//! An action that needs a fresh login: the visitor proves once more who they are, and the action goes on by itself
//! where it was interrupted. Only for the customer who began it, and only in the document that this login ended in:
//! whoever turns back on the way has changed their mind.

use super::{
    arrival::Arrival, private_storage, return_location::addressed_page, sign_in_mark,
    visitor_context::VisitorContext,
};
use crate::api::{ApiError, Problem, json};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use shared::{problem::kinds, session::LoginQuery};

const KEPT: &str = "step-up";
/// Who takes longer has most likely forgotten what it was for. Milliseconds.
const VALID: i64 = 10 * 60_000;

/// What this tab was about to do, and for whom. It is written by the person's own click, so no link of somebody
/// else's can have it done.
#[derive(Debug, Deserialize, PartialEq, Eq, Serialize)]
struct InterruptedAction {
    action: String,
    who: String,
    /// Milliseconds since the Unix epoch.
    at: i64,
}

impl InterruptedAction {
    fn is_meant_for(&self, who: &str, now: i64) -> bool {
        self.who == who && (0..VALID).contains(&(now - self.at))
    }
}

/// Whether the page behind a `Gate` is the end of a login that this tab began.
#[derive(Clone, Copy)]
struct CameBack(StoredValue<bool>);

/// What this document may go on with, as it was kept.
#[derive(Clone, Copy)]
struct Resumable(StoredValue<Option<String>>);

/// At the start of each document. The tab's note is gone afterwards, whatever comes of it: only the document that the
/// login ended in has it, and no later login can find what the person no longer wants.
pub(super) fn provide_interrupted_action(arrival: Arrival) {
    let interrupted = private_storage::get(KEPT);
    private_storage::remove(KEPT);
    let resumable = interrupted.filter(|_| arrival == Arrival::CameBack);
    provide_context(Resumable(StoredValue::new(resumable)));
}

/// By the `Gate`, for the page behind it.
pub(super) fn provide_arrival(arrival: Arrival) {
    provide_context(CameBack(StoredValue::new(arrival == Arrival::CameBack)));
}

/// Where an action that was refused for want of a fresh login leads: to the login that would do, and back here.
/// `None` for any other refusal. `who` tells the shop's customers apart.
pub fn leave_for_step_up(
    visitor: VisitorContext,
    who: &str,
    action: &str,
    error: &ApiError,
) -> Option<()> {
    let ApiError::Problem(problem) = error else {
        return None;
    };
    let page = addressed_page();
    let keep = visitor.with(|visitor| visitor.session().is_some_and(|session| session.persistent));
    let login = login_for(problem, &page, keep)?;
    let interrupted = InterruptedAction {
        action: action.to_owned(),
        who: who.to_owned(),
        at: visitor.server_now(),
    };
    private_storage::set(KEPT, &json::write(&interrupted)?);
    sign_in_mark::set(&page);
    // Fails for no address of this shop.
    window().location().assign(&login.url()).ok()
}

/// The action that this tab came back to go on with. Asking uses the answer up, whatever it is: an action is resumed
/// once or never.
pub fn take_resumed(visitor: VisitorContext, who: &str) -> Option<String> {
    let Resumable(interrupted) = use_context()?;
    let interrupted = interrupted.try_update_value(Option::take)?;
    let CameBack(came_back) = use_context()?;
    let came_back = came_back.try_update_value(std::mem::take)?;
    let interrupted: Option<InterruptedAction> = interrupted.and_then(|text| json::read(&text));
    interrupted
        .filter(|action| came_back && action.is_meant_for(who, visitor.server_now()))
        .map(|interrupted| interrupted.action)
}

/// RFC 9470 §3: the age and the level that the shop asks for are the login's `max_age` and `acr_values`. A session
/// that is kept stays so.
fn login_for(problem: &Problem, return_to: &str, keep: bool) -> Option<LoginQuery> {
    if !problem.is(kinds::STEP_UP_REQUIRED) {
        return None;
    }
    Some(LoginQuery {
        return_to: return_to.to_owned(),
        keep,
        max_age: Some(problem.max_age?),
        acr_values: problem.acr_values.clone(),
        ..LoginQuery::default()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_login_is_the_one_that_the_problem_asks_for() {
        let mut problem = Problem::new(kinds::STEP_UP_REQUIRED, "", 401, "");
        problem.max_age = Some(600);
        let plain = LoginQuery {
            return_to: "/account".into(),
            max_age: Some(600),
            ..LoginQuery::default()
        };
        assert_eq!(login_for(&problem, "/account", false).as_ref(), Some(&plain));
        problem.acr_values = Some("mfa".into());
        let strong = LoginQuery { acr_values: Some("mfa".into()), keep: true, ..plain };
        assert_eq!(login_for(&problem, "/account", true), Some(strong));
        problem.kind = kinds::SIGN_IN_REQUIRED.into();
        assert_eq!(login_for(&problem, "/account", true), None);
    }

    #[test]
    fn an_interrupted_action_is_meant_for_ten_minutes_and_for_the_customer_who_had_it() {
        let interrupted =
            InterruptedAction { action: "delete-account".into(), who: "ada".into(), at: 1_000 };
        assert!(interrupted.is_meant_for("ada", 1_000));
        assert!(interrupted.is_meant_for("ada", 1_000 + VALID - 1));
        assert!(!interrupted.is_meant_for("ada", 1_000 + VALID));
        assert!(!interrupted.is_meant_for("ada", 999));
        assert!(!interrupted.is_meant_for("grace", 1_000));
    }
}
