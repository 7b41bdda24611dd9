//! An action that needs a fresh login: the visitor proves once more who they are, and the action goes on by itself
//! where it was interrupted.

use super::{
    journey::{Login, login_url},
    private, sign_in_mark,
    visitor_context::{VisitorContext, here},
};
use crate::api::ApiError;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use shared::problem::{Problem, kinds};

const KEPT: &str = "step-up";
/// Who takes longer has most likely forgotten what it was for. Milliseconds.
const VALID: i64 = 10 * 60_000;

/// What this tab was about to do. It is written by the person's own click, so no link of somebody else's can have
/// it done.
#[derive(Debug, Deserialize, PartialEq, Eq, Serialize)]
struct Intent {
    action: String,
    /// Milliseconds since the Unix epoch.
    at: i64,
}

impl Intent {
    fn is_meant(&self, action: &str, now: i64) -> bool {
        self.action == action && (0..VALID).contains(&(now - self.at))
    }
}

/// Where an action that was refused for want of a fresh login leads: to the login that would do, and back here.
/// `None` for any other refusal.
pub fn leave_for_step_up(visitor: VisitorContext, action: &str, error: &ApiError) -> Option<()> {
    let ApiError::Problem(problem) = error else {
        return None;
    };
    let page = here().return_to();
    let keep = visitor.with(|visitor| visitor.session().is_some_and(|session| session.persistent));
    let login = login_for(problem, &page, keep)?;
    let intent = Intent {
        action: action.to_owned(),
        at: visitor.server_now(),
    };
    private::keep(KEPT, &serde_json::to_string(&intent).ok()?);
    sign_in_mark::set(&page);
    // Fails for no address of this shop.
    window().location().assign(&login_url(&login)).ok()
}

/// Whether this tab came back to go on with `action`. Asking uses the answer up: it is resumed once.
pub fn resumes(visitor: VisitorContext, action: &str) -> bool {
    let intent = private::kept(KEPT).and_then(|text| serde_json::from_str::<Intent>(&text).ok());
    let is_meant = intent.is_some_and(|intent| intent.is_meant(action, visitor.server_now()));
    if is_meant {
        private::drop(KEPT);
    }
    is_meant
}

/// RFC 9470 §3: the age and the level that the shop asks for are the login's `max_age` and `acr_values`. A session
/// that is kept stays so.
fn login_for(problem: &Problem, return_to: &str, keep: bool) -> Option<Login> {
    if !problem.is(kinds::STEP_UP_REQUIRED) {
        return None;
    }
    Some(Login {
        return_to: return_to.to_owned(),
        keep,
        max_age: Some(u32::try_from(problem.max_age?).ok()?),
        acr_values: problem.acr_values.clone(),
        ..Login::default()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_login_is_the_one_that_the_problem_asks_for() {
        let mut problem = Problem::new(kinds::STEP_UP_REQUIRED, "", 401, "");
        problem.max_age = Some(600);
        let plain = Login {
            return_to: "/account".into(),
            max_age: Some(600),
            ..Login::default()
        };
        assert_eq!(
            login_for(&problem, "/account", false).as_ref(),
            Some(&plain)
        );
        problem.acr_values = Some("mfa".into());
        let strong = Login {
            acr_values: Some("mfa".into()),
            keep: true,
            ..plain
        };
        assert_eq!(login_for(&problem, "/account", true), Some(strong));
        problem.kind = kinds::SIGN_IN_REQUIRED.into();
        assert_eq!(login_for(&problem, "/account", true), None);
    }

    #[test]
    fn an_intent_is_resumed_for_ten_minutes_and_for_its_own_action() {
        let intent = Intent {
            action: "delete-account".into(),
            at: 1_000,
        };
        assert!(intent.is_meant("delete-account", 1_000));
        assert!(intent.is_meant("delete-account", 1_000 + VALID - 1));
        assert!(!intent.is_meant("delete-account", 1_000 + VALID));
        assert!(!intent.is_meant("delete-account", 999));
        assert!(!intent.is_meant("download-data", 1_000));
    }
}
