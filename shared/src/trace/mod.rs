//! How a login, a logout or a look at the IdP's session went, message by message: what the Session Explorer draws.
//!
//! Only what the shop itself saw is recorded. Secrets are masked before anything is written down: what stands
//! in their place tells whether two are the same, and nothing else.

mod parameters;
mod sections;
mod source_location;
mod step;

pub use parameters::Meaning;
pub use sections::Section;
pub use source_location::SourceLocation;
pub use step::{Party, Step};

use serde::{Deserialize, Serialize};

/// Times are milliseconds since the Unix epoch.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Trace {
    pub kind: TraceKind,
    pub began_at: i64,
    /// Nobody pressed anything: the page asked by itself, on arrival or for its next tokens.
    #[serde(default, skip_serializing_if = "is_false")]
    pub automatic: bool,
    /// The social provider that the IdP passed the visitor on to, such as `friendbook`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub provider: Option<String>,
    /// Whether the IdP asked for credentials, as far as `auth_time` tells.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub asked: Option<bool>,
    pub messages: Vec<Message>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "kebab-case")]
pub enum TraceKind {
    Login,
    SilentLogin,
    Logout,
    BackchannelLogout,
    /// A customer ends a session of theirs in another browser: both browsers are told, each its own side.
    Revocation,
    /// In the shop without a backend, like the next: what its page did itself.
    PageLogin,
    SilentRenewal,
    PageLogout,
}

/// Names a flow: no browser begins two of one kind in the same millisecond.
pub type FlowId = (TraceKind, i64);

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Message {
    pub at: i64,
    pub step: Step,
    pub parameters: Vec<Parameter>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Parameter {
    pub name: String,
    pub value: String,
}

/// Parameters that nobody but this browser, the shop and the IdP may know, or that name a person.
pub const MASKED: [&str; 13] = [
    "access_token",
    "at_hash",
    "code",
    "code_challenge",
    "code_verifier",
    "id_token",
    "id_token_hint",
    "jti",
    "logout_token",
    "nonce",
    "sid",
    "state",
    "sub",
];
/// Of these the same name holds no secret: a logout's `state` says what is to end.
const OPEN: [(Step, &str); 2] =
    [(Step::EndSessionRequest, "state"), (Step::PageEndSessionRequest, "state")];
/// Hexadecimal digits of its SHA-256 that stand for a secret: enough to see that two are the same one.
pub const MASK_LENGTH: usize = 6;
/// Some values are anybody's text: they are cut to so many characters. No page of the shop has a longer address.
pub const LONGEST_VALUE: usize = 1_024;

#[expect(clippy::trivially_copy_pass_by_ref, reason = "the form that serde calls")]
const fn is_false(flag: &bool) -> bool {
    !*flag
}

/// Whether this parameter's value must not be written down.
pub fn is_secret(step: Step, name: &str) -> bool {
    MASKED.contains(&name) && !OPEN.contains(&(step, name))
}

impl Trace {
    pub const fn begin(kind: TraceKind, began_at: i64) -> Self {
        Self { kind, began_at, automatic: false, provider: None, asked: None, messages: Vec::new() }
    }

    pub const fn id(&self) -> FlowId {
        (self.kind, self.began_at)
    }

    /// When its last message was seen.
    pub fn ended_at(&self) -> i64 {
        self.messages.last().map_or(self.began_at, |message| message.at)
    }

    pub fn message(&self, step: Step) -> Option<&Message> {
        self.messages.iter().find(|message| message.step == step)
    }

    /// The logout request to the IdP, by the shop or by a page itself.
    pub fn end_session_request(&self) -> Option<&Message> {
        self.message(Step::EndSessionRequest).or(self.message(Step::PageEndSessionRequest))
    }

    /// Whether the IdP was asked to end the social provider's session, too.
    pub fn ends_social_session(&self) -> bool {
        let request = self.end_session_request();
        request.is_some_and(|request| request.parameter("federated").is_some())
    }

    /// Whether the page asked for a code, and not for the tokens themselves.
    pub fn is_by_code(&self) -> bool {
        [Step::PageAuthorizationRequest, Step::FrameRequest].into_iter().any(|step| {
            let request = self.message(step);
            request.is_some_and(|request| request.parameter("response_type") == Some("code"))
        })
    }
}

impl Message {
    pub fn parameter(&self, name: &str) -> Option<&str> {
        let parameter = self.parameters.iter().find(|known| known.name == name)?;
        Some(&parameter.value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_logouts_state_is_no_secret_and_every_other_one_is() {
        assert!(is_secret(Step::AuthorizationRequest, "state"));
        assert!(!is_secret(Step::EndSessionRequest, "state"));
        assert!(is_secret(Step::EndSessionRequest, "id_token_hint"));
        assert!(!is_secret(Step::AuthorizationRequest, "client_id"));
    }
}
