//! What a message's parameters are for: a line for each, and the rule where there is one.

use super::{
    Section, Step,
    sections::{backchannel, core, rfc, rp_initiated},
};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Meaning {
    pub what: &'static str,
    /// None where a parameter is the shop's own, or its provider's.
    pub section: Option<Section>,
}

const fn own(what: &'static str) -> Meaning {
    Meaning { what, section: None }
}

const fn ruled(what: &'static str, section: Section) -> Meaning {
    Meaning { what, section: Some(section) }
}

const RESPONSE_MODES: Section = Section {
    name: "OAuth 2.0 Multiple Response Types §2.1",
    url: "https://openid.net/specs/oauth-v2-multiple-response-types-1_0.html#ResponseModes",
};

impl Step {
    /// What the parameter of this name is for in this step.
    pub fn meaning(self, parameter: &str) -> Option<Meaning> {
        self.special_meaning(parameter)
            .or_else(|| of_request(parameter))
            .or_else(|| of_response(parameter))
            .or_else(|| of_token(parameter))
            .or_else(|| of_logout(parameter))
            .or_else(|| of_the_shop(parameter))
    }

    /// Where a name means something else than elsewhere.
    fn special_meaning(self, parameter: &str) -> Option<Meaning> {
        let meaning = match (self, parameter) {
            (Self::LogoutRequested, "scope") => own(
                "What is to end: the shop’s session alone (local), also the identity provider’s (idp), or Friendbook’s too (federated).",
            ),
            (Self::LogoutTokenValidated, "iss") => ruled(
                "Who says so: it must be this shop’s identity provider.",
                backchannel!("2.4", "LogoutToken"),
            ),
            (Self::LogoutTokenValidated, "sub" | "sid") => ruled(
                "Whose sessions end, or which one: a logout token names either or both.",
                backchannel!("2.4", "LogoutToken"),
            ),
            (Self::LogoutTokenValidated, "iat") => ruled(
                "When it was issued, in seconds since 1970: an old token ends nothing, and a newer login stays.",
                backchannel!("2.4", "LogoutToken"),
            ),
            (
                Self::AuthorizationResponse | Self::PageAuthorizationResponse | Self::FrameMessage,
                "iss",
            ) => ruled(
                "Who answers: another provider’s answer is refused before its code goes anywhere (mix-up).",
                rfc!("9207", "2.4"),
            ),
            (Self::EndSessionRequest | Self::PageEndSessionRequest, "state") => ruled(
                "Comes back with the browser: what was to end.",
                rp_initiated!("2", "RPLogout"),
            ),
            (Self::ReturnedToPage | Self::PageReturned, "to") => ruled(
                "The page that the login was for, with query and fragment as they were.",
                rfc!("9700", "4.11.1"),
            ),
            _ => return None,
        };
        Some(meaning)
    }
}

fn of_request(parameter: &str) -> Option<Meaning> {
    let meaning = match parameter {
        "to" => own("Where the browser goes."),
        "client_id" => ruled("Names the shop at its provider.", rfc!("6749", "2.2")),
        "response_type" => {
            ruled("What is to come back: a code, or the tokens themselves.", rfc!("6749", "3.1.1"))
        }
        "response_mode" => ruled(
            "How the answer comes back: here as a message to the page around.",
            RESPONSE_MODES,
        ),
        "redirect_uri" => ruled(
            "Where the answer must arrive: an address that is registered there.",
            rfc!("6749", "3.1.2"),
        ),
        "scope" => ruled("What is asked for; openid makes it OpenID Connect.", rfc!("6749", "3.3")),
        "resource" => ruled("The API that the access token is for.", rfc!("8707", "2")),
        "state" => ruled(
            "Comes back unchanged: an answer that this browser did not ask for is refused (CSRF).",
            rfc!("6749", "10.12"),
        ),
        "nonce" => ruled(
            "Comes back within the ID token: the token of another login is refused.",
            core!("15.5.2", "NonceNotes"),
        ),
        "code_challenge" => ruled(
            "The hash of a secret that is shown only with the code: whoever steals the code lacks it.",
            rfc!("7636", "4.2"),
        ),
        "code_challenge_method" => {
            ruled("How the challenge was made of the secret: by SHA-256.", rfc!("7636", "4.3"))
        }
        "prompt" => ruled(
            "login: ask for the credentials anew; none: show no page at all.",
            core!("3.1.2.1", "AuthRequest"),
        ),
        "max_age" => ruled(
            "How many seconds ago the person may have authenticated.",
            core!("3.1.2.1", "AuthRequest"),
        ),
        "acr_values" => ruled(
            "How the person is to authenticate, such as with a second factor.",
            core!("3.1.2.1", "AuthRequest"),
        ),
        "connection" => own("The social provider to pass on to at once; the name is Auth0’s."),
        "grant_type" => ruled("What is offered for the tokens: a code.", rfc!("6749", "4.1.3")),
        "code_verifier" => ruled(
            "The secret that code_challenge is the hash of: the provider compares them.",
            rfc!("7636", "4.5"),
        ),
        _ => return None,
    };
    Some(meaning)
}

