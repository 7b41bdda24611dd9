//! What the browser may know of its session: never an id, never a token.

use crate::{paths::auth, trace::Trace};
use serde::{Deserialize, Serialize};
use strum::{EnumString, IntoStaticStr, VariantArray};

/// The answer of `GET /api/session`. Times are milliseconds since the Unix epoch.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(try_from = "FlatSessionView")]
#[expect(clippy::struct_excessive_bools, reason = "facts that have nothing to do with each other")]
pub struct SessionView {
    pub now: i64,
    #[serde(flatten)]
    pub state: SessionState,
    /// Whether the shop can reach its identity provider's discovery document right now.
    pub sign_in_available: bool,
    /// Whether the identity provider can end the social provider's session too (`LogoutScope::Federated`).
    pub federated_logout_available: bool,
    /// Whether the page may ask the IdP silently whom it knows, to offer to continue as that person. Not after
    /// a sign-out in this browser, nor where the session was ended from another device.
    pub silent_login_offered: bool,
    /// Whether the session whose end is told was a guest's: nobody was signed out by it.
    pub ended_as_guest: bool,
    /// What "Keep me signed in" would mean.
    pub kept_limits: SessionLimits,
    /// Whether the session can be aged (`AgeSession`).
    pub is_demo: bool,
}

/// How long a session may live, in milliseconds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct SessionLimits {
    /// Without activity.
    pub idle: i64,
    /// At the most.
    pub absolute: i64,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(tag = "state", rename_all = "kebab-case")]
pub enum SessionState {
    /// No session row: a guest who browses.
    None {
        /// Why the session that this browser had is gone, for 24 hours after its end.
        #[serde(skip_serializing_if = "Option::is_none")]
        ended: Option<EndReason>,
    },
    /// A session without a login.
    Anonymous { session: SessionFacts },
    /// A session whose customer is signed in.
    Customer { session: SessionFacts, customer: CustomerView },
}

/// How `SessionView` is read: every page begins with one, and what serde derives for flattened and tagged fields is
/// several times the code of plain ones.
#[derive(Deserialize)]
#[expect(clippy::struct_excessive_bools, reason = "as in the view")]
struct FlatSessionView {
    now: i64,
    state: StateName,
    ended: Option<EndReason>,
    session: Option<SessionFacts>,
    customer: Option<CustomerView>,
    sign_in_available: bool,
    federated_logout_available: bool,
    silent_login_offered: bool,
    ended_as_guest: bool,
    kept_limits: SessionLimits,
    is_demo: bool,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
enum StateName {
    None,
    Anonymous,
    Customer,
}

impl TryFrom<FlatSessionView> for SessionView {
    type Error = &'static str;

