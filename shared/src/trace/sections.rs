//! Which rule each step follows.

use super::Step;

/// A specification's section, for a link.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Section {
    pub name: &'static str,
    pub url: &'static str,
}

/// A section of OpenID Connect Core 1.0, by its number and its name in the page.
macro_rules! core {
    ($number:literal, $anchor:literal) => {
        $crate::trace::Section {
            name: concat!("OIDC Core §", $number),
            url: concat!("https://openid.net/specs/openid-connect-core-1_0.html#", $anchor),
        }
    };
}

/// Of OpenID Connect Back-Channel Logout 1.0.
macro_rules! backchannel {
    ($number:literal, $anchor:literal) => {
        $crate::trace::Section {
            name: concat!("Back-Channel Logout §", $number),
            url: concat!("https://openid.net/specs/openid-connect-backchannel-1_0.html#", $anchor),
        }
    };
}

/// Of OpenID Connect RP-Initiated Logout 1.0.
macro_rules! rp_initiated {
    ($number:literal, $anchor:literal) => {
        $crate::trace::Section {
            name: concat!("RP-Initiated Logout §", $number),
            url: concat!("https://openid.net/specs/openid-connect-rpinitiated-1_0.html#", $anchor),
        }
    };
}

macro_rules! rfc {
    ($rfc:literal, $number:literal) => {
        $crate::trace::Section {
            name: concat!("RFC ", $rfc, " §", $number),
            url: concat!("https://www.rfc-editor.org/rfc/rfc", $rfc, "#section-", $number),
        }
    };
}

/// Of the revision of RFC 6265 that browsers follow.
macro_rules! cookies {
    ($number:literal) => {
        $crate::trace::Section {
            name: concat!("RFC 6265bis §", $number),
            url: concat!(
                "https://datatracker.ietf.org/doc/html/draft-ietf-httpbis-rfc6265bis#section-",
                $number
            ),
        }
    };
}

pub(super) use {backchannel, core, rfc, rp_initiated};

const WEB_MESSAGE: Section = Section {
    name: "OAuth 2.0 Web Message Response Mode",
    url: "https://datatracker.ietf.org/doc/html/draft-sakimura-oauth-wmrm-00",
};
const BROWSER_BASED_APPS: Section = Section {
    name: "OAuth 2.0 for Browser-Based Applications",
    url: "https://datatracker.ietf.org/doc/html/draft-ietf-oauth-browser-based-apps",
};
const RENEW_THE_ID: Section = Section {
    name: "OWASP Session Management: renew the id",
    url: "https://cheatsheetseries.owasp.org/cheatsheets/Session_Management_Cheat_Sheet.html#renew-the-session-id-after-any-privilege-level-change",
};
const EXPIRE_AT_THE_SERVER: Section = Section {
    name: "OWASP Session Management: expiration",
    url: "https://cheatsheetseries.owasp.org/cheatsheets/Session_Management_Cheat_Sheet.html#session-expiration",
};

impl Section {
    /// One window's message to another.
    pub const POST_MESSAGE: Self = Self {
        name: "HTML: posting messages",
        url: "https://html.spec.whatwg.org/multipage/web-messaging.html#posting-messages",
    };
}