fn of_response(parameter: &str) -> Option<Meaning> {
    let meaning = match parameter {
        "code" => ruled("Good once, within seconds, for the tokens.", rfc!("6749", "4.1.2")),
        "error" => ruled("Why nobody is signed in by this answer.", core!("3.1.2.6", "AuthError")),
        "error_description" => ruled("The same in words, for developers.", rfc!("6749", "4.1.2.1")),
        "id_token" => ruled(
            "Says who signed in, when and how; signed by the provider.",
            core!("2", "IDToken"),
        ),
        "access_token" => ruled("Opens an API for whoever holds it.", rfc!("6749", "1.4")),
        "token_type" => ruled("How the access token is used.", rfc!("6749", "7.1")),
        "expires_in" => ruled("How many seconds the access token lives.", rfc!("6749", "5.1")),
        _ => return None,
    };
    Some(meaning)
}

fn of_token(parameter: &str) -> Option<Meaning> {
    let meaning = match parameter {
        "iss" => ruled(
            "Who issued the token: it must be this shop’s identity provider.",
            core!("2", "IDToken"),
        ),
        "sub" => ruled("Names the person at the provider, for good.", core!("2", "IDToken")),
        "sid" => ruled(
            "Names the provider’s session, so that its end can be told (back-channel logout).",
            backchannel!("2.1", "BCSupport"),
        ),
        "iat" => ruled("When the token was issued, in seconds since 1970.", core!("2", "IDToken")),
        "auth_time" => ruled(
            "When the person last proved who they are, in seconds since 1970. Older than the request: nothing was asked.",
            core!("2", "IDToken"),
        ),
        "acr" => ruled("The level that this proof adds up to.", core!("2", "IDToken")),
        "amr" => ruled(
            "How it was proved: pwd a password, otp a code, mfa more than one factor.",
            rfc!("8176", "2"),
        ),
        "at_hash" => ruled(
            "Half the hash of the access token: both belong together.",
            core!("3.2.2.9", "ImplicitTokenValidation"),
        ),
        "provider" => own(
            "The social provider that vouched for the person; the claim is PeakCommerce ID’s own.",
        ),
        "upstream_auth_time" => own(
            "When the social provider itself authenticated the person, in seconds since 1970; the claim is PeakCommerce ID’s own.",
        ),
        _ => return None,
    };
    Some(meaning)
}

fn of_logout(parameter: &str) -> Option<Meaning> {
    let meaning = match parameter {
        "id_token_hint" => ruled(
            "Which login is over: with it the provider need not ask.",
            rp_initiated!("2", "RPLogout"),
        ),
        "post_logout_redirect_uri" => ruled(
            "Where the browser comes back to: an address that is registered there.",
            rp_initiated!("2", "RPLogout"),
        ),
        "returnTo" => own("The same under the name that Auth0 gave it."),
        "federated" => own("The social provider’s session is to end too; the name is Auth0’s."),
        "logout_token" => ruled(
            "Signed by the provider: a session there has ended.",
            backchannel!("2.4", "LogoutToken"),
        ),
        "jti" => ruled("Names the token: it counts once.", backchannel!("2.6", "Validation")),
        _ => return None,
    };
    Some(meaning)
}

fn of_the_shop(parameter: &str) -> Option<Meaning> {
    let meaning = match parameter {
        "return_to" => ruled(
            "The page to come back to: one of this shop, or it becomes the start page.",
            rfc!("9700", "4.11.1"),
        ),
        "keep" => own("“Keep me signed in”: the cookie is to outlive the browser."),
        "restarted" => own("Took the place of a login that came back too late."),
        "session" => own("Stands for the local session’s id: equal marks are one session."),
        "begun now" => own("Whether the session begins with this login, or was there before."),
        "signed in" => own("Whether somebody is signed in to it already."),
        "key before" => {
            own("Stands for the cookie’s value until now, which opens nothing any more.")
        }
        "key now" => own("Stands for the cookie’s value from now on."),
        "second factor" => own("Whether the shop reads a second factor in the ID token."),
        "kept beyond the browser" => own("Whether the session’s cookie outlives the browser."),
        "cart merged" => own("Whether a guest’s cart joined the customer’s."),
        "problem" => own("Why, in the shop’s words."),
        "why" | "reason" => own("Why."),
        "known" => own("Whether the identity provider named somebody."),
        "asked" => own("Who asked: the visitor, or the page by itself on arrival."),
        "last ID token" => own(
            "When the identity provider last said something of its session, in milliseconds since 1970.",
        ),
        "next" => own("Where the page goes now."),
        "which" => own("Which of the customer’s sessions: one, or all but this one."),
        "browser" => own("In which browser the session was."),
        "by" => own("The browser from which it was ended."),
        "seconds" => own("How long the access token lives."),
        _ => return None,
    };
    Some(meaning)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_means_what_its_step_makes_of_it() {
        let rule = |step: Step, name| step.meaning(name).unwrap().section.unwrap().name;
        assert_eq!(rule(Step::AuthorizationRequest, "state"), "RFC 6749 §10.12");
        assert_eq!(rule(Step::EndSessionRequest, "state"), "RP-Initiated Logout §2");
        assert_eq!(rule(Step::AuthorizationResponse, "iss"), "RFC 9207 §2.4");
        assert_eq!(rule(Step::IdTokenValidated, "iss"), "OIDC Core §2");
        assert_eq!(rule(Step::AuthorizationRequest, "code_challenge"), "RFC 7636 §4.2");
        assert_eq!(Step::LogoutRequested.meaning("scope").unwrap().section, None);
        assert_eq!(Step::LoginRequested.meaning("nobody knows"), None);
    }

    #[test]
    fn every_secret_has_its_line() {
        for name in crate::trace::MASKED {
            assert!(Step::TokenRequest.meaning(name).is_some(), "{name}");
        }
    }
}
