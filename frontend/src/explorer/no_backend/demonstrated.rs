//! Which parts of the document's two statements about this architecture have been seen in this browser. No I/O.

use shared::trace::{Step, Trace, TraceKind};

/// What there is to see, by the name under which it is kept.
pub const PARTS: [Part; 4] = [
    Part { row: "S6", name: "login", what: "signed in with no session of the shop’s" },
    Part { row: "S6", name: "api", what: "an answer of the API to the token" },
    Part {
        row: "S7",
        name: "renewed",
        what: "new tokens without a page, while you were signed in",
    },
    Part { row: "S7", name: "over", what: "login_required, and you were asked to sign in again" },
];

pub struct Part {
    pub row: &'static str,
    pub name: &'static str,
    pub what: &'static str,
}

/// `was_told` is whether the page has just told somebody that their session over there is over; `used` whether the API
/// has answered to a token.
pub fn demonstrated(
    traces: &[Trace],
    renewals: u32,
    used: bool,
    was_told: bool,
) -> Vec<&'static str> {
    let signed_in = traces.iter().any(|trace| {
        trace.kind == TraceKind::PageLogin && trace.message(Step::TokensKept).is_some()
    });
    [("login", signed_in), ("api", used), ("renewed", renewals > 0), ("over", was_told)]
        .into_iter()
        .filter_map(|(name, is_seen)| is_seen.then_some(name))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{super::super::lane_state::tests::trace, *};

    #[test]
    fn a_login_counts_once_its_tokens_are_kept() {
        let refused = trace(TraceKind::PageLogin, 1, &[(Step::PageRefusal, &[])]);
        assert_eq!(demonstrated(&[refused], 0, false, false), Vec::<&str>::new());
        let kept = trace(TraceKind::PageLogin, 1, &[(Step::TokensKept, &[])]);
        assert_eq!(demonstrated(&[kept], 0, false, false), ["login"]);
    }

    #[test]
    fn tokens_of_a_silent_question_are_no_login() {
        let silent = trace(TraceKind::SilentRenewal, 1, &[(Step::TokensKept, &[])]);
        assert_eq!(demonstrated(&[silent], 1, false, false), ["renewed"]);
    }

    #[test]
    fn each_part_has_a_name_of_its_own() {
        let all = demonstrated(
            &[trace(TraceKind::PageLogin, 1, &[(Step::TokensKept, &[])])],
            1,
            true,
            true,
        );
        assert_eq!(all, PARTS.map(|part| part.name));
    }
}
