//! What a control did, told beside it: at once, or when the visitor comes back from where it led.

use super::evidence::{Evidence, use_evidence};
use crate::{
    api::json,
    auth::{IDENTITY_PROVIDER, VisitorContext, use_visitor},
    storage::Kept::InTab,
};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use shared::trace::{Step, Trace, TraceKind};

const KEY: &str = "storezero.pressed";

#[derive(Clone, Copy)]
pub struct Effects {
    pressed: RwSignal<Option<Pressed>>,
    said: RwSignal<Option<String>>,
    visitor: VisitorContext,
    evidence: Evidence,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Pressed {
    /// The `id` of what the control stands in.
    place: String,
    /// By the shop's clock, in milliseconds since the Unix epoch.
    at: i64,
}

/// After `provide_evidence`.
pub fn provide_effects() {
    let pressed = InTab.get(KEY).and_then(|text| json::read(&text));
    provide_context(Effects {
        pressed: RwSignal::new(pressed),
        said: RwSignal::new(None),
        visitor: use_visitor(),
        evidence: use_evidence(),
    });
}

pub fn use_effects() -> Effects {
    expect_context()
}

impl Effects {
    /// A control of this place was pressed. What the one before did is told no longer.
    pub fn press(self, place: &str) {
        let pressed = Pressed { place: place.to_owned(), at: self.visitor.server_now() };
        if let Some(text) = json::write(&pressed) {
            InTab.set(KEY, &text);
        }
        self.said.set(None);
        self.pressed.set(Some(pressed));
    }

    /// Unless another control has been pressed since, or the page was left.
    pub fn say(self, place: &str, text: impl Into<String>) {
        let is_current = self.pressed.try_with_untracked(|pressed| {
            pressed.as_ref().is_some_and(|pressed| pressed.place == place)
        });
        if is_current == Some(true) {
            self.said.set(Some(text.into()));
        }
    }

    fn told_at(self, place: &str) -> Option<String> {
        let pressed = self.pressed.get().filter(|pressed| pressed.place == place)?;
        self.said.get().or_else(|| self.evidence.with_traces(|traces| since(traces, pressed.at)))
    }
}

/// What the control that was pressed last did, where it stands in this place.
#[component]
pub fn ControlEffect(place: &'static str) -> impl IntoView {
    let effects = use_effects();
    view! { <p class="control-effect" role="status">{move || effects.told_at(place)}</p> }
}

/// By the newest flow that began since then. What the page asks silently is no control's doing.
fn since(traces: &[Trace], at: i64) -> Option<String> {
    let newest = traces
        .iter()
        .filter(|flow| flow.began_at >= at && flow.kind != TraceKind::SilentLogin)
        .max_by_key(|flow| flow.began_at)?;
    Some(told(newest))
}

fn told(flow: &Trace) -> String {
    match flow.kind {
        TraceKind::Logout if flow.end_session_request().is_none() => {
            format!("storezero’s session ended. {IDENTITY_PROVIDER} was asked for nothing.")
        }
        TraceKind::Logout if flow.ends_social_session() => format!(
            "storezero’s session ended, and {IDENTITY_PROVIDER} was asked to end its own and Friendbook’s."
        ),
        TraceKind::Logout => {
            format!("storezero’s session ended, and {IDENTITY_PROVIDER} was asked to end its own.")
        }
        TraceKind::BackchannelLogout => {
            let reason = flow
                .message(Step::LogoutTokenValidated)
                .and_then(|message| message.parameter("reason"));
            let why = reason.map_or(String::new(), |reason| format!(": {reason}"));
            format!("{IDENTITY_PROVIDER} ended your session here by back channel{why}.")
        }
        TraceKind::Revocation if flow.message(Step::RevokedElsewhere).is_some() => {
            "This browser was signed out from another one.".to_owned()
        }
        TraceKind::Revocation => "You signed another browser out.".to_owned(),
        _ if flow.message(Step::SessionUpdated).is_none() => {
            "The sign-in did not succeed. Your session is as it was.".to_owned()
        }
        _ => match flow.asked {
            Some(true) => "You signed in, and proved who you are.".to_owned(),
            Some(false) => "You signed in, and nobody asked who you are.".to_owned(),
            None => "You signed in.".to_owned(),
        },
    }
}

/// The answer to a question in a hidden frame.
pub fn told_silently(flow: Option<&Trace>) -> String {
    let Some(flow) = flow else {
        return format!("{IDENTITY_PROVIDER} did not answer.");
    };
    let said = |step, name| flow.message(step).and_then(|message| message.parameter(name));
    match said(Step::AuthorizationResponse, "error") {
        Some(error) => format!("{IDENTITY_PROVIDER} answered {error}."),
        None if said(Step::SilentLoginAnswered, "known") == Some("true") => {
            format!("{IDENTITY_PROVIDER} answered, without a page: it knows you.")
        }
        None => "The answer does not count here: you were signed out from elsewhere.".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use shared::trace::{Message, Parameter};

    fn flow(kind: TraceKind, began_at: i64, steps: &[(Step, &str, &str)]) -> Trace {
        let mut trace = Trace::begin(kind, began_at);
        trace.messages = steps
            .iter()
            .map(|(step, name, value)| Message {
                at: began_at,
                step: *step,
                parameters: vec![Parameter {
                    name: (*name).to_owned(),
                    value: (*value).to_owned(),
                }],
            })
            .collect();
        trace
    }

    #[test]
    fn the_newest_flow_since_the_press_tells_what_it_did() {
        let mut login = flow(TraceKind::Login, 10, &[(Step::SessionUpdated, "session", "f")]);
        login.asked = Some(false);
        let silence = flow(TraceKind::SilentLogin, 20, &[]);
        let traces = [silence, login];
        assert_eq!(
            since(&traces, 10).as_deref(),
            Some("You signed in, and nobody asked who you are.")
        );
        assert_eq!(since(&traces, 11), None);
    }

    #[test]
    fn each_end_says_who_was_asked_for_what() {
        let logout = |steps: &[_]| told(&flow(TraceKind::Logout, 1, steps));
        let end = Step::EndSessionRequest;
        assert!(logout(&[]).ends_with("was asked for nothing."));
        assert!(logout(&[(end, "to", "x")]).ends_with("was asked to end its own."));
        assert!(logout(&[(end, "federated", "1")]).ends_with("its own and Friendbook’s."));
        let reset = [(Step::LogoutTokenValidated, "reason", "phone_changed")];
        let told = told(&flow(TraceKind::BackchannelLogout, 1, &reset));
        assert!(told.ends_with("by back channel: phone_changed."), "{told}");
    }

    #[test]
    fn a_refused_login_changed_nothing() {
        let refused =
            flow(TraceKind::Login, 1, &[(Step::LoginRefused, "problem", "access_denied")]);
        assert!(told(&refused).contains("did not succeed"));
    }

    #[test]
    fn silence_has_three_answers() {
        let answer = |steps: &[_]| told_silently(Some(&flow(TraceKind::SilentLogin, 1, steps)));
        let known = [(Step::SilentLoginAnswered, "known", "true")];
        assert!(answer(&known).ends_with("it knows you."));
        let nobody = [(Step::AuthorizationResponse, "error", "login_required")];
        assert!(answer(&nobody).ends_with("answered login_required."));
        assert!(answer(&[]).contains("signed out from elsewhere"));
        assert!(told_silently(None).ends_with("did not answer."));
    }
}
