//! Who is looking, and how they sign in and out: the browser's side of the backend-for-frontend. It never holds
//! a token or a session's id; all it knows is what `GET /api/session` says.

mod after_logout;
mod decision;
mod event_stream;
mod gate;
mod idle_warning;
mod journey;
mod keep_signed_in;
mod last_session;
pub mod own_traces;
pub mod private;
mod sign_in;
mod sign_in_mark;
mod sign_in_problem_page;
mod signed_out_page;
mod silent_login;
pub mod step_up;
mod visitor;
mod visitor_context;
pub mod words;

pub use gate::Gate;
pub use idle_warning::IdleWarning;
pub use journey::{FRIENDBOOK, Login, login_url};
pub use keep_signed_in::{provide_keep_signed_in, use_keep_signed_in};
pub use sign_in::SignInLink;
pub use sign_in_problem_page::SignInProblemRoute;
pub use signed_out_page::SignedOutRoute;
pub use silent_login::{SilentState, provide_silent_login, use_silent_login};
pub use visitor::Visitor;
pub use visitor_context::{VisitorContext, is_persisted, provide_visitor, use_visitor};
pub use words::IDENTITY_PROVIDER;
