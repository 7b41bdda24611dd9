//! Which parts of the document's statements this visitor has demonstrated: rules on what was recorded. No I/O.
//!
//! A part is seen for good once this page has shown it. Some take two flows of different sessions, of which the first is gone
//! when the second comes, so what it said is noted.

use super::{lane_state::is_single_sign_on, parts::Part};
use crate::auth::Visitor;
use serde::{Deserialize, Serialize};
use shared::{
    activities::{Activity, ActivityKind, ActivityName},
    paths::needs_customer,
    session::{EndReason, LogoutScope},
    trace::{Step, Trace, TraceKind},
};
use std::collections::BTreeSet;

/// What our identity provider calls a reset in a logout token's `reason`.
const RESETS: [&str; 3] = ["password_changed", "email_changed", "phone_changed"];

/// What there is to judge by at this moment.
pub struct Findings<'a> {
    pub visitor: &'a Visitor,
    pub traces: &'a [Trace],
    /// Of the visitor's session.
    pub activities: &'a [Activity],
    /// When the API last answered a token of this customer's.
    pub token_used_at: Option<i64>,
}

/// Times are milliseconds since the Unix epoch, by the shop's clock.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Progress {
    /// What was before does not count: the visitor started over.
    since: i64,
    seen: BTreeSet<Part>,
    notes: Notes,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
struct Notes {
    /// When the newest login began: what a logout before it did has shown by then.
    newest_login: i64,
    /// Of the login that proved a second factor: whose it was, and when (`auth_time`).
    second_factor: Option<String>,
    by_friendbook: Option<ByFriendbook>,
    leaving: Option<Leaving>,
    leaving_friendbook: Option<i64>,
    /// The session that lived when this page was last looked at, by its fingerprint.
    alive: Option<String>,
}

/// The last login by way of Friendbook.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct ByFriendbook {
    sid: String,
    upstream_auth_time: String,
}

/// The identity provider was asked to end a session. Whether it did, the next answer shows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Leaving {
    at: i64,
    sid: Option<String>,
}

impl Progress {
    /// Nothing is seen, and what happened before `now` never will be.
    pub fn begin(now: i64, visitor: &Visitor) -> Self {
        let mut progress = Self { since: now, ..Self::default() };
        progress.notes.alive = alive(visitor);
        progress
    }

    pub const fn since(&self) -> i64 {
        self.since
    }

    pub fn has(&self, part: Part) -> bool {
        self.seen.contains(&part)
    }

    pub fn is_demonstrated(&self, row: &str) -> bool {
        Part::of(row).all(|part| self.has(part))
    }

    /// Whether the identity provider was asked to end its session, and nothing has shown yet that it did.
    pub const fn is_leaving(&self) -> bool {
        self.notes.leaving.is_some()
    }

    /// The same of Friendbook's.
    pub const fn is_leaving_friendbook(&self) -> bool {
        self.notes.leaving_friendbook.is_some()
    }

    /// With what these findings prove.
    pub fn after(mut self, found: &Findings<'_>) -> Self {
        let mut flows: Vec<&Trace> =
            found.traces.iter().filter(|flow| flow.began_at >= self.since).collect();
        flows.sort_by_key(|flow| flow.began_at);
        for flow in flows {
            match flow.kind {
                TraceKind::Login => self.look_at_login(flow),
                TraceKind::Logout => self.look_at_logout(flow),
                TraceKind::BackchannelLogout => self.look_at_backchannel_logout(flow),
                TraceKind::SilentLogin => self.look_at_silence(flow),
                _ => {}
            }
        }
        self.look_at_activities(found.activities);
        self.look_at_visitor(found.visitor);
        if found.token_used_at.is_some_and(|at| at >= self.since) {
            self.see(Part::AnsweredToToken);
        }
        self
    }

    /// With the answer to a question that the visitor asked by a control. The one that a page asks on arrival proves
    /// nothing, since nobody did it.
    pub fn after_silent_check(mut self, flow: &Trace) -> Self {
        if parameter(flow, Step::SilentLoginAnswered, "known") == Some("true") {
            self.see(Part::KnownSilently);
        } else if is_login_required(flow) && self.has(Part::KnownSilently) {
            // Never known, nobody could tell a session that ended from a cookie that the browser keeps from frames.
            self.see(Part::LoginRequired);
        }
        self
    }

