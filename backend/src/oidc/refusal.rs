//! A login that did not succeed.

use shared::session::SignInProblem;

/// Why a login did not succeed: the page's problem, and the log's reason.
#[derive(Debug)]
pub struct Refusal {
    pub problem: SignInProblem,
    pub reason: String,
}

pub(super) fn refuse<T>(problem: SignInProblem, reason: impl Into<String>) -> Result<T, Refusal> {
    Err(Refusal { problem, reason: reason.into() })
}
