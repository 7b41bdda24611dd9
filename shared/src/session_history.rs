//! How a session came to be what it is: what the page /sessions shows of it beyond what every page is told.

use crate::session::EndReason;
use serde::{Deserialize, Serialize};

/// The answer of `GET /api/session/history`. Times are milliseconds since the Unix epoch.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct SessionHistory {
    /// The name of the living session that it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub session: Option<String>,
    /// The shop's own cookies that came with the request, by name. Scripts cannot see them (`HttpOnly`).
    pub cookies: Vec<String>,
    /// What opens the living session, masked as in a `Trace`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
    /// When that key took the place of the one before it, or the session began with it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key_since: Option<i64>,
    /// The key that the last login began with, masked: it opens nothing any more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub former_key: Option<String>,
    /// What the IdP called its session before the last login (`sid`), masked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub former_sid: Option<String>,
    /// When the browser left for the last login: an `auth_time` before it is single sign-on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub login_began_at: Option<i64>,
    /// By how many milliseconds the demo's control has made the session older than it is.
    pub aged_by: i64,
    /// How the session ended that this browser had before: the one whose place this one took, or, where none lives, the
    /// one that the browser still holds a key of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended: Option<SessionEnd>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct SessionEnd {
    pub reason: EndReason,
    pub at: i64,
    /// Nobody was signed in to it.
    pub was_guest: bool,
}