    fn see(&mut self, part: Part) {
        self.seen.insert(part);
    }

    fn look_at_login(&mut self, flow: &Trace) {
        let Some(login) = Login::of(flow) else { return };
        if login.was_signed_in() == Some(false) {
            if login.returned_to().is_some_and(needs_customer) {
                self.see(Part::GatedPage);
            }
            if login.is_by_password() && !login.is_demanding() {
                self.see(Part::TwoSessions);
            }
        }
        if login.updated("kept beyond the browser") == Some("true") {
            self.see(Part::KeptBeyondBrowser);
        }
        if login.is_reset() {
            self.see(Part::LoginReset);
        }
        self.look_at_second_factor(&login);
        self.look_at_friendbook(&login);
        if flow.began_at > self.notes.newest_login {
            self.notes.newest_login = flow.began_at;
            self.look_at_what_was_left(&login);
        }
    }

    fn look_at_second_factor(&mut self, login: &Login<'_>) {
        let proof = login.proof().filter(|_| login.updated("second factor") == Some("true"));
        let Some(proof) = proof else { return };
        if login.flow.asked == Some(true) {
            self.see(Part::SecondFactorProved);
            self.notes.second_factor = Some(proof);
        } else if login.flow.asked == Some(false) && self.notes.second_factor == Some(proof) {
            self.see(Part::SecondFactorRemembered);
        }
    }

    fn look_at_friendbook(&mut self, login: &Login<'_>) {
        if login.flow.provider.is_none() {
            return;
        }
        self.see(Part::CameByFriendbook);
        let (Some(sid), Some(time)) = (login.token("sid"), login.token("upstream_auth_time"))
        else {
            return;
        };
        // The session at the identity provider is another one, so Friendbook was passed through again; what it says of
        // itself is the same as the first time, so it asked nothing.
        let came_back = self
            .notes
            .by_friendbook
            .as_ref()
            .is_some_and(|before| before.sid != sid && before.upstream_auth_time == time);
        if came_back {
            self.see(Part::FriendbookRemembered);
        }
        let by_friendbook =
            ByFriendbook { sid: sid.to_owned(), upstream_auth_time: time.to_owned() };
        self.notes.by_friendbook = Some(by_friendbook);
    }

    /// What the first login after a logout tells of the sessions that were to end. One that demands credentials would be
    /// asked for them in any case.
    fn look_at_what_was_left(&mut self, login: &Login<'_>) {
        if login.is_demanding() {
            return;
        }
        if let Some(Leaving { sid: Some(ended), .. }) = &self.notes.leaving
            && let Some(sid) = login.token("sid")
        {
            if sid != ended {
                self.see(Part::LeftProvider);
            }
            self.notes.leaving = None;
        }
        if self.notes.leaving_friendbook.is_some()
            && let Some(is_asked) = login.friendbook_asked()
        {
            if is_asked {
                self.see(Part::LeftFriendbook);
            }
            self.notes.leaving_friendbook = None;
        }
    }

    fn look_at_logout(&mut self, flow: &Trace) {
        let ended = |name| parameter(flow, Step::SessionEnded, name);
        if ended("session").is_none() || flow.began_at < self.notes.newest_login {
            return;
        }
        let scope = parameter(flow, Step::LogoutRequested, "scope");
        if flow.end_session_request().is_none() {
            if scope == Some(LogoutScope::Local.into_str()) {
                self.see(Part::LeftShop);
            }
        } else if flow.ends_social_session() {
            if !self.has(Part::LeftFriendbook) {
                self.notes.leaving_friendbook = Some(flow.began_at);
            }
        } else if !self.has(Part::LeftProvider) {
            let sid = ended("sid").map(str::to_owned);
            self.notes.leaving = Some(Leaving { at: flow.began_at, sid });
        }
    }

    fn look_at_backchannel_logout(&mut self, flow: &Trace) {
        let reason = parameter(flow, Step::LogoutTokenValidated, "reason");
        if reason.is_some_and(|reason| RESETS.contains(&reason)) {
            self.see(Part::EndedByReset);
        }
    }

    /// Whoever asked, that nobody is known is an answer, where this browser lets the question reach the provider.
    fn look_at_silence(&mut self, flow: &Trace) {
        let is_later = |leaving: &Leaving| leaving.at < flow.began_at;
        if self.notes.leaving.as_ref().is_some_and(is_later)
            && self.has(Part::KnownSilently)
            && is_login_required(flow)
        {
            self.see(Part::LeftProvider);
            self.notes.leaving = None;
        }
    }

