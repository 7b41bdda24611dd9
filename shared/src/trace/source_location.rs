use super::Step;

/// The code that handles a step, to be read at `paths::SOURCE`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SourceLocation {
    /// From the repository's root.
    pub file: &'static str,
    pub function: &'static str,
}

impl Step {
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
            Self::LogoutRequested | Self::LogoutAnswered => {
                ("backend/src/auth/logout.rs", "logout")
            }
            Self::SessionEnded => ("backend/src/session/revoke.rs", "revoke"),
            Self::EndSessionRequest => {
                ("backend/src/oidc/end_session_request.rs", "end_session_request")
            }
            Self::LogoutReturned => ("frontend/src/auth/logout_return.rs", "note_return"),
            Self::LogoutToken | Self::LogoutTokenAnswered => {
                ("backend/src/auth/backchannel_logout.rs", "backchannel_logout")
            }
            Self::LogoutTokenValidated => ("backend/src/oidc/logout_token.rs", "validate"),
            Self::RevocationRequested | Self::RevokedElsewhere | Self::RevocationAnswered => {
                ("backend/src/auth/devices.rs", "revoke")
            }
            Self::PageAuthorizationRequest => {
                ("frontend/src/auth/implicit/authorization_request.rs", "leave_for_login")
            }
            Self::PageAuthorizationResponse | Self::PageReturned => {
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
            Self::TokensForgotten => ("frontend/src/auth/implicit/sign_out.rs", "sign_out"),
            Self::PageEndSessionRequest => {
                ("frontend/src/auth/implicit/sign_out.rs", "end_session")
            }
        };
        SourceLocation { file, function }
    }
}
