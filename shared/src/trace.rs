//! How a login, a logout or a look at the IdP's session went, message by message: what the Session Explorer draws.
//!
//! Only what the shop itself saw is recorded. Secrets are masked before anything is written down: what stands
//! in their place tells whether two are the same, and nothing else.

use serde::{Deserialize, Serialize};
use strum::VariantArray;

/// Times are milliseconds since the Unix epoch.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Trace {
    pub kind: TraceKind,
    pub began_at: i64,
    /// The social provider that the IdP passed the visitor on to, such as `friendbook`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub provider: Option<String>,
    /// Whether the IdP asked for credentials, as far as `auth_time` tells.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub asked: Option<bool>,
    pub messages: Vec<Message>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TraceKind {
    Login,
    SilentLogin,
    Logout,
    BackchannelLogout,
    /// In the shop without a backend, like the next: what its page did itself.
    PageLogin,
    SilentRenewal,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Message {
    pub at: i64,
    pub step: Step,
    pub parameters: Vec<Parameter>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Parameter {
    pub name: String,
    pub value: String,
}

/// The code that handles a step, to be read at `paths::SOURCE`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SourceLocation {
    /// From the repository's root.
    pub file: &'static str,
    pub function: &'static str,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Party {
    Browser,
    Shop,
    IdentityProvider,
    SocialProvider,
}

/// What a message is, in the order in which a login has them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, VariantArray)]
#[serde(rename_all = "kebab-case")]
pub enum Step {
    LoginRequested,
    SessionBegan,
    AuthorizationRequest,
    AuthorizationResponse,
    TokenRequest,
    TokenResponse,
    IdTokenValidated,
    SessionUpdated,
    ReturnedToPage,
    LoginBeginsAnew,
    LoginRefused,
    SilentLoginRequested,
    SilentAnswer,
    SilentLoginAnswered,
    LogoutRequested,
    SessionEnded,
    EndSessionRequest,
    LogoutToken,
    LogoutTokenValidated,
    LogoutTokenAnswered,
    PageAuthorizationRequest,
    PageAuthorizationResponse,
    FrameRequest,
    FrameMessage,
    FrameTimedOut,
    PageTokenRequest,
    PageTokenResponse,
    PageValidation,
    TokensKept,
    PageRefusal,
}

/// A specification's section, for a link.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Section {
    pub name: &'static str,
    pub url: &'static str,
}

