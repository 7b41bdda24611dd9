//! Who is looking, and how they sign in and out. What is here is the same in both builds; `bff` and `implicit` are the
//! two ways to know somebody, of which each build has one.

mod arrival;
#[cfg(feature = "bff")]
mod bff;
mod decision;
mod gate;
mod hidden_frame;
#[cfg(feature = "implicit")]
mod implicit;
mod keep_signed_in;
#[cfg(feature = "bff")]
pub mod kept_flows;
#[cfg(feature = "implicit")]
mod kept_flows;
mod logout_return;
pub mod messages;
pub mod private_storage;
mod return_location;
mod sign_in_link;
pub mod sign_in_mark;
mod sign_in_problem_page;
mod sign_out_mark;
pub mod step_up;
mod tab_channel;
mod visitor;
mod visitor_context;

#[cfg(feature = "bff")]
pub use bff::{IdleWarning, SignedOutRoute, SilentState, own_traces, use_silent_login};
pub use gate::Gate;
#[cfg(feature = "implicit")]
pub use implicit::{
    Flow, SignedOutRoute, SilentAnswer, TokenFacts, begin_document, settings, use_page_tokens,
};
pub use keep_signed_in::use_keep_signed_in;
pub use messages::{FRIENDBOOK, IDENTITY_PROVIDER};
pub use sign_in_link::SignInLink;
pub use sign_in_problem_page::SignInProblemRoute;
pub use tab_channel::TabChannel;
pub use visitor::Visitor;
#[cfg(all(test, feature = "bff"))]
pub use visitor::tests as visitor_tests;
pub use visitor_context::{VisitorContext, on_restored, use_visitor};

use arrival::Arrival;
#[cfg(feature = "bff")]
use bff as way;
#[cfg(feature = "implicit")]
use implicit as way;

/// At the start of each document.
pub fn provide_auth() {
    let mark = sign_in_mark::take();
    let page = return_location::addressed_page();
    let arrival = Arrival::of_document(mark.as_deref(), &page);
    if arrival == Arrival::CameBack {
        sign_in_mark::note_end(&page);
    }
    step_up::provide_interrupted_action(arrival);
    keep_signed_in::provide_keep_signed_in();
    way::provide(visitor_context::provide_visitor(page, arrival));
}
