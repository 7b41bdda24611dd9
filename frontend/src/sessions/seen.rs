//! Which of the document's statements this browser has just seen, from what is recorded. No I/O.

use crate::auth::Visitor;
use shared::{
    flow::{Flow, FlowKind, Step},
    paths::page,
    session::EndReason,
};

/// The ids of `rows::ROWS` that the evidence proves.
pub fn seen(visitor: &Visitor, flows: &[Flow]) -> Vec<&'static str> {
    let login = |is_meant: &dyn Fn(&Flow) -> bool| {
        flows.iter().any(|flow| {
            flow.kind == FlowKind::Login
                && flow.message(Step::SessionUpdated).is_some()
                && is_meant(flow)
        })
    };
    let any = |kind: FlowKind| flows.iter().any(|flow| flow.kind == kind);
    let proofs = [
        ("S2", login(&led_to_a_gated_page)),
        (
            "S3",
            login(&|flow| flow.provider.is_none() && flow.asked == Some(true)),
        ),
        ("S4", login(&|flow| flow.asked == Some(false))),
        ("S5", login(&|flow| flow.provider.is_some())),
        ("S7", any(FlowKind::SilentLogin)),
        ("S8", reached_a_lifetime(visitor)),
        ("S9", any(FlowKind::BackchannelLogout)),
        (
            "S11",
            login(&|flow| requested(flow, "prompt") == Some("login")),
        ),
        ("S12", any(FlowKind::Logout)),
    ];
    proofs
        .into_iter()
        .filter_map(|(id, is_proved)| is_proved.then_some(id))
        .collect()
}

fn requested<'a>(flow: &'a Flow, name: &str) -> Option<&'a str> {
    flow.message(Step::AuthorizationRequest)?.parameter(name)
}

fn led_to_a_gated_page(flow: &Flow) -> bool {
    let to = flow
        .message(Step::ReturnedToPage)
        .and_then(|message| message.parameter("to"));
    to.is_some_and(|path| path.starts_with(page::ACCOUNT))
}

fn reached_a_lifetime(visitor: &Visitor) -> bool {
    let is_kept = visitor.session().is_some_and(|session| session.persistent);
    let has_run_out = matches!(
        visitor,
        Visitor::Anonymous {
            ended: Some(EndReason::Idle | EndReason::Absolute),
            ..
        }
    );
    is_kept || has_run_out
}

#[cfg(test)]
mod tests {
    use super::{super::lane_state::tests::flow, *};

    fn login(parameters: &[(&str, &str)], to: &str) -> Flow {
        flow(
            FlowKind::Login,
            1,
            &[
                (Step::AuthorizationRequest, parameters),
                (Step::SessionUpdated, &[]),
                (Step::ReturnedToPage, &[("to", to)]),
            ],
        )
    }

    #[test]
    fn nothing_is_seen_before_anything_happened() {
        assert_eq!(seen(&Visitor::Unknown, &[]), Vec::<&str>::new());
    }

    #[test]
    fn a_login_by_password_that_leads_to_the_account_is_two_rows() {
        let mut flow = login(&[], "/account/orders");
        flow.asked = Some(true);
        assert_eq!(seen(&Visitor::Unknown, &[flow]), ["S2", "S3"]);
    }

    #[test]
    fn each_way_to_sign_in_is_its_own_row() {
        let mut social = login(&[], "/");
        social.provider = Some("friendbook".into());
        assert_eq!(seen(&Visitor::Unknown, &[social]), ["S5"]);
        let mut known = login(&[], "/");
        known.asked = Some(false);
        assert_eq!(seen(&Visitor::Unknown, &[known]), ["S4"]);
        let again = login(&[("prompt", "login")], "/");
        assert_eq!(seen(&Visitor::Unknown, &[again]), ["S11"]);
    }

    #[test]
    fn a_refused_login_proves_nothing() {
        let refused = flow(FlowKind::Login, 1, &[(Step::LoginRefused, &[])]);
        assert_eq!(seen(&Visitor::Unknown, &[refused]), Vec::<&str>::new());
    }
}