const fn section(name: &'static str, url: &'static str) -> Section {
    Section { name, url }
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
/// Hexadecimal digits of its SHA-256 that stand for a secret: enough to see that two are the same one.
pub const MASK_LENGTH: usize = 6;
/// Some values are anybody's text: they are cut to so many characters.
pub const LONGEST_VALUE: usize = 200;

impl Trace {
    pub const fn begin(kind: TraceKind, began_at: i64) -> Self {
        Self { kind, began_at, provider: None, asked: None, messages: Vec::new() }
    }

    pub fn message(&self, step: Step) -> Option<&Message> {
        self.messages.iter().find(|message| message.step == step)
    }

    /// Whether the IdP was asked to end the social provider's session, too.
    pub fn ends_social_session(&self) -> bool {
        self.message(Step::EndSessionRequest)
            .is_some_and(|message| message.parameter("federated").is_some())
    }
}

impl Message {
    pub fn parameter(&self, name: &str) -> Option<&str> {
        let parameter = self.parameters.iter().find(|known| known.name == name)?;
        Some(&parameter.value)
    }
}

impl Step {
    pub const ALL: &[Self] = Self::VARIANTS;

    /// From whom to whom. A redirect goes through the browser; it is drawn from the one who sends it.
    pub const fn parties(self) -> (Party, Party) {
        use Party::{Browser, IdentityProvider, Shop};
        match self {
            Self::LoginRequested
            | Self::SilentLoginRequested
            | Self::SilentAnswer
            | Self::LogoutRequested => (Browser, Shop),
            Self::SessionBegan
            | Self::LoginBeginsAnew
            | Self::IdTokenValidated
            | Self::SessionUpdated
            | Self::SessionEnded
            | Self::LogoutTokenValidated => (Shop, Shop),
            Self::AuthorizationRequest
            | Self::TokenRequest
            | Self::EndSessionRequest
            | Self::LogoutTokenAnswered => (Shop, IdentityProvider),
            Self::AuthorizationResponse | Self::TokenResponse | Self::LogoutToken => {
                (IdentityProvider, Shop)
            }
            Self::ReturnedToPage | Self::LoginRefused | Self::SilentLoginAnswered => {
                (Shop, Browser)
            }
            Self::PageAuthorizationRequest | Self::FrameRequest | Self::PageTokenRequest => {
                (Browser, IdentityProvider)
            }
            Self::PageAuthorizationResponse | Self::FrameMessage | Self::PageTokenResponse => {
                (IdentityProvider, Browser)
            }
            Self::FrameTimedOut | Self::PageValidation | Self::TokensKept | Self::PageRefusal => {
                (Browser, Browser)
            }
        }
    }

    /// Whether the message is a redirect, which the browser carries.
    pub const fn is_redirect(self) -> bool {
        matches!(
            self,
            Self::AuthorizationRequest | Self::AuthorizationResponse | Self::EndSessionRequest
        )
    }

    pub const fn title(self) -> &'static str {
        match self {
            Self::LoginRequested => "GET /auth/login",
            Self::SessionBegan => "The local session exists",
            Self::AuthorizationRequest => "Authorization request",
            Self::AuthorizationResponse => "Authorization response",
            Self::TokenRequest => "Token request",
            Self::TokenResponse | Self::PageTokenResponse => "Token response",
            Self::IdTokenValidated => "ID token validated",
            Self::SessionUpdated => "The local session is updated, its key replaced",
            Self::ReturnedToPage => "Back to the page",
            Self::LoginBeginsAnew => "The login begins anew; the session is unchanged",
            Self::LoginRefused => "The login is refused; the session is unchanged",
            Self::SilentLoginRequested => "GET /auth/silent-login, in a hidden iframe",
            Self::SilentAnswer => "POST /auth/silent",
            Self::SilentLoginAnswered => "What the identity provider knows",
            Self::LogoutRequested => "POST /auth/logout",
            Self::SessionEnded => "The local session ends",
            Self::EndSessionRequest => "Logout request",
            Self::LogoutToken => "POST /auth/backchannel-logout",
            Self::LogoutTokenValidated => "Logout token validated",
            Self::LogoutTokenAnswered => "200 OK",
            Self::PageAuthorizationRequest => "Authorization request, by the page itself",
            Self::PageAuthorizationResponse => "Authorization response, to the page itself",
            Self::FrameRequest => "Authorization request with prompt=none, in a hidden iframe",
            Self::FrameMessage => "The frame’s message to the page (postMessage)",
            Self::FrameTimedOut => "No message for ten seconds: the frame is taken away",
            Self::PageTokenRequest => "Token request, by the page itself",
            Self::PageValidation => "ID token validated, in the browser",
            Self::TokensKept => "The tokens stay in the page’s memory; no session begins here",
            Self::PageRefusal => "Nobody is signed in by this answer",
        }
    }

    /// A test of the backend reads each file and looks for the function.
    pub const fn handled_by(self) -> SourceLocation {
        let (file, function) = match self {
            Self::LoginRequested => ("backend/src/auth/login.rs", "login"),
            Self::SessionBegan => ("backend/src/auth/login.rs", "session_to_update"),
            Self::AuthorizationRequest => ("backend/src/oidc/authorization_request.rs", "send"),
            Self::AuthorizationResponse => ("backend/src/oidc/authenticate.rs", "authenticate"),
            Self::TokenRequest | Self::TokenResponse => {
                ("backend/src/oidc/token_request.rs", "exchange")
            }
            Self::IdTokenValidated => ("backend/src/oidc/id_token.rs", "validate"),
            Self::SessionUpdated => ("backend/src/auth/callback.rs", "complete_login"),
            Self::ReturnedToPage => ("backend/src/auth/callback.rs", "return_to_page"),
            Self::LoginBeginsAnew => ("backend/src/auth/callback.rs", "begin_anew"),
            Self::LoginRefused => ("backend/src/auth/callback.rs", "refuse"),
            Self::SilentLoginRequested => ("backend/src/auth/silent_login.rs", "begin"),
            Self::SilentAnswer | Self::SilentLoginAnswered => {
                ("backend/src/auth/silent_login.rs", "complete")
            }
            Self::LogoutRequested => ("backend/src/auth/logout.rs", "logout"),
            Self::SessionEnded => ("backend/src/session/revoke.rs", "revoke"),
            Self::EndSessionRequest => {
                ("backend/src/oidc/end_session_request.rs", "end_session_request")
            }
            Self::LogoutToken | Self::LogoutTokenAnswered => {
                ("backend/src/auth/backchannel_logout.rs", "backchannel_logout")
            }
            Self::LogoutTokenValidated => ("backend/src/oidc/logout_token.rs", "validate"),
            Self::PageAuthorizationRequest => {
                ("frontend/src/auth/implicit/authorization_request.rs", "leave_for_login")
            }
            Self::PageAuthorizationResponse => {
                ("frontend/src/auth/implicit/authorization_response.rs", "take")
            }
            Self::FrameRequest => {
                ("frontend/src/auth/implicit/authorization_request.rs", "silent_request")
            }
            Self::FrameMessage | Self::FrameTimedOut => {
                ("frontend/src/auth/implicit/frame.rs", "ask")
            }
            Self::PageTokenRequest | Self::PageTokenResponse => {
                ("frontend/src/auth/implicit/code.rs", "exchange")
            }
            Self::PageValidation => ("frontend/src/auth/implicit/id_token.rs", "validate"),
            Self::TokensKept | Self::PageRefusal => {
                ("frontend/src/auth/implicit/sign_in.rs", "complete")
            }
        };
        SourceLocation { file, function }
    }

    pub const fn section(self) -> Option<Section> {
        let section = match self {
            Self::AuthorizationRequest => section(
                "OIDC Core §3.1.2.1",
                "https://openid.net/specs/openid-connect-core-1_0.html#AuthRequest",
            ),
            Self::AuthorizationResponse => section(
                "OIDC Core §3.1.2.5",
                "https://openid.net/specs/openid-connect-core-1_0.html#AuthResponse",
            ),
            Self::TokenRequest => section(
                "OIDC Core §3.1.3.1",
                "https://openid.net/specs/openid-connect-core-1_0.html#TokenRequest",
            ),
            Self::TokenResponse | Self::PageTokenResponse => section(
                "OIDC Core §3.1.3.3",
                "https://openid.net/specs/openid-connect-core-1_0.html#TokenResponse",
            ),
            Self::IdTokenValidated => section(
                "OIDC Core §3.1.3.7",
                "https://openid.net/specs/openid-connect-core-1_0.html#IDTokenValidation",
            ),
            Self::LoginRefused => section(
                "OIDC Core §3.1.2.6",
                "https://openid.net/specs/openid-connect-core-1_0.html#AuthError",
            ),
            Self::SilentLoginRequested | Self::FrameRequest => section(
                "OIDC Core §3.1.2.1, prompt=none",
                "https://openid.net/specs/openid-connect-core-1_0.html#AuthRequest",
            ),
            Self::EndSessionRequest => section(
                "RP-Initiated Logout §2",
                "https://openid.net/specs/openid-connect-rpinitiated-1_0.html#RPLogout",
            ),
            Self::LogoutToken => section(
                "Back-Channel Logout §2.5",
                "https://openid.net/specs/openid-connect-backchannel-1_0.html#BCRequest",
            ),
            Self::LogoutTokenValidated => section(
                "Back-Channel Logout §2.6",
                "https://openid.net/specs/openid-connect-backchannel-1_0.html#Validation",
            ),
            Self::LogoutTokenAnswered => section(
                "Back-Channel Logout §2.8",
                "https://openid.net/specs/openid-connect-backchannel-1_0.html#BCResponse",
            ),
            Self::SessionUpdated => section(
                "OWASP Session Management: renew the id",
                "https://cheatsheetseries.owasp.org/cheatsheets/Session_Management_Cheat_Sheet.html#renew-the-session-id-after-any-privilege-level-change",
            ),
            Self::PageAuthorizationRequest => section(
                "OIDC Core §3.2.2.1",
                "https://openid.net/specs/openid-connect-core-1_0.html#ImplicitAuthorizationRequest",
            ),
            Self::PageAuthorizationResponse => section(
                "OIDC Core §3.2.2.5",
                "https://openid.net/specs/openid-connect-core-1_0.html#ImplicitAuthResponse",
            ),
            Self::FrameMessage => section(
                "OAuth 2.0 Web Message Response Mode",
                "https://datatracker.ietf.org/doc/html/draft-sakimura-oauth-wmrm-00",
            ),
            Self::PageTokenRequest => {
                section("RFC 7636 §4.5", "https://www.rfc-editor.org/rfc/rfc7636#section-4.5")
            }
            Self::PageValidation => section(
                "OIDC Core §3.2.2.11",
                "https://openid.net/specs/openid-connect-core-1_0.html#ImplicitIDTValidation",
            ),
            Self::TokensKept => section(
                "OAuth 2.0 for Browser-Based Applications",
                "https://datatracker.ietf.org/doc/html/draft-ietf-oauth-browser-based-apps",
            ),
            Self::PageRefusal => section(
                "OIDC Core §3.2.2.6",
                "https://openid.net/specs/openid-connect-core-1_0.html#ImplicitAuthError",
            ),
            Self::LoginRequested
            | Self::LoginBeginsAnew
            | Self::FrameTimedOut
            | Self::SessionBegan
            | Self::ReturnedToPage
            | Self::SilentAnswer
            | Self::SilentLoginAnswered
            | Self::LogoutRequested
            | Self::SessionEnded => return None,
        };
        Some(section)
    }

    /// The document's own number of this step: "User logs in with username and password" has six, "User logs in
    /// with identity provider" (`social`) has nine.
    pub const fn number(self, social: bool) -> Option<u8> {
        match (self, social) {
            (Self::SessionBegan, true)
            | (Self::AuthorizationRequest | Self::PageAuthorizationRequest, _) => Some(1),
            (Self::AuthorizationResponse | Self::PageAuthorizationResponse, false) => Some(5),
            (Self::AuthorizationResponse | Self::PageAuthorizationResponse, true) => Some(8),
            (Self::IdTokenValidated | Self::SessionUpdated | Self::PageValidation, false) => {
                Some(6)
            }
            (Self::IdTokenValidated | Self::SessionUpdated | Self::PageValidation, true) => Some(9),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_within_the_shop_is_no_redirect_and_every_step_has_a_title() {
        for step in Step::ALL {
            let (from, to) = step.parties();
            assert!(!step.title().is_empty());
            assert!(!(step.is_redirect() && from == to), "{step:?}");
        }
    }

    #[test]
    fn the_steps_have_the_documents_numbers() {
        let numbers = |social| -> Vec<u8> {
            let mut numbers: Vec<u8> =
                Step::ALL.iter().filter_map(|step| step.number(social)).collect();
            numbers.dedup();
            numbers
        };
        // The shop's steps and then the page's; those between happen at the identity provider, where neither is.
        assert_eq!(numbers(false), [1, 5, 6, 1, 5, 6]);
        assert_eq!(numbers(true), [1, 8, 9, 1, 8, 9]);
    }
}
