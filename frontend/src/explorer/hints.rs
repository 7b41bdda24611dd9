//! Why a statement is not ticked although something was done, and what is in the way. No I/O.

use super::{
    demonstrated::{Findings, Progress, kinds},
    parts::Part,
};
use shared::{
    activities::ActivityKind,
    trace::{Step, TraceKind},
};

/// For a row that is not demonstrated.
pub fn hint(row: &str, progress: &Progress, found: &Findings<'_>) -> Option<String> {
    let is_customer = found.visitor.customer().is_some();
    match row {
        "S1" | "S2" | "S3" if is_customer => {
            Some("You are signed in. Sign out of storezero and PeakCommerce ID first.".to_owned())
        }
        "S5" => untold_by_friendbook(progress, found),
        "S9" => other_end(progress, found).or_else(|| sign_in_first(is_customer)),
        "S6" | "S11" => sign_in_first(is_customer),
        "S10" => kinds_so_far(progress, found),
        "S12" => left_so_far(progress),
        _ => None,
    }
}

fn sign_in_first(is_customer: bool) -> Option<String> {
    (!is_customer).then(|| "You are not signed in. Sign in first.".to_owned())
}

/// Of the last login by way of Friendbook nothing tells whether it asked.
fn untold_by_friendbook(progress: &Progress, found: &Findings<'_>) -> Option<String> {
    let came = found.traces.iter().find(|flow| {
        flow.kind == TraceKind::Login
            && flow.provider.is_some()
            && flow.began_at >= progress.since()
    })?;
    let token = came.message(Step::IdTokenValidated)?;
    (token.parameter("upstream_auth_time").is_none() || token.parameter("sid").is_none()).then(|| {
        "The ID token does not say when Friendbook authenticated you (upstream_auth_time), or names no session (sid): \
         whether Friendbook asked cannot be known here."
            .to_owned()
    })
}

/// The session ended by back channel, but not after a reset.
fn other_end(progress: &Progress, found: &Findings<'_>) -> Option<String> {
    let ended = found.traces.iter().find(|flow| {
        flow.kind == TraceKind::BackchannelLogout && flow.began_at >= progress.since()
    })?;
    Some(match ended.message(Step::LogoutTokenValidated)?.parameter("reason") {
        Some(reason) => format!(
            "Your session was ended by back channel, but not after a reset: the logout token’s reason is {reason}."
        ),
        None => {
            "Your session was ended by back channel. The logout token does not say why, so it may have been no reset."
                .to_owned()
        }
    })
}

fn kinds_so_far(progress: &Progress, found: &Findings<'_>) -> Option<String> {
    let (kinds, all) = (kinds(found.activities, progress.since()), ActivityKind::ALL.len());
    (kinds > 0).then(|| format!("{kinds} of {all} kinds in this session."))
}

fn left_so_far(progress: &Progress) -> Option<String> {
    if progress.is_leaving_friendbook() {
        return Some(
            "Friendbook’s session was to end. Continue with Friendbook: if it ended, it asks you now.".to_owned(),
        );
    }
    let how = if progress.has(Part::KnownSilently) {
        "Sign in again, or press “Silent check”"
    } else {
        "Sign in again"
    };
    progress.is_leaving().then(|| {
        format!(
            "PeakCommerce ID’s session was to end. {how}: if it ended, it does not know you now."
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::auth::Visitor;
    use shared::{
        activities::{Activity, ActivityName},
        trace::{Message, Parameter, Trace},
    };

    fn flow(kind: TraceKind, step: Step, parameters: &[(&str, &str)]) -> Trace {
        let mut trace = Trace::begin(kind, 10);
        let parameters = parameters.iter().map(|(name, value)| Parameter {
            name: (*name).to_owned(),
            value: (*value).to_owned(),
        });
        trace.messages.push(Message { at: 10, step, parameters: parameters.collect() });
        trace
    }

    fn hint_of(row: &str, traces: &[Trace], activities: &[Activity]) -> Option<String> {
        let found =
            Findings { visitor: &Visitor::Unknown, traces, activities, token_used_at: None };
        hint(row, &Progress::default(), &found)
    }

    #[test]
    fn who_came_by_friendbook_is_told_what_the_token_does_not_say() {
        let came = |parameters: &[(&str, &str)]| {
            let mut login = flow(TraceKind::Login, Step::IdTokenValidated, parameters);
            login.provider = Some("friendbook".into());
            hint_of("S5", &[login], &[])
        };
        assert!(came(&[("sid", "s")]).is_some_and(|hint| hint.contains("upstream_auth_time")));
        assert_eq!(came(&[("sid", "s"), ("upstream_auth_time", "1")]), None);
        assert_eq!(hint_of("S5", &[], &[]), None);
    }

    #[test]
    fn an_end_that_was_no_reset_is_told_apart() {
        let ended = |parameters: &[(&str, &str)]| {
            let end = flow(TraceKind::BackchannelLogout, Step::LogoutTokenValidated, parameters);
            hint_of("S9", &[end], &[]).unwrap_or_default()
        };
        assert!(ended(&[("reason", "sign_out")]).contains("sign_out"));
        assert!(ended(&[]).contains("does not say why"));
        assert!(hint_of("S9", &[], &[]).is_some_and(|hint| hint.contains("Sign in first")));
        assert!(hint_of("S11", &[], &[]).is_some_and(|hint| hint.contains("Sign in first")));
    }

    #[test]
    fn the_kinds_of_activities_are_counted() {
        let search = Activity::new(1, ActivityName::Searched, "tea");
        assert_eq!(
            hint_of("S10", &[], &[search.clone(), search]).as_deref(),
            Some("1 of 4 kinds in this session.")
        );
        assert_eq!(hint_of("S10", &[], &[]), None);
    }
}
