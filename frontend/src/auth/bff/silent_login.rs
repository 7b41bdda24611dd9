//! Asking the identity provider in a hidden iframe whom it knows (OIDC Core §3.1.2.1, `prompt=none`). Nobody is
//! signed in by it: the visitor is offered to continue as that person.

use super::{own_traces, web_lock};
use crate::{
    api,
    auth::{
        Visitor,
        hidden_frame::{self, member},
        private_storage,
        return_location::current_page,
        use_visitor,
    },
    ui::query_value,
};
use leptos::{prelude::*, task::spawn_local};
use serde::Serialize;
use serde_json::Value;
use shared::{
    paths,
    session::{SignInProblem, SilentLogin},
};

/// What the landing page's message is called.
const MESSAGE: &str = "storezero.silent-login";
/// Of two tabs that began at once in a browser without the cookie that binds attempts, the one whose cookie was set first
/// could not redeem its own.
const LOCK: &str = "storezero.silent-login";
/// The name, once asked; empty if there is none, or nobody wanted it.
const KEPT: &str = "continue-as";

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum SilentState {
    #[default]
    NotAsked,
    Asking,
    /// The identity provider knows this person.
    Known(String),
    /// It answered, and named nobody.
    Nobody(SignInProblem),
    /// No answer: the frame was blocked, or the provider is away.
    NoAnswer,
}

#[derive(Clone, Copy)]
pub struct SilentContext {
    state: RwSignal<SilentState>,
}

/// What the landing page was opened with.
#[derive(Serialize)]
struct AuthorizationResponse {
    state: Option<String>,
    code: Option<String>,
    iss: Option<String>,
    error: Option<String>,
}

pub(super) fn provide_silent_login() {
    provide_context(SilentContext { state: RwSignal::new(SilentState::NotAsked) });
}

pub fn use_silent_login() -> SilentContext {
    expect_context()
}

impl SilentContext {
    pub fn get(self) -> SilentState {
        self.state.get()
    }

    /// Whom the identity provider knows while the shop knows nobody.
    pub fn known(self) -> Memo<Option<String>> {
        let visitor = use_visitor();
        Memo::new(move |_| match self.state.get() {
            SilentState::Known(name) if !visitor.is_customer() => Some(name),
            _ => None,
        })
    }

    /// Asks once in a tab, on the first page that a visitor arrives at unknown, and once more after each of their
    /// sessions.
    pub fn ask_on_arrival(self) {
        let visitor = use_visitor();
        let page = current_page();
        Effect::new(move |was_customer: Option<bool>| {
            let is_customer = visitor.is_customer();
            if was_customer.unwrap_or_default() != is_customer {
                self.forget();
            }
            let may_ask = visitor.with(Visitor::can_sign_in_silently);
            // The door of these pages leads to the identity provider itself, which asks nothing of whom it knows.
            let has_door = page.with(|page| paths::needs_customer(page));
            if may_ask && !has_door && self.state.get_untracked() == SilentState::NotAsked {
                match private_storage::get(KEPT) {
                    None => self.ask(),
                    Some(name) if !name.is_empty() => self.state.set(SilentState::Known(name)),
                    Some(_) => {}
                }
            }
            is_customer
        });
    }

    fn ask(self) {
        spawn_local(async move {
            self.asked().await;
        });
    }

    /// Asks now, and returns how that went, as the shop tells it. `None` where the page asks already, or nobody answers.
    pub async fn asked(self) -> Option<Value> {
        if self.state.get_untracked() == SilentState::Asking {
            return None;
        }
        self.state.set(SilentState::Asking);
        let answer = web_lock::alone(LOCK, ask_in_a_frame()).await;
        let name = answer.as_ref().and_then(|answer| answer.name.as_deref());
        private_storage::set(KEPT, name.unwrap_or_default());
        let Some(SilentLogin { name, problem, trace }) = answer else {
            self.state.set(SilentState::NoAnswer);
            return None;
        };
        own_traces::add(trace.clone());
        let problem = problem.unwrap_or(SignInProblem::Refused);
        self.state.set(name.map_or(SilentState::Nobody(problem), SilentState::Known));
        Some(trace)
    }

    fn forget(self) {
        private_storage::remove(KEPT);
        self.state.set(SilentState::NotAsked);
    }

    /// For this tab, the question is not asked again by itself.
    pub fn not_now(self) {
        private_storage::set(KEPT, "");
        self.state.set(SilentState::NotAsked);
    }
}

async fn ask_in_a_frame() -> Option<SilentLogin<Value>> {
    let own = window().location().origin().ok()?;
    let search = hidden_frame::ask(paths::auth::SILENT_LOGIN, &own, |data| {
        let is_landing = member(data, "kind")?.as_string().as_deref() == Some(MESSAGE);
        member(data, "answer").filter(|answer| is_landing && answer.is_string())
    });
    let search = search.await?.as_string()?;
    let parameter = |name| query_value(search.trim_start_matches('?'), name);
    let answer = AuthorizationResponse {
        state: parameter("state"),
        code: parameter("code"),
        iss: parameter("iss"),
        error: parameter("error"),
    };
    // The shop itself could not send the frame on.
    answer.state.as_ref()?;
    api::post_in_background(paths::auth::SILENT, &answer).await.ok()
}
