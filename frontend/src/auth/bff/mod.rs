//! Signed in by a session of the backend: the cookie that opens it is the browser's and the backend's affair. This page
//! never holds a token or a session's id; all it knows is what `GET /api/session` says.

mod after_logout;
mod event_stream;
mod idle_warning;
mod last_session;
pub mod own_traces;
mod session_actions;
mod session_question;
mod signed_out_page;
mod silent_login;
mod web_lock;

pub use idle_warning::IdleWarning;
pub use signed_out_page::SignedOutRoute;
pub use silent_login::{SilentState, use_silent_login};

use super::VisitorContext;

pub fn provide(visitor: VisitorContext) {
    visitor.refresh();
    event_stream::follow(visitor);
    silent_login::provide_silent_login();
}