impl Step {
    /// `by_code`: a page that asks for itself follows the rules of the code flow or those of the implicit one. None
    /// where a step is the shop's own affair.
    pub const fn sections(self, by_code: bool) -> &'static [Section] {
        match self {
            Self::LoginRequested => &[rfc!("9700", "4.11.1")],
            Self::SessionBegan => &[cookies!("4.1.2.7")],
            Self::AuthorizationRequest => {
                &[core!("3.1.2.1", "AuthRequest"), rfc!("6749", "4.1.1"), rfc!("7636", "4.3")]
            }
            Self::AuthorizationResponse => {
                &[core!("3.1.2.5", "AuthResponse"), rfc!("6749", "4.1.2"), rfc!("9207", "2.4")]
            }
            Self::TokenRequest => {
                &[core!("3.1.3.1", "TokenRequest"), rfc!("6749", "4.1.3"), rfc!("7636", "4.5")]
            }
            Self::TokenResponse | Self::PageTokenResponse => {
                &[core!("3.1.3.3", "TokenResponse"), rfc!("6749", "4.1.4")]
            }
            Self::IdTokenValidated => &[core!("3.1.3.7", "IDTokenValidation"), rfc!("7519", "7.2")],
            Self::SessionUpdated => &[RENEW_THE_ID, cookies!("4.1.2.6")],
            Self::ReturnedToPage => &[rfc!("9110", "15.4.4")],
            Self::LoginBeginsAnew | Self::SilentLoginRequested => {
                &[core!("3.1.2.1", "AuthRequest")]
            }
            Self::LoginRefused => {
                &[core!("3.1.2.7", "AuthResponseValidation"), rfc!("6749", "4.1.2.1")]
            }
            Self::SessionEnded => &[EXPIRE_AT_THE_SERVER],
            Self::LogoutAnswered => &[cookies!("4.1.2")],
            Self::EndSessionRequest | Self::PageEndSessionRequest => {
                &[rp_initiated!("2", "RPLogout")]
            }
            Self::LogoutReturned => &[rp_initiated!("3", "RedirectionAfterLogout")],
            Self::LogoutToken => &[backchannel!("2.5", "BCRequest")],
            Self::LogoutTokenValidated => {
                &[backchannel!("2.6", "Validation"), rfc!("8725", "3.11")]
            }
            Self::LogoutTokenAnswered => &[backchannel!("2.8", "BCResponse")],
            Self::RevocationAnswered => &[rfc!("9110", "15.3.5")],
            Self::PageAuthorizationRequest if by_code => {
                &[core!("3.1.2.1", "AuthRequest"), rfc!("6749", "4.1.1"), rfc!("7636", "4.3")]
            }
            Self::PageAuthorizationRequest => {
                &[core!("3.2.2.1", "ImplicitAuthRequest"), rfc!("6749", "4.2.1")]
            }
            Self::PageAuthorizationResponse if by_code => {
                &[core!("3.1.2.5", "AuthResponse"), rfc!("6749", "4.1.2"), rfc!("9207", "2.4")]
            }
            Self::PageAuthorizationResponse => &[
                core!("3.2.2.5", "ImplicitAuthResponse"),
                rfc!("6749", "4.2.2"),
                rfc!("9207", "2.4"),
            ],
            Self::FrameRequest => &[core!("3.1.2.1", "AuthRequest"), WEB_MESSAGE],
            Self::FrameMessage => &[WEB_MESSAGE, Section::POST_MESSAGE],
            Self::PageTokenRequest => &[rfc!("6749", "4.1.3"), rfc!("7636", "4.5")],
            Self::PageValidation if by_code => {
                &[core!("3.1.3.7", "IDTokenValidation"), rfc!("7519", "7.2")]
            }
            Self::PageValidation => {
                &[core!("3.2.2.11", "ImplicitIDTValidation"), rfc!("7519", "7.2")]
            }
            Self::TokensKept => &[BROWSER_BASED_APPS, rfc!("6750", "5.3")],
            Self::PageRefusal if by_code => &[core!("3.1.2.7", "AuthResponseValidation")],
            Self::PageRefusal => &[core!("3.2.2.8", "ImplicitAuthResponseValidation")],
            Self::SilentAnswer
            | Self::SilentLoginAnswered
            | Self::LogoutRequested
            | Self::RevocationRequested
            | Self::RevokedElsewhere
            | Self::PageReturned
            | Self::FrameTimedOut
            | Self::TokensForgotten => &[],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_section_has_a_name_and_an_address_that_says_the_same_number() {
        let flows = [true, false];
        let sections =
            Step::ALL.iter().flat_map(|step| flows.map(|by_code| step.sections(by_code))).flatten();
        for Section { name, url } in sections {
            assert!(url.starts_with("https://"), "{url}");
            if let Some((rfc, number)) =
                name.strip_prefix("RFC ").and_then(|it| it.split_once(" §"))
            {
                let end = format!("rfc{rfc}#section-{number}");
                assert!(url.ends_with(&end), "{name}: {url}");
            }
        }
    }

    #[test]
    fn a_page_follows_the_rules_of_the_flow_that_it_chose() {
        let first = |by_code| Step::PageAuthorizationRequest.sections(by_code)[0].name;
        assert_eq!(first(true), "OIDC Core §3.1.2.1");
        assert_eq!(first(false), "OIDC Core §3.2.2.1");
    }
}
