//! The end of a logout that led over the identity provider: the browser is back at `/signed-out` (OpenID Connect
//! RP-Initiated Logout 1.0 §3).

use crate::{
    auth::{Visitor, use_visitor},
    ui::use_query_value,
};
use leptos::prelude::*;
use shared::{
    paths::page,
    trace::{Message, Parameter, Step, Trace, TraceKind},
};

/// Whoever comes back later comes from somewhere else. Milliseconds.
const AT_MOST: i64 = 10 * 60_000;

/// On the page that the browser comes back to: `note` is told the address's `state`, once the shop's clock is known.
pub fn on_return(note: impl Fn(&str) + 'static) {
    let (visitor, state) = (use_visitor(), use_query_value("state"));
    Effect::new(move || {
        let is_known = !visitor.with(Visitor::is_undecided);
        if is_known && let Some(state) = state.get() {
            note(&state);
        }
    });
}

/// Adds the return to the newest logout among `traces`, if `state` answers that one's request and nobody noted it
/// before. Answers whether.
pub fn note_return(traces: &mut [Trace], state: &str, now: i64) -> bool {
    let logout = traces
        .iter_mut()
        .filter(|trace| matches!(trace.kind, TraceKind::Logout | TraceKind::PageLogout))
        .max_by_key(|trace| trace.began_at);
    let Some(logout) = logout else {
        return false;
    };
    let is_answer = logout.end_session_request().is_some_and(|request| {
        let is_recent = (0..AT_MOST).contains(&(now - request.at));
        is_recent && is_answered_by(request, state)
    });
    let is_known = logout.message(Step::LogoutReturned).is_some();
    if !is_answer || is_known {
        return false;
    }
    let to = format!("{}?state={state}", page::SIGNED_OUT);
    let parameters = vec![Parameter { name: "to".to_owned(), value: to }];
    logout.messages.push(Message { at: now, step: Step::LogoutReturned, parameters });
    true
}

/// Auth0's own logout has the state within the address to return to.
fn is_answered_by(request: &Message, state: &str) -> bool {
    request.parameter("state") == Some(state)
        || request
            .parameter("returnTo")
            .is_some_and(|address| address.ends_with(&format!("?state={state}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn logout(at: i64, name: &str, value: &str) -> Trace {
        let mut trace = Trace::begin(TraceKind::Logout, at);
        let parameter = Parameter { name: name.to_owned(), value: value.to_owned() };
        let step = Step::EndSessionRequest;
        trace.messages.push(Message { at, step, parameters: vec![parameter] });
        trace
    }

    #[test]
    fn the_return_is_noted_once_with_the_address_that_it_led_to() {
        let mut traces = [logout(5, "state", "idp"), logout(1, "state", "idp")];
        assert!(note_return(&mut traces, "idp", 9));
        let returned = traces[0].message(Step::LogoutReturned).unwrap();
        assert_eq!((returned.at, returned.parameter("to")), (9, Some("/signed-out?state=idp")));
        assert_eq!(traces[1].messages.len(), 1, "an older one is not meant");
        assert!(!note_return(&mut traces, "idp", 10), "a reload");
    }

    #[test]
    fn an_address_that_answers_no_request_of_this_browser_notes_nothing() {
        let mut traces = [logout(0, "state", "idp")];
        assert!(!note_return(&mut traces, "federated", 1));
        assert!(!note_return(&mut traces, "idp", AT_MOST));
        assert!(!note_return(&mut [], "idp", 1));
        let mut login = [Trace::begin(TraceKind::Login, 0)];
        assert!(!note_return(&mut login, "idp", 1));
    }

    #[test]
    fn auth0_is_known_by_the_address_that_it_returns_to() {
        let mut traces = [logout(0, "returnTo", "https://shop.example/signed-out?state=idp")];
        assert!(note_return(&mut traces, "idp", 1));
    }
}