    fn try_from(flat: FlatSessionView) -> Result<Self, Self::Error> {
        let state = match (flat.state, flat.session, flat.customer) {
            (StateName::None, ..) => SessionState::None { ended: flat.ended },
            (StateName::Anonymous, Some(session), _) => SessionState::Anonymous { session },
            (StateName::Customer, Some(session), Some(customer)) => {
                SessionState::Customer { session, customer }
            }
            _ => return Err("a state without its session or customer"),
        };
        Ok(Self {
            now: flat.now,
            state,
            sign_in_available: flat.sign_in_available,
            federated_logout_available: flat.federated_logout_available,
            silent_login_offered: flat.silent_login_offered,
            ended_as_guest: flat.ended_as_guest,
            kept_limits: flat.kept_limits,
            is_demo: flat.is_demo,
        })
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct SessionFacts {
    /// Names the session without being its id.
    pub fingerprint: String,
    pub created_at: i64,
    pub last_seen_at: i64,
    pub idle_deadline: i64,
    pub absolute_deadline: i64,
    /// Whether the cookie outlives the browser ("Keep me signed in").
    pub persistent: bool,
    /// When the customer last proved who they are, in the IdP's words (`auth_time`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub authenticated_at: Option<i64>,
    /// The social provider that the IdP passed the customer on to, such as `friendbook`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub provider: Option<String>,
    /// How they proved it: `acr`, and the methods of `amr` (RFC 8176).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub acr: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub amr: Vec<String>,
    /// Stands for the IdP's own name of its session (`sid`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sid: Option<String>,
    /// When the IdP last said something of its session (`iat` of the ID token).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id_token_issued_at: Option<i64>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct CustomerView {
    /// Names the customer for good, whatever becomes of name and email, without being the provider's `sub`.
    pub fingerprint: String,
    pub name: String,
    pub email: Option<String>,
    pub email_verified: bool,
}

/// Why a session ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, EnumString, IntoStaticStr)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "kebab-case")]
#[strum(serialize_all = "kebab-case", const_into_str)]
pub enum EndReason {
    /// Nobody was active for the idle limit.
    Idle,
    /// The absolute limit was reached, however active the visitor was.
    Absolute,
    /// Signed out here.
    Logout,
    /// The IdP said that its session ended (back-channel logout).
    BackchannelLogout,
    /// Ended from another device.
    Revoked,
    /// Another account signed in with this browser.
    AccountSwitch,
    /// The customer deleted the account.
    AccountDeleted,
    /// The customer signed in on more devices than one may, and this one was not used for the longest time.
    TooManySessions,
    /// Asked silently, the IdP named nobody any more: how a page without a session of its own learns of the end.
    ProviderSessionEnded,
    /// The page's access token ran out, and no silent question brought another one.
    TokenExpired,
}

impl EndReason {
    /// Whether single sign-on must not undo it: the next login in this browser asks for the credentials.
    pub const fn asks_again(self) -> bool {
        matches!(self, Self::Revoked | Self::AccountDeleted)
    }

    /// Whether nobody was in front of this browser: whoever comes next may be somebody else.
    pub const fn was_unattended(self) -> bool {
        matches!(self, Self::Idle | Self::TooManySessions)
    }
}

/// Makes this session older, as if it had begun so much earlier.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct AgeSession {
    pub minutes: i64,
    /// Whether somebody was active all the while, so that the absolute limit alone comes nearer. Otherwise it was last used
    /// so much earlier, too.
    #[serde(default)]
    pub in_use: bool,
}

/// When the API last answered the signed-in customer by an access token, as far as the shop remembers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct TokenUse {
    /// Milliseconds since the Unix epoch.
    pub last_at: Option<i64>,
}

/// The query of `GET /auth/login`. Whatever is left out is the IdP's to decide.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct LoginQuery {
    /// The page of this shop to come back to.
    pub return_to: String,
    /// "Keep me signed in": the session's cookie outlives the browser.
    #[serde(with = "flag", skip_serializing_if = "flag::is_unset")]
    pub keep: bool,
    /// The social provider that the IdP passes the visitor on to at once.
    pub connection: Option<String>,
    /// `login` asks anew although the IdP knows the visitor (OIDC Core §3.1.2.1).
    pub prompt: Option<String>,
    /// How many seconds ago the customer may have proved who they are; a day at most.
    pub max_age: Option<i64>,
    /// How they must have proved it, such as with a second factor.
    pub acr_values: Option<String>,
    /// Set by the shop itself, when it begins anew what came back too late.
    #[serde(with = "flag", skip_serializing_if = "flag::is_unset")]
    pub restarted: bool,
}

impl LoginQuery {
    /// The address of a top-level navigation that signs in.
    pub fn url(&self) -> String {
        let query = serde_urlencoded::to_string(self).unwrap_or_default();
        format!("{}?{query}", auth::LOGIN)
    }
}

/// A flag of a query string: `1`, and nothing else.
#[expect(clippy::trivially_copy_pass_by_ref, reason = "the form that serde calls")]
mod flag {
    use serde::{Deserialize as _, Deserializer, Serializer};

