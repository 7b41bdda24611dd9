//! Who is looking, and how they sign in and out: the browser's side of the backend-for-frontend. It never holds
//! a token or a session's id; all it knows is what `GET /api/session` says.

mod after_logout;
mod arrival;
mod decision;
mod event_stream;
mod gate;
mod idle_warning;
mod keep_signed_in;
mod last_session;
pub mod messages;
pub mod own_traces;
pub mod private_storage;
mod return_location;
mod session_actions;
mod sign_in_link;
mod sign_in_mark;
mod sign_in_problem_page;
mod signed_out_page;
mod silent_login;
pub mod step_up;
mod tab_channel;
mod visitor;
mod visitor_context;

pub use gate::Gate;
pub use idle_warning::IdleWarning;
pub use keep_signed_in::use_keep_signed_in;
pub use messages::{FRIENDBOOK, IDENTITY_PROVIDER};
pub use sign_in_link::SignInLink;
pub use sign_in_problem_page::SignInProblemRoute;
pub use signed_out_page::SignedOutRoute;
pub use silent_login::{SilentState, use_silent_login};
pub use visitor::Visitor;
pub use visitor_context::{VisitorContext, on_restored, use_visitor};

use arrival::Arrival;

/// At the start of each document.
pub fn provide_auth() {
    let mark = sign_in_mark::take();
    let page = return_location::addressed_page();
    let arrival = Arrival::of_document(mark.as_deref(), &page);
    step_up::provide_interrupted_action(arrival);
    let visitor = visitor_context::provide_visitor(page, arrival);
    event_stream::follow(visitor);
    silent_login::provide_silent_login();
    keep_signed_in::provide_keep_signed_in();
}
