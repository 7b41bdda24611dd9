//! Which of the document's statements this browser has just demonstrated, from what is recorded. No I/O.

use crate::auth::Visitor;
use shared::{
    activities::{Activity, ActivityName},
    paths::needs_customer,
    session::EndReason,
    trace::{Step, Trace, TraceKind},
};

/// The ids of `rows::ROWS` that the evidence proves.
pub fn demonstrated(
    visitor: &Visitor,
    traces: &[Trace],
    activities: &[Activity],
) -> Vec<&'static str> {
    let login = |is_meant: &dyn Fn(&Trace) -> bool| {
        traces.iter().any(|trace| {
            trace.kind == TraceKind::Login
                && trace.message(Step::SessionUpdated).is_some()
                && is_meant(trace)
        })
    };
    let any = |kind: TraceKind| traces.iter().any(|trace| trace.kind == kind);
    let proofs = [
        ("S1", ordered_as_a_guest(traces, activities)),
        ("S2", login(&led_to_a_gated_page)),
        ("S3", login(&|trace| trace.provider.is_none() && trace.asked == Some(true))),
        ("S4", login(&|trace| trace.asked == Some(false))),
        ("S5", login(&|trace| trace.provider.is_some())),
        ("S7", any(TraceKind::SilentLogin)),
        ("S8", reached_a_lifetime(visitor)),
        ("S9", any(TraceKind::BackchannelLogout)),
        ("S10", are_of_several_kinds(activities)),
        ("S11", login(&|trace| requested(trace, "prompt") == Some("login"))),
        ("S12", any(TraceKind::Logout)),
    ];
    proofs.into_iter().filter_map(|(id, is_proved)| is_proved.then_some(id)).collect()
}

/// An order before any login of its session.
fn ordered_as_a_guest(traces: &[Trace], activities: &[Activity]) -> bool {
    let first_login = traces
        .iter()
        .filter(|trace| trace.message(Step::SessionUpdated).is_some())
        .map(|trace| trace.began_at)
        .min();
    activities.iter().any(|activity| {
        activity.name == ActivityName::OrderPlaced
            && first_login.is_none_or(|login| activity.at < login)
    })
}

fn are_of_several_kinds(activities: &[Activity]) -> bool {
    let mut kinds: Vec<_> = activities.iter().map(|activity| activity.kind).collect();
    kinds.sort_unstable();
    kinds.dedup();
    kinds.len() > 1
}

fn requested<'a>(trace: &'a Trace, name: &str) -> Option<&'a str> {
    trace.message(Step::AuthorizationRequest)?.parameter(name)
}

fn led_to_a_gated_page(trace: &Trace) -> bool {
    let to = trace.message(Step::ReturnedToPage).and_then(|message| message.parameter("to"));
    to.is_some_and(needs_customer)
}

fn reached_a_lifetime(visitor: &Visitor) -> bool {
    let is_kept = visitor.session().is_some_and(|session| session.persistent);
    let has_run_out = matches!(
        visitor,
        Visitor::Anonymous { ended: Some(EndReason::Idle | EndReason::Absolute), .. }
    );
    is_kept || has_run_out
}

#[cfg(test)]
mod tests {
    use super::{super::lane_state::tests::trace, *};
    use shared::activities::ActivityKind;

    fn login(parameters: &[(&str, &str)], to: &str) -> Trace {
        trace(
            TraceKind::Login,
            1,
            &[
                (Step::AuthorizationRequest, parameters),
                (Step::SessionUpdated, &[]),
                (Step::ReturnedToPage, &[("to", to)]),
            ],
        )
    }

    fn demonstrated_by(traces: &[Trace]) -> Vec<&'static str> {
        demonstrated(&Visitor::Unknown, traces, &[])
    }

    fn activity(at: i64, kind: ActivityKind, name: ActivityName) -> Activity {
        Activity { at, kind, name, details: String::new() }
    }

    #[test]
    fn an_order_before_the_login_is_one_of_a_guest() {
        let order = activity(1, ActivityKind::Transaction, ActivityName::OrderPlaced);
        let of = |traces: &[Trace], order: &Activity| {
            demonstrated(&Visitor::Unknown, traces, std::slice::from_ref(order))
        };
        assert_eq!(of(&[], &order), ["S1"]);
        let login = login(&[], "/");
        let later = Trace { began_at: 5, ..login };
        assert_eq!(of(std::slice::from_ref(&later), &order), ["S1"]);
        let order = Activity { at: 9, ..order };
        assert_eq!(of(&[later], &order), Vec::<&str>::new());
    }

    #[test]
    fn activities_of_several_kinds_are_a_row() {
        let view = activity(1, ActivityKind::PageView, ActivityName::PageViewed);
        let shared = activity(2, ActivityKind::SocialInteraction, ActivityName::Shared);
        assert_eq!(demonstrated(&Visitor::Unknown, &[], &[view.clone(), shared]), ["S10"]);
        assert_eq!(demonstrated(&Visitor::Unknown, &[], &[view]), Vec::<&str>::new());
    }

    #[test]
    fn nothing_is_demonstrated_before_anything_happened() {
        assert_eq!(demonstrated_by(&[]), Vec::<&str>::new());
    }

    #[test]
    fn a_login_by_password_that_leads_to_the_account_is_two_rows() {
        let mut trace = login(&[], "/account/orders");
        trace.asked = Some(true);
        assert_eq!(demonstrated_by(&[trace]), ["S2", "S3"]);
    }

    #[test]
    fn each_way_to_sign_in_is_its_own_row() {
        let mut social = login(&[], "/");
        social.provider = Some("friendbook".into());
        assert_eq!(demonstrated_by(&[social]), ["S5"]);
        let mut known = login(&[], "/");
        known.asked = Some(false);
        assert_eq!(demonstrated_by(&[known]), ["S4"]);
        let again = login(&[("prompt", "login")], "/");
        assert_eq!(demonstrated_by(&[again]), ["S11"]);
    }

    #[test]
    fn a_refused_login_proves_nothing() {
        let refused = trace(TraceKind::Login, 1, &[(Step::LoginRefused, &[])]);
        assert_eq!(demonstrated_by(&[refused]), Vec::<&str>::new());
    }
}