    pub const fn is_unset(flag: &bool) -> bool {
        !*flag
    }

    pub fn serialize<S: Serializer>(flag: &bool, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(if *flag { "1" } else { "0" })
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<bool, D::Error> {
        Ok(String::deserialize(deserializer)? == "1")
    }
}

/// `POST /auth/logout`
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LogoutRequest {
    pub scope: LogoutScope,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, EnumString, IntoStaticStr)]
#[serde(rename_all = "kebab-case")]
#[strum(serialize_all = "kebab-case", const_into_str)]
pub enum LogoutScope {
    /// The shop's session only: the next login asks for nothing.
    Local,
    /// The shop's and the IdP's session: the next login asks for the password, or passes through the
    /// social provider's living session.
    Idp,
    /// The social provider's session as well: the next login asks everything.
    Federated,
}

/// Where the SPA navigates next, as a top-level navigation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LogoutResponse<T = Trace> {
    pub next: String,
    /// How it went so far: the session that could have kept it is gone.
    pub trace: T,
    /// What the session had kept, the newest first.
    pub earlier: Vec<T>,
}

/// The query of `GET /auth/silent-login`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct SilentLoginQuery {
    /// The page asks by itself; otherwise the visitor wants to see it.
    #[serde(with = "flag", skip_serializing_if = "flag::is_unset")]
    pub on_arrival: bool,
}

impl SilentLoginQuery {
    /// The address of a hidden frame that asks.
    pub fn url(self) -> String {
        let query = if self.on_arrival { "?on_arrival=1" } else { "" };
        format!("{}{query}", auth::SILENT_LOGIN)
    }
}

/// Whom the IdP knows, asked by a hidden iframe: a name to continue as, or why there is none.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SilentLogin<T = Trace> {
    pub name: Option<String>,
    pub problem: Option<SignInProblem>,
    pub trace: T,
}

/// Why a login did not succeed; the value of `problem` at `page::SIGN_IN_PROBLEM`.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    Serialize,
    Deserialize,
    EnumString,
    IntoStaticStr,
    VariantArray,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case", const_into_str)]
pub enum SignInProblem {
    /// The person said no at the IdP.
    AccessDenied,
    /// `prompt=none` met no session at the IdP.
    LoginRequired,
    /// The IdP needs a page of its own, which `prompt=none` forbids.
    InteractionRequired,
    /// `state` is unknown, used, expired, or belongs to another browser.
    UnknownAttempt,
    /// A script of another site began the login, and no person did.
    ConfirmationRequired,
    /// The IdP does not answer.
    IdentityProviderUnavailable,
    /// More logins were begun than one sender may begin in so short a time.
    TooManyAttempts,
    /// A fault of the shop's own.
    ShopUnavailable,
    /// The IdP answered something that must not be trusted, or with an error of its own.
    Refused,
}

impl SignInProblem {
    pub const ALL: &[Self] = Self::VARIANTS;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_login_says_what_is_asked_for_and_nothing_else() {
        let everything = LoginQuery {
            return_to: "/account/orders?q=a%20b#late".to_owned(),
            keep: true,
            connection: Some("friendbook".to_owned()),
            prompt: Some("login".to_owned()),
            max_age: Some(600),
            acr_values: Some("urn:example:acr mfa".to_owned()),
            restarted: false,
        };
        assert_eq!(
            everything.url(),
            "/auth/login?return_to=%2Faccount%2Forders%3Fq%3Da%2520b%23late&keep=1&connection=friendbook\
             &prompt=login&max_age=600&acr_values=urn%3Aexample%3Aacr+mfa"
        );
        let kept = LoginQuery { return_to: "/".to_owned(), keep: true, ..LoginQuery::default() };
        assert_eq!(kept.url(), "/auth/login?return_to=%2F&keep=1");
        let not_kept = LoginQuery { keep: false, ..kept };
        assert_eq!(not_kept.url(), "/auth/login?return_to=%2F");
    }
}
