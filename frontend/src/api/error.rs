use super::json;
use serde_json::Value;
use shared::problem::{self, kinds};

/// What changed in a cart is read by the page that shows it.
pub type Problem = problem::Problem<Value>;

/// Why a request brought no answer that can be shown.
#[derive(Clone, Debug, PartialEq)]
pub enum ApiError {
    /// The shop answered, and says what is wrong. Boxed: it is far larger than the other case.
    Problem(Box<Problem>),
    /// The shop could not be reached at all.
    Offline,
}

impl ApiError {
    pub(super) fn from_answer(status: u16, text: &str) -> Self {
        json::read(text)
            .map_or_else(|| Self::unavailable(status), |problem| Self::Problem(Box::new(problem)))
    }

    /// An answer that is no JSON of this version of the shop: most likely it was updated meanwhile.
    pub(super) fn unreadable() -> Self {
        Self::Problem(Box::new(Problem::new(
            kinds::INTERNAL,
            "The answer could not be read",
            500,
            "The shop may have been updated while this page was open. Reload the page.",
        )))
    }

    /// A proxy's error page, or an answer cut off.
    fn unavailable(status: u16) -> Self {
        Self::Problem(Box::new(Problem::new(
            kinds::UNAVAILABLE,
            "The shop is not available",
            status,
            "The shop does not answer as it should. Try again in a moment.",
        )))
    }

    pub fn is(&self, kind: &str) -> bool {
        matches!(self, Self::Problem(problem) if problem.is(kind))
    }

    pub fn title(&self) -> &str {
        match self {
            Self::Problem(problem) => &problem.title,
            Self::Offline => "No connection",
        }
    }

    /// What happened and what to do next.
    pub fn detail(&self) -> &str {
        match self {
            Self::Problem(problem) => &problem.detail,
            Self::Offline => {
                "The shop could not be reached. Check your connection, then try again."
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_problem_is_kept_and_anything_else_becomes_one() {
        let problem = r#"{"type":"/problems/validation","title":"Check the form","status":422,
            "detail":"Two fields need attention.","errors":[{"field":"email","message":"Enter it."}]}"#;
        let error = ApiError::from_answer(422, problem);
        assert!(error.is(kinds::VALIDATION));
        assert_eq!(error.detail(), "Two fields need attention.");
        assert!(ApiError::from_answer(502, "<h1>Bad gateway</h1>").is(kinds::UNAVAILABLE));
    }
}