    fn look_at_activities(&mut self, activities: &[Activity]) {
        let counts = |activity: &&Activity| activity.at >= self.since;
        let is_guests = |activity: &Activity| activity.name == ActivityName::GuestOrderPlaced;
        if activities.iter().filter(counts).any(is_guests) {
            self.see(Part::GuestOrder);
        }
        if kinds(activities, self.since) == ActivityKind::ALL.len() {
            self.see(Part::FourKinds);
        }
    }

    fn look_at_visitor(&mut self, visitor: &Visitor) {
        if visitor.is_undecided() {
            return;
        }
        let has_run_out = matches!(
            visitor,
            Visitor::Anonymous { ended: Some(EndReason::Idle | EndReason::Absolute), .. }
        );
        let alive = alive(visitor);
        if alive.is_none() && self.notes.alive.is_some() && has_run_out {
            self.see(Part::LimitReached);
        }
        self.notes.alive = alive;
    }
}

/// How many of the four kinds are among them.
pub fn kinds(activities: &[Activity], since: i64) -> usize {
    let counted = activities.iter().filter(|activity| activity.at >= since);
    counted.map(|activity| activity.kind).collect::<BTreeSet<_>>().len()
}

fn alive(visitor: &Visitor) -> Option<String> {
    visitor.session().map(|session| session.fingerprint.clone())
}

fn parameter<'a>(flow: &'a Trace, step: Step, name: &str) -> Option<&'a str> {
    flow.message(step)?.parameter(name)
}

fn is_login_required(flow: &Trace) -> bool {
    parameter(flow, Step::AuthorizationResponse, "error") == Some("login_required")
}

/// A login that succeeded.
struct Login<'a> {
    flow: &'a Trace,
}

impl<'a> Login<'a> {
    fn of(flow: &'a Trace) -> Option<Self> {
        flow.message(Step::SessionUpdated).map(|_| Self { flow })
    }

    /// Whether somebody was signed in here when it began.
    fn was_signed_in(&self) -> Option<bool> {
        parameter(self.flow, Step::SessionBegan, "signed in")?.parse().ok()
    }

    fn returned_to(&self) -> Option<&'a str> {
        parameter(self.flow, Step::ReturnedToPage, "to")
    }

    fn updated(&self, name: &str) -> Option<&'a str> {
        parameter(self.flow, Step::SessionUpdated, name)
    }

    fn token(&self, name: &str) -> Option<&'a str> {
        parameter(self.flow, Step::IdTokenValidated, name)
    }

    /// Whether the identity provider was sent one of these, be it when the login began anew.
    fn has_sent(&self, names: &[&str]) -> bool {
        let mut requests =
            self.flow.messages.iter().filter(|message| message.step == Step::AuthorizationRequest);
        requests.any(|request| names.iter().any(|name| request.parameter(name).is_some()))
    }

    /// Whether the shop wanted credentials, whomever the identity provider knew.
    fn is_demanding(&self) -> bool {
        self.has_sent(&["prompt", "max_age"])
    }

    fn is_by_password(&self) -> bool {
        self.flow.provider.is_none()
            && self.flow.asked == Some(true)
            && !self.has_sent(&["connection", "acr_values"])
    }

    /// "A new standard login": with somebody signed in, and with another session at the identity provider afterwards.
    fn is_reset(&self) -> bool {
        let before = parameter(self.flow, Step::SessionBegan, "sid");
        let after = self.token("sid");
        self.was_signed_in() == Some(true)
            && parameter(self.flow, Step::AuthorizationRequest, "prompt") == Some("login")
            && before.is_some()
            && after.is_some()
            && before != after
    }

    /// Who proved themselves at the identity provider, and when.
    fn proof(&self) -> Option<String> {
        Some(format!("{} {}", self.token("sub")?, self.token("auth_time")?))
    }

    /// `None` where it did not lead there, or nothing tells.
    fn friendbook_asked(&self) -> Option<bool> {
        self.flow.provider.as_ref()?;
        let time: i64 = self.token("upstream_auth_time")?.parse().ok()?;
        Some(!is_single_sign_on(time.saturating_mul(1000), self.flow.began_at))
    }
}

#[cfg(test)]
mod tests;
