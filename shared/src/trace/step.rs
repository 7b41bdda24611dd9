use serde::{Deserialize, Serialize};
use strum::VariantArray;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Party {
    Browser,
    Shop,
    IdentityProvider,
    SocialProvider,
    /// Of the same customer, somewhere else.
    OtherBrowser,
}

/// What a message is, in the order in which a login has them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, VariantArray)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
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
    LogoutAnswered,
    EndSessionRequest,
    /// Seen by the page that the browser comes back to, in both shops.
    LogoutReturned,
    LogoutToken,
    LogoutTokenValidated,
    LogoutTokenAnswered,
    RevocationRequested,
    RevokedElsewhere,
    RevocationAnswered,
    PageAuthorizationRequest,
    PageAuthorizationResponse,
    PageReturned,
    FrameRequest,
    FrameMessage,
    FrameTimedOut,
    PageTokenRequest,
    PageTokenResponse,
    PageValidation,
    TokensKept,
    PageRefusal,
    TokensForgotten,
    PageEndSessionRequest,
}

impl Step {
    pub const ALL: &[Self] = Self::VARIANTS;

    /// From whom to whom. A redirect goes through the browser; it is drawn from the one who sends it.
    pub const fn parties(self) -> (Party, Party) {
        use Party::{Browser, IdentityProvider, OtherBrowser, Shop};
        match self {
            Self::LoginRequested
            | Self::SilentLoginRequested
            | Self::SilentAnswer
            | Self::LogoutRequested
            | Self::RevocationRequested => (Browser, Shop),
            Self::RevokedElsewhere => (OtherBrowser, Shop),
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
            Self::ReturnedToPage
            | Self::LoginRefused
            | Self::SilentLoginAnswered
            | Self::LogoutAnswered
            | Self::RevocationAnswered => (Shop, Browser),
            Self::PageAuthorizationRequest
            | Self::FrameRequest
            | Self::PageTokenRequest
            | Self::PageEndSessionRequest => (Browser, IdentityProvider),
            Self::PageAuthorizationResponse
            | Self::FrameMessage
            | Self::PageTokenResponse
            | Self::LogoutReturned => (IdentityProvider, Browser),
            Self::PageReturned
            | Self::FrameTimedOut
            | Self::PageValidation
            | Self::TokensKept
            | Self::PageRefusal
            | Self::TokensForgotten => (Browser, Browser),
        }
    }

    /// Whether the message is a redirect, which the browser carries.
    pub const fn is_redirect(self) -> bool {
        matches!(self, Self::AuthorizationRequest | Self::AuthorizationResponse)
    }

    /// Whether it travels as a form that the browser sends by itself, since an address would show it.
    pub const fn is_form(self) -> bool {
        matches!(self, Self::EndSessionRequest | Self::PageEndSessionRequest)
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
            Self::SilentAnswer => "POST /auth/silent, with what the frame got",
            Self::SilentLoginAnswered => "What the identity provider knows",
            Self::LogoutRequested => "POST /auth/logout",
            Self::SessionEnded => "The local session ends",
            Self::LogoutAnswered => "200 OK, with the page to go to",
            Self::EndSessionRequest => "Logout request",
            Self::LogoutReturned => "Back at /signed-out",
            Self::LogoutToken => "POST /auth/backchannel-logout",
            Self::LogoutTokenValidated => "Logout token validated",
            Self::LogoutTokenAnswered => "200 OK",
            Self::RevocationRequested => "DELETE /api/account/sessions",
            Self::RevokedElsewhere => "A browser of yours ends this session",
            Self::RevocationAnswered => "204 No Content",
            Self::PageAuthorizationRequest => "Authorization request, by the page itself",
            Self::PageAuthorizationResponse => "Authorization response, to the page itself",
            Self::PageReturned => "The page that the login was for",
            Self::FrameRequest => "Authorization request with prompt=none, in a hidden iframe",
            Self::FrameMessage => "The frame’s message to the page (postMessage)",
            Self::FrameTimedOut => "No message for ten seconds: the frame is taken away",
            Self::PageTokenRequest => "Token request, by the page itself",
            Self::PageValidation => "ID token validated, in the browser",
            Self::TokensKept => "The tokens stay in the page’s memory; no session begins here",
            Self::PageRefusal => "Nobody is signed in by this answer",
            Self::TokensForgotten => "The page forgets its tokens",
            Self::PageEndSessionRequest => "Logout request, by the page itself",
        }
    }

    /// The document's own number of this step: "User logs in with username and password" has six, "User logs in
    /// with identity provider" (`social`) has nine.
    pub const fn document_step(self, social: bool) -> Option<u8> {
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
    fn a_message_within_one_party_is_carried_by_nobody_and_every_step_has_a_title() {
        for step in Step::ALL {
            let (from, to) = step.parties();
            assert!(!step.title().is_empty());
            assert!(!((step.is_redirect() || step.is_form()) && from == to), "{step:?}");
        }
    }

    #[test]
    fn the_steps_have_the_documents_numbers() {
        let numbers = |social| -> Vec<u8> {
            let mut numbers: Vec<u8> =
                Step::ALL.iter().filter_map(|step| step.document_step(social)).collect();
            numbers.dedup();
            numbers
        };
        // The shop's steps and then the page's; those between happen at the identity provider, where neither is.
        assert_eq!(numbers(false), [1, 5, 6, 1, 5, 6]);
        assert_eq!(numbers(true), [1, 8, 9, 1, 8, 9]);
    }
}
